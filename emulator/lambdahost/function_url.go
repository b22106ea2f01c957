package lambdahost

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// URLs are the local addresses of function URLs. They are given out while the
// template is loaded, before there is a Host to serve them.
type URLs struct {
	mu        sync.Mutex
	listeners map[string]net.Listener // by stack and logical ID
}

// NewURLs makes an empty table.
func NewURLs() *URLs { return &URLs{listeners: map[string]net.Listener{}} }

// Attribute is cfn.Options.Attribute for AWS::Lambda::Url: FunctionUrl is
// "http://127.0.0.1:PORT/". The port is opened at the first ask.
func (u *URLs) Attribute(r *cfn.Resource, name string) (string, bool) {
	if r.Type != "AWS::Lambda::Url" || name != "FunctionUrl" {
		return "", false
	}
	listener, err := u.listener(urlKey(r))
	if err != nil {
		return "", false // Host.Start reports it
	}
	return "http://" + listener.Addr().String() + "/", true
}

func urlKey(r *cfn.Resource) string { return r.Stack.Name + "/" + r.LogicalID }

func (u *URLs) listener(key string) (net.Listener, error) {
	if u == nil {
		return net.Listen("tcp", "127.0.0.1:0")
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if l := u.listeners[key]; l != nil {
		return l, nil
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err == nil {
		u.listeners[key] = l
	}
	return l, err
}

// FunctionURL is AWS::Lambda::Url.
type FunctionURL struct {
	AuthType string // NONE; AWS_IAM refuses every call
	key      string
}

// addURLs gives each function its URL. What can't be served is left out and
// reported; a URL with IAM authorization refuses every call.
func addURLs(a *cfn.Assembly, functions []Function) cfn.Problems {
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::Lambda::Url") {
		before := len(r.Problems)
		url := &FunctionURL{AuthType: r.String("AuthType"), key: urlKey(r)}
		if url.AuthType != "NONE" {
			problems = append(problems, r.Problem("AuthType", "function URLs with IAM authorization refuse every call here",
				"use AuthType NONE for local use"))
		}
		if mode := r.String("InvokeMode"); mode == "RESPONSE_STREAM" {
			problems = append(problems, r.Problem("InvokeMode", "responses are not streamed here", "they are sent whole"))
		}
		if r.Has("Cors") {
			problems = append(problems, r.Problem("Cors", "CORS headers of function URLs are not made here",
				"let the handler send them"))
		}
		if f := findFunction(functions, r.String("TargetFunctionArn")); f != nil {
			f.URL = url
		}
		problems = append(problems, r.Problems[before:]...)
	}
	return problems
}

// functionURL answers requests of a function URL: payload format 2.0, see
// https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html
type functionURL struct {
	host     *Host
	function *Function
}

// serveURLs serves the functions' URLs, each where it was served before.
func (h *Host) serveURLs(functions []Function) error {
	next := map[string]*Function{}
	for i := range functions {
		if f := &functions[i]; f.URL != nil {
			next[f.URL.key] = f
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for key, f := range next {
		if _, served := h.urls[key]; !served {
			listener, err := h.options.URLs.listener(key)
			if err != nil {
				return fmt.Errorf("listen for the URL of function %s: %w", f.Name, err)
			}
			handler := h.urlHandler(key)
			if h.options.OwnSiteOnly {
				handler = loopback.RefuseOtherSites(handler)
			}
			h.serve(listener, handler)
		}
	}
	for key := range h.urls {
		if next[key] == nil {
			next[key] = nil // its listener stays, in case that it comes again
		}
	}
	h.urls = next
	return nil
}

// urlHandler finds out at each request whose URL it is.
func (h *Host) urlHandler(key string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		f := h.urls[key]
		h.mu.Unlock()
		if f == nil {
			writeJSON(w, http.StatusForbidden, map[string]string{"Message": "Forbidden"})
			return
		}
		(&functionURL{host: h, function: f}).ServeHTTP(w, r)
	})
}

func (u *functionURL) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if u.function.URL.AuthType != "NONE" {
		writeJSON(w, http.StatusForbidden, map[string]string{"Message": "Forbidden"})
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxPayload))
	if err != nil {
		writeJSON(w, http.StatusRequestEntityTooLarge, map[string]string{"Message": "Request Entity Too Large"})
		return
	}
	event, err := json.Marshal(newURLEvent(r, u.function, body))
	if err != nil {
		u.fail(w, err)
		return
	}
	result, err := u.host.Invoke(r.Context(), u.function.Name, event, InvokeOptions{TraceID: r.Header.Get("X-Amzn-Trace-Id")})
	var refusal *Error
	switch {
	case errors.As(err, &refusal):
		writeJSON(w, refusal.StatusCode, map[string]string{"Message": refusal.Message})
	case err != nil:
		u.fail(w, err)
	case result.FunctionError != "":
		u.fail(w, errors.New(ErrorMessage(result.Payload)))
	default:
		u.answer(w, result)
	}
}

func (u *functionURL) answer(w http.ResponseWriter, result *Result) {
	w.Header().Set("X-Amzn-RequestId", result.RequestID)
	if err := writeURLResponse(w, result.Payload); err != nil {
		u.fail(w, err)
	}
}

// fail answers 502, and tells why in the log only.
func (u *functionURL) fail(w http.ResponseWriter, err error) {
	u.host.options.Log.Warn("function URL answers 502", "function", u.function.Name, "error", err)
	w.Header().Set("Content-Type", "text/plain")
	w.WriteHeader(http.StatusBadGateway)
	io.WriteString(w, "Internal Server Error")
}
