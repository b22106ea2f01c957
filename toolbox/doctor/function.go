package doctor

import (
	"net/url"
	"regexp"
	"strings"
)

// function is whom an integration or a permission names. Each qualifier has a
// policy of its own.
type function struct {
	name      string
	qualifier string // version or alias, "" for none and $LATEST
}

func (f function) String() string {
	if f.qualifier == "" {
		return f.name
	}
	return f.name + ":" + f.qualifier
}

// parseFunction reads a function's name, ARN or partial ARN, with or without a
// qualifier; false when there is none.
func parseFunction(text string) (function, bool) {
	if _, name, found := strings.Cut(text, ":function:"); found {
		text = name
	}
	name, qualifier, _ := strings.Cut(text, ":")
	if qualifier == "$LATEST" {
		qualifier = ""
	}
	return function{name, qualifier}, name != ""
}

var (
	invocation     = regexp.MustCompile(`:lambda:path/+[0-9-]+/functions/(.+?)/(?:response-streaming-)?invocations(?:\?(.*))?$`)
	variableInText = regexp.MustCompile(`\$\{stageVariables\.([^}]*)\}`)
)

// parseInvocation reads whom an invocation URI names, its stage variables
// filled in; false when that is not known.
func parseInvocation(uri string, variables map[string]string) (function, bool) {
	match := invocation.FindStringSubmatch(FillStageVariables(uri, variables))
	if match == nil || strings.Contains(match[1], "{") {
		return function{}, false
	}
	f, ok := parseFunction(match[1])
	query, _ := url.ParseQuery(match[2]) // what can't be read is no qualifier
	if qualifier := query.Get("Qualifier"); qualifier != "" && qualifier != "$LATEST" {
		f.qualifier = qualifier
	}
	return f, ok
}

// InvokedFunction gives the function that an invocation URI names in a stage
// with these variables: its name with its qualifier, and the name or ARN as it
// is written. It is false for another URI, and when a request decides.
func InvokedFunction(uri string, variables map[string]string) (name, reference string, ok bool) {
	f, ok := parseInvocation(uri, variables)
	if !ok {
		return "", "", false
	}
	return f.String(), invocation.FindStringSubmatch(FillStageVariables(uri, variables))[1], true
}

// FillStageVariables has the stage's variables in place of ${stageVariables.name}; one that
// is not set stays.
func FillStageVariables(text string, variables map[string]string) string {
	return variableInText.ReplaceAllStringFunc(text, func(reference string) string {
		if value, ok := variables[variableInText.FindStringSubmatch(reference)[1]]; ok {
			return value
		}
		return reference
	})
}
