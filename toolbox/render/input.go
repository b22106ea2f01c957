package render

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// Input is what a template can see.
type Input struct {
	Body           string            `json:"body"` // $input.body
	Params         Params            `json:"params"`
	Context        map[string]any    `json:"context,omitempty"` // members of $context over those of DefaultContext
	StageVariables map[string]string `json:"stageVariables,omitempty"`

	// Before is rendered first, with the same input: its overrides can be read,
	// as a response template reads those of the request template.
	Before *Template `json:"-"`
}

// Params are what $input.params() has, in this order.
type Params struct {
	Path        Fields `json:"path,omitempty"`
	Querystring Fields `json:"querystring,omitempty"`
	Header      Fields `json:"header,omitempty"`
}

// Fields is a JSON object of texts whose order counts.
type Fields []gateway.Field

// DefaultContext is $context of every rendering: that of one request, so that
// the same input gives the same output.
func DefaultContext() map[string]any {
	return map[string]any{
		"accountId":         "123456789012",
		"apiId":             "a1b2c3d4e5",
		"domainName":        "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
		"domainPrefix":      "a1b2c3d4e5",
		"extendedRequestId": "TkVWRVIgTUlORA=",
		"httpMethod":        "POST",
		"identity":          map[string]any{"sourceIp": "192.0.2.1", "userAgent": "apigw"},
		"path":              "/prod/",
		"protocol":          "HTTP/1.1",
		"requestId":         "9f3c1f0e-6d1b-4e0c-8a53-1d1a5c8b7e21",
		"requestTime":       "24/Nov/2026:05:40:00 +0000",
		"requestTimeEpoch":  int64(1795498800123),
		"resourcePath":      "/",
		"stage":             "prod",
	}
}

// WholeContext is Context over DefaultContext.
func (in Input) WholeContext() map[string]any {
	all := DefaultContext()
	maps.Copy(all, in.Context)
	return all
}

func (in Input) templateInput(o *gateway.Overrides) *gateway.TemplateInput {
	return &gateway.TemplateInput{
		Body: in.Body,
		Params: gateway.Params{
			Path: in.Params.Path, Querystring: in.Params.Querystring, Header: in.Params.Header,
		},
		Context:        &gateway.ContextVariables{More: wholeNumbers(in.WholeContext()).(map[string]any)},
		StageVariables: in.StageVariables,
		Overrides:      o,
	}
}

// wholeNumbers turns JSON's numbers that are whole into integers, as the
// service has them: requestTimeEpoch prints no exponent.
func wholeNumbers(v any) any {
	switch v := v.(type) {
	case float64:
		if v == float64(int64(v)) {
			return int64(v)
		}
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, value := range v {
			all[name] = wholeNumbers(value)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i, value := range v {
			all[i] = wholeNumbers(value)
		}
		return all
	}
	return v
}

// Set sets the field of a name, or adds it.
func (f *Fields) Set(name, value string) {
	for i := range *f {
		if (*f)[i].Name == name {
			(*f)[i].Value = value
			return
		}
	}
	*f = append(*f, gateway.Field{Name: name, Value: value})
}

// UnmarshalJSON sets the members of an object in their order.
func (f *Fields) UnmarshalJSON(data []byte) error {
	v, err := vtl.ParseJSON(string(data))
	if err != nil {
		return err
	}
	object, ok := v.(*vtl.Map)
	if !ok {
		return fmt.Errorf("parameters are a JSON object of texts, not %s", data)
	}
	for _, e := range object.Entries() {
		value, ok := e.Value.(string)
		if !ok {
			return fmt.Errorf("the parameter %s is no text; write it in quotes", vtl.Text(e.Key))
		}
		f.Set(vtl.Text(e.Key), value)
	}
	return nil
}

// MarshalJSON writes an object in the order of the fields.
func (f Fields) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, field := range f {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := json.Marshal(field.Name)
		if err != nil {
			return nil, err
		}
		value, err := json.Marshal(field.Value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
