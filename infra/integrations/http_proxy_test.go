package integrations

import "testing"

func TestHTTPProxy(t *testing.T) {
	checkMethod(t, "GET", "/http-proxy/weather", `
		Type: HTTP_PROXY
		IntegrationHttpMethod: GET
		Uri: https://weather.example/v1/weather
		mapped integration.request.header.X-Request-Id: context.requestId
		parameter method.request.querystring.city: true
		validator: ${HttpProxyParameterValidator}`)
}
