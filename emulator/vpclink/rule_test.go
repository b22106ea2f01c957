package vpclink

import (
	"io"
	"net/http"
	"strings"
	"testing"
)

// rules are listeners whose actions say which of them was chosen.
const rules = `
  Method2: {Type: AWS::ApiGateway::Method, Properties: {Integration: {IntegrationTarget: !Ref Rules}}}
  Rules: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: rules, Subnets: [!Ref Subnet]}}
  RulesListener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Rules, Port: 8080, Protocol: HTTP, DefaultActions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: "404", ContentType: application/json, MessageBody: default}}]}
  Late: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 50,
    Conditions: [{Field: path-pattern, Values: ["/path/*"]}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: late}}]}}
  Path: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 9,
    Conditions: [{Field: path-pattern, PathPatternConfig: {Values: ["/path/*", "/other"]}}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: path}}]}}
  Host: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 10,
    Conditions: [{Field: host-header, HostHeaderConfig: {Values: ["*.Example.com"]}}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: host}}]}}
  Header: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 11,
    Conditions: [{Field: http-header, HttpHeaderConfig: {HttpHeaderName: User-Agent, Values: ["*Chrome*"]}}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: header}}]}}
  Verb: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 12,
    Conditions: [{Field: http-request-method, HttpRequestMethodConfig: {Values: [PURGE]}}, {Field: path-pattern, Values: [/cache]}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: verb}}]}}
  Query: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 13,
    Conditions: [{Field: query-string, QueryStringConfig: {Values: [{Key: version, Value: "v?"}, {Value: "*beta*"}]}}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: query}}]}}
  Source: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 14,
    Conditions: [{Field: source-ip, SourceIpConfig: {Values: [10.0.0.0/16]}}, {Field: path-pattern, Values: [/source]}], Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: source}}]}}
  Moved: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 15,
    Conditions: [{Field: path-pattern, Values: [/moved]}], Actions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_301, Protocol: HTTPS, Port: "443", Path: "/new/#{path}"}}]}}
  Found: {Type: AWS::ElasticLoadBalancingV2::ListenerRule, Properties: {ListenerArn: !Ref RulesListener, Priority: 16,
    Conditions: [{Field: path-pattern, Values: [/found]}], Actions: [{Type: redirect, RedirectConfig: {StatusCode: HTTP_302, Host: "x.#{host}", Query: "a=1&#{query}"}}]}}
`

func TestRules(t *testing.T) {
	n, s := network(t, privateStack("yes", 1, rules), Options{})
	tests := []struct {
		name, method, url string
		header            http.Header
		status            int
		want              string // body, or Location of a redirect
	}{
		{name: "default", url: "/", status: 404, want: "default"},
		{name: "path, the lower priority", url: "/path/a", status: 200, want: "path"},
		{name: "path, second pattern", url: "/other", status: 200, want: "path"},
		{name: "path with case", url: "/Path/a", status: 404, want: "default"},
		{name: "path without the query", url: "/other?x=1", status: 200, want: "path"},
		{name: "host without case and port", url: "/", header: http.Header{"Host": {"API.example.COM:8080"}}, status: 200, want: "host"},
		{name: "header without case", url: "/", header: http.Header{"user-agent": {"x", "chrome/1"}}, status: 200, want: "header"},
		{name: "method and path", method: "PURGE", url: "/cache", status: 200, want: "verb"},
		{name: "method without the path", method: "PURGE", url: "/", status: 404, want: "default"},
		{name: "query by key", url: "/?Version=V2", status: 200, want: "query"},
		{name: "query by key, other value", url: "/?version=v10", status: 404, want: "default"},
		{name: "query by value", url: "/?x=a%20beta%20b", status: 200, want: "query"},
		{name: "source", url: "/source", status: 200, want: "source"},
		{name: "redirect", url: "/moved?a=b", status: 301, want: "https://alb:443/new/moved?a=b"},
		{name: "redirect to the same port", url: "/found?b=2", status: 302, want: "http://x.alb:8080/found?a=1&b=2"},
		{name: "HEAD has no body", method: "HEAD", url: "/other", status: 200, want: ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r, err := http.NewRequest(test.method, "http://alb:8080"+test.url, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Host = test.header.Get("Host")
			test.header.Del("Host")
			if test.header != nil {
				r.Header = test.header
			}
			response, err := n.RoundTrip(t.Context(), s.Resource("Rules").ARN(), r)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(response.Body)
			got := string(body)
			if location := response.Header.Get("Location"); location != "" {
				got = location
			}
			if response.StatusCode != test.status || got != test.want {
				t.Errorf("got %d %q, want %d %q", response.StatusCode, got, test.status, test.want)
			}
		})
	}
	r, _ := http.NewRequest(http.MethodGet, "http://alb:81/", nil)
	if _, err := n.RoundTrip(t.Context(), s.Resource("Rules").ARN(), r); err == nil || err.Error() != "load balancer Rules has no listener on port 81" {
		t.Errorf("another port gives %v", err)
	}
}

// TestUnsupportedRulesRefuse makes sure that no request passes an action or a
// condition that is not understood.
func TestUnsupportedRulesRefuse(t *testing.T) {
	tests := []struct{ name, from, to, problem string }{
		{"authentication before forward", `Actions: [{Type: fixed-response, FixedResponseConfig: {StatusCode: 200, MessageBody: path}}]`,
			`Actions: [{Type: authenticate-cognito}, {Type: forward, TargetGroupArn: !Ref Group}]`, "Actions.0.Type"},
		{"regular expression", `PathPatternConfig: {Values: ["/path/*", "/other"]}`, `PathPatternConfig: {RegexValues: ["^/other$"]}`, "Conditions.0"},
		{"transform", `Priority: 9,`, `Priority: 9, Transforms: [{Type: url-rewrite}],`, "Transforms"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := load(t, privateStack("yes", 1, strings.Replace(rules, test.from, test.to, 1)))
			n, problems := New(Options{Assembly: a, AllowFunctions: true})
			if len(problems) != 1 || problems[0].LogicalID != "Path" || problems[0].Property != test.problem {
				t.Errorf("problems: %v", problems)
			}
			r, _ := http.NewRequest(http.MethodGet, "http://alb:8080/other", nil)
			if _, err := n.RoundTrip(t.Context(), a.Stacks[0].Resource("Rules").ARN(), r); err == nil || !strings.HasPrefix(err.Error(), "Path can't be served: ") {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestWeightedForward(t *testing.T) {
	tests := []struct {
		name    string
		weights []int
		want    string
	}{
		{"even", []int{1, 1}, "ababab"},
		{"three to one", []int{3, 1}, "aabaaaba"},
		{"one is out", []int{0, 1}, "bbb"},
		{"all are out", []int{0, 0}, "--"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			f := &forward{}
			for i, weight := range test.weights {
				f.shares = append(f.shares, &share{group: &targetGroup{name: string(rune('a' + i))}, weight: weight})
			}
			got := ""
			for range test.want {
				if group := f.next(); group != nil {
					got += group.name
				} else {
					got += "-"
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
