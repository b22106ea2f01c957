package main

import (
	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/toolbox/example"
)

// routesReport is what routes prints for other programs.
type routesReport struct {
	APIs     []apiReport   `json:"apis"`
	Problems []cfn.Problem `json:"problems"`
}

type apiReport struct {
	Name     string        `json:"name"`
	Stack    string        `json:"stack"`
	Resource string        `json:"resource"` // logical ID
	Stage    string        `json:"stage"`
	URL      string        `json:"url"` // as serve has it by default, without a slash at its end
	Routes   []routeReport `json:"routes"`
}

type routeReport struct {
	Method        string `json:"method"`
	Path          string `json:"path"`
	Integration   string `json:"integration"`             // type: MOCK, HTTP, HTTP_PROXY, AWS, AWS_PROXY; "" for none
	Endpoint      string `json:"endpoint,omitempty"`      // URI of the integration
	Authorization string `json:"authorization,omitempty"` // type, unless it is NONE
	APIKey        bool   `json:"apiKey,omitempty"`        // whether one is required
	State         string `json:"state"`                   // served, noBackend, refused, unserved
	Reason        string `json:"reason,omitempty"`        // of another state than served
	Try           string `json:"try,omitempty"`           // command that calls it
}

func routesReportOf(e *emulator.Emulator) routesReport {
	report := routesReport{APIs: []apiReport{}, Problems: append([]cfn.Problem{}, e.Problems()...)}
	for _, api := range e.APIs() {
		one := apiReport{api.Name, api.StackName, api.LogicalID, api.Stage.Name, likelyURL(e, api), []routeReport{}}
		for _, m := range methods(api) {
			one.Routes = append(one.Routes, routeReportOf(m, one.URL))
		}
		report.APIs = append(report.APIs, one)
	}
	return report
}

func routeReportOf(m *gateway.Method, baseURL string) routeReport {
	r := routeReport{
		Method: m.HTTPMethod, Path: m.Resource.Path, Integration: m.Integration.Type, Endpoint: m.Integration.URI,
		APIKey: m.APIKeyRequired, State: "served",
	}
	if m.AuthorizationType != "NONE" {
		r.Authorization = m.AuthorizationType
	}
	switch {
	case m.Unservable != nil:
		r.State, r.Reason = "unserved", m.Unservable.Error()
		return r
	case m.IsRefused():
		r.State, r.Reason = "refused", m.AuthorizationType+" is not supported"
	case m.NoBackend != nil:
		r.State, r.Reason = "noBackend", m.NoBackend.Error()
	}
	r.Try = example.Of(m).Curl(m, baseURL)
	return r
}
