package doctor

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// template is a mapping template of a method.
type template struct {
	method   method
	property string // "Integration.RequestTemplates.application/json"
	text     string
	source   string // the file it was read from, by the resource's metadata; "" for none
	parsed   *gateway.MappingTemplate
	err      *vtl.Error // nil when it can be parsed
}

// templates are the mapping templates that requests to the method go through:
// those of proxies do nothing.
func (s *Subject) templates(m method) []template {
	all := s.requestTemplates(m)
	for i := range m.Integration.Responses {
		all = append(all, s.templatesAt(m, "Integration.IntegrationResponses."+itoa(i)+".ResponseTemplates")...)
	}
	return all
}

func (s *Subject) requestTemplates(m method) []template {
	return s.templatesAt(m, "Integration.RequestTemplates")
}

func (s *Subject) templatesAt(m method, property string) []template {
	if m.Integration.IsProxy() {
		return nil
	}
	texts := m.resource.StringMap(property)
	var all []template
	for _, contentType := range slices.Sorted(maps.Keys(texts)) {
		t := template{method: m, property: property + "." + contentType, text: texts[contentType]}
		t.source = m.resource.MappingSources()[strings.ReplaceAll(property, ".", "/")+"/"+contentType]
		parsed, err := gateway.ParseMappingTemplate(t.property, t.text)
		t.parsed = parsed
		errors.As(err, &t.err)
		all = append(all, t)
	}
	return all
}

// references are the places that read a stage variable.
func (t template) references() []vtl.Reference {
	if t.parsed == nil {
		return nil
	}
	return slices.DeleteFunc(t.parsed.References(), func(r vtl.Reference) bool {
		return r.Name != "stageVariables" || len(r.Path) == 0
	})
}

// where is a place in the template's own file, else the property that holds it.
func (t template) where(s *Subject, line, column int) Where {
	w := s.where(t.method.resource, t.property)
	if t.source != "" {
		w.File, w.Line, w.Column = cfn.Displayed(filepath.Join(s.Assembly.Root, t.source)), line, column
	}
	return w
}

func itoa(i int) string { return strconv.Itoa(i) }
