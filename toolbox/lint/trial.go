package lint

import (
	"errors"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// failure is what one varied input did to a template.
type failure struct {
	kind         failureKind
	variation    variation
	line, column int
	reference    string // that printed what breaks the JSON; "" of the template's own text
	excerpt      string // of the output, or the error
}

type failureKind int

const (
	brokenApostrophe failureKind = iota // \' where JSON knows no such escape
	brokenValue                         // a value ends its string, or is no JSON value
	noValue                             // nothing is printed where JSON needs a value
	brokenComma                         // a comma too many
	noJSON                              // any other output that is no JSON
	noOutput                            // the template fails
	staleValue                          // a value of an earlier round of a loop comes again
	openForm                            // a value of a form begins a parameter of its own
)

// trial renders one template with varied input, by the gateway's own engine.
type trial struct {
	*template
	in        *input
	failures  []failure
	noMethods []vtl.NoMethod
	unsure    string // why nothing was tried, or not all of it

	renderings int
	begin      time.Time
}

// maxBaselines bounds the ordinary inputs: one more for each constant that a
// field is compared with, so that the branch behind it is tried too.
const maxBaselines = 40

// Limits of the trials of one template, whichever comes first.
const (
	maxRenderings = 10_000
	maxTime       = 10 * time.Second
)

func newTrial(t *template) *trial {
	x := &trial{template: t, in: readInput(t.parsed.Syntax()), begin: time.Now()}
	x.in.name()
	if _, _, err := x.render(variation{}); err != nil {
		x.in.lengthen()
		if _, _, err = x.render(variation{}); err != nil {
			x.unsure = "it fails with ordinary input: " + err.Error()
			return x
		}
	}
	x.findNumbers()
	for _, baseline := range x.baselines() {
		x.vary(baseline)
	}
	if v := (variation{change: replaced}); x.allows(v) {
		x.try(v)
	}
	return x
}

// baselines are the ordinary inputs.
func (x *trial) baselines() []variation {
	all := []variation{{}}
	for _, f := range x.in.fields() {
		for _, value := range f.values {
			if f.isLeaf() && len(all) < maxBaselines {
				all = append(all, variation{given: f, value: value})
			}
		}
	}
	return all
}

// vary tries an ordinary input, then each change of each field.
func (x *trial) vary(baseline variation) {
	x.try(baseline)
	var all, last []variation // what changes most says least in a finding
	for _, f := range x.in.fields() {
		if f == baseline.given {
			continue
		}
		for _, v := range f.changes(x.in) {
			v.given, v.value = baseline.given, baseline.value
			if v.change == alone {
				last = append(last, v)
			} else {
				all = append(all, v)
			}
		}
	}
	for _, v := range append(all, last...) {
		if x.renderings > maxRenderings || time.Since(x.begin) > maxTime {
			x.unsure = "it reads too much, or takes too long, for all of it to be tried"
			return
		}
		if x.allows(v) && (v.change != unlike || !x.isResponse) {
			x.try(v)
		}
	}
}

func (x *trial) render(v variation) (string, []vtl.Origin, error) {
	x.renderings++
	text, seen, err := x.parsed.Observe(x.in.templateInput(v))
	for _, m := range seen.NoMethods {
		if v.change == ordinary {
			x.noMethods = append(x.noMethods, m)
		}
	}
	return text, seen.Origins, err
}

// makesJSON: an object or array that the template itself begins, but for what a
// mock integration takes in place of JSON.
func makesJSON(text string, origins []vtl.Origin) bool {
	start := len(text) - len(strings.TrimLeft(text, " \t\r\n"))
	if start == len(text) || text[start] != '{' && text[start] != '[' {
		return false
	}
	by := originAt(origins, start)
	return by != nil && by.Reference == "" && !mockStatus.MatchString(text)
}

// findNumbers finds the fields that are printed where only a number, or another
// value that is no text, makes JSON.
func (x *trial) findNumbers() {
	for range len(x.in.fields()) {
		text, origins, err := x.render(variation{})
		if err != nil || !makesJSON(text, origins) {
			return
		}
		o := &output{text: text, origins: origins}
		at, broken := o.broken()
		if !broken {
			return
		}
		by := o.blamed(at)
		if by == nil || by.Reference == "" || o.inText(by.Start) || !x.becomeNumbers(text[by.Start:by.End]) {
			return
		}
	}
}

func (x *trial) becomeNumbers(printed string) bool {
	found := false
	for _, f := range x.in.fields() {
		if f.isLeaf() && !f.isNumber && strings.Contains(printed, f.sample) {
			f.isNumber, found = true, true
		}
	}
	return found
}

// try renders once and notes what breaks. What is found to break the output is
// muted, so that what is behind it is seen as well.
func (x *trial) try(v variation) {
	text, origins, err := x.render(v)
	if err != nil {
		var at *vtl.Error
		if errors.As(err, &at) {
			x.failures = append(x.failures, failure{noOutput, v, at.Line, at.Column, "", at.Message})
		}
		return
	}
	if v.change == laterGone {
		x.findStale(v, text, origins)
	}
	x.findOpenForm(v, text, origins)
	if !makesJSON(text, origins) {
		return
	}
	o := &output{text: text, origins: origins}
	for {
		at, broken := o.broken()
		if !broken {
			return
		}
		by := o.blamed(at)
		f := o.failure(v, at, by)
		x.failures = append(x.failures, f)
		if f.kind == brokenComma {
			o.blank(o.comma(at))
		} else if by == nil || by.Reference == "" || !o.mute(by.Line, by.Column) {
			return
		}
	}
}

// findOpenForm finds a value that has ended its parameter.
func (x *trial) findOpenForm(v variation, text string, origins []vtl.Origin) {
	at := strings.Index(text, furtherParameter)
	if at < 0 || !form.MatchString(text) {
		return
	}
	if by := originAt(origins, at); by != nil {
		x.failures = append(x.failures, failure{openForm, v, by.Line, by.Column, by.Reference, excerpt(text, at)})
	}
}

// findStale compares how often the value of the first element is printed with
// how often it was when the second had a value of its own.
func (x *trial) findStale(v variation, text string, origins []vtl.Origin) {
	before, _, err := x.render(variation{given: v.given, value: v.value})
	first := v.text(v.field, 0)
	if err != nil || v.field.isNumber || strings.Count(text, first) <= strings.Count(before, first) {
		return
	}
	at := strings.LastIndex(text, first)
	if by := originAt(origins, at); by != nil {
		line, column := by.At(text, at)
		x.failures = append(x.failures, failure{staleValue, v, line, column, by.Reference, excerpt(text, at)})
	}
}
