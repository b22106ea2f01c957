package awsservice

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// Target is where an integration URI leads:
// arn:aws:apigateway:REGION:[SUBDOMAIN.]SERVICE:{action|path}/….
type Target struct {
	Region    string
	Service   string
	Subdomain string
	Action    string // of the action form; "" for the path form
	Path      string // of the path form, with its leading slash
	Query     url.Values
}

// ParseURI reads an integration URI. Parameters follow the action after "&" or
// "?", the path after "?".
func ParseURI(uri string) (Target, error) {
	parts := strings.SplitN(uri, ":", 6)
	if len(parts) < 6 || parts[0] != "arn" || parts[2] != "apigateway" || parts[4] == "" {
		return Target{}, fmt.Errorf("integration URI %q: want arn:aws:apigateway:REGION:SERVICE:action/ACTION or …:path/PATH", uri)
	}
	target := Target{Region: parts[3], Service: parts[4]}
	if subdomain, name, found := cutLast(parts[4], "."); found {
		target.Subdomain, target.Service = subdomain, name
	}
	kind, rest, _ := strings.Cut(parts[5], "/")
	var query string
	switch kind {
	case "action":
		end := strings.IndexAny(rest+"?", "?&")
		target.Action, query = rest[:end], strings.TrimLeft(rest[end:], "?&")
	case "path":
		target.Path, query, _ = strings.Cut("/"+strings.TrimPrefix(rest, "/"), "?")
	default:
		return Target{}, fmt.Errorf("integration URI %q: %q is neither action nor path", uri, kind)
	}
	values, err := url.ParseQuery(query)
	if err != nil {
		return Target{}, fmt.Errorf("integration URI %q: %w", uri, err)
	}
	target.Query = values
	return target, nil
}

func cutLast(text, separator string) (before, after string, found bool) {
	if i := strings.LastIndex(text, separator); i >= 0 {
		return text[:i], text[i+len(separator):], true
	}
	return "", text, false
}

// Call is one integration request to an AWS service.
type Call struct {
	Target
	AccountID string // of the API, for the ARNs of what the call names
	Method    string
	Header    http.Header
	Body      []byte
}

// Answer is what the service answered.
type Answer struct {
	StatusCode int
	Header     http.Header
	Body       []byte
}

// maxAnswer is the largest answer that is read: API Gateway's own payload
// limit of 10 MB, and one byte that shows it was passed.
const maxAnswer = 10<<20 + 1

// Do sends the call, signed, to the service's endpoint.
func (s *Services) Do(ctx context.Context, call *Call) (*Answer, error) {
	target := lookUp(call.Service)
	endpoint, err := s.endpoint(ctx, target)
	if err != nil {
		return nil, err
	}
	request, err := call.request(ctx, target, endpoint)
	if err != nil {
		return nil, err
	}
	if err := s.sign(ctx, request, call.Body, target, call.Region, time.Now()); err != nil {
		return nil, err
	}
	response, err := s.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("%s endpoint: %w", target.name, err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, fmt.Errorf("%s endpoint: read answer: %w", target.name, err)
	}
	if len(body) == maxAnswer {
		return nil, fmt.Errorf("%s endpoint: answer is over 10 MB", target.name)
	}
	return &Answer{StatusCode: response.StatusCode, Header: response.Header, Body: body}, nil
}

// request makes the HTTP request in the service's protocol.
func (c *Call) request(ctx context.Context, target service, endpoint *url.URL) (*http.Request, error) {
	to := *endpoint
	query := url.Values{}
	for name, values := range c.Query {
		query[name] = values
	}
	header := c.Header.Clone()
	if header == nil {
		header = http.Header{}
	}
	for _, name := range []string{"Host", "Connection", "Content-Length", "Transfer-Encoding"} {
		header.Del(name) // the HTTP client's own
	}
	if header.Get("Accept") == "" {
		header.Set("Accept", "application/json") // rule 65
	}
	if c.Action != "" && header.Get("X-Amz-Target") == "" {
		if target.target == "" {
			query.Set("Action", c.Action) // rule 67
		} else {
			header.Set("X-Amz-Target", target.target+"."+c.Action) // rule 64
			header.Set("Content-Type", target.content)
		}
	}
	path := c.Path
	if c.Subdomain != "" && target.name == "s3" {
		path = "/" + c.Subdomain + path // buckets by path: loopback names have no subdomains
	}
	raw := strings.TrimSuffix(to.EscapedPath(), "/") + "/" + strings.TrimPrefix(path, "/")
	decoded, err := url.PathUnescape(raw)
	if err != nil {
		return nil, fmt.Errorf("%s path %q: %w", target.name, raw, err)
	}
	to.Path, to.RawPath, to.RawQuery = decoded, raw, query.Encode()

	method := c.Method
	if method == "" {
		method = http.MethodPost
	}
	request, err := http.NewRequestWithContext(ctx, method, to.String(), bytes.NewReader(c.Body))
	if err != nil {
		return nil, err
	}
	request.Header = header
	if c.Subdomain != "" && target.name != "s3" {
		request.Host = c.Subdomain + "." + to.Host
	}
	return request, nil
}
