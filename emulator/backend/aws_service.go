package backend

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"slices"
	"strconv"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// apiGatewayPrincipal has to be trusted by the role of an integration.
const apiGatewayPrincipal = "apigateway.amazonaws.com"

// AWSService answers AWS integrations of every service but Lambda, in the
// integration's role.
type AWSService struct {
	services *awsservice.Services
	log      *slog.Logger
}

// NewAWSService returns the backend over these services; a nil log discards.
func NewAWSService(services *awsservice.Services, log *slog.Logger) *AWSService {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &AWSService{services, log}
}

// Check wants a service with an endpoint and credentials that can be judged. A
// role that does not allow the action is no obstacle: the method is served and
// fails as on the service; the log says so beforehand.
func (b *AWSService) Check(m *gateway.Method) error {
	i := m.Integration
	target, err := awsservice.ParseURI(i.URI)
	if err != nil {
		return fmt.Errorf("Integration.Uri: %w", err)
	}
	if i.Credentials == "" {
		return errors.New("Integration.Credentials: Role ARN must be specified for AWS integrations")
	}
	if err := checkCredentials(m); err != nil {
		return err
	}
	if err := b.services.Check(target.Service, target.Action); err != nil {
		return cfn.Problem{Property: "Integration.Uri", Message: err.Error(), Effect: cfn.NoBackend}
	}
	b.foresee(m, target)
	return nil
}

// callersOwn are the credentials of an integration that acts in the name of
// whoever signed the request.
const callersOwn = "arn:aws:iam::*:user/*"

// checkCredentials refuses the caller's own credentials where no caller is
// known. Here a caller is the account's root user, who may do everything.
func checkCredentials(m *gateway.Method) error {
	if m.Integration.Credentials == callersOwn && m.AuthorizationType != "AWS_IAM" {
		return errors.New("Integration.Credentials: only methods with AuthorizationType AWS_IAM have a caller's credentials; name a role")
	}
	return nil
}

// foresee logs what the role will refuse, as far as it can be told from the
// template.
func (b *AWSService) foresee(m *gateway.Method, target awsservice.Target) {
	log := b.log.With("stack", m.StackName, "method", m.LogicalID, "role", m.Integration.Credentials)
	role, action := m.Integration.Role, target.Service+":"+target.Action
	switch {
	case m.Integration.Credentials == callersOwn:
	case role == nil:
		log.Warn("the role is not part of the template, its permissions are not checked")
	case !role.TrustedBy(apiGatewayPrincipal):
		log.Warn("the role does not trust " + apiGatewayPrincipal + ", every request will fail")
	case len(role.Unread) > 0:
		log.Warn("the role has policies that are not in the template, so it may do everything here", "policies", role.Unread)
	case target.Action != "" && !role.Allows(action, ""):
		log.Warn("the role does not allow the action, every request will be denied", "action", action)
	}
}

// Invoke sends the integration request to the service, when the role may.
func (b *AWSService) Invoke(ctx context.Context, x *gateway.Exchange) (*gateway.EndpointResponse, error) {
	target, err := awsservice.ParseURI(x.IntegrationRequest.URI)
	if err != nil {
		return nil, err
	}
	call := &awsservice.Call{
		Target:    target,
		AccountID: x.API.AccountID,
		Method:    x.IntegrationRequest.Method,
		Header:    http.Header{},
		Body:      x.IntegrationRequest.Body,
	}
	for _, f := range x.IntegrationRequest.Header {
		call.Header.Add(f.Name, f.Value)
	}
	answer, err := b.authorize(x.Method, call)
	if answer == nil && err == nil {
		answer, err = b.services.Do(ctx, call)
	}
	if err != nil {
		return nil, err
	}
	return endpointResponse(answer), nil
}

// authorize gives the answer of a service that denies the call; nil when the
// role may make it, or when the action is not known. A role that can't be assumed never gets to the service.
func (b *AWSService) authorize(m *gateway.Method, call *awsservice.Call) (*awsservice.Answer, error) {
	role := m.Integration.Role
	if role == nil {
		return nil, nil
	}
	if !role.TrustedBy(apiGatewayPrincipal) {
		return nil, notAssumed(role)
	}
	for _, p := range call.Permissions() {
		if decision := role.Decide(p.Action, p.Resource); p.IsKnown() && decision != gateway.Allowed {
			b.log.Warn("the role does not allow the call", "stack", m.StackName, "method", m.LogicalID,
				"role", role.ARN, "action", p.Action, "resource", p.Resource)
			return call.AccessDenied(role.ARN, p, decision == gateway.ExplicitDeny), nil
		}
	}
	return nil, nil
}

// endpointResponse gives selection patterns the status (rule 57).
func endpointResponse(a *awsservice.Answer) *gateway.EndpointResponse {
	response := &gateway.EndpointResponse{StatusCode: a.StatusCode, Body: a.Body, Selection: strconv.Itoa(a.StatusCode)}
	for _, name := range slices.Sorted(maps.Keys(a.Header)) {
		for _, value := range a.Header[name] {
			response.Header.Add(name, value)
		}
	}
	return response
}
