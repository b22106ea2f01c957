package gateway

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// integrationResponse turns the endpoint's answer into the method's: which
// response it is, its body, headers and status. A proxy's answer passes (rule 55).
// A response whose status the method doesn't declare fails, see
// https://repost.aws/knowledge-center/api-gateway-internal-server-error
func integrationResponse(_ context.Context, x *Exchange) error {
	if x.Method.Integration.IsProxy() {
		x.Response = proxyResponse(x)
		return nil
	}
	chosen, err := selectResponse(x)
	if err != nil {
		return err
	}
	x.IntegrationResponse = chosen
	if x.Method.Responses[chosen.StatusCode] == nil {
		return &Failure{
			Type:  APIConfigurationError,
			Words: ConfigurationError + "Output mapping refers to an invalid method response: " + chosen.StatusCode,
			Cause: fmt.Errorf("the method has no method response for status %s: add it to MethodResponses", chosen.StatusCode),
		}
	}
	header, err := mapResponseHeaders(x, chosen.ResponseParameters)
	if err != nil {
		return err
	}
	body, contentType, err := responseBody(x, chosen)
	if err != nil {
		return err
	}
	status, err := strconv.Atoi(chosen.StatusCode)
	if err != nil {
		return internalError(fmt.Errorf("integration response: StatusCode %q is no number", chosen.StatusCode))
	}
	if override, ok := x.Overrides.ResponseStatus(); ok {
		status = override // declared or not (rules 45, 91)
	}
	header = replaced(header, x.Overrides.ResponseHeader(), true)
	x.traceResponseOverrides()
	if !Header(header).Has("Content-Type") {
		header = append([]Field{{"Content-Type", contentType}}, header...)
	}
	x.Response = &Response{StatusCode: status, Header: remap(x, header, remappedOfMapped), Body: body}
	return nil
}

// selectResponse is the first response whose pattern matches what the backend
// selects by, else the one without a pattern (rules 35, 36, 42, 57, 106).
func selectResponse(x *Exchange) (*IntegrationResponse, error) {
	var fallback *IntegrationResponse
	for _, r := range x.Method.Integration.Responses {
		if r.SelectionPattern == nil {
			if fallback == nil {
				fallback = r
			}
			continue
		}
		against := x.EndpointResponse.Selection
		matched, err := false, error(nil)
		if against != "" {
			matched, err = r.SelectionPattern.Matches(against)
		}
		if err != nil {
			return nil, internalError(err)
		}
		record(x, trace.SelectionPattern{Pattern: r.SelectionPattern.String(), Against: against, Matched: matched, Status: r.StatusCode})
		if matched {
			return r, nil
		}
	}
	if fallback == nil {
		return nil, &Failure{
			Type: APIConfigurationError,
			Words: ConfigurationError + "No match for output mapping and no default output mapping configured. Endpoint Response Status Code: " +
				strconv.Itoa(x.EndpointResponse.StatusCode),
			Cause: fmt.Errorf("no integration response for %q, and none without a selection pattern", x.EndpointResponse.Selection),
		}
	}
	record(x, trace.SelectionPattern{Against: x.EndpointResponse.Selection, Matched: true, Status: fallback.StatusCode})
	return fallback, nil
}

// mapResponseHeaders evaluates method.response.header.* mappings. No header of
// the endpoint reaches the client otherwise (rule 52).
func mapResponseHeaders(x *Exchange, mappings map[string]string) ([]Field, error) {
	var header []Field
	for _, target := range sortedKeys(mappings) {
		name, isHeader := strings.CutPrefix(target, "method.response.header.")
		if !isHeader {
			continue
		}
		value, found, err := responseSource(x, mappings[target])
		record(x, trace.ParameterMapping{Target: target, Source: mappings[target], Value: value.text(), Found: found})
		if err != nil {
			return nil, internalError(err)
		}
		if found {
			header = append(header, Field{name, value.text()})
		}
	}
	return header, nil
}

// responseBody is the endpoint's body, or what the response template makes of
// it, with its content type (rules 73–76).
func responseBody(x *Exchange, r *IntegrationResponse) ([]byte, string, error) {
	endpointType := mediaType(x.EndpointResponse.Header.Get("Content-Type"))
	p := newPayload(x.EndpointResponse.Body, x.API.IsBinary(endpointType))
	if len(r.ResponseTemplates) > 0 {
		if r.ContentHandling == convertToText && p.binary {
			p = p.encoded()
		}
		if p.binary {
			return nil, "", internalError(errBinaryTemplate)
		}
		contentType, template := responseTemplate(x, r.ResponseTemplates, endpointType)
		text, err := x.render("response", contentType, template, p.data)
		if err != nil {
			return nil, "", err
		}
		p = payload{data: []byte(text)}
		if r.ContentHandling == convertToBinary {
			if p, err = p.decoded(); err != nil {
				return nil, "", internalError(err)
			}
		}
		return p.data, contentType, nil
	}
	if x.Method.Integration.Type == "MOCK" {
		return nil, "application/json", nil // rule 43
	}
	record(x, trace.Passthrough{Side: "response", Reason: "the integration response has no template"})
	p, err := p.convertResponse(r.ContentHandling, x.API.IsBinary(x.Accept()))
	if err != nil {
		return nil, "", internalError(err)
	}
	return p.data, "application/json", nil
}

// responseTemplate chooses by what the client accepts, then by the endpoint's
// type; otherwise the JSON template is preferred, else the first (rules 76, 106).
func responseTemplate(x *Exchange, templates map[string]*MappingTemplate, endpointType string) (string, *MappingTemplate) {
	for _, key := range []string{x.Accept(), endpointType, "application/json"} {
		if t := templates[key]; t != nil {
			return key, t
		}
	}
	if t := templates[defaultTemplate]; t != nil {
		return "application/json", t
	}
	key := sortedKeys(templates)[0]
	return key, templates[key]
}
