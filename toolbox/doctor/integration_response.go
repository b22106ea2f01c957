package doctor

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

var noDefaultResponse = Rule{
	ID:       "no-default-response",
	Severity: Error,
	Evidence: Unverified,
	Title:    "No integration response without a selection pattern, where the usual answer needs one",
	Why: `requests get 500 "Internal server error" although the backend has answered: ` +
		"a function that succeeds matches no pattern, and without any response there is nothing to choose",
	Fix: "add an integration response without SelectionPattern",
	Doc: apigatewayGuide + "api-gateway-integration-settings-integration-response.html",
	check: eachIntegration(func(x *examination, m method) {
		i := m.Integration
		at := x.where(m.resource, "Integration.IntegrationResponses")
		switch {
		case i.IsProxy() || i.Kind == "":
		case len(i.Responses) == 0:
			x.find(at, "", "%s has no integration response at all", m.route())
		case isLambda(i) && !hasDefault(i):
			x.find(at, "", "every integration response of %s has a selection pattern, so none is for a function that succeeds", m.route())
		}
	}),
}

var statusWithoutResponse = Rule{
	ID:       "status-without-response",
	Severity: Warning,
	Evidence: Unverified,
	Title:    "A status of the backend that no integration response is for",
	Why:      `answers with that status become 500 "Internal server error"`,
	Fix:      "add an integration response without SelectionPattern, or one for these statuses",
	Doc:      apigatewayGuide + "api-gateway-integration-settings-integration-response.html",
	check: eachIntegration(func(x *examination, m method) {
		i := m.Integration
		if i.IsProxy() || i.Kind == "" || isLambda(i) || len(i.Responses) == 0 || hasDefault(i) {
			return
		}
		missing := []string{}
		for _, status := range x.statuses(m) {
			if !slices.ContainsFunc(i.Responses, func(r *gateway.IntegrationResponse) bool { return matches(r.SelectionPattern, status) }) {
				missing = append(missing, status)
			}
		}
		if len(missing) > 0 {
			x.find(x.where(m.resource, "Integration.IntegrationResponses"), "",
				"no integration response of %s is for status %s", m.route(), ranges(missing))
		}
	}),
}

var methodResponse = Rule{
	ID:       "method-response",
	Severity: Error,
	Evidence: Documented,
	Title:    "An integration response is for a status that the method does not declare",
	Why: `answers with that status become 500 "Internal server error"; ` +
		`only the execution log says "Output mapping refers to an invalid method response"`,
	Fix: "add the status to MethodResponses",
	Doc: "https://repost.aws/knowledge-center/api-gateway-internal-server-error",
	check: eachIntegration(func(x *examination, m method) {
		if m.Integration.IsProxy() {
			return
		}
		var missing []string
		for _, response := range m.Integration.Responses {
			if m.Responses[response.StatusCode] == nil {
				missing = append(missing, response.StatusCode)
			}
		}
		if len(missing) > 0 {
			x.find(x.where(m.resource, "MethodResponses"), "", "%s has integration responses, but no method responses, for status %s",
				m.route(), strings.Join(missing, ", "))
		}
	}),
}

// statuses are those that the backend may answer with: a mock integration those
// that its templates name, if they do.
func (x *examination) statuses(m method) []string {
	var named []string
	if m.Integration.Type == "MOCK" {
		for _, t := range x.requestTemplates(m) {
			for _, match := range statusInTemplate.FindAllStringSubmatch(t.text, -1) {
				named = append(named, match[1])
			}
		}
		slices.Sort(named)
		return slices.Compact(named)
	}
	return allStatuses()
}

var statusInTemplate = regexp.MustCompile(`statusCode"?\s*:\s*"?([1-5]\d\d)\b`)

// allStatuses are those that a backend's answer can have.
func allStatuses() []string {
	var all []string
	for status := 200; status < 600; status++ {
		all = append(all, strconv.Itoa(status))
	}
	return all
}

// ranges writes sorted statuses short: "300–399, 404".
func ranges(statuses []string) string {
	var parts []string
	for i := 0; i < len(statuses); {
		first, last := statuses[i], statuses[i]
		for i++; i < len(statuses) && number(statuses[i]) == number(last)+1; i++ {
			last = statuses[i]
		}
		if last != first {
			first += "–" + last
		}
		parts = append(parts, first)
	}
	return strings.Join(parts, ", ")
}

func number(text string) int {
	n, _ := strconv.Atoi(text) // of digits only
	return n
}

func hasDefault(i *gateway.Integration) bool {
	return slices.ContainsFunc(i.Responses, func(r *gateway.IntegrationResponse) bool { return r.SelectionPattern == nil })
}

// matches is false for a response without a pattern, and when a match takes too long.
func matches(p *gateway.SelectionPattern, text string) bool {
	if p == nil {
		return false
	}
	matched, err := p.Matches(text)
	return err == nil && matched
}

var selectionOverlap = Rule{
	ID:       "selection-overlap",
	Severity: Warning,
	Evidence: Recorded,
	Title:    "Two selection patterns match the same answer",
	Why:      "API Gateway takes one of the two responses; which one is not documented, and it may be the wrong one",
	Fix:      "write the patterns so that each answer matches one of them",
	Doc:      apigatewayGuide + "api-gateway-integration-settings-integration-response.html",
	check: eachIntegration(func(x *examination, m method) {
		i := m.Integration
		if i.IsProxy() {
			return
		}
		for n, response := range i.Responses {
			for _, earlier := range i.Responses[:n] {
				if text, found := common(i, earlier.SelectionPattern, response.SelectionPattern); found {
					x.find(x.where(m.resource, fmt.Sprintf("Integration.IntegrationResponses.%d.SelectionPattern", n)), "",
						"%q of %s both matches %s (%s) and %s (%s)", text, m.route(),
						earlier.SelectionPattern, earlier.StatusCode, response.SelectionPattern, response.StatusCode)
				}
			}
		}
	}),
}

// common finds a text that both patterns match. Of a function's errors not all
// texts are tried: only those that the patterns themselves say.
func common(i *gateway.Integration, a, b *gateway.SelectionPattern) (string, bool) {
	if a == nil || b == nil {
		return "", false
	}
	texts := allStatuses()
	if isLambda(i) {
		texts = append(samples(a.String()), samples(b.String())...)
	}
	for _, text := range texts {
		if matches(a, text) && matches(b, text) {
			return text, true
		}
	}
	return a.String(), a.String() == b.String()
}

var selectionNewline = Rule{
	ID:       "selection-newline",
	Severity: Note,
	Evidence: Documented,
	Title:    "A selection pattern stops at the end of a line",
	Why: "a dot matches no line break: an error message of several lines matches no pattern, " +
		"so clients get the default response, often a 200",
	Fix: `write (\n|.)* for .*`,
	Doc: "https://docs.aws.amazon.com/apigateway/latest/api/API_IntegrationResponse.html",
	check: eachIntegration(func(x *examination, m method) {
		if m.Integration.IsProxy() || !isLambda(m.Integration) {
			return
		}
		for n, response := range m.Integration.Responses {
			if p := response.SelectionPattern; p != nil && stopsAtLine(p) {
				x.find(x.where(m.resource, fmt.Sprintf("Integration.IntegrationResponses.%d.SelectionPattern", n)), "",
					"%s of %s matches no error message of several lines", p, m.route())
			}
		}
	}),
}
