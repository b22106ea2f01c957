package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Authorization is what a Lambda authorizer returned of a caller, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-output.html
type Authorization struct {
	PrincipalID        string
	Context            map[string]string // $context.authorizer.*, all values as text
	UsageIdentifierKey string            // the caller's API key, where the API's source of keys is the authorizer
	Latency            time.Duration     // of the call; 0 when the result was kept from before

	policy *Role // the policy's statements, which are evaluated as a role's
}

// readAuthorization reads the function's result.
func readAuthorization(result []byte) (*Authorization, error) {
	var output struct {
		PrincipalID        any            `json:"principalId"`
		PolicyDocument     map[string]any `json:"policyDocument"`
		Context            map[string]any `json:"context"`
		UsageIdentifierKey string         `json:"usageIdentifierKey"`
	}
	decoder := json.NewDecoder(bytes.NewReader(result))
	decoder.UseNumber() // numbers stay as the function wrote them
	if err := decoder.Decode(&output); err != nil {
		return nil, fmt.Errorf("the function's result is no authorization: %w", err)
	}
	a := &Authorization{Context: map[string]string{}, UsageIdentifierKey: output.UsageIdentifierKey, policy: &Role{}}
	if output.PrincipalID != nil {
		a.PrincipalID = fmt.Sprint(output.PrincipalID)
	}
	for name, value := range output.Context {
		switch value.(type) {
		case string, json.Number, bool:
			a.Context[name] = fmt.Sprint(value)
		default:
			return nil, fmt.Errorf("context.%s is neither text nor number nor boolean", name)
		}
	}
	return a, a.readPolicy(output.PolicyDocument)
}

// readPolicy takes the statements of the policy; one that IAM would refuse
// makes the whole policy invalid.
func (a *Authorization) readPolicy(document map[string]any) error {
	statements := list(document["Statement"])
	if len(statements) == 0 {
		return errors.New("the function returned no policyDocument with a Statement")
	}
	for i, s := range statements {
		effect := member(s, "Effect")
		hasAction := len(texts(member(s, "Action")))+len(texts(member(s, "NotAction"))) > 0
		hasResource := len(texts(member(s, "Resource")))+len(texts(member(s, "NotResource"))) > 0
		switch {
		case effect != "Allow" && effect != "Deny":
			return fmt.Errorf("statement %d of the policy: Effect is %v, not Allow or Deny", i, effect)
		case !hasAction || !hasResource:
			return fmt.Errorf("statement %d of the policy lacks Action or Resource", i)
		case member(s, "Condition") != nil && conditions(member(s, "Condition")) == nil:
			return fmt.Errorf("statement %d of the policy: Condition is no object", i)
		}
	}
	a.policy.add(document)
	return nil
}

// allow holds the policy against the method that a request is for.
func (a *Authorization) allow(x *Exchange) error {
	const denied, action = "User is not authorized to access this resource", "execute-api:Invoke"
	method, policy := x.methodARN(), &Role{}
	for _, s := range a.policy.Statements {
		if !s.covers(action, method) {
			continue
		}
		held, err := s.holds(x)
		if err != nil {
			return err
		}
		if held {
			policy.Statements = append(policy.Statements, s)
		}
	}
	switch policy.Decide(action, method) {
	case ExplicitDeny:
		return &Failure{Type: AccessDenied, Message: denied + " with an explicit deny in an identity-based policy"}
	case ImplicitDeny:
		return &Failure{Type: AccessDenied, Message: denied}
	}
	return nil
}

// fromCache is the authorization as later requests get it.
func (a *Authorization) fromCache() *Authorization {
	later := *a
	later.Latency = 0
	return &later
}

// context is $context.authorizer.
func (a *Authorization) context() map[string]any {
	fields := map[string]any{"integrationLatency": a.Latency.Milliseconds()}
	for name, value := range a.Context {
		fields[name] = value
	}
	if a.PrincipalID != "" {
		fields["principalId"] = a.PrincipalID
	}
	return fields
}
