package conformance

import (
	"encoding/json"
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// playTemplate renders a case's mapping template alone.
func playTemplate(c *Case) ([]string, error) {
	t, err := gateway.ParseMappingTemplate(c.ID, *c.Template)
	if err != nil {
		return nil, err
	}
	in, err := templateInput(c)
	if err != nil {
		return nil, err
	}
	text, err := t.Render(in)
	if err != nil {
		return []string{"render: " + err.Error()}, nil
	}
	var found []string
	if want, ok := c.Expect["output"]; ok {
		found = append(found, mismatches("output", want, text, false)...)
	}
	if want, ok := c.Expect["outputJson"]; ok {
		found = append(found, compareBody("output", object{"json": want}, []byte(text))...)
	}
	if want, ok := c.Expect["contextAfter"].(object); ok {
		after, err := overrides(in)
		if err != nil {
			return nil, err
		}
		found = append(found, mismatches("$context", want, after, true)...)
	}
	return found, nil
}

func templateInput(c *Case) (*gateway.TemplateInput, error) {
	in := &gateway.TemplateInput{
		Body: c.Input.Body,
		Params: gateway.Params{
			Path: fields(c.Input.Params["path"]), Querystring: fields(c.Input.Params["querystring"]), Header: fields(c.Input.Params["header"]),
		},
		Context:        &gateway.ContextVariables{More: map[string]any{}},
		StageVariables: c.Input.StageVariables,
		Overrides:      gateway.NewOverrides(),
	}
	for name, value := range c.Input.Context {
		if name == "requestOverride" || name == "responseOverride" {
			if err := preset(in.Overrides, name, value); err != nil {
				return nil, err
			}
			continue
		}
		in.Context.More[name] = value
	}
	return in, nil
}

// preset writes an override as an earlier template would have.
func preset(o *gateway.Overrides, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	source := fmt.Sprintf(`#set($given = $util.parseJson($input.body))`+
		`#foreach($key in $given.keySet())#set($ignored = $context.%s.put($key, $given.get($key)))#end`, name)
	t, err := gateway.ParseMappingTemplate("preset", source)
	if err != nil {
		return err
	}
	_, err = t.Render(&gateway.TemplateInput{Body: string(text), Context: &gateway.ContextVariables{}, Overrides: o})
	return err
}

// overrides are the overrides after a rendering, as decoded JSON.
func overrides(in *gateway.TemplateInput) (object, error) {
	group := func(all []gateway.Field) object {
		o := object{}
		for _, f := range all {
			switch known := o[f.Name].(type) {
			case nil:
				o[f.Name] = f.Value
			case []any:
				o[f.Name] = append(known, f.Value)
			default:
				o[f.Name] = []any{known, f.Value}
			}
		}
		return o
	}
	response := object{"header": group(in.Overrides.ResponseHeader())}
	if status, ok := in.Overrides.ResponseStatus(); ok {
		response["status"] = number(status)
	}
	return object{
		"requestOverride": object{
			"header": group(in.Overrides.RequestHeader()), "path": group(in.Overrides.RequestPath()),
			"querystring": group(in.Overrides.RequestQuerystring()),
		},
		"responseOverride": response,
	}, nil
}

func fields(m map[string]any) []gateway.Field {
	var all []gateway.Field
	for _, name := range sortedKeys(m) {
		all = append(all, gateway.Field{Name: name, Value: text(m[name])})
	}
	return all
}
