package main

import (
	"cmp"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/apigw-integrations/apigw-integrations/internal/headers"
)

type (
	request  = events.LambdaFunctionURLRequest
	response = events.LambdaFunctionURLResponse
)

type handler struct {
	log *slog.Logger
	now func() time.Time
}

// reading is the service's answer for a place it knows.
type reading struct {
	Location location `json:"location"`
	Current  current  `json:"current"`
}

type location struct {
	Name    string `json:"name"`
	Country string `json:"country"`
}

type current struct {
	TempC       json.Number `json:"temp_c"`
	Condition   condition   `json:"condition"`
	LastUpdated string      `json:"last_updated"`
}

type condition struct {
	Text string `json:"text"`
}

// failure is its answer otherwise.
type failure struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// Cities that make the service fail, for tests: error-503 answers with that status, slow-1500 after that many ms, but no
// later than maxSlow: the URL is open to everyone, and who waits takes one of the account's executions.
var (
	errorCity = regexp.MustCompile(`^error-([45][0-9]{2})$`)
	slowCity  = regexp.MustCompile(`^slow-([0-9]{1,5})$`)
)

const maxSlow = 3 * time.Second

// handle logs no query string: a key may stand in it.
func (h *handler) handle(ctx context.Context, r request) (response, error) {
	answer := h.answer(ctx, r)
	h.log.InfoContext(ctx, "request",
		// The gateway's request ID, where the integration maps it; else the function URL's.
		"requestId", cmp.Or(r.Headers["x-request-id"], r.RequestContext.RequestID),
		"method", r.RequestContext.HTTP.Method,
		"path", r.RawPath,
		"status", answer.StatusCode)
	return answer, nil
}

func (h *handler) answer(ctx context.Context, r request) response {
	if r.RawPath != "/weather" {
		return fail(http.StatusNotFound, 1005, "API URL is invalid.")
	}
	if method := r.RequestContext.HTTP.Method; method != http.MethodGet && method != http.MethodHead {
		answer := fail(http.StatusMethodNotAllowed, 1005, "API URL takes GET only.")
		answer.Headers["Allow"] = "GET, HEAD"
		return answer
	}
	name := strings.TrimSpace(cmp.Or(r.QueryStringParameters["q"], r.QueryStringParameters["city"]))
	if name == "" {
		return fail(http.StatusBadRequest, 1003, "Parameter q is missing.")
	}
	if m := errorCity.FindStringSubmatch(name); m != nil {
		status, _ := strconv.Atoi(m[1]) // three digits
		return fail(status, 9999, "Simulated failure.")
	}
	if m := slowCity.FindStringSubmatch(name); m != nil {
		return h.slow(ctx, m[1])
	}
	place, ok := find(name)
	if !ok {
		return fail(http.StatusNotFound, 1006, "No matching location found.")
	}
	return h.read(place)
}

// slow answers late, unless the caller has given up before.
func (h *handler) slow(ctx context.Context, ms string) response {
	n, _ := strconv.Atoi(ms) // at most five digits
	select {
	case <-time.After(min(time.Duration(n)*time.Millisecond, maxSlow)):
		return h.read(place{name: "slow-" + ms, country: "ZZ", tempC: "0.0", condition: "Fog"})
	case <-ctx.Done():
		return fail(http.StatusServiceUnavailable, 9999, "Interrupted.")
	}
}

// read takes a reading, once in an hour.
func (h *handler) read(p place) response {
	return reply(http.StatusOK, reading{
		Location: location{p.name, p.country},
		Current: current{
			TempC:       p.tempC,
			Condition:   condition{p.condition},
			LastUpdated: h.now().UTC().Truncate(time.Hour).Format(time.RFC3339),
		},
	})
}

func fail(status, code int, message string) response {
	var f failure
	f.Error.Code, f.Error.Message = code, message
	return reply(status, f)
}

func reply(status int, body any) response {
	answer := response{StatusCode: status, Headers: headers.Common()}
	answer.Headers["Content-Type"] = "application/json"
	data, err := json.Marshal(body)
	if err != nil { // strings and numbers of our own only
		answer.StatusCode = http.StatusInternalServerError
		return answer
	}
	answer.Body = string(data)
	return answer
}
