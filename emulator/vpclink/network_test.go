package vpclink

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// get sends a request through the load balancer of the stack.
func get(t testing.TB, n *Network, s *cfn.Stack, path string, headers ...string) (int, string, http.Header) {
	t.Helper()
	alb := s.Resource("Alb")
	r, err := http.NewRequest(http.MethodGet, "http://"+alb.Attribute("DNSName")+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	response, err := n.RoundTrip(ctx, alb.ARN(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body), response.Header
}

func TestServiceBehindALoadBalancer(t *testing.T) {
	n, s := network(t, privateStack("yes", 2, ""), Options{
		Env: func(context.Context) (map[string]string, error) {
			return map[string]string{"AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9"}, nil
		},
	})
	start(t, n)
	tests := []struct{ name, path, want string }{
		{"environment of the template", "/env/TABLE", `products-table`},
		{"environment of the engines", "/env/AWS_ENDPOINT_URL_DYNAMODB", `http://127\.0\.0\.1:9`},
		{"a port of its own", "/env/PORT", `[1-9]\d{3,4}`},
		{"on the loopback interface", "/env/HOST", `127\.0\.0\.1`},
		{"region", "/env/AWS_REGION", `us-east-1`},
		{"where the request came from", "/header/X-Forwarded-For", `203\.0\.113\.7, 10\.0\.1\.10`},
		{"protocol", "/header/X-Forwarded-Proto", `http`},
		{"port of the listener", "/header/X-Forwarded-Port", `80`},
		{"trace", "/header/X-Amzn-Trace-Id", `Self=1-[0-9a-f]{8}-[0-9a-f]{24};Root=1-2-3;Sampled=1`},
		{"query", "/pid?x=%2F", `\d+`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, body, _ := get(t, n, s, test.path, "X-Forwarded-For", "203.0.113.7", "X-Amzn-Trace-Id", "Root=1-2-3;Sampled=1")
			if status != 200 || !regexp.MustCompile("^(?:"+test.want+")$").MatchString(body) {
				t.Errorf("got %d %q, want %s", status, body, test.want)
			}
		})
	}
	if status, _, header := get(t, n, s, "/nowhere"); status != 404 || header.Get("Server") != "" {
		t.Errorf("the target's own answer came as %d with Server %q", status, header.Get("Server"))
	}
	seen := map[string]bool{}
	processtest.Eventually(t, "both tasks answer", func() bool {
		_, pid, _ := get(t, n, s, "/pid")
		seen[pid] = true
		return len(seen) == 2
	})
}

func TestNoTargets(t *testing.T) {
	const page = "<html>\r\n<head><title>503 Service Temporarily Unavailable</title></head>\r\n<body>\r\n" +
		"<center><h1>503 Service Temporarily Unavailable</h1></center>\r\n</body>\r\n</html>\r\n"
	tests := []struct {
		name  string
		count int
		mode  string
		build func(context.Context, string, string, string) error
	}{
		{"no task wanted", 0, "yes", nil},
		{"program that does not compile", 1, "yes", func(context.Context, string, string, string) error { return errors.New("main.go:1:1: broken") }},
		{"program that ends at once", 1, "broken", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			n, s := network(t, privateStack(test.mode, test.count, ""), Options{build: test.build})
			start(t, n)
			status, body, header := get(t, n, s, "/pid")
			if status != 503 || body != page {
				t.Errorf("got %d %q", status, body)
			}
			if header.Get("Content-Type") != "text/html" || header.Get("Server") != "awselb/2.0" || header.Get("Content-Length") != strconv.Itoa(len(page)) {
				t.Errorf("header %v", header)
			}
		})
	}
}

// TestTaskIsReplaced ends a service's only task. Until another one has passed
// its health check, the load balancer answers itself.
func TestTaskIsReplaced(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, ""), Options{})
	start(t, n)
	_, before, _ := get(t, n, s, "/pid")
	for _, fault := range []struct {
		name string
		end  func(pid string)
	}{
		{"crashes on a request", func(string) {
			if status, body, _ := get(t, n, s, "/crash"); status != 502 || !strings.Contains(body, "<h1>502 Bad Gateway</h1>") {
				t.Errorf("the request that crashed its target got %d %q", status, body)
			}
		}},
		{"killed", func(pid string) {
			id, err := strconv.Atoi(pid)
			if err != nil {
				t.Fatal(err)
			}
			if err := syscall.Kill(id, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
			processtest.Eventually(t, "the task ends", func() bool { return !processtest.Alive(id) })
		}},
	} {
		t.Run(fault.name, func(t *testing.T) {
			fault.end(before)
			var after string
			processtest.Eventually(t, "another task answers", func() bool {
				var status int
				status, after, _ = get(t, n, s, "/pid")
				if status != 200 && status != 502 && status != 503 {
					t.Errorf("in between: %d %s", status, after)
				}
				return status == 200
			})
			if before == after {
				t.Errorf("task %s has not ended", before)
			}
			before = after
		})
	}
}

func TestIdleTimeout(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, ""), Options{})
	start(t, n)
	get(t, n, s, "/pid")
	if status, body, _ := get(t, n, s, "/hang"); status != 504 || !strings.Contains(body, "<h1>504 Gateway Time-out</h1>") {
		t.Errorf("a silent target gave %d %q", status, body)
	}
}

func TestClientGivesUp(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, ""), Options{})
	start(t, n)
	get(t, n, s, "/pid")
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	r, _ := http.NewRequest(http.MethodGet, "http://alb/hang", nil)
	if _, err := n.RoundTrip(ctx, s.Resource("Alb").ARN(), r); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the end of the integration's own time", err)
	}
}

func TestCloseLeavesNoProcess(t *testing.T) {
	tests := []struct {
		name, mode string
		limit      time.Duration
		inOrder    bool
	}{
		{"asked to stop", "yes", 10 * time.Second, true},
		{"deaf to the request", "deaf", 20 * time.Millisecond, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			output := &buffer{}
			n, s := network(t, privateStack(test.mode, 1, ""), Options{Output: output})
			if err := n.Start(t.Context()); err != nil {
				t.Fatal(err)
			}
			_, pid, _ := get(t, n, s, "/pid")
			_, child, _ := get(t, n, s, "/child")
			ctx, cancel := context.WithTimeout(context.Background(), test.limit)
			defer cancel()
			if err := n.Close(ctx); (err == nil) != test.inOrder {
				t.Errorf("close: %v", err)
			}
			if got := strings.Contains(output.String(), "[products 1] stops in order\n"); got != test.inOrder {
				t.Errorf("output %q", output.String())
			}
			for _, text := range []string{pid, child} {
				id, err := strconv.Atoi(text)
				if err != nil {
					t.Fatal(err)
				}
				processtest.Eventually(t, "process "+text+" ends", func() bool { return !processtest.Alive(id) })
			}
		})
	}
}

func TestCloseWithoutStart(t *testing.T) {
	n, _ := network(t, privateStack("yes", 1, ""), Options{})
	closeSoon(t, n)
}

// buffer is written by containers while the test reads it.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

const linksAndNetworkBalancers = `
  Nlb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: nlb, Type: network}}
  NlbListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Nlb, Port: 80, Protocol: TCP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref ToAlb}]}
  ToAlb:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Name: to-alb, Port: 80, Protocol: TCP, TargetType: alb, Targets: [{Id: !Ref Alb, Port: 80}]}
  Bare: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: bare}}
  BareMethod: {Type: AWS::ApiGateway::Method, Properties: {Integration: {IntegrationTarget: !Ref Bare}}}
  OldLink: {Type: AWS::ApiGateway::VpcLink, Properties: {Name: old, TargetArns: [!Ref Nlb]}}
  WrongLink: {Type: AWS::ApiGateway::VpcLink, Properties: {Name: wrong, TargetArns: [!Ref Alb]}}
`

func TestCheck(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, linksAndNetworkBalancers), Options{})
	ref := func(id string) string {
		if r := s.Resource(id); r != nil {
			return r.Ref()
		}
		return id
	}
	tests := []struct{ name, link, target, want string }{
		{"link of V2 to an ALB", "Link", "Alb", ""},
		{"link of V2 to an NLB", "Link", "Nlb", ""},
		{"link of V1 to its NLB", "OldLink", "", ""},
		{"unknown link", "abc123", "Alb", `Integration.ConnectionId: "abc123" is no VPC link of the template`},
		{"unknown target", "Link", "arn:x", `Integration.IntegrationTarget: "arn:x" is no load balancer of the template`},
		{"no target", "Link", "", `no IntegrationTarget; VPC link Link needs the ARN of a load balancer there`},
		{"no listener", "Link", "Bare", `Integration.IntegrationTarget: load balancer Bare has no listener`},
		{"target for a link of V1", "OldLink", "Nlb", `VPC link OldLink is of V1, which takes no IntegrationTarget; use an AWS::ApiGatewayV2::VpcLink`},
		{"link of V1 to an ALB", "WrongLink", "", `VPC link WrongLink is of V1, which takes network load balancers only; use an AWS::ApiGatewayV2::VpcLink`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := ""
			if err := n.Check(ref(test.link), ref(test.target)); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
	if got := n.Target(ref("OldLink")); got != ref("Nlb") {
		t.Errorf("the link of V1 leads to %q", got)
	}
}

func TestNetworkLoadBalancerBeforeAnALB(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, linksAndNetworkBalancers), Options{})
	start(t, n)
	r, _ := http.NewRequest(http.MethodGet, "http://nlb/header/X-Forwarded-Port", nil)
	response, err := n.RoundTrip(t.Context(), s.Resource("Nlb").ARN(), r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if body, _ := io.ReadAll(response.Body); string(body) != "80" {
		t.Errorf("got %q", body)
	}
}

func TestProblems(t *testing.T) {
	tests := []struct{ name, from, to, want string }{
		{"image without source", `Metadata: {"apigw:source": {products: services/products}}`, ``,
			`Private/Task/ContainerDefinitions.0.Image: images are not run; give it: --backend Service=URL`},
		{"source outside the project", `services/products`, `../products`,
			`Private/Task/ContainerDefinitions.0.Image: images are not run; give it: --backend Service=URL`},
		{"no such container", `ContainerName: products`, `ContainerName: other`,
			`Private/Service/LoadBalancers: the task definition has no container "other"`},
		{"unresolved value", `TABLE, Value: !Ref Table`, `TABLE, Value: !Ref Tabel`,
			`Private/Task/ContainerDefinitions.0.Environment.2.Value: no resource or parameter Tabel in this template; did you mean Table?`},
		{"secret", `Image: products`, `Secrets: [{Name: KEY, ValueFrom: x}]`,
			`Private/Task/ContainerDefinitions.0.Secrets: secrets can't be read without an account; set the variable in Environment for local use`},
		{"matcher", `HealthCheckPath: /health`, `Matcher: {HttpCode: ok}`,
			`Private/Group/Matcher: "ok" is no status code or range; write codes and ranges such as 200,204 or 200-299`},
		{"function as a target", `TargetType: ip`, `TargetType: lambda`,
			`Private/Group/TargetType: targets of type lambda are not supported; use ip targets of an AWS::ECS::Service`},
		{"gRPC", `TargetType: ip`, `ProtocolVersion: GRPC`, `Private/Group/ProtocolVersion: GRPC is not supported; use HTTP1`},
		{"target group elsewhere", `DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]`, `DefaultActions: [{Type: forward, TargetGroupArn: arn:x}]`,
			`Private/Listener/DefaultActions.0.TargetGroupArn: "arn:x" is no target group of the assembly; load the stack that has it`},
		{"authentication", `[{Type: forward, `, `[{Type: authenticate-oidc}, {Type: forward, `,
			`Private/Listener/DefaultActions.0.Type: the action authenticate-oidc is not supported; use forward, fixed-response or redirect`},
		{"what no method needs", `IntegrationTarget: !Ref Alb`, `Uri: "http://example.com"`, ``},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			template := privateStack("yes", 1, "")
			changed := strings.Replace(template, test.from, test.to, 1)
			if changed == template {
				t.Fatalf("%q is not in the template", test.from)
			}
			_, problems := New(Options{Assembly: load(t, changed), AllowFunctions: true})
			if got := problems.Error(); got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func BenchmarkRoundTrip(b *testing.B) {
	n, s := network(b, privateStack("yes", 2, ""), Options{})
	start(b, n)
	get(b, n, s, "/pid")
	for b.Loop() {
		get(b, n, s, "/pid")
	}
}
