package gateway

import (
	"strconv"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// Overrides is what templates wrote to $context.requestOverride and
// $context.responseOverride. The request template's are readable in the
// response template and take effect on the response too (rules 44, 45), so one
// Overrides goes with the whole exchange.
type Overrides struct {
	request, response *vtl.Map // nil until a template asks for $context
}

// NewOverrides returns overrides with nothing in them (rule 89).
func NewOverrides() *Overrides { return &Overrides{} }

// maps are $context.requestOverride and $context.responseOverride.
func (o *Overrides) maps() (request, response *vtl.Map) {
	if o.request == nil {
		o.request, o.response = quietMap(3), quietMap(2)
		o.request.Put("path", quietMap(0))
		o.request.Put("header", quietMap(0))
		o.request.Put("querystring", quietMap(0))
		o.response.Put("header", quietMap(0))
	}
	return o.request, o.response
}

// clone is a copy that templates can write to apart from o; nil when nothing is
// written yet.
func (o *Overrides) clone() *Overrides {
	if o == nil || o.request == nil || isEmpty(o.request) && isEmpty(o.response) {
		return nil
	}
	return &Overrides{cloneMap(o.request), cloneMap(o.response)}
}

// isEmpty says whether the map holds nothing but maps that hold nothing.
func isEmpty(m *vtl.Map) bool {
	for _, e := range m.Entries() {
		if inner, ok := e.Value.(*vtl.Map); !ok || !isEmpty(inner) {
			return false
		}
	}
	return true
}

func cloneMap(m *vtl.Map) *vtl.Map {
	copied := &vtl.Map{Quiet: m.Quiet}
	for _, e := range m.Entries() {
		value := e.Value
		if inner, ok := value.(*vtl.Map); ok {
			value = cloneMap(inner)
		}
		copied.Put(vtl.Text(e.Key), value)
	}
	return copied
}

// quietMap has room for n entries.
func quietMap(n int) *vtl.Map {
	m := vtl.NewMap(n)
	m.Quiet = true
	return m
}

// RequestHeader is requestOverride.header; a list gives one field for each
// element.
func (o *Overrides) RequestHeader() []Field { return overrideFields(o, false, "header") }

// RequestQuerystring is requestOverride.querystring.
func (o *Overrides) RequestQuerystring() []Field { return overrideFields(o, false, "querystring") }

// RequestPath is requestOverride.path.
func (o *Overrides) RequestPath() []Field { return overrideFields(o, false, "path") }

// ResponseHeader is responseOverride.header.
func (o *Overrides) ResponseHeader() []Field { return overrideFields(o, true, "header") }

func overrideFields(o *Overrides, response bool, name string) []Field {
	if o == nil || o.request == nil {
		return nil
	}
	from := o.request
	if response {
		from = o.response
	}
	m, _ := from.Get(name).(*vtl.Map)
	if m == nil {
		return nil
	}
	var fields []Field
	for _, e := range m.Entries() {
		switch v := e.Value.(type) {
		case nil:
		case *vtl.List:
			for _, item := range v.Items() {
				fields = append(fields, Field{vtl.Text(e.Key), vtl.Text(item)})
			}
		default:
			fields = append(fields, Field{vtl.Text(e.Key), vtl.Text(v)})
		}
	}
	return fields
}

// ResponseStatus is responseOverride.status; false when no template set it or
// it is no status from 100 to 599 (rule 106).
func (o *Overrides) ResponseStatus() (int, bool) {
	if o == nil || o.response == nil {
		return 0, false
	}
	status, err := strconv.Atoi(vtl.Text(o.response.Get("status")))
	return status, err == nil && status >= 100 && status <= 599
}
