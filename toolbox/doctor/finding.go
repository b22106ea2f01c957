package doctor

import (
	"cmp"
	"fmt"
	"slices"
)

// Severity says what a finding costs.
type Severity string

// The severities. Every request, or the next deployment, fails with an error;
// a warning fails some of them, or hides another fault; a note may be as it
// should be.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

var severities = []Severity{Error, Warning, Note}

// AtLeast says whether s is as grave as other, or graver.
func (s Severity) AtLeast(other Severity) bool {
	return slices.Index(severities, s) <= slices.Index(severities, other)
}

// Finding is one fault, in one place.
type Finding struct {
	Rule     string   `json:"rule"`
	Severity Severity `json:"severity"`
	What     string   `json:"what"`
	Where    Where    `json:"where"`
	Why      string   `json:"why"`
	Fix      string   `json:"fix"`
	Doc      string   `json:"doc"`
}

// Where is a place in a template, or in a mapping template's file.
type Where struct {
	Stack    string `json:"stack,omitempty"`
	Resource string `json:"resource,omitempty"` // logical ID
	Property string `json:"property,omitempty"` // path with dots: "Integration.Uri"
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
}

// String is "Stack/LogicalID/Property (file:line:column)".
func (w Where) String() string {
	text := w.Stack
	for _, part := range []string{w.Resource, w.Property} {
		if part != "" {
			text += "/" + part
		}
	}
	if w.File == "" {
		return text
	}
	file := w.File
	for _, number := range []int{w.Line, w.Column} {
		if number > 0 {
			file += fmt.Sprintf(":%d", number)
		}
	}
	return text + " (" + file + ")"
}

// NotChecked is what a rule could not judge, and why. Nothing is a pass that
// was not looked at.
type NotChecked struct {
	Rule   string `json:"rule,omitempty"` // "" for what no rule could read
	Where  Where  `json:"where"`
	Reason string `json:"reason"`
}

// Report is the outcome of an examination.
type Report struct {
	Rules      int          `json:"rules"`  // how many were run
	Stages     int          `json:"stages"` // of REST APIs, on which they were run; with 0 nothing was checked
	Findings   []Finding    `json:"findings"`
	NotChecked []NotChecked `json:"notChecked"`
}

// Count is how many findings are of that severity.
func (r *Report) Count(severity Severity) int {
	n := 0
	for _, f := range r.Findings {
		if f.Severity == severity {
			n++
		}
	}
	return n
}

// Fails says whether a finding is at least that grave.
func (r *Report) Fails(severity Severity) bool {
	return slices.ContainsFunc(r.Findings, func(f Finding) bool { return f.Severity.AtLeast(severity) })
}

// sort puts the gravest first, and what two stages share only once.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Or(
			cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity)),
			cmp.Compare(a.Rule, b.Rule),
			cmp.Compare(a.Where.String(), b.Where.String()),
			cmp.Compare(a.What, b.What),
		)
	})
	r.Findings = slices.Compact(r.Findings)
	slices.SortStableFunc(r.NotChecked, func(a, b NotChecked) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Reason, b.Reason), cmp.Compare(a.Where.String(), b.Where.String()))
	})
	r.NotChecked = slices.Compact(r.NotChecked)
}
