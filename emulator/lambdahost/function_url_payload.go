package lambdahost

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// urlEvent is the request payload of format 2.0.
type urlEvent struct {
	Version        string            `json:"version"`
	RouteKey       string            `json:"routeKey"`
	RawPath        string            `json:"rawPath"`
	RawQueryString string            `json:"rawQueryString"`
	Cookies        []string          `json:"cookies,omitempty"`
	Headers        map[string]string `json:"headers"`
	Query          map[string]string `json:"queryStringParameters,omitempty"`
	RequestContext urlContext        `json:"requestContext"`
	Body           string            `json:"body,omitempty"`
	IsBase64       bool              `json:"isBase64Encoded"`
}

type urlContext struct {
	AccountID    string  `json:"accountId"`
	APIID        string  `json:"apiId"`
	DomainName   string  `json:"domainName"`
	DomainPrefix string  `json:"domainPrefix"`
	HTTP         urlHTTP `json:"http"`
	RequestID    string  `json:"requestId"`
	RouteKey     string  `json:"routeKey"`
	Stage        string  `json:"stage"`
	Time         string  `json:"time"`
	TimeEpoch    int64   `json:"timeEpoch"`
}

type urlHTTP struct {
	Method    string `json:"method"`
	Path      string `json:"path"`
	Protocol  string `json:"protocol"`
	SourceIP  string `json:"sourceIp"`
	UserAgent string `json:"userAgent"`
}

func newURLEvent(r *http.Request, f *Function, body []byte) *urlEvent {
	now := time.Now().UTC()
	ip, port, _ := net.SplitHostPort(r.RemoteAddr)
	domain, _, _ := strings.Cut(r.Host, ":")
	e := &urlEvent{
		Version: "2.0", RouteKey: "$default", RawPath: r.URL.EscapedPath(), RawQueryString: r.URL.RawQuery,
		Headers: map[string]string{"host": r.Host},
		RequestContext: urlContext{
			AccountID: "anonymous", APIID: strings.ToLower(f.LogicalID), DomainName: r.Host, DomainPrefix: domain,
			HTTP:      urlHTTP{r.Method, r.URL.EscapedPath(), r.Proto, ip, r.UserAgent()},
			RequestID: uuid.New(), RouteKey: "$default", Stage: "$default",
			Time: now.Format("02/Jan/2006:15:04:05 -0700"), TimeEpoch: now.UnixMilli(),
		},
	}
	for name, values := range r.Header {
		e.Headers[strings.ToLower(name)] = strings.Join(values, ",")
	}
	e.Headers["x-forwarded-for"], e.Headers["x-forwarded-port"], e.Headers["x-forwarded-proto"] = ip, port, "http"
	for _, c := range r.Cookies() {
		e.Cookies = append(e.Cookies, c.Name+"="+c.Value)
	}
	for name, values := range r.URL.Query() {
		if e.Query == nil {
			e.Query = map[string]string{}
		}
		e.Query[name] = strings.Join(values, ",")
	}
	if isText(r.Header.Get("Content-Type")) && utf8.Valid(body) {
		e.Body = string(body)
	} else if len(body) > 0 {
		e.Body, e.IsBase64 = base64.StdEncoding.EncodeToString(body), true
	}
	return e
}

// isText says whether bodies of a content type reach the function as text;
// all others are base64.
func isText(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		return false
	}
	switch kind {
	case "application/json", "application/xml", "application/javascript":
		return true
	}
	return strings.HasPrefix(kind, "text/") || strings.HasSuffix(kind, "+json") || strings.HasSuffix(kind, "+xml")
}

// urlResponse is the response payload of format 2.0.
type urlResponse struct {
	StatusCode int               `json:"statusCode"`
	Headers    map[string]string `json:"headers"`
	Cookies    []string          `json:"cookies"`
	Body       string            `json:"body"`
	IsBase64   bool              `json:"isBase64Encoded"`
}

// writeURLResponse answers with what the function returned. A result without
// statusCode is the body itself: JSON, status 200. On an error nothing is written.
func writeURLResponse(w http.ResponseWriter, payload []byte) error {
	var shape map[string]json.RawMessage
	if json.Unmarshal(payload, &shape) != nil || shape["statusCode"] == nil {
		if !json.Valid(payload) {
			return errors.New("the function's result is not JSON")
		}
		var text string
		if json.Unmarshal(payload, &text) == nil {
			payload = []byte(text)
		}
		w.Header().Set("Content-Type", "application/json")
		w.Write(payload)
		return nil
	}
	var response urlResponse
	if err := json.Unmarshal(payload, &response); err != nil {
		return fmt.Errorf("the function's result is no response of payload format 2.0: %w", err)
	}
	if response.StatusCode < 100 || response.StatusCode > 599 {
		return fmt.Errorf("the function's result has the statusCode %d", response.StatusCode)
	}
	body := []byte(response.Body)
	if response.IsBase64 {
		decoded, err := base64.StdEncoding.DecodeString(response.Body)
		if err != nil {
			return fmt.Errorf("the function's body is not base64: %w", err)
		}
		body = decoded
	}
	w.Header().Set("Content-Type", "application/json")
	for name, value := range response.Headers {
		w.Header().Set(name, value)
	}
	for _, cookie := range response.Cookies {
		w.Header().Add("Set-Cookie", cookie)
	}
	w.WriteHeader(response.StatusCode)
	if bodyAllowed(response.StatusCode) {
		w.Write(body)
	}
	return nil
}

func bodyAllowed(status int) bool {
	return status >= 200 && status != http.StatusNoContent && status != http.StatusNotModified
}
