package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
)

// Given are the URLs that stand in for backends which aren't on this machine,
// by the logical ID of what leads to the backend: the method, a load balancer or
// other host of the template, a VPC link, or the API for all its methods.
type Given struct {
	URLs     map[string]*url.URL
	assembly *cfn.Assembly
	log      *slog.Logger
}

// NewGiven reads logical ID → URL, as flags give them.
func NewGiven(a *cfn.Assembly, urls map[string]string, log *slog.Logger) (*Given, error) {
	g := &Given{map[string]*url.URL{}, a, log}
	for _, id := range slices.Sorted(maps.Keys(urls)) {
		u, err := url.Parse(urls[id])
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
			return nil, fmt.Errorf("--backend %s=%s: want an http or https URL", id, urls[id])
		}
		if err := a.CheckLogicalID(id); err != nil {
			return nil, fmt.Errorf("--backend %s: %w", id, err)
		}
		g.URLs[id] = u
	}
	return g, nil
}

// For wraps the backend of an HTTP or VPC link integration: what has a URL is
// called there through http.
func (g *Given) For(b gateway.Backend, http *HTTP) gateway.Backend { return &given{g, b, http} }

type given struct {
	*Given
	gateway.Backend
	http *HTTP
}

// Check knows of hosts that exist only where the template is deployed.
func (b *given) Check(m *gateway.Method) error {
	if b.url(m) != nil {
		return nil
	}
	if err := b.Backend.Check(m); err != nil {
		if p, ok := errors.AsType[cfn.Problem](err); ok && p.Hint == "" {
			p.Hint = vpclink.GiveBackend(m.LogicalID)
			return p
		}
		return err
	}
	if host := b.host(m); host != nil && b.link(m) == nil {
		return cfn.Problem{
			Property: "Integration.Uri", Message: fmt.Sprintf("the host is %s (%s), which is not on this machine", host.LogicalID, host.Type),
			Hint: vpclink.GiveBackend(host.LogicalID), Effect: cfn.NoBackend,
		}
	}
	return nil
}

// Invoke puts the URL in place of the URI's scheme and host; the URI's path and
// query follow the URL's path.
func (b *given) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	to := b.url(x.Method)
	if to == nil {
		return b.fromTemplate(ctx, x)
	}
	uri := x.IntegrationRequest.URI
	if _, rest, found := strings.Cut(uri, "://"); found {
		uri = rest
	}
	redirected := *x.IntegrationRequest
	redirected.URI = strings.TrimSuffix(to.String(), "/")
	if at := strings.IndexAny(uri, "/?"); at >= 0 {
		redirected.URI += uri[at:]
	}
	x.IntegrationRequest = &redirected
	return b.http.Invoke(ctx, x)
}

// fromTemplate calls what the template names. A failure names the flag that helps.
func (b *given) fromTemplate(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	if missing := x.Method.NoBackend; missing != nil {
		b.log.Warn("the backend is not there", "method", x.Method.LogicalID, "reason", missing)
		return nil, connectionError(ctx, missing)
	}
	answer, err := b.Backend.Invoke(ctx, x)
	if err != nil {
		b.log.Warn("the backend does not answer", "method", x.Method.LogicalID, "error", err, "hint", vpclink.GiveBackend(x.Method.LogicalID))
	}
	return answer, err
}

// url is what is given for the method, its nearest name first.
func (g *Given) url(m *gateway.Method) *url.URL {
	ids := []string{m.LogicalID}
	if link := g.link(m); link != nil {
		ids = append(ids, link.LogicalID)
		for _, arn := range link.Strings("TargetArns") {
			ids = append(ids, logicalID(g.assembly.ByARN(arn)))
		}
	}
	ids = append(ids, logicalID(g.assembly.ByARN(m.Integration.Target)), logicalID(g.host(m)), m.API.LogicalID)
	for _, id := range ids {
		if u := g.URLs[id]; u != nil {
			return u
		}
	}
	return nil
}

// link is the VPC link of the method's integration, nil when it has none.
func (g *Given) link(m *gateway.Method) *cfn.Resource {
	if m.Integration.Kind != gateway.KindVPCLink {
		return nil
	}
	return g.assembly.ByRef(connectionID(m))
}

// host is the resource of the template that the URI's host belongs to.
func (g *Given) host(m *gateway.Method) *cfn.Resource {
	uri, err := url.Parse(gateway.FillStageVariables(m.Integration.URI, m.API.Stage.Variables))
	if err != nil {
		return nil
	}
	return g.assembly.ByHost(uri.Hostname())
}

func logicalID(r *cfn.Resource) string {
	if r == nil {
		return ""
	}
	return r.LogicalID
}
