package gateway

import "strings"

// ContextVariables returns $context of the exchange, without the overrides
// (rules 14–16, 87).
func (x *Exchange) ContextVariables() *ContextVariables {
	c := &ContextVariables{
		AccountID:         x.API.AccountID,
		APIID:             x.API.ID,
		DeploymentID:      x.API.DeploymentID,
		DomainName:        x.Request.Host,
		DomainPrefix:      x.domainPrefix(),
		ExtendedRequestID: x.ExtendedRequestID,
		HTTPMethod:        x.Request.Method,
		Path:              x.contextPath(),
		Protocol:          x.Request.Protocol,
		RequestID:         x.RequestID,
		RequestTime:       x.Time.UTC(),
		Stage:             x.API.Stage.Name,
		Identity: Identity{
			SourceIP:  x.Request.RemoteAddr,
			UserAgent: x.Request.Header.Get("User-Agent"),
			VPCEID:    x.vpcEndpointID(),
		},
	}
	if x.Method != nil {
		c.ResourceID, c.ResourcePath = x.Method.Resource.ID, x.Method.Resource.Path
	}
	if who := x.Caller; who != nil {
		c.Identity.AccessKey, c.Identity.AccountID = who.AccessKeyID, who.AccountID
		c.Identity.Caller, c.Identity.User, c.Identity.UserARN = who.PrincipalID, who.PrincipalID, who.ARN
	}
	if x.APIKey != nil {
		c.Identity.APIKey, c.Identity.APIKeyID = x.APIKey.Value, x.APIKey.ID
	}
	if canary := x.API.Stage.Canary; canary != nil {
		c.add("isCanaryRequest", x.IsCanary)
		if x.IsCanary {
			c.DeploymentID = canary.DeploymentID
		}
	}
	if x.EndpointResponse != nil {
		if id := x.EndpointResponse.Header.Get("x-amzn-RequestId"); id != "" {
			c.add("awsEndpointRequestId", id)
		}
	}
	if x.Authorization != nil {
		c.add("authorizer", x.Authorization.context())
	}
	if x.Failure != nil {
		c.add("error", x.Failure.context())
	}
	return c
}

// add adds a member that only some requests have.
func (c *ContextVariables) add(name string, value any) {
	if c.More == nil {
		c.More = map[string]any{}
	}
	c.More[name] = value
}

// contextPath is the path with the stage: slashes before the stage are gone,
// those behind it stay (rule 5).
func (x *Exchange) contextPath() string {
	return "/" + strings.TrimLeft(x.Request.Path, "/")
}

// templateInput is what the mapping templates of the exchange see of the request.
func (x *Exchange) templateInput(body []byte) *TemplateInput {
	return &TemplateInput{
		Body:           string(body),
		Params:         Params{Path: x.PathParameters, Querystring: x.Query(), Header: x.Request.Header},
		Context:        x.ContextVariables(),
		StageVariables: x.StageVariables(),
		Overrides:      x.Overrides,
	}
}

// context is $context.error.
func (f *Failure) context() map[string]any {
	message := f.message()
	fields := map[string]any{
		"message":       message,
		"messageString": f.messageString(),
		"responseType":  string(f.Type),
	}
	if f.ValidationError != "" {
		fields["validationErrorString"] = f.ValidationError
	}
	return fields
}
