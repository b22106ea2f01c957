package vpclink

import (
	"fmt"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// action is what a rule does with a request.
type action interface {
	serve(lb *loadBalancer, l *listener, r *http.Request) (*http.Response, error)
}

// refuse stands for an action that is not supported; the load has said so.
type refuse struct{ logicalID, reason string }

func (a refuse) serve(*loadBalancer, *listener, *http.Request) (*http.Response, error) {
	return nil, fmt.Errorf("%s can't be served: %s", a.logicalID, a.reason)
}

// action reads a list of actions. A request is never let past an action that is
// not supported, such as an authentication.
func (b *builder) action(r *cfn.Resource, property string) action {
	var result action = refuse{r.LogicalID, "it has no action"}
	for i := range r.List(property) {
		at := property + "." + strconv.Itoa(i)
		switch kind := r.String(at + ".Type"); kind {
		case "forward":
			result = b.forward(r, at)
		case "fixed-response":
			result = b.fixedResponse(r, at+".FixedResponseConfig")
		case "redirect":
			result = b.redirect(r, at+".RedirectConfig")
		default:
			b.fail(r, at+".Type", "the action "+kind+" is not supported", "use forward, fixed-response or redirect")
			return refuse{r.LogicalID, "the action " + kind + " is not supported"}
		}
	}
	return result
}

// forward shares requests between target groups by weight.
type forward struct {
	mu     sync.Mutex
	shares []*share
}

type share struct {
	group   *targetGroup
	weight  int
	current int
}

func (b *builder) forward(r *cfn.Resource, at string) action {
	f := &forward{}
	add := func(property, arn string, weight int) {
		if group := b.targetGroup(r, property, arn); group != nil {
			f.shares = append(f.shares, &share{group: group, weight: weight})
		}
	}
	groups := at + ".ForwardConfig.TargetGroups"
	for i := range r.List(groups) {
		item := groups + "." + strconv.Itoa(i)
		weight := 1
		if r.Has(item + ".Weight") {
			weight = r.Int(item + ".Weight")
		}
		add(item, r.String(item+".TargetGroupArn"), weight)
	}
	if len(r.List(groups)) == 0 {
		add(at+".TargetGroupArn", r.String(at+".TargetGroupArn"), 1)
	}
	if len(f.shares) == 0 {
		return refuse{r.LogicalID, "its target groups are not supported"}
	}
	return f
}

func (f *forward) serve(lb *loadBalancer, l *listener, r *http.Request) (*http.Response, error) {
	group := f.next()
	if group == nil {
		return lb.answer(r, http.StatusServiceUnavailable, nil), nil
	}
	return lb.forward(group, l, r)
}

// next takes the groups in turn, spread evenly; nil when all weights are 0.
func (f *forward) next() *targetGroup {
	f.mu.Lock()
	defer f.mu.Unlock()
	var best *share
	total := 0
	for _, s := range f.shares {
		total += s.weight
		s.current += s.weight
		if s.weight > 0 && (best == nil || s.current > best.current) {
			best = s
		}
	}
	if best == nil {
		return nil
	}
	best.current -= total
	return best.group
}

type fixedResponse struct {
	status      int
	contentType string
	body        string
}

func (b *builder) fixedResponse(r *cfn.Resource, at string) action {
	a := fixedResponse{r.Int(at + ".StatusCode"), r.String(at + ".ContentType"), r.String(at + ".MessageBody")}
	if a.contentType == "" && a.body != "" {
		a.contentType = "text/plain"
	}
	return a
}

func (a fixedResponse) serve(lb *loadBalancer, _ *listener, r *http.Request) (*http.Response, error) {
	return lb.fixed(r, a.status, a.contentType, nil, a.body), nil
}

// redirect has parts of a URL in which #{protocol}, #{host}, #{port}, #{path}
// and #{query} stand for the request's own.
type redirect struct {
	status                            int
	protocol, host, port, path, query string
}

func (b *builder) redirect(r *cfn.Resource, at string) action {
	part := func(name, def string) string {
		if r.Has(at + "." + name) {
			return r.String(at + "." + name)
		}
		return def
	}
	a := redirect{
		status:   http.StatusFound,
		protocol: part("Protocol", "#{protocol}"),
		host:     part("Host", "#{host}"),
		port:     part("Port", "#{port}"),
		path:     part("Path", "/#{path}"),
		query:    part("Query", "#{query}"),
	}
	if r.String(at+".StatusCode") == "HTTP_301" {
		a.status = http.StatusMovedPermanently
	}
	return a
}

func (a redirect) serve(lb *loadBalancer, l *listener, r *http.Request) (*http.Response, error) {
	protocol, host := "http", r.Host
	if l.secure {
		protocol = "https"
	}
	if host == "" {
		host = r.URL.Host
	}
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	fill := strings.NewReplacer(
		"#{protocol}", protocol,
		"#{host}", host,
		"#{port}", strconv.Itoa(l.port),
		"#{path}", strings.TrimPrefix(r.URL.EscapedPath(), "/"),
		"#{query}", r.URL.RawQuery,
	).Replace
	location := strings.ToLower(fill(a.protocol)) + "://" + fill(a.host) + ":" + fill(a.port) + fill(a.path)
	if query := fill(a.query); query != "" {
		location += "?" + query
	}
	return lb.answer(r, a.status, http.Header{"Location": {location}}), nil
}
