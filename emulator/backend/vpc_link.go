package backend

import (
	"context"
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Network is the private network that VPC links lead into.
type Network interface {
	// Check says why the link can't reach the load balancer, nil when it can.
	Check(connectionID, targetARN string) error
	// RoundTrip sends the request to the load balancer's listener.
	RoundTrip(ctx context.Context, targetARN string, r *http.Request) (*http.Response, error)
}

// VPCLink answers HTTP and HTTP_PROXY integrations whose connection is a VPC link.
type VPCLink struct {
	network Network
	http    *HTTP
}

// NewVPCLink returns the backend of VPC links. Without an IntegrationTarget the
// integration's own URI is called through http.
func NewVPCLink(network Network, http *HTTP) *VPCLink {
	return &VPCLink{network: network, http: http}
}

// Check asks the network whether the link reaches the target.
func (v *VPCLink) Check(m *gateway.Method) error {
	if i := m.Integration; i.Target != "" {
		return v.network.Check(i.ConnectionID, i.Target)
	}
	return v.http.Check(m)
}

// Invoke sends the request to the integration's target.
func (v *VPCLink) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	target := x.Method.Integration.Target
	if target == "" {
		return v.http.Invoke(ctx, x)
	}
	return roundTrip(ctx, x.IntegrationRequest, func(r *http.Request) (*http.Response, error) {
		return v.network.RoundTrip(ctx, target, r)
	})
}
