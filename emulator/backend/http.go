package backend

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// maxAnswer is the service's limit for an endpoint's answer: 10 MB.
const maxAnswer = 10 << 20

// HTTP answers HTTP and HTTP_PROXY integrations with real requests. Connections
// are reused, redirects are the client's to follow, bodies stay compressed.
type HTTP struct {
	verifying http.RoundTripper
	trusting  http.RoundTripper // for TlsConfig.InsecureSkipVerification
}

// NewHTTP returns the backend of HTTP integrations. tlsConfig may name further
// certificate authorities; nil takes the system's.
func NewHTTP(tlsConfig *tls.Config) *HTTP {
	trusting := tlsConfig.Clone()
	if trusting == nil {
		trusting = &tls.Config{}
	}
	trusting.InsecureSkipVerify = true // what the integration's author asked for
	return &HTTP{verifying: newTransport(tlsConfig), trusting: newTransport(trusting)}
}

// newTransport speaks HTTP/1.1, as the service does with endpoints, and leaves
// every timeout to the integration's.
func newTransport(tlsConfig *tls.Config) *http.Transport {
	t := &http.Transport{
		TLSClientConfig:     tlsConfig,
		DisableCompression:  true,
		MaxIdleConns:        512,
		MaxIdleConnsPerHost: 128,
		IdleConnTimeout:     90 * time.Second,
		TLSNextProto:        map[string]func(string, *tls.Conn) http.RoundTripper{},
	}
	keepHeads(t, &net.Dialer{KeepAlive: 30 * time.Second})
	return t
}

// Check wants an absolute http or https URI; stage variables are filled in
// only when a request comes.
func (*HTTP) Check(m *gateway.Method) error {
	uri := m.Integration.URI
	if !strings.HasPrefix(uri, "http://") && !strings.HasPrefix(uri, "https://") && !strings.HasPrefix(uri, "${stageVariables.") {
		return fmt.Errorf("Integration.Uri: %q is no http or https URL", uri)
	}
	return nil
}

// Invoke sends the integration request over the internet.
func (h *HTTP) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	transport := h.verifying
	if x.Method.Integration.SkipVerification {
		transport = h.trusting
	}
	return roundTrip(ctx, x, transport.RoundTrip)
}

// roundTrip sends the integration request and reads the whole answer, unless it
// is streamed.
func roundTrip(
	ctx context.Context, x *gateway.Exchange, send func(*http.Request) (*http.Response, error),
) (*gateway.EndpointResponse, error) {
	request, err := newHTTPRequest(ctx, x.IntegrationRequest)
	if err != nil {
		return nil, invalidEndpoint(fmt.Errorf("%w, made from %s", err, x.Method.Integration.URI))
	}
	response, header, err := withRawHeader(request, send)
	if err != nil {
		return nil, connectionError(ctx, err)
	}
	answer := &gateway.EndpointResponse{
		StatusCode: response.StatusCode,
		Header:     header,
		Selection:  strconv.Itoa(response.StatusCode), // rule 57
	}
	if x.Method.Integration.Stream {
		answer.Stream = response.Body
		return answer, nil
	}
	defer response.Body.Close()
	body, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer+1))
	if err != nil {
		return nil, connectionError(ctx, fmt.Errorf("read the endpoint's answer: %w", err))
	}
	if len(body) > maxAnswer {
		return nil, fmt.Errorf("the endpoint's answer is longer than %d bytes", maxAnswer)
	}
	answer.Body = body
	return answer, nil
}

// notSent are headers that never reach the endpoint even when they are mapped
// (rule 50), and those that belong to the connection.
var notSent = []string{"connection", "expect", "proxy-authenticate", "te", "via", "content-length", "transfer-encoding"}

func newHTTPRequest(ctx context.Context, r *gateway.IntegrationRequest) (*http.Request, error) {
	target, err := url.Parse(r.URI)
	if err != nil {
		return nil, err
	}
	if target.Host == "" || target.Hostname() == "" {
		return nil, fmt.Errorf("%s has no host", r.URI)
	}
	target = withoutLeadingSlashes(target)
	request, err := http.NewRequestWithContext(ctx, r.Method, target.String(), bytes.NewReader(r.Body))
	if err != nil {
		return nil, err
	}
	if len(r.Body) == 0 {
		request.Body = http.NoBody
	}
	request.Header = http.Header{"User-Agent": {""}} // none of Go's own
	for _, f := range r.Header {
		switch name := strings.ToLower(f.Name); {
		case slices.Contains(notSent, name):
		case name == "host":
			request.Host = f.Value
		case name == "user-agent":
			request.Header.Set(f.Name, f.Value)
		case name == "trailer": // net/http keeps the canonical name for itself
			request.Header["trailer"] = append(request.Header["trailer"], f.Value)
		default:
			request.Header[f.Name] = append(request.Header[f.Name], f.Value)
		}
	}
	return request, nil
}

// withoutLeadingSlashes makes one of several slashes behind the host, which a
// stage variable that ends in a slash leaves there.
func withoutLeadingSlashes(u *url.URL) *url.URL {
	path := u.EscapedPath()
	if !strings.HasPrefix(path, "//") {
		return u
	}
	trimmed := *u
	trimmed.RawPath = "/" + strings.TrimLeft(path, "/")
	trimmed.Path = "/" + strings.TrimLeft(u.Path, "/")
	return &trimmed
}

// endpointHeader lists a header of net/http by name.
func endpointHeader(h http.Header) gateway.Header {
	names := make([]string, 0, len(h))
	for name := range h {
		names = append(names, name)
	}
	slices.Sort(names)
	var header gateway.Header
	for _, name := range names {
		for _, value := range h[name] {
			header.Add(name, value)
		}
	}
	return header
}

// invalidEndpoint is the answer for a URI that can't be called, such as one
// with an empty stage variable for its host (rule 62).
func invalidEndpoint(err error) error {
	return &gateway.Failure{
		Type: gateway.APIConfigurationError, Status: 500, Cause: fmt.Errorf("invalid endpoint address: %w", err),
		Words: gateway.ConfigurationError + "Invalid endpoint address", // rule 103
	}
}

// connectionError tells a host that does not exist (rule 62) or has a certificate
// that isn't trusted, which are configuration errors, from one that does not
// answer, or not in HTTP: 504 with the service's text for it. That it is served
// for half an answer too is unverified. A request whose time is over is the
// gateway's to judge.
// https://repost.aws/knowledge-center/api-gateway-500-error-vpc
func connectionError(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return err
	}
	if dns, ok := errors.AsType[*net.DNSError](err); ok && !dns.IsTimeout {
		return invalidEndpoint(err)
	}
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); ok {
		return &gateway.Failure{Type: gateway.APIConfigurationError, Cause: err}
	}
	return &gateway.Failure{
		Type: gateway.IntegrationFailure, Status: 504, Message: "Network error communicating with endpoint", Cause: err,
	}
}
