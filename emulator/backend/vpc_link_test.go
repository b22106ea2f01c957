package backend

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// network is a private network with one load balancer.
type network struct{ target string }

func (n network) Check(connectionID, target string) error {
	if target != n.target && n.Target(connectionID) == "" {
		return errors.New("Integration.IntegrationTarget: no such load balancer")
	}
	return nil
}

func (n network) Target(connectionID string) string {
	if connectionID == "old link" {
		return n.target
	}
	return ""
}

func (n network) RoundTrip(_ context.Context, target string, r *http.Request) (*http.Response, error) {
	body := target + " " + r.Method + " " + r.URL.RequestURI()
	return &http.Response{StatusCode: 201, Body: io.NopCloser(strings.NewReader(body))}, nil
}

func TestVPCLink(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "literal") }))
	defer server.Close()
	tests := []struct {
		name, link, target, uri, want string
		refused                       bool
	}{
		{"load balancer", "link", "arn:alb", "http://internal/products?x=1", "arn:alb POST /products?x=1", false},
		{"load balancer of a link of V1", "old link", "", "http://internal/products", "arn:alb POST /products", false},
		{"literal URI", "link", "", server.URL, "literal", false},
		{"unknown load balancer", "link", "arn:other", "http://internal/", "", true},
		{"no URI", "link", "", "", "", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			b := NewVPCLink(network{"arn:alb"}, NewHTTP(nil))
			x := httpExchange(test.uri, func(i *gateway.Integration, _ *gateway.IntegrationRequest) {
				i.ConnectionType, i.ConnectionID, i.Target, i.URI = "VPC_LINK", test.link, test.target, test.uri
			})
			if err := b.Check(x.Method); (err != nil) != test.refused {
				t.Fatalf("check: %v", err)
			}
			if test.refused {
				return
			}
			got, err := b.Invoke(context.Background(), x)
			if err != nil || string(got.Body) != test.want {
				t.Errorf("got %v %v, want %s", got, err, test.want)
			}
		})
	}
}
