package cfn

import (
	"cmp"
	"maps"

	"github.com/apigw-integrations/apigw-integrations/emulator/openapi"
)

// OpenAPI makes an OpenAPI 3.0 document of a RestApi and what belongs to it. The
// faults name what the document has no place for.
func (a *Assembly) OpenAPI(rest *Resource, server string) (document map[string]any, faults []openapi.Fault) {
	d := openapi.Definition{Properties: maps.Clone(rest.Properties)}
	d.Properties["Name"] = cmp.Or(rest.String("Name"), rest.LogicalID)
	for _, kind := range []string{"Model", "RequestValidator", "GatewayResponse", "Authorizer", "Resource", "Method"} {
		for _, r := range a.Resources("AWS::ApiGateway::" + kind) {
			if r.String("RestApiId") == rest.Ref() {
				d.Resources = append(d.Resources, openapi.Resource{LogicalID: r.Ref(), Type: r.Type, At: r.LogicalID, Properties: r.Properties})
			}
		}
	}
	return openapi.Export(d, openapi.ExportOptions{Server: server, RootID: rest.Attribute("RootResourceId")})
}
