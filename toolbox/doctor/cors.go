package doctor

import (
	"maps"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

const (
	allowOrigin = "access-control-allow-origin"
	corsPage    = apigatewayGuide + "how-to-cors.html"
)

var corsGatewayResponse = Rule{
	ID:       "cors-gateway-response",
	Severity: Warning,
	Evidence: Documented,
	Title:    "The API allows other origins, but not on the errors that API Gateway makes itself",
	Why:      "browsers hide such an error from the page: a 401, 403, 429 or 500 looks like a CORS fault, and nobody sees which",
	Fix: "add AWS::ApiGateway::GatewayResponse DEFAULT_4XX and DEFAULT_5XX with ResponseParameters " +
		`{"gatewayresponse.header.Access-Control-Allow-Origin": "'*'"}, or the origin that is allowed`,
	Doc: corsPage,
	check: func(x *examination) {
		for _, api := range x.APIs {
			preflight := slices.ContainsFunc(x.methods(api), allowsOrigin)
			if !preflight {
				continue
			}
			var missing []string
			for _, kind := range []gateway.ResponseType{gateway.Default4XX, gateway.Default5XX} {
				if api.GatewayResponses[kind] == nil {
					missing = append(missing, string(kind))
				}
			}
			if len(missing) > 0 {
				x.find(x.where(x.rest(api), ""), "", "there is no gateway response %s, so these errors carry no Access-Control-Allow-Origin",
					strings.Join(missing, " and none "))
			}
			for _, kind := range slices.Sorted(maps.Keys(api.GatewayResponses)) {
				if !carriesOrigin(api.GatewayResponses[kind].ResponseParameters) {
					x.checkOwn(api, kind)
				}
			}
		}
	},
}

// checkOwn reports a gateway response that the API defines: it takes nothing
// over from DEFAULT_4XX or DEFAULT_5XX.
func (x *examination) checkOwn(api *gateway.API, kind gateway.ResponseType) {
	for _, r := range x.of(api, "AWS::ApiGateway::GatewayResponse") {
		if r.String("ResponseType") == string(kind) && unclear(r) == "" {
			x.find(x.where(r, "ResponseParameters"), "add gatewayresponse.header.Access-Control-Allow-Origin to it",
				"the gateway response %s carries no Access-Control-Allow-Origin", kind)
		}
	}
}

// allowsOrigin says whether a method is there for browsers of other origins.
func allowsOrigin(m method) bool {
	return m.HTTPMethod == "OPTIONS" || slices.ContainsFunc(m.Integration.Responses, func(r *gateway.IntegrationResponse) bool {
		return carriesOrigin(r.ResponseParameters)
	})
}

func carriesOrigin(parameters map[string]string) bool {
	for target := range parameters {
		if strings.HasSuffix(strings.ToLower(target), ".header."+allowOrigin) {
			return true
		}
	}
	return false
}
