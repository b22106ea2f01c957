package lint

import (
	"errors"
	"strings"

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
)

// trial renders one template with varied input, by the gateway's own engine.
type trial struct {
	*template
	in        *input
	isJSON    bool // the template is to make JSON
	failures  []failure
	noMethods []vtl.NoMethod
	unsure    string // why nothing was tried
}

// maxBaselines bounds the ordinary inputs: one more for each constant that a
// field is compared with, so that the branch behind it is tried too.
const maxBaselines = 40

func newTrial(t *template) *trial {
	x := &trial{template: t, in: readInput(t.parsed.Syntax())}
	x.in.name()
	text, origins, err := x.render(variation{})
	if err != nil {
		x.in.lengthen()
		if text, origins, err = x.render(variation{}); err != nil {
			x.unsure = "it fails with ordinary input: " + err.Error()
			return x
		}
	}
	x.isJSON = makesJSON(text, origins)
	x.findNumbers()
	for _, ordinary := range x.ordinary() {
		x.vary(ordinary)
	}
	if v := (variation{change: replaced}); !x.in.body.isLeaf() && x.allows(v) {
		x.try(v)
	}
	return x
}

// ordinary are the inputs that are varied.
func (x *trial) ordinary() []variation {
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
func (x *trial) vary(ordinary variation) {
	x.try(ordinary)
	var all, last []variation // what changes most says least in a finding
	for _, f := range x.in.fields() {
		if f == ordinary.given {
			continue
		}
		for _, v := range f.changes(x.in) {
			v.given, v.value = ordinary.given, ordinary.value
			if v.change == alone {
				last = append(last, v)
			} else {
				all = append(all, v)
			}
		}
	}
	for _, v := range append(all, last...) {
		if x.allows(v) && (v.change != unlike || !x.isResponse) {
			x.try(v)
		}
	}
}

func (x *trial) render(v variation) (string, []vtl.Origin, error) {
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
	if !x.isJSON {
		return
	}
	for range len(x.in.fields()) {
		text, origins, err := x.render(variation{})
		if err != nil {
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
	if !x.isJSON || strings.TrimSpace(text) == "" {
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
