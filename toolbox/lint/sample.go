package lint

import (
	"fmt"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// name gives every field its own text in ordinary input, so that it can be found
// in the output.
func (in *input) name() {
	for i, f := range append(in.fields(), leaves(in.stageVariables)...) {
		f.sample = fmt.Sprintf("v%02dx", i)
	}
}

// lengthen makes the texts long: a template that cuts fails on short ones.
func (in *input) lengthen() {
	for _, f := range append(in.fields(), leaves(in.stageVariables)...) {
		f.sample += "-2026-11-24T05:40:00.000Z-aaaaaaaaaaaaaaaa-"
	}
}

func leaves(root *field) []*field {
	var all []*field
	root.each(func(f *field) {
		if f != root && f.isLeaf() {
			all = append(all, f)
		}
	})
	return all
}

// bodyOf is the body of the varied input.
func (in *input) bodyOf(v variation) string {
	if v.change == replaced {
		return `it's "text" & <b>no</b> JSON` + furtherParameter + "x"
	}
	if in.body.isLeaf() {
		return `{"key": "value"}`
	}
	return string(v.appendJSON(nil, in.body, 0))
}

// sampleTime is when the requests come in.
var sampleTime = time.Date(2026, 11, 24, 5, 40, 0, 123e6, time.UTC)

// templateInput is the varied input as a mapping template gets it.
func (in *input) templateInput(v variation) *gateway.TemplateInput {
	stageVariables := map[string]string{}
	for _, f := range in.stageVariables.members {
		stageVariables[f.name] = f.sample
	}
	return &gateway.TemplateInput{
		Body: in.bodyOf(v),
		Params: gateway.Params{
			Path:        v.params(in.path),
			Querystring: append(v.params(in.querystring), v.params(in.param)...),
			Header:      v.params(in.header),
		},
		Context:        in.contextVariables(v),
		StageVariables: stageVariables,
		Overrides:      gateway.NewOverrides(),
	}
}

func (v variation) params(root *field) []gateway.Field {
	var all []gateway.Field
	for _, f := range root.members {
		if !v.isAbsent(f, 0) {
			all = append(all, gateway.Field{Name: f.name, Value: v.text(f, 0)})
		}
	}
	if root.entry != nil {
		all = append(all, gateway.Field{Name: "key1", Value: v.text(root.entry, 0)}, gateway.Field{Name: "key2", Value: v.text(root.entry, 1)})
	}
	return all
}

// contextVariables are those of a request, with what the template reads of its
// authorizer.
func (in *input) contextVariables(v variation) *gateway.ContextVariables {
	c := &gateway.ContextVariables{
		AccountID: "123456789012", APIID: "a1b2c3d4e5", DeploymentID: "d1e2f3", DomainName: "example.test", DomainPrefix: "example",
		ExtendedRequestID: "HOsampleRequest=", HTTPMethod: "POST", Path: "/prod/sample", Protocol: "HTTP/1.1",
		RequestID: "9f3c1f0e-6d1b-4e0c-8a53-1d1a5c8b7e21", RequestTime: sampleTime, ResourceID: "r1s2t3", ResourcePath: "/sample", Stage: "prod",
		Identity: gateway.Identity{
			AccessKey: "AKIDEXAMPLE", AccountID: "123456789012", APIKey: "key", APIKeyID: "key-id", Caller: "caller", SourceIP: "192.0.2.1",
			User: "user", UserARN: "arn:aws:iam::123456789012:user/sample", UserAgent: "agent/1.0", VPCEID: "vpce-1",
			CognitoAuthenticationProvider: "provider", CognitoAuthenticationType: "authenticated",
			CognitoIdentityID: "identity", CognitoIdentityPoolID: "pool", PrincipalOrgID: "o-sample",
		},
		More: map[string]any{
			"awsEndpointRequestId": "5d1c", "xrayTraceId": "1-5d1c", "wafResponseCode": "WAF_ALLOW", "isCanaryRequest": false,
			"error": map[string]any{"message": "message", "messageString": `"message"`, "responseType": "DEFAULT_5XX", "validationErrorString": "[]"},
		},
	}
	for _, f := range in.context.members {
		switch f.name {
		case "authorizer":
			c.More[f.name] = v.object(f)
		case "identity":
			for _, m := range f.members {
				if m.name == "userAgent" {
					c.Identity.UserAgent = v.text(m, 0)
				}
			}
		}
	}
	return c
}

// object is a field of $context with all within it.
func (v variation) object(f *field) any {
	if f.isLeaf() {
		return v.text(f, 0)
	}
	all := map[string]any{}
	for _, m := range f.members {
		all[m.name] = v.object(m)
	}
	if f.entry != nil {
		all["key1"], all["key2"] = v.text(f.entry, 0), v.text(f.entry, 1)
	}
	return all
}
