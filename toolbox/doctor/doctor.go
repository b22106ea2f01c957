// Package doctor finds the faults that API Gateway hides behind a bare 500, in
// templates and in what was deployed from them.
//
// An examination's way: subject.go reads the templates and the APIs that they
// make, rules below is the table of what is checked, each in the file of its
// family, finding.go and report.go are the outcome. What is deployed is examined
// by the same rules: package deployed reads it back as templates.
//
// Rules know no API by name. They report what they are sure of; what can't be
// judged from the templates is said to be not checked, never passed over.
package doctor

import (
	"fmt"
	"slices"
)

// Rule is one thing that is checked.
type Rule struct {
	ID       string // stable: people filter by it
	Severity Severity
	Evidence Evidence
	Title    string // the fault
	Why      string // what it does to requests
	Fix      string
	Doc      string

	OnlyDeployed bool // it is about what a template can't tell

	check func(*examination)
}

// Evidence says how sure it is that the service behaves as the rule says, in the
// words of docs/fidelity.md.
type Evidence string

// The kinds of evidence.
const (
	Recorded   Evidence = "recorded"
	Documented Evidence = "documented"
	Unverified Evidence = "unverified"
)

const (
	apigatewayGuide = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
	cloudFormation  = "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/"
)

// rules is the table of rules, in the order of docs/doctor.md.
var rules = []Rule{
	lambdaPermission, permissionParameter, lambdaMethod, roleMissing, roleTrust, roleAction,
	mockStatus, mappingTemplate, binaryTemplate, mappedHeader, stageVariable,
	noDefaultResponse, statusWithoutResponse, methodResponse, selectionOverlap, selectionNewline,
	corsGatewayResponse,
	deploymentDepends, deploymentStale, accountLogRole,
	securityGroupLink, securityGroupTarget, healthCheckPath,
	stageStale, deploymentUnchanged, templateNotDeployed, linkState, targetHealth, targetUnhealthy,
}

// Rules is the table of rules.
func Rules() []Rule { return rules }

// Examine checks the subject by every rule, or by those that are named.
func Examine(s *Subject, only ...string) *Report {
	report := &Report{Stages: len(s.APIs), Findings: []Finding{}, NotChecked: append([]NotChecked{}, s.unread...)}
	if s.Deployed != nil {
		report.NotChecked = append(report.NotChecked, s.Deployed.NotChecked...)
	}
	for i := range rules {
		if len(only) > 0 && !slices.Contains(only, rules[i].ID) {
			continue
		}
		if s.Deployed != nil || !rules[i].OnlyDeployed {
			rules[i].check(&examination{s, &rules[i], report})
			report.Rules++
		}
	}
	report.sort()
	return report
}

// examination is one rule at work.
type examination struct {
	*Subject
	rule   *Rule
	report *Report
}

// find reports a fault; fix "" is the rule's own.
func (x *examination) find(where Where, fix, format string, args ...any) {
	f := Finding{
		Rule: x.rule.ID, Severity: x.rule.Severity, What: fmt.Sprintf(format, args...), Where: where,
		Why: x.rule.Why, Fix: fix, Doc: x.rule.Doc,
	}
	if fix == "" {
		f.Fix = x.rule.Fix
	}
	if x.rule.Evidence == Unverified {
		f.Why += " (unverified)"
	}
	x.report.Findings = append(x.report.Findings, f)
}

// skip reports what the rule can't judge.
func (x *examination) skip(where Where, format string, args ...any) {
	x.report.NotChecked = append(x.report.NotChecked, NotChecked{x.rule.ID, where, fmt.Sprintf(format, args...)})
}
