package backend

import (
	"cmp"
	"context"
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Network is the private network that VPC links lead into.
type Network interface {
	// Check says why the link can't reach the load balancer, nil when it can.
	Check(connectionID, targetARN string) error
	// Target is the load balancer that a link of V1 leads to, "" for others.
	Target(connectionID string) string
	// RoundTrip sends the request to the load balancer's listener.
	RoundTrip(ctx context.Context, targetARN string, r *http.Request) (*http.Response, error)
}

// VPCLink answers HTTP and HTTP_PROXY integrations whose connection is a VPC link.
type VPCLink struct {
	network Network
	http    *HTTP
}

// NewVPCLink returns the backend of VPC links. Where neither IntegrationTarget nor
// the link names a load balancer, the integration's own URI is called through http.
func NewVPCLink(network Network, http *HTTP) *VPCLink {
	return &VPCLink{network: network, http: http}
}

// Check asks the network whether the link reaches the target.
func (v *VPCLink) Check(m *gateway.Method) error {
	if v.target(m) == "" {
		return v.http.Check(m)
	}
	return v.network.Check(connectionID(m), m.Integration.Target)
}

// target is the ARN of the load balancer that the method's link leads to.
func (v *VPCLink) target(m *gateway.Method) string {
	return cmp.Or(m.Integration.Target, v.network.Target(connectionID(m)))
}

// connectionID is the link's ID, which stage variables may give.
func connectionID(m *gateway.Method) string {
	return gateway.FillStageVariables(m.Integration.ConnectionID, m.API.Stage.Variables)
}

// Invoke sends the request to the integration's target.
func (v *VPCLink) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	target := v.target(x.Method)
	if target == "" {
		return v.http.Invoke(ctx, x)
	}
	return roundTrip(ctx, x, func(r *http.Request) (*http.Response, error) {
		return v.network.RoundTrip(ctx, target, r)
	})
}
