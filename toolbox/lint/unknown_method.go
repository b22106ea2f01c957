package lint

import (
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var unknownMethod = Rule{
	ID:       "unknown-method",
	Severity: doctor.Error,
	Evidence: doctor.Recorded,
	Title:    "A method is called that the value does not have, or not with such arguments",
	Why:      "the service says nothing: the result is null, which prints nothing",
	Fix:      "call one of $input's (path, json, params), one of $util's six functions, or a method of the Java class",
	Doc:      templateReference,
	check: eachTemplate(func(x *examination, t *template) {
		for _, m := range t.tried().noMethods {
			if appSync := m.Class == "$util" && slices.Contains(appSyncMembers["util"], m.Name); !appSync {
				x.findIn(t, m.Line, m.Column, "%s has no method %s, or not with such arguments", shortClass(m.Class), m.Name)
			}
		}
	}),
}

// shortClass is a Java class without its package.
func shortClass(class string) string { return class[strings.LastIndexByte(class, '.')+1:] }
