package main

import (
	"errors"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

func TestRoutesOfFaultyMethods(t *testing.T) {
	tests := []struct {
		name          string
		authorization string
		uri           string
		unservable    error
		want          string
	}{
		{"service action", "NONE", "arn:aws:apigateway:us-east-1:sqs:path/1/q", nil, "AWS (sqs:path/1/q)"},
		{"no URI", "NONE", "", errors.New("no URI"), "AWS          can't be served: no URI"},
		{"no ARN", "NONE", "foo:bar", errors.New("no ARN"), "AWS          can't be served: no ARN"},
		{"several faults", "NONE", "foo", errors.New("one\ntwo"), "AWS          can't be served: one"},
		{"nobody can be checked", "COGNITO_USER_POOLS", "arn:aws:apigateway:us-east-1:sqs:path/1/q", nil, "/a  # every request is refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			resource := &gateway.Resource{Path: "/a"}
			resource.Methods = map[string]*gateway.Method{"GET": {
				HTTPMethod: "GET", Resource: resource, AuthorizationType: test.authorization, Unservable: test.unservable,
				Integration: &gateway.Integration{Type: "AWS", Kind: gateway.KindAWSService, URI: test.uri},
			}}
			var out strings.Builder
			printRoutes(&out, &gateway.API{Resources: []*gateway.Resource{resource}}, "http://127.0.0.1")
			lines := strings.Split(strings.TrimSpace(out.String()), "\n")
			if len(lines) != 2 || !strings.Contains(lines[1], test.want) {
				t.Errorf("got %q, want %q in one line", lines, test.want)
			}
		})
	}
}
