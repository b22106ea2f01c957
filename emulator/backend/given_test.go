package backend

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
)

const givenTemplate = `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi}
  Deployment: {Type: AWS::ApiGateway::Deployment, Properties: {RestApiId: !Ref Api, StageName: prod}}
  Alb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: shop}}
  Nlb: {Type: AWS::ElasticLoadBalancingV2::LoadBalancer, Properties: {Name: inner, Type: network}}
  Link: {Type: AWS::ApiGateway::VpcLink, Properties: {TargetArns: [!Ref Nlb]}}
  Method:
    Type: AWS::ApiGateway::Method
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      Integration: {IntegrationHttpMethod: GET, INTEGRATION}
`

// TestGiven calls a method whose backend a flag gives by one of its names.
func TestGiven(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, r.URL.RequestURI())
	}))
	defer server.Close()
	http := NewHTTP(nil)
	const (
		open    = `Type: HTTP_PROXY, Uri: "http://example.invalid/a/b?c=d"`
		atAlb   = `Type: HTTP_PROXY, Uri: !Sub "http://${Alb.DNSName}:8080/a"`
		oldLink = `Type: HTTP_PROXY, ConnectionType: VPC_LINK, ConnectionId: !Ref Link, Uri: !Sub "http://${Nlb.DNSName}/a"`
		newLink = `Type: HTTP_PROXY, ConnectionType: VPC_LINK, ConnectionId: elsewhere, IntegrationTarget: !Ref Alb, Uri: "http://shop/a"`
	)
	for _, c := range []struct{ name, integration, id, path, want string }{
		{"method", open, "Method", "", "/a/b?c=d"},
		{"path before the URI's", open, "Method", "/base/", "/base/a/b?c=d"},
		{"API", open, "Api", "", "/a/b?c=d"},
		{"load balancer by its host", atAlb, "Alb", "", "/a"},
		{"link", oldLink, "Link", "", "/a"},
		{"load balancer of a link", oldLink, "Nlb", "", "/a"},
		{"target of a link", newLink, "Alb", "", "/a"},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, given := givenMethod(t, c.integration, map[string]string{c.id: server.URL + c.path})
			b := given.For(NewVPCLink(network{}, http), http)
			if err := b.Check(m); err != nil {
				t.Fatal(err)
			}
			x := &gateway.Exchange{Method: m, IntegrationRequest: &gateway.IntegrationRequest{Method: "GET", URI: m.Integration.URI}}
			answer, err := b.Invoke(t.Context(), x)
			if err != nil || string(answer.Body) != c.want {
				t.Errorf("got %v %v, want %s", answer, err, c.want)
			}
		})
	}
	t.Run("a host that only a deployment has", func(t *testing.T) {
		m, given := givenMethod(t, atAlb, nil)
		err := given.For(http, http).Check(m)
		if p, ok := err.(cfn.Problem); !ok || p.Effect != cfn.NoBackend || !strings.HasSuffix(p.Error(), "give it: --backend Alb=URL") {
			t.Errorf("check: %v", err)
		}
	})
	t.Run("a link that is not in the template", func(t *testing.T) {
		m, given := givenMethod(t, newLink, nil)
		private, _ := vpclink.New(vpclink.Options{Assembly: given.assembly})
		err := given.For(NewVPCLink(private, http), http).Check(m)
		if p, ok := err.(cfn.Problem); !ok || p.Effect != cfn.NoBackend || !strings.HasSuffix(p.Error(), "give it: --backend Method=URL") {
			t.Errorf("check: %v", err)
		}
	})
}

func givenMethod(t *testing.T, integration string, urls map[string]string) (*gateway.Method, *Given) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Stack.yaml")
	if err := os.WriteFile(path, []byte(strings.Replace(givenTemplate, "INTEGRATION", integration, 1)), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := cfn.Load(path, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	given, err := NewGiven(a, urls, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	apis, problems := gateway.Build(a, Set{HTTP: NewMock(), VPCLink: NewMock()}.Table())
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	return apis[0].Resources[0].Methods["GET"], given
}

func TestGivenNames(t *testing.T) {
	a, err := cfn.Load("../../cmd/apigw/testdata/mock.yaml", cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, id, url, want string }{
		{"no URL", "Api", "localhost:8080", "--backend Api=localhost:8080: want an http or https URL"},
		{"no resource", "Apu", "http://localhost", "--backend Apu: no resource of this logical ID; did you mean Api?"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if _, err := NewGiven(a, map[string]string{c.id: c.url}, nil); err == nil || err.Error() != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}
