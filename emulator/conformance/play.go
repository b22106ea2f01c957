package conformance

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/backend"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// errNotServed is why a case is not played: what it needs is not served yet.
type errNotServed struct{ what string }

func (e errNotServed) Error() string { return "not yet served: " + e.what }

// Play plays one case and returns where the answer differs from the recording.
func Play(c *Case) ([]string, error) {
	switch {
	case c.Template != nil:
		return playTemplate(c)
	case c.Kind == "gateway-response-definition":
		return playDefinition(c)
	}
	if what := notServed(c); what != "" {
		return nil, errNotServed{what}
	}
	if err := unknownMembers(c); err != nil {
		return nil, err
	}
	return playRequest(c)
}

// notServed names what a case needs and the runner or the gateway has not.
func notServed(c *Case) string {
	if c.Backend == nil {
		return ""
	}
	switch c.Backend.Kind {
	case "http", "http-echo", "s3", "lambda":
		return ""
	}
	if serviceKinds[c.Backend.Kind] != "" {
		return ""
	}
	return c.Backend.Kind
}

// playRequest serves the case's API on loopback and sends its request.
func playRequest(c *Case) (_ []string, err error) {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx := context.Background()
	s, err := newScene(ctx, c, dir)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	api, err := build(c, s.placeholders(nil), s.backends, dir)
	if err != nil {
		return nil, err
	}
	filled, err := fill(c, s.placeholders(api))
	if err != nil {
		return nil, err
	}
	got, err := ask(ctx, api, filled)
	if err != nil {
		return nil, err
	}
	if filled.Recorded.Evidence == "assertion" {
		filled.Expect["subset"] = true
	}
	found := append(compareAnswer(filled.Expect, got), s.compareArrived(filled.Expect)...)
	if s.service == nil {
		return found, nil
	}
	state, err := s.service.compareState(ctx, filled.Expect)
	return append(found, state...), err
}

// ask sends the case's request to the API, served on loopback.
func ask(ctx context.Context, api *gateway.API, c *Case) (_ *received, err error) {
	if c.Request.TestInvoke != nil {
		return testInvoke(ctx, api, c)
	}
	listener, err := gateway.Listen("127.0.0.1:0", gateway.New(gateway.Options{API: api, NoThrottle: true}))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, listener.Close(ctx)) }()
	return send(listener.Addr(), c)
}

// scene is what stands behind a case's API.
type scene struct {
	endpoint *endpoint
	function *function
	service  *awsService
	backends gateway.Backends
}

func newScene(ctx context.Context, c *Case, dir string) (_ *scene, err error) {
	s := &scene{}
	set := backend.Set{Mock: backend.NewMock(), HTTP: backend.NewHTTP(nil)}
	if c.Backend != nil {
		s.endpoint = &endpoint{spec: c.Backend}
		switch kind := c.Backend.Kind; {
		case serviceKinds[kind] != "":
			if s.service, err = newAWSService(ctx, c.Backend, dir); err != nil {
				return nil, err
			}
			s.endpoint, set.AWSService = s.service.endpoint, backend.NewAWSService(s.service.gateway, nil)
		case kind == "s3":
			set.AWSService = s.endpoint
		case kind == "lambda":
			s.function = &function{spec: c.Backend}
			set.Lambda, set.LambdaProxy = backend.NewLambda(s.function, nil), backend.NewLambdaProxy(s.function, nil)
		default:
			secure := strings.Contains(show(c.Method)+show(c.StageVariables), "@backend.hostport@")
			s.endpoint.listen(secure)
			if secure {
				set.HTTP = backend.NewHTTP(s.endpoint.server.Client().Transport.(*http.Transport).TLSClientConfig)
			}
		}
	}
	s.backends = set.Table()
	return s, nil
}

func (s *scene) close(ctx context.Context) error {
	if s.endpoint != nil && s.endpoint.server != nil {
		s.endpoint.server.CloseClientConnections() // those that the gateway keeps for reuse
		s.endpoint.server.Close()
	}
	if s.service != nil {
		return s.service.close(ctx)
	}
	return nil
}

// placeholders are what "@…@" stands for in a case.
func (s *scene) placeholders(api *gateway.API) *strings.Replacer {
	pairs := []string{
		"@api.id@", apiID,
		"@apiKey.value@", apiKeyValue,
		"@backend.bucket@", "conformance-bucket",
		"@backend.lambdaArn@", functionARN,
		"@backend.table@", tableName,
		"@backend.queue@", queueName,
		"@backend.queueUrl@", "https://sqs.us-east-1.amazonaws.com/000000000000/" + queueName,
		"@backend.stream@", streamName,
		"@backend.stateMachineArn@", stateMachineARN,
	}
	if s.endpoint != nil && s.endpoint.server != nil {
		address := s.endpoint.server.URL
		pairs = append(pairs, "@backend.url@", address, "@backend.hostport@", address[strings.Index(address, "//")+2:])
	}
	if api != nil {
		for _, r := range api.Resources {
			if len(r.Methods) > 0 {
				pairs = append(pairs, "@resource.id@", r.ID)
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// fill replaces the placeholders in what is sent and expected.
func fill(c *Case, placeholders *strings.Replacer) (*Case, error) {
	filled := *c
	for _, part := range []struct{ from, to any }{{c.Request, &filled.Request}, {c.Expect, &filled.Expect}} {
		text, err := json.Marshal(part.from)
		if err != nil {
			return nil, err
		}
		if m, ok := part.to.(*map[string]any); ok {
			*m = nil // decoding adds to a map
		}
		replaced := placeholders.Replace(string(text))
		if c.Request.URL != "" {
			replaced = endpointNames(c).Replace(replaced)
		}
		if err := decode([]byte(replaced), part.to); err != nil {
			return nil, err
		}
	}
	return &filled, nil
}

// endpointNames are what stands for the names of a private API's endpoint in a
// case that gives a URL.
func endpointNames(c *Case) *strings.Replacer {
	const endpoint = "vpce-0c0ffee0c0ffee000"
	return strings.NewReplacer(
		"{api-id}", apiID, "{vpce-id}", endpoint, "{region}", "us-east-1", "{stage}", c.stage(),
		"{vpce-dns}", endpoint+"-c0ffee00.execute-api.us-east-1.vpce.amazonaws.com",
	)
}

// playDefinition compares what holds for a type of gateway response.
func playDefinition(c *Case) (_ []string, err error) {
	dir, err := os.MkdirTemp("", "conformance")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	api, err := build(c, (&scene{}).placeholders(nil), nil, dir)
	if err != nil {
		return nil, err
	}
	want, ok := c.Expect["definition"].(object)
	if !ok {
		return nil, fmt.Errorf("the case expects no definition")
	}
	kind := text(want["ResponseType"])
	d := api.GatewayResponse(gateway.ResponseType(kind))
	got := object{
		"ResponseType": kind, "StatusCode": any(d.StatusCode), "defaultResponse": d.Default,
		"ResponseParameters": texts(d.ResponseParameters), "ResponseTemplates": texts(d.ResponseTemplates),
	}
	if d.StatusCode == "" {
		got["StatusCode"] = nil
	}
	return mismatches("definition", want, got, false), nil
}

func texts(m map[string]string) object {
	all := object{}
	for name, value := range m {
		all[name] = value
	}
	return all
}
