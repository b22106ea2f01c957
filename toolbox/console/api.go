package console

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

// apiView is an API as the page shows it, in AWS's words.
type apiView struct {
	ID      string      `json:"id"`
	Name    string      `json:"name"`
	Region  string      `json:"region"`
	Stage   string      `json:"stage"`
	BaseURL string      `json:"baseURL"`
	Others  []link      `json:"others"` // consoles of the other APIs
	Routes  []routeView `json:"routes"`
}

type link struct {
	Name string `json:"name"`
	URL  string `json:"url"`
}

// routeView is a method of a resource.
type routeView struct {
	Method      string               `json:"method"`
	Path        string               `json:"path"`
	LogicalID   string               `json:"logicalId"`
	Unservable  string               `json:"unservable"`
	NoBackend   string               `json:"noBackend"`
	Request     methodRequestView    `json:"methodRequest"`
	Integration integrationView      `json:"integration"`
	Responses   []methodResponseView `json:"methodResponses"`
	Example     example.Request      `json:"example"`
	Curl        string               `json:"curl"`
}

type methodRequestView struct {
	Authorization  string            `json:"authorizationType"`
	Authorizer     string            `json:"authorizer"` // type of the Lambda authorizer
	APIKeyRequired bool              `json:"apiKeyRequired"`
	APIKey         string            `json:"apiKey"` // that a request may use
	ValidateBody   bool              `json:"validateBody"`
	ValidateParams bool              `json:"validateParameters"`
	Parameters     map[string]bool   `json:"parameters"` // → required
	Models         map[string]string `json:"models"`     // by content type
}

type integrationView struct {
	Name        string                    `json:"name"` // type and service
	Kind        gateway.Kind              `json:"kind"`
	Type        string                    `json:"type"`
	Method      string                    `json:"httpMethod"`
	URI         string                    `json:"uri"`
	Endpoint    string                    `json:"endpoint"` // the URI in short
	Proxy       bool                      `json:"proxy"`
	Passthrough string                    `json:"passthroughBehavior"`
	TimeoutMS   int64                     `json:"timeoutInMillis"`
	Parameters  map[string]string         `json:"requestParameters"`
	Templates   []templateView            `json:"requestTemplates"`
	Responses   []integrationResponseView `json:"responses"`
}

type templateView struct {
	ContentType string `json:"contentType"`
	Name        string `json:"name"` // its file
	Text        string `json:"text"`
}

type integrationResponseView struct {
	Status     string            `json:"statusCode"`
	Pattern    string            `json:"selectionPattern"` // "": the default
	Parameters map[string]string `json:"responseParameters"`
	Templates  []templateView    `json:"responseTemplates"`
}

type methodResponseView struct {
	Status     string            `json:"statusCode"`
	Parameters []string          `json:"responseParameters"`
	Models     map[string]string `json:"responseModels"`
}

func (c *console) served() *gateway.API { return c.emulator.APIs()[c.number] }

func (c *console) api(*http.Request) (any, error) {
	api, baseURL := c.served(), c.emulator.BaseURLOf(c.number)
	view := apiView{
		ID: api.ID, Name: api.Name, Region: api.Region, Stage: api.Stage.Name, BaseURL: baseURL,
		Others: []link{}, Routes: []routeView{},
	}
	for i, other := range c.emulator.APIs() {
		if i != c.number {
			view.Others = append(view.Others, link{other.Name + ", " + other.Stage.Name, URL(c.emulator, i)})
		}
	}
	for _, resource := range api.Resources {
		for _, name := range slices.Sorted(maps.Keys(resource.Methods)) {
			view.Routes = append(view.Routes, viewRoute(resource.Methods[name], baseURL))
		}
	}
	slices.SortStableFunc(view.Routes, func(a, b routeView) int { return cmp.Compare(a.Path, b.Path) })
	return view, nil
}

func viewRoute(m *gateway.Method, baseURL string) routeView {
	request := example.Of(m)
	view := routeView{
		Method: m.HTTPMethod, Path: m.Resource.Path, LogicalID: m.LogicalID,
		Unservable: message(m.Unservable), NoBackend: message(m.NoBackend),
		Request: methodRequestView{
			Authorization: cmp.Or(m.AuthorizationType, "NONE"), APIKeyRequired: m.APIKeyRequired, APIKey: example.APIKey(m),
			ValidateBody: m.ValidateBody, ValidateParams: m.ValidateParams,
			Parameters: m.RequestParameters, Models: map[string]string{},
		},
		Integration: viewIntegration(m.Integration), Responses: []methodResponseView{},
		Example: request, Curl: request.Curl(m, baseURL),
	}
	if m.Authorizer != nil {
		view.Request.Authorizer = m.Authorizer.Type
	}
	for contentType, model := range m.RequestModels {
		view.Request.Models[contentType] = model.Name
	}
	for _, status := range slices.Sorted(maps.Keys(m.Responses)) {
		response := m.Responses[status]
		view.Responses = append(view.Responses, methodResponseView{
			status, slices.Sorted(maps.Keys(response.ResponseParameters)), response.ResponseModels,
		})
	}
	return view
}

func viewIntegration(i *gateway.Integration) integrationView {
	view := integrationView{
		Name: i.String(), Kind: i.Kind, Type: i.Type, Method: i.HTTPMethod, URI: i.URI, Endpoint: endpoint(i), Proxy: i.IsProxy(),
		Passthrough: cmp.Or(i.PassthroughBehavior, "WHEN_NO_MATCH"), TimeoutMS: i.Timeout.Milliseconds(),
		Parameters: i.RequestParameters, Templates: viewTemplates(i.RequestTemplates), Responses: []integrationResponseView{},
	}
	for _, r := range i.Responses {
		response := integrationResponseView{
			Status: r.StatusCode, Parameters: r.ResponseParameters, Templates: viewTemplates(r.ResponseTemplates),
		}
		if r.SelectionPattern != nil {
			response.Pattern = r.SelectionPattern.String()
		}
		view.Responses = append(view.Responses, response)
	}
	return view
}

// endpoint names what stands behind an integration, in short.
func endpoint(i *gateway.Integration) string {
	switch i.Kind {
	case gateway.KindMock:
		return "the gateway itself"
	case gateway.KindLambda, gateway.KindLambdaProxy:
		_, function, _ := strings.Cut(i.URI, ":function:")
		name, _, _ := strings.Cut(function, "/")
		return "function " + name
	case gateway.KindAWSService:
		if parts := strings.SplitN(i.URI, ":", 6); len(parts) == 6 {
			return parts[4] + " " + strings.TrimPrefix(parts[5], "action/")
		}
	}
	return i.URI
}

func viewTemplates(templates map[string]*gateway.MappingTemplate) []templateView {
	views := []templateView{}
	for _, contentType := range slices.Sorted(maps.Keys(templates)) {
		t := templates[contentType]
		views = append(views, templateView{contentType, t.Name(), t.Text()})
	}
	return views
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
