package main

import (
	"errors"
	"strings"
	"testing"
)

func TestChoose(t *testing.T) {
	noDaemon := errors.New("Cannot connect to the Docker daemon")
	for _, test := range []struct {
		name    string
		options options
		machine machine
		want    localStack
		says    string
	}{
		{"named", options{Endpoint: "http://127.0.0.1:4566", Token: "t"}, machine{system: "linux"}, given{}, "at http://127.0.0.1:4566, as AWS_ENDPOINT_URL says"},
		{"daemon and token", options{Token: "t"}, machine{system: "linux"}, docker{}, "a daemon answers, and LOCALSTACK_AUTH_TOKEN is set"},
		{"daemon and token on a Mac", options{Token: "t"}, machine{system: "darwin"}, docker{}, "in Docker"},
		{"daemon without token", options{}, machine{system: "linux"}, host{}, "a process of this machine: a Docker daemon answers, but LOCALSTACK_AUTH_TOKEN is not set"},
		{"token without daemon", options{Token: "t"}, machine{system: "linux", docker: noDaemon}, host{}, "no Docker daemon answers (Cannot connect to the Docker daemon)"},
		{"products service of no LocalStack", options{ProductsURL: "http://127.0.0.1:8081"}, machine{system: "linux"}, nil, "APIGW_PRODUCTS_URL is for a LocalStack that runs already"},
		{"nothing on a Mac", options{}, machine{system: "darwin", docker: noDaemon}, nil, "on Linux only: start Docker and set LOCALSTACK_AUTH_TOKEN"},
	} {
		t.Run(test.name, func(t *testing.T) {
			chosen, says, err := choose(test.options, test.machine)
			if err != nil {
				says = err.Error()
			}
			if chosen != test.want || !strings.Contains(says, test.says) {
				t.Errorf("got  %T: %s\nwant %T: %s", chosen, says, test.want, test.says)
			}
		})
	}
}

func TestCheckEndpoint(t *testing.T) {
	for endpoint, want := range map[string]string{
		"http://127.0.0.1:4566":                           "",
		"http://localstack:4566/":                         "",
		"https://localhost.localstack.cloud:4566":         "",
		"https://amazonaws.com.example":                   "",
		"127.0.0.1:4566":                                  "want a URL",
		"localhost":                                       "want a URL",
		"ftp://127.0.0.1":                                 "want a URL",
		"http://127.0.0.1:4566/api":                       "want a URL",
		"https://dynamodb.us-east-1.amazonaws.com":        "AWS itself",
		"https://DynamoDB.us-east-1.AmazonAWS.com":        "AWS itself",
		"https://dynamodb.cn-north-1.amazonaws.com.cn":    "AWS itself",
		"https://apigateway.eu-west-1.api.aws":            "AWS itself",
		"https://execute-api.us-east-1.amazonaws.com:443": "AWS itself",
	} {
		t.Run(endpoint, func(t *testing.T) {
			err := checkEndpoint(endpoint)
			if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

func TestUnreachableEndpoint(t *testing.T) {
	address, err := freeAddress()
	if err != nil {
		t.Fatal(err)
	}
	err = given{}.start(t.Context(), &session{options: options{Endpoint: "http://" + address}})
	if !errors.As(err, new(usageError)) || !strings.Contains(err.Error(), "nothing answers at http://"+address) {
		t.Errorf("got %v", err)
	}
}
