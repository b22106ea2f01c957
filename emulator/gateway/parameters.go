package gateway

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/jsonpath"
)

// sourceValue is what the source of a parameter mapping yields: one text, or
// all values of a multivalue source.
type sourceValue []string

// text is the value as one text: multiple values joined (rule 107).
func (v sourceValue) text() string { return strings.Join(v, ",") }

// errMalformedBody says that a body looks like JSON but is none.
var errMalformedBody = errors.New("the body is not JSON")

// requestSource evaluates a mapping source that the request side knows:
// method.request.*, stageVariables.*, context.* or 'static'. An absent source
// is no error: its mapping is skipped (rule 60).
func requestSource(x *Exchange, source string) (sourceValue, bool, error) {
	rest, isRequest := strings.CutPrefix(source, "method.request.")
	if !isRequest {
		return commonSource(x, source)
	}
	location, name, _ := strings.Cut(rest, ".")
	switch location {
	case "path":
		return one(lastValue(x.PathParameters, name))
	case "querystring":
		return one(lastValue(x.Query(), name))
	case "multivaluequerystring":
		return all(allValues(x.Query(), name))
	case "header":
		return one(lastValue(x.Request.Header, name))
	case "multivalueheader":
		return all(joined(allValues(x.Request.Header, name)))
	}
	if path, isBody := strings.CutPrefix(rest, "body"); isBody {
		return bodySource(x.Request.Body, path)
	}
	return nil, false, unknownSource(source)
}

// responseSource evaluates a mapping source that the response side knows:
// integration.response.*, stageVariables.*, context.* or 'static'.
func responseSource(x *Exchange, source string) (sourceValue, bool, error) {
	rest, isResponse := strings.CutPrefix(source, "integration.response.")
	if !isResponse {
		return commonSource(x, source)
	}
	location, name, _ := strings.Cut(rest, ".")
	switch location {
	case "header":
		return one(lastValue(x.EndpointResponse.Header, name))
	case "multivalueheader":
		return all(joined(allValues(x.EndpointResponse.Header, name)))
	}
	if path, isBody := strings.CutPrefix(rest, "body"); isBody {
		return bodySource(x.EndpointResponse.Body, path)
	}
	return nil, false, unknownSource(source)
}

// commonSource evaluates the sources that both sides know.
func commonSource(x *Exchange, source string) (sourceValue, bool, error) {
	if static, ok := strings.CutPrefix(source, "'"); ok && strings.HasSuffix(static, "'") {
		return one(strings.TrimSuffix(static, "'"), true)
	}
	scope, name, _ := strings.Cut(source, ".")
	switch scope {
	case "stageVariables":
		value, found := x.StageVariables()[name]
		return one(value, found)
	case "context":
		return one(x.ContextVariables().Lookup(name))
	}
	return nil, false, unknownSource(source)
}

// bodySource evaluates body, or body.JSON.path: an empty body is {}, one that
// begins like an object must be JSON (rule 107).
func bodySource(body []byte, path string) (sourceValue, bool, error) {
	text := string(body)
	if text == "" {
		text = "{}"
	}
	if strings.HasPrefix(strings.TrimSpace(text), "{") && !json.Valid([]byte(text)) {
		return nil, false, errMalformedBody
	}
	if path == "" {
		return one(text, true)
	}
	selected, found, err := selectJSON(text, "$"+path)
	return sourceValue{selected}, found, err
}

func unknownSource(source string) error {
	return fmt.Errorf("parameter mapping: %q is no source", source)
}

func one(value string, found bool) (sourceValue, bool, error) {
	return sourceValue{value}, found, nil
}

func all(values []string) (sourceValue, bool, error) {
	return sourceValue(values), len(values) > 0, nil
}

// joined makes one value of several header lines.
func joined(values []string) []string {
	if len(values) == 0 {
		return nil
	}
	return []string{strings.Join(values, ",")}
}

// selectJSON evaluates a JSON path on a body; a body that is no JSON, a path
// that leads nowhere and null give nothing.
func selectJSON(body, path string) (string, bool, error) {
	p, err := jsonpath.Compile(path)
	if err != nil {
		return "", false, fmt.Errorf("parameter mapping: %w", err)
	}
	document, err := vtl.ParseJSON(body)
	if err != nil {
		return "", false, nil
	}
	selected, found, err := p.Read(document)
	if err != nil || !found || selected == nil {
		return "", false, err
	}
	if text, ok := selected.(string); ok {
		return text, true, nil
	}
	return vtl.JSON(selected), true, nil
}
