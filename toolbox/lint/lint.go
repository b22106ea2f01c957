// Package lint finds faults in mapping templates before a request does: by
// reading them, and by rendering them with the input that clients send when they
// mean no good, or just leave a field out.
//
// The way of a template: subject.go collects the templates of an app or of
// files; reading.go finds which fields each one reads; variation.go changes one
// field at a time of an ordinary input; trial.go renders each input with the
// gateway's own engine and output.go finds what printed the character that
// breaks the JSON. The rules below, one file each, say what that means.
//
// A finding of a trial is proven: there is an input that fails, and the finding
// names it.
package lint

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// Rule is one thing that is checked.
type Rule struct {
	ID       string // stable: people filter by it
	Severity doctor.Severity
	Evidence doctor.Evidence
	Title    string // the fault
	Why      string // what it does to requests
	Fix      string
	Doc      string

	OfIntegrations bool // it is about methods, so files alone don't show it

	check func(*examination)
}

const apigatewayGuide = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"

const templateReference = apigatewayGuide + "api-gateway-mapping-template-reference.html"

// rules is the table of rules, in the order of docs/lint.md.
var rules = []Rule{
	notVelocity, undefinedVariable, appSyncFunction, unknownMethod,
	escapeApostrophe, unescapedValue, optionalField, trailingComma, outputNotJSON, renderingFails, staleValueInLoop, unencodedValue,
	ignoreComment,
	passthroughNever, unreachedContentType, unusedTemplate,
	noDefaultResponse, statusWithoutResponse, selectionNewline,
}

// Rules is the table of rules.
func Rules() []Rule { return rules }

// Report is the outcome.
type Report struct {
	Templates int `json:"templates"` // mapping templates that were read
	doctor.Report
}

// Examine checks the subject by every rule but those that are ignored.
func Examine(s *Subject, ignored ...string) *Report {
	report := &Report{Templates: len(s.templates)}
	report.Findings, report.NotChecked = []doctor.Finding{}, append([]doctor.NotChecked{}, s.unread...)
	for i := range rules {
		r := &rules[i]
		if slices.Contains(ignored, r.ID) || r.OfIntegrations && s.app == nil {
			continue
		}
		r.check(&examination{s, rules, r, report})
		report.Rules++
	}
	if s.app != nil {
		report.Stages = len(s.app.APIs)
	}
	for _, t := range s.templates {
		if t.trial != nil && t.trial.unsure != "" {
			report.NotChecked = append(report.NotChecked, doctor.NotChecked{Where: t.where(1, 1), Reason: t.trial.unsure})
		}
	}
	report.sort()
	return report
}

// sort puts findings in the order of files and lines; what several methods share
// is told once.
func (r *Report) sort() {
	slices.SortStableFunc(r.Findings, func(a, b doctor.Finding) int {
		return cmp.Or(cmp.Compare(a.Where.File, b.Where.File), cmp.Compare(a.Where.Line, b.Where.Line),
			cmp.Compare(a.Where.Column, b.Where.Column), cmp.Compare(a.Where.String(), b.Where.String()), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.What, b.What))
	})
	r.Findings = slices.CompactFunc(r.Findings, func(a, b doctor.Finding) bool {
		return a.Rule == b.Rule && a.Where == b.Where && (a.Where.Column > 0 || a.What == b.What)
	})
	slices.SortStableFunc(r.NotChecked, func(a, b doctor.NotChecked) int {
		return cmp.Or(cmp.Compare(a.Where.String(), b.Where.String()), cmp.Compare(a.Reason, b.Reason))
	})
	r.NotChecked = slices.Compact(r.NotChecked)
}

// examination is one rule at work.
type examination struct {
	*Subject
	all    []Rule // the table of rules, which a rule can't name
	rule   *Rule
	report *Report
}

// find reports a fault.
func (x *examination) find(where doctor.Where, format string, args ...any) {
	x.report.Findings = append(x.report.Findings, doctor.Finding{
		Rule: x.rule.ID, Severity: x.rule.Severity, What: fmt.Sprintf(format, args...), Where: where,
		Why: x.rule.Why, Fix: x.rule.Fix, Doc: x.rule.Doc,
	})
}

// findIn reports a fault at a place of a template, unless a comment there
// ignores it. A rule reports a place once.
func (x *examination) findIn(t *template, line, column int, format string, args ...any) {
	found := fault{x.rule.ID, line, column}
	if t.ignores(x.rule.ID, line) || slices.Contains(t.faults, found) {
		return
	}
	t.faults = append(t.faults, found)
	where, what := t.place(line, column)
	x.find(where, "%s"+format, append([]any{what}, args...)...)
}

// eachTemplate checks the templates that are valid Velocity.
func eachTemplate(check func(x *examination, t *template)) func(*examination) {
	return func(x *examination) {
		for _, t := range x.templates {
			if t.parsed != nil {
				check(x, t)
			}
		}
	}
}

// eachFailure checks by the trials: what tells the fault of one, "" that it is none.
func eachFailure(kind failureKind, what func(f failure) string) func(*examination) {
	return eachTemplate(func(x *examination, t *template) {
		for _, f := range t.tried().failures {
			if text := what(f); f.kind == kind && text != "" {
				x.findIn(t, f.line, f.column, "%s", text)
			}
		}
	})
}
