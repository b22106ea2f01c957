package integrations

import (
	"regexp"
	"strconv"
	"testing"
)

func TestHTTP(t *testing.T) {
	checkMethod(t, "GET", "/http/weather", `
		Type: HTTP
		IntegrationHttpMethod: GET
		Uri: https://weather.example/v1/weather
		mapped integration.request.header.X-Request-Id: context.requestId
		mapped integration.request.querystring.key: stageVariables.weatherKey
		mapped integration.request.querystring.q: method.request.querystring.city
		response 200 //
		template application/json: mappings/http/response.vtl
		response 404 /404/
		template application/json: mappings/http/error.vtl
		response 502 /4(?:0[0-35-9]|[1-9]\d)/
		template application/json: mappings/http/error.vtl
		response 503 /5\d{2}/
		template application/json: mappings/http/error.vtl
		parameter method.request.querystring.city: true
		validator: ${HttpParameterValidator}`)
}

// A status that two patterns take, or an error that none takes, would be answered wrong.
func TestStatusPatternsAreDisjointAndComplete(t *testing.T) {
	patterns := []*regexp.Regexp{
		regexp.MustCompile("^(?:" + notFoundPattern + ")$"),
		regexp.MustCompile("^(?:" + otherClientErrorPattern + ")$"),
		regexp.MustCompile("^(?:" + serverErrorPattern + ")$"),
	}
	for status := 200; status < 600; status++ {
		matches, want := 0, 0
		if status >= 400 {
			want = 1
		}
		for _, pattern := range patterns {
			if pattern.MatchString(strconv.Itoa(status)) {
				matches++
			}
		}
		if matches != want {
			t.Errorf("status %d: %d patterns match, want %d", status, matches, want)
		}
	}
}
