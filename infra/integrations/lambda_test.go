package integrations

import (
	"regexp"
	"testing"
)

func TestLambda(t *testing.T) {
	checkMethod(t, "POST", "/lambda/orders", `
		Type: AWS
		IntegrationHttpMethod: POST
		Uri: `+functionURI+`
		PassthroughBehavior: NEVER
		template application/json: mappings/lambda/json/request.vtl
		template application/xml: mappings/lambda/xml/request.vtl
		response 201 //
		template application/json: mappings/lambda/response.vtl
		template application/xml: mappings/lambda/response.vtl
		response 400 /\[BadRequest\](\n|.)*/
		template application/json: mappings/lambda/error.vtl
		template application/xml: mappings/lambda/error.vtl
		response 409 /\[Conflict\](\n|.)*/
		template application/json: mappings/lambda/error.vtl
		template application/xml: mappings/lambda/error.vtl
		response 500 /[^\[](\n|.)*/
		template application/json: mappings/lambda/error.vtl
		template application/xml: mappings/lambda/error.vtl
		model application/json: ${LambdaOrder}
		validator: ${LambdaBodyValidator}`)
}

// API Gateway compares the whole error message with each pattern.
func TestErrorPatternsAreDisjoint(t *testing.T) {
	patterns := map[string]*regexp.Regexp{
		"bad request": regexp.MustCompile("^(?:" + badRequestPattern + ")$"),
		"conflict":    regexp.MustCompile("^(?:" + conflictPattern + ")$"),
		"unknown":     regexp.MustCompile("^(?:" + unknownErrorPattern + ")$"),
	}
	tests := []struct{ message, want string }{
		{"[BadRequest] one fault; another", "bad request"},
		{"[BadRequest] a fault\nof two lines", "bad request"},
		{"[Conflict] order o-1 exists", "conflict"},
		{"the table is gone [Conflict]", "unknown"},
		{"one line\nand another", "unknown"},
	}
	for _, test := range tests {
		t.Run(test.message, func(t *testing.T) {
			for name, pattern := range patterns {
				if got := pattern.MatchString(test.message); got != (name == test.want) {
					t.Errorf("%s matches: %t", name, got)
				}
			}
		})
	}
}
