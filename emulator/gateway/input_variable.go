package gateway

import (
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/jsonpath"
)

// inputVariable is $input.
type inputVariable struct {
	body     string
	document vtl.Value
	parsed   bool
	given    *Params
	params   *vtl.Map // made of given when it is first asked for
}

func newInput(in *TemplateInput) *inputVariable {
	body := in.Body
	if body == "" {
		body = "{}" // rule 81
	}
	return &inputVariable{body: vtl.ValidText(body), given: &in.Params}
}

// all is $input.params().
func (v *inputVariable) all() *vtl.Map {
	if v.params == nil {
		v.params = vtl.NewMap(3)
		v.params.Put("path", fieldMap(v.given.Path, nil))
		v.params.Put("querystring", fieldMap(v.given.Querystring, nil))
		v.params.Put("header", fieldMap(v.given.Header, hiddenHeaders))
	}
	return v.params
}

// hiddenHeaders are not among the parameters even when they were sent; recorded
// of $input.params(name).
var hiddenHeaders = map[string]bool{
	"connection": true, "content-length": true, "content-md5": true, "expect": true, "max-forwards": true,
	"proxy-authenticate": true, "server": true, "te": true, "trailer": true, "transfer-encoding": true,
	"upgrade": true, "www-authenticate": true,
}

func fieldMap(fields []Field, hidden map[string]bool) *vtl.Map {
	m := vtl.NewMap(len(fields))
	for _, f := range fields {
		if hidden == nil || !hidden[strings.ToLower(f.Name)] {
			m.Put(vtl.ValidText(f.Name), vtl.ValidText(f.Value))
		}
	}
	return m
}

func (*inputVariable) String() string { return "$input" }

// Property gives $input.body, the raw text (rule 82).
func (v *inputVariable) Property(name string) (vtl.Value, bool) {
	switch name {
	case "body", "Body":
		return v.body, true
	}
	return nil, false
}

// Method gives path(), json() and params().
func (v *inputVariable) Method(name string, args []vtl.Value) (vtl.Value, bool, error) {
	if len(args) == 0 {
		switch name {
		case "params":
			return v.all(), true, nil
		case "getBody":
			return v.body, true, nil
		case "toString":
			return v.String(), true, nil
		}
		return nil, false, nil
	}
	text, isText := args[0].(string)
	if len(args) > 1 || !isText && args[0] != nil {
		if name == "params" {
			return nil, true, vtl.ErrArguments
		}
		return nil, false, nil
	}
	switch name {
	case "path":
		found, _, err := v.read(text)
		return found, true, err
	case "json":
		found, ok, err := v.read(text)
		if err != nil {
			return nil, true, err
		}
		if !ok {
			return `""`, true, nil // rule 108
		}
		return vtl.JSON(found), true, nil
	case "params":
		return v.param(text), true, nil
	}
	return nil, false, nil
}

// read evaluates a JSONPath on the body; false when it leads nowhere or the
// body is no JSON.
func (v *inputVariable) read(path string) (vtl.Value, bool, error) {
	p, err := jsonpath.Compile(path)
	if err != nil {
		return nil, false, err
	}
	if !v.parsed {
		v.parsed = true
		v.document, _ = vtl.ParseJSON(v.body) // what is no JSON has no paths
	}
	if v.document == nil {
		return nil, false, nil
	}
	return p.Read(v.document)
}

// param looks a parameter up in path, query string and header, in this order;
// "" when there is none (rule 84).
func (v *inputVariable) param(name string) vtl.Value {
	for _, e := range v.all().Entries() {
		if m, ok := e.Value.(*vtl.Map); ok {
			if found := m.Get(name); found != nil {
				return vtl.Text(found)
			}
		}
	}
	return ""
}
