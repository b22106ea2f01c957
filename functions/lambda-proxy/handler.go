package main

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-lambda-go/events"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
	"github.com/apigw-integrations/apigw-integrations/internal/headers"
	"github.com/apigw-integrations/apigw-integrations/internal/problem"
)

// maxBody has room for the largest valid order, in any encoding of its characters.
const maxBody = 512 << 10

type (
	request  = events.APIGatewayProxyRequest
	response = events.APIGatewayProxyResponse
)

type handler struct {
	store *order.Store
	log   *slog.Logger
	now   func() time.Time
	newID func() string
}

// routes: resource path → method → what serves it.
var routes = map[string]map[string]func(*handler, context.Context, *request) (response, error){
	"/lambda-proxy/orders":                        {http.MethodPost: (*handler).create},
	"/lambda-proxy/orders/{customerId}/{orderId}": {http.MethodGet: (*handler).get},
}

// handle never fails: a function error would reach the client as a bare 502.
func (h *handler) handle(ctx context.Context, r request) (response, error) {
	begin := h.now()
	answer, err := h.route(ctx, &r)
	level, attrs := slog.LevelInfo, []any{
		"requestId", r.RequestContext.RequestID,
		"method", r.HTTPMethod,
		"resource", r.Resource,
	}
	if err != nil {
		answer = failed(err)
		level, attrs = slog.LevelError, append(attrs, "error", err.Error())
	}
	attrs = append(attrs, "status", answer.StatusCode, "durationMs", h.now().Sub(begin).Milliseconds())
	h.log.Log(ctx, level, "request", attrs...)
	return answer, nil
}

func (h *handler) route(ctx context.Context, r *request) (response, error) {
	methods, known := routes[r.Resource]
	if !known {
		return failure(problem.New(http.StatusNotFound, "there is no such resource")), nil
	}
	serve, allowed := methods[r.HTTPMethod]
	if !allowed {
		answer := failure(problem.New(http.StatusMethodNotAllowed, "the resource does not take this method"))
		answer.Headers["Allow"] = strings.Join(slices.Sorted(maps.Keys(methods)), ", ")
		return answer, nil
	}
	return serve(h, ctx, r)
}

func (h *handler) create(ctx context.Context, r *request) (response, error) {
	idempotencyKey, err := idempotencyKey(r)
	if err != nil {
		return failure(problem.New(http.StatusBadRequest, err.Error())), nil
	}
	body := []byte(r.Body)
	if r.IsBase64Encoded {
		if body, err = base64.StdEncoding.DecodeString(r.Body); err != nil {
			return failure(problem.New(http.StatusBadRequest, "the body is not base64, though it is marked so")), nil
		}
	}
	if len(body) > maxBody {
		return failure(problem.New(http.StatusRequestEntityTooLarge, "the body is larger than 512 KiB")), nil
	}
	draft, err := order.Decode(body, order.Form{})
	if err != nil {
		return failure(problem.Invalid(err)), nil
	}

	record := order.Record{Source: "lambda-proxy", RequestID: r.RequestContext.RequestID}
	draft.OrderID = h.newID()
	if idempotencyKey != "" {
		draft.OrderID = order.DeriveID(draft.CustomerID, idempotencyKey)
	}
	if record.BodyHash, err = bodyHash(draft, idempotencyKey); err != nil {
		return response{}, err
	}
	record.Order = draft.Price().Stamp(order.Created, h.now())
	stored, err := h.store.Create(ctx, record)
	switch {
	case err == nil:
		answer := success(http.StatusCreated, stored.Order)
		answer.Headers["Location"] = location(r, stored.Order)
		return answer, nil
	case errors.Is(err, order.ErrExists) && record.BodyHash != "" && stored.BodyHash == record.BodyHash:
		return success(http.StatusOK, stored.Order), nil
	case errors.Is(err, order.ErrExists):
		return failure(problem.New(http.StatusConflict, "the Idempotency-Key was used for another order")), nil
	}
	return response{}, err
}

// bodyHash is stored only with a key; without one nobody compares it.
func bodyHash(d order.Draft, key string) (string, error) {
	if key == "" {
		return "", nil
	}
	return d.Hash()
}

func (h *handler) get(ctx context.Context, r *request) (response, error) {
	customerID, orderID := r.PathParameters["customerId"], r.PathParameters["orderId"]
	err := order.ErrNotFound
	var stored *order.Record
	if order.ValidID(customerID) && order.ValidID(orderID) {
		stored, err = h.store.Get(ctx, customerID, orderID)
	}
	switch {
	case err == nil:
		return success(http.StatusOK, stored.Order), nil
	case errors.Is(err, order.ErrNotFound):
		return failure(problem.New(http.StatusNotFound, "the customer has no such order")), nil
	}
	return response{}, err
}

// location follows the path that the client used, so it holds behind a stage as well as behind a custom domain's base
// path. Clean keeps a path that begins with two slashes from naming another host.
func location(r *request, o order.Order) string {
	base := r.RequestContext.Path
	if base == "" {
		base = r.RequestContext.Stage + r.Path
	}
	return path.Join("/", base, o.CustomerID, o.OrderID)
}

var errKey = errors.New("Idempotency-Key must be given once and be 1 to 255 visible ASCII characters")

// idempotencyKey returns "" if the request has none.
func idempotencyKey(r *request) (string, error) {
	var values []string
	for name, multi := range r.MultiValueHeaders {
		if strings.EqualFold(name, "Idempotency-Key") {
			values = append(values, multi...)
		}
	}
	if len(values) == 0 {
		for name, value := range r.Headers {
			if strings.EqualFold(name, "Idempotency-Key") {
				values = append(values, value)
			}
		}
	}
	switch {
	case len(values) == 0:
		return "", nil
	case len(values) > 1 || len(values[0]) == 0 || len(values[0]) > 255:
		return "", errKey
	}
	for _, c := range []byte(values[0]) {
		if c <= ' ' || c > '~' {
			return "", errKey
		}
	}
	return values[0], nil
}

func success(status int, o order.Order) response {
	data, err := json.Marshal(o)
	if err != nil { // strings and numbers only
		return failed(err)
	}
	answer := response{StatusCode: status, Headers: headers.Common(), Body: string(data)}
	answer.Headers["Content-Type"] = "application/json"
	return answer
}

func failure(p problem.Problem) response {
	answer := response{StatusCode: p.Status, Headers: headers.Common(), Body: string(p.JSON())}
	answer.Headers["Content-Type"] = problem.ContentType
	return answer
}

// failed hides what went wrong inside; the log has it.
func failed(err error) response {
	if !errors.Is(err, dynamo.ErrUnavailable) {
		return failure(problem.New(http.StatusInternalServerError, "the order could not be processed"))
	}
	answer := failure(problem.New(http.StatusServiceUnavailable, "the order could not be processed now; try again"))
	answer.Headers["Retry-After"] = "1"
	return answer
}
