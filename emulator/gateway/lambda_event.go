package gateway

import (
	"net"
	"slices"
	"strings"
)

// requestEvent is what functions are told of the client's request.
type requestEvent struct {
	Resource          string              `json:"resource"`
	Path              string              `json:"path"`
	HTTPMethod        string              `json:"httpMethod"`
	Headers           map[string]string   `json:"headers"`
	MultiValueHeaders map[string][]string `json:"multiValueHeaders"`
	Query             map[string]string   `json:"queryStringParameters"`
	MultiValueQuery   map[string][]string `json:"multiValueQueryStringParameters"`
	PathParameters    map[string]string   `json:"pathParameters"`
	StageVariables    map[string]string   `json:"stageVariables"`
	RequestContext    map[string]any      `json:"requestContext"`
}

// ProxyEvent is the event of a Lambda proxy integration (rule 10): the client's
// request, whatever the integration maps (rule 19). What the request has
// nothing of is null (rule 11).
func (x *Exchange) ProxyEvent() ([]byte, error) {
	e := struct {
		requestEvent
		Body            *string `json:"body"`
		IsBase64Encoded bool    `json:"isBase64Encoded"`
	}{requestEvent: x.requestEvent()}
	if len(x.Request.Body) > 0 {
		text, isBase64 := x.BodyText()
		e.Body, e.IsBase64Encoded = &text, isBase64
	}
	return encodeJSON(e)
}

// event is what the authorizer's function gets, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
// What the request has nothing of is an empty object here.
func (a *Authorizer) event(x *Exchange, identity []string) ([]byte, error) {
	if a.Type == "TOKEN" {
		return encodeJSON(map[string]string{"type": a.Type, "authorizationToken": identity[0], "methodArn": x.methodARN()})
	}
	e := struct {
		Type      string `json:"type"`
		MethodARN string `json:"methodArn"`
		requestEvent
	}{a.Type, x.methodARN(), x.requestEvent()}
	for _, single := range []*map[string]string{&e.Headers, &e.Query, &e.PathParameters, &e.StageVariables} {
		if *single == nil {
			*single = map[string]string{}
		}
	}
	for _, multi := range []*map[string][]string{&e.MultiValueHeaders, &e.MultiValueQuery} {
		if *multi == nil {
			*multi = map[string][]string{}
		}
	}
	// The key is not checked yet when the authorizer is asked.
	if key := x.Request.Header.Get("x-api-key"); key != "" && x.Method.APIKeyRequired && !x.API.KeysOfAuthorizer {
		e.RequestContext["identity"].(map[string]any)["apiKey"] = key
	}
	return encodeJSON(e)
}

func (x *Exchange) requestEvent() requestEvent {
	e := requestEvent{
		Resource:       x.Method.Resource.Path,
		Path:           x.ResourcePath,
		HTTPMethod:     x.Request.Method,
		RequestContext: requestContext(x.ContextVariables()),
	}
	e.Headers, e.MultiValueHeaders = valueMaps(eventHeader(x))
	e.Query, e.MultiValueQuery = valueMaps(x.Query())
	e.PathParameters, _ = valueMaps(x.PathParameters)
	if variables := x.StageVariables(); len(variables) > 0 {
		e.StageVariables = variables
	}
	return e
}

// valueMaps are the single-value map, where the last value counts, and the map
// of all values, in order (rule 12); nil without fields.
func valueMaps(fields []Field) (single map[string]string, multi map[string][]string) {
	if len(fields) == 0 {
		return nil, nil
	}
	single, multi = map[string]string{}, map[string][]string{}
	for _, f := range fields {
		single[f.Name] = f.Value
		multi[f.Name] = append(multi[f.Name], f.Value)
	}
	return single, multi
}

// notInEvent are headers of the client that the function never sees (rule 18).
var notInEvent = []string{
	"connection", "content-length", "content-md5", "expect", "max-forwards", "proxy-authenticate", "server", "te",
	"trailer", "transfer-encoding", "upgrade", "www-authenticate",
}

// respelled are the headers whose spelling the service changes (rule 13).
var respelled = map[string]string{"authorization": "Authorization", "user-agent": "User-Agent", "host": "Host"}

// eventHeader is the client's header as the function sees it: equal names in
// one spelling, and what the gateway adds (rules 13, 17, 18). X-Forwarded-Port
// and -Proto tell how this gateway was reached; on the service 443 and https.
func eventHeader(x *Exchange) Header {
	var h Header
	spelling := map[string]string{}
	for _, f := range x.Request.Header {
		key := strings.ToLower(f.Name)
		if slices.Contains(notInEvent, key) || isSignature(f) {
			continue
		}
		if spelling[key] == "" {
			spelling[key] = f.Name
			if name := respelled[key]; name != "" {
				spelling[key] = name
			}
		}
		h.Add(spelling[key], f.Value)
	}
	_, port, err := net.SplitHostPort(x.Request.Host)
	if err != nil {
		port = "80"
	}
	forwarded := append(h.Values("X-Forwarded-For"), x.Request.RemoteAddr)
	h.Set("Host", x.Request.Host)
	h.Set("X-Amzn-Trace-Id", x.TraceID)
	h.Set("X-Forwarded-For", strings.Join(forwarded, ", "))
	h.Set("X-Forwarded-Port", port)
	h.Set("X-Forwarded-Proto", "http")
	return h
}

// requestContext has the members of rule 14, and an authorizer when there is one.
func requestContext(c *ContextVariables) map[string]any {
	members := map[string]any{
		"accountId":         c.AccountID,
		"apiId":             c.APIID,
		"deploymentId":      c.DeploymentID,
		"domainName":        c.DomainName,
		"domainPrefix":      c.DomainPrefix,
		"extendedRequestId": c.ExtendedRequestID,
		"httpMethod":        c.HTTPMethod,
		"identity":          identityMembers(c.Identity),
		"path":              c.Path,
		"protocol":          c.Protocol,
		"requestId":         c.RequestID,
		"requestTime":       c.RequestTime.UTC().Format("02/Jan/2006:15:04:05 -0700"),
		"requestTimeEpoch":  c.RequestTime.UnixMilli(),
		"resourceId":        c.ResourceID,
		"resourcePath":      c.ResourcePath,
		"stage":             c.Stage,
	}
	if authorizer, ok := c.More["authorizer"]; ok {
		members["authorizer"] = authorizer
	}
	return members
}

// identityMembers are the members of rule 15, null where unknown; an API key only
// when there is one.
func identityMembers(i Identity) map[string]any {
	members := map[string]any{}
	for name, value := range map[string]string{
		"accessKey":                     i.AccessKey,
		"accountId":                     i.AccountID,
		"caller":                        i.Caller,
		"cognitoAuthenticationProvider": i.CognitoAuthenticationProvider,
		"cognitoAuthenticationType":     i.CognitoAuthenticationType,
		"cognitoIdentityId":             i.CognitoIdentityID,
		"cognitoIdentityPoolId":         i.CognitoIdentityPoolID,
		"principalOrgId":                i.PrincipalOrgID,
		"sourceIp":                      i.SourceIP,
		"user":                          i.User,
		"userAgent":                     i.UserAgent,
		"userArn":                       i.UserARN,
	} {
		members[name] = nil
		if value != "" {
			members[name] = value
		}
	}
	if i.VPCEID != "" {
		members["vpceId"] = i.VPCEID
	}
	if i.APIKey != "" {
		members["apiKey"], members["apiKeyId"] = i.APIKey, i.APIKeyID
	}
	return members
}
