package gateway

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// Authorizer is AWS::ApiGateway::Authorizer of type TOKEN or REQUEST: a
// function that says what the caller may do, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-use-lambda-authorizer.html
type Authorizer struct {
	ID                 string
	Type               string            // TOKEN, REQUEST
	IdentitySources    []string          // "method.request.header.Authorization", …
	IdentityValidation *SelectionPattern // what a token must match; nil: nothing
	TTL                time.Duration     // how long results are kept; 0: not at all

	// call stands for a method whose integration is the authorizer's function.
	call *Method
}

// askAuthorizer lets the method's authorizer decide whether the caller may
// call it. What was decided for the same identity before is asked again only
// when its time is over; its policy is held against each method anew.
func askAuthorizer(ctx context.Context, x *Exchange) error {
	a := x.Method.Authorizer
	identity, err := a.identity(x)
	if err != nil {
		return err
	}
	key := a.ID + "\x00" + strings.Join(identity, "\x00")
	x.Authorization = x.authorizations.get(key, x.Time)
	record(x, trace.Authorizer{ID: a.ID, Identity: identity, Cached: x.Authorization != nil})
	if x.Authorization == nil {
		if x.Authorization, err = a.ask(ctx, x, identity); err != nil {
			return err
		}
		x.authorizations.put(key, x.Authorization, x.Time, a.TTL)
	}
	record(x, trace.AuthorizerResult{Principal: x.Authorization.PrincipalID})
	return x.Authorization.allow(x)
}

// identity are the values of the identity sources. One that is missing or
// empty is a 401, as is a token that the validation expression doesn't match;
// the function is not called.
func (a *Authorizer) identity(x *Exchange) ([]string, error) {
	var values []string
	for _, source := range a.IdentitySources {
		value, err := identitySource(x, source)
		if err != nil {
			return nil, internalError(err)
		}
		if value == "" {
			return nil, &Failure{Type: Unauthorized, Cause: fmt.Errorf("the identity source %s is missing", source)}
		}
		values = append(values, value)
	}
	if a.IdentityValidation == nil {
		return values, nil
	}
	matched, err := a.IdentityValidation.Matches(values[0])
	if err != nil {
		return nil, internalError(err)
	}
	if !matched {
		return nil, &Failure{Type: Unauthorized, Cause: errors.New("the token does not match the authorizer's validation expression")}
	}
	return values, nil
}

// identitySource is the value of one source; of headers the case of the name
// does not count (unverified).
func identitySource(x *Exchange, source string) (string, error) {
	if name, isHeader := strings.CutPrefix(source, "method.request.header."); isHeader {
		return x.Request.Header.Get(name), nil
	}
	value, _, err := requestSource(x, source)
	return value.text(), err
}

// ask calls the authorizer's function. That it raises "Unauthorized" is a 401,
// whatever else goes wrong a 500.
func (a *Authorizer) ask(ctx context.Context, x *Exchange, identity []string) (*Authorization, error) {
	event, err := a.event(x, identity)
	if err != nil {
		return nil, internalError(err)
	}
	call := &Exchange{
		Request: x.Request, API: x.API, Method: a.call, Time: x.Time, RequestID: x.RequestID, TraceID: x.TraceID, trace: x.trace, now: x.now,
		IntegrationRequest: &IntegrationRequest{Method: a.call.Integration.HTTPMethod, Body: event},
	}
	call.IntegrationRequest.URI = (&mappedParameters{}).uri(call)
	started := time.Now()
	if err := integration(ctx, call); err != nil {
		if f := failureOf(err); f.Type == IntegrationTimeout {
			return nil, &Failure{Type: AuthorizerFailure, Cause: fmt.Errorf("authorizer: %w", f.Cause)}
		}
		return nil, authorizerError(err)
	}
	answer := call.EndpointResponse
	if answer.Header.Has("X-Amz-Function-Error") {
		if answer.Selection == "Unauthorized" {
			return nil, &Failure{Type: Unauthorized, Cause: errors.New("the authorizer's function says Unauthorized")}
		}
		return nil, authorizerError(fmt.Errorf("the function failed: %s", answer.Selection))
	}
	authorization, err := readAuthorization(answer.Body)
	if err != nil {
		return nil, authorizerError(err)
	}
	authorization.Latency = time.Since(started)
	return authorization, nil
}

// authorizerError is the answer for an authorizer that can't be understood.
func authorizerError(cause error) error {
	return &Failure{Type: AuthorizerConfigurationError, Cause: fmt.Errorf("authorizer: %w", cause)}
}

// methodARN names what the caller asks for, by the path of the request.
func (x *Exchange) methodARN() string {
	return x.API.ExecuteARN(x.API.Stage.Name + "/" + x.Request.Method + x.ResourcePath)
}

// authorizations are the results that authorizers gave, by authorizer and
// identity. The zero value is ready.
type authorizations struct {
	mu    sync.Mutex
	byKey map[string]kept
}

// kept is a result and when its time is over.
type kept struct {
	authorization *Authorization
	until         time.Time
}

// get is the result that is kept under a key at time now; nil for none.
func (c *authorizations) get(key string, now time.Time) *Authorization {
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.byKey[key]; now.Before(k.until) {
		return k.authorization
	}
	return nil
}

// put keeps a result from now on, and forgets those whose time is over.
func (c *authorizations) put(key string, a *Authorization, now time.Time, ttl time.Duration) {
	if ttl == 0 {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.byKey == nil {
		c.byKey = map[string]kept{}
	}
	for other, k := range c.byKey {
		if !now.Before(k.until) {
			delete(c.byKey, other)
		}
	}
	c.byKey[key] = kept{a.fromCache(), now.Add(ttl)}
}
