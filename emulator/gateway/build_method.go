package gateway

import (
	"cmp"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// methods adds the RestApi's methods to their resources.
func (b *builder) methods(api *API) {
	byID := map[string]*Resource{}
	for _, r := range api.Resources {
		byID[r.ID] = r
	}
	models, authorizers := b.models(), b.authorizers(api)
	for _, r := range b.of("Method") {
		resource := byID[r.String("ResourceId")]
		if resource == nil {
			b.report(r, "ResourceId", "it is no resource of this API", "")
			continue
		}
		m := (&methodBuilder{builder: b, r: r}).method(api, resource, models, authorizers)
		if first := resource.Methods[m.HTTPMethod]; first != nil {
			b.report(r, "HttpMethod", "its resource has this method already by "+first.LogicalID, "the service refuses the second")
			continue
		}
		resource.Methods[m.HTTPMethod] = m
	}
}

// methodBuilder reads one AWS::ApiGateway::Method. Its faults make the method
// unservable, not the API.
type methodBuilder struct {
	*builder
	r         *cfn.Resource
	faults    cfn.Problems
	inherited cfn.Problems // of what the method refers to; reported there
}

func (b *methodBuilder) fault(property, message, hint string) {
	b.faults = append(b.faults, b.r.Problem(property, message, hint))
}

func (b *methodBuilder) method(
	api *API, resource *Resource, models *Models, authorizers map[string]*authorizerBuilder,
) *Method {
	r := b.r
	m := &Method{
		API:               api,
		Resource:          resource,
		StackName:         r.Stack.Name,
		LogicalID:         r.LogicalID,
		HTTPMethod:        r.String("HttpMethod"),
		AuthorizationType: cmp.Or(r.String("AuthorizationType"), "NONE"),
		APIKeyRequired:    r.Bool("ApiKeyRequired"),
		RequestParameters: flags(r, "RequestParameters"),
		Responses:         map[string]*MethodResponse{},
	}
	for i := range r.List("MethodResponses") {
		at := "MethodResponses." + strconv.Itoa(i) + "."
		response := &MethodResponse{
			StatusCode:         r.String(at + "StatusCode"),
			ResponseParameters: flags(r, at+"ResponseParameters"),
			ResponseModels:     r.StringMap(at + "ResponseModels"),
		}
		m.Responses[response.StatusCode] = response
	}
	b.checkHTTPMethod(m.HTTPMethod)
	b.validator(m, models)
	b.authorizer(m, authorizers)
	m.Integration = b.integration(m)
	b.bind(m)
	if m.IsRefused() && b.backends != nil {
		b.report(r, "AuthorizationType", m.AuthorizationType+" is not supported: every request is refused", "use NONE to call the method locally")
	}
	return m
}

// validator reads what of the request is checked, and against which models.
func (b *methodBuilder) validator(m *Method, models *Models) {
	if id := b.r.String("RequestValidatorId"); id != "" {
		v := b.assembly.ByRef(id)
		if v == nil {
			b.fault("RequestValidatorId", "it is no request validator of the template", "")
			return
		}
		m.ValidateBody, m.ValidateParams = v.Bool("ValidateRequestBody"), v.Bool("ValidateRequestParameters")
		b.faults = append(b.faults, v.Problems...)
	}
	if !m.ValidateBody || models == nil {
		return
	}
	m.RequestModels = map[string]*Model{}
	for contentType, name := range b.r.StringMap("RequestModels") {
		model, err := models.Model(name)
		if err != nil {
			b.fault("RequestModels."+contentType, err.Error(), "")
			continue
		}
		m.RequestModels[templateKey(contentType)] = model
	}
}

func (b *methodBuilder) integration(m *Method) *Integration {
	r := b.r
	i := &Integration{
		Type:                r.String("Integration.Type"),
		HTTPMethod:          r.String("Integration.IntegrationHttpMethod"),
		URI:                 r.String("Integration.Uri"),
		ConnectionType:      r.String("Integration.ConnectionType"),
		ConnectionID:        r.String("Integration.ConnectionId"),
		Target:              r.String("Integration.IntegrationTarget"),
		Credentials:         FillStageVariables(r.String("Integration.Credentials"), m.API.Stage.Variables),
		RequestParameters:   r.StringMap("Integration.RequestParameters"),
		PassthroughBehavior: r.String("Integration.PassthroughBehavior"),
		ContentHandling:     r.String("Integration.ContentHandling"),
		Stream:              r.String("Integration.ResponseTransferMode") == "STREAM",
		Timeout:             time.Duration(r.Int("Integration.TimeoutInMillis")) * time.Millisecond,
		SkipVerification:    r.Bool("Integration.TlsConfig.InsecureSkipVerification"),
		Metadata:            r.Metadata,
	}
	if !i.IsProxy() { // which reads none
		i.RequestTemplates = b.templates("Integration.RequestTemplates")
	}
	i.Kind = kindOf(i)
	b.checkMappings("Integration.RequestParameters", i.RequestParameters, requestTarget, requestMapping)
	i.Role = RoleFromAssembly(b.assembly, i.Credentials)
	for n := range r.List("Integration.IntegrationResponses") {
		at := "Integration.IntegrationResponses." + strconv.Itoa(n)
		response := b.integrationResponse(at)
		if !i.IsProxy() {
			response.ResponseTemplates = b.templates(at + ".ResponseTemplates")
			b.checkDeclared(m, response, at+".ResponseParameters")
		}
		i.Responses = append(i.Responses, response)
	}
	b.check(i)
	return i
}

func (b *methodBuilder) integrationResponse(at string) *IntegrationResponse {
	r := b.r
	response := &IntegrationResponse{
		StatusCode:         r.String(at + ".StatusCode"),
		ResponseParameters: r.StringMap(at + ".ResponseParameters"),
		ContentHandling:    r.String(at + ".ContentHandling"),
	}
	b.checkMappings(at+".ResponseParameters", response.ResponseParameters, responseTarget, responseMapping)
	if source := r.String(at + ".SelectionPattern"); source != "" {
		pattern, err := CompileSelectionPattern(source)
		if err != nil {
			b.fault(at+".SelectionPattern", err.Error(), "")
		}
		response.SelectionPattern = pattern
	}
	if status, err := strconv.Atoi(response.StatusCode); err != nil || status < 100 || status > 599 {
		b.fault(at+".StatusCode", fmt.Sprintf("%q is no HTTP status", response.StatusCode), "")
	}
	return response
}

// templates parses the mapping templates at a property, by content type. The
// names that errors show are the source files of the resource's metadata, else
// stack, logical ID and property.
func (b *methodBuilder) templates(property string) map[string]*MappingTemplate {
	files := b.r.MappingSources()
	parsed := map[string]*MappingTemplate{}
	for contentType, text := range b.r.StringMap(property) {
		path := strings.ReplaceAll(property, ".", "/") + "/" + contentType
		name := files[path]
		if name == "" {
			name = b.r.Stack.Name + "/" + b.r.LogicalID + "/" + path
		} else if now, changed := b.assembly.Mappings[name]; changed {
			text = now
		}
		if len(text) > maxTemplate {
			b.fault(property+"."+contentType, fmt.Sprintf("the template has %d bytes, the service takes %d", len(text), maxTemplate), "")
		}
		t, err := ParseMappingTemplate(name, text)
		if err != nil {
			b.fault(property+"."+contentType, err.Error(), "")
			continue
		}
		parsed[templateKey(contentType)] = t
	}
	return parsed
}

// maxTemplate is the service's limit for a mapping template, in bytes.
const maxTemplate = 300 << 10

// templateKey is the media type that a template or model is found by.
func templateKey(contentType string) string {
	if contentType == defaultTemplate {
		return contentType
	}
	return mediaType(contentType)
}

// kindOf decides the backend; "" for what there is none.
func kindOf(i *Integration) Kind {
	isLambda := strings.Contains(i.URI, ":lambda:path/")
	switch i.Type {
	case "MOCK":
		return KindMock
	case "HTTP", "HTTP_PROXY":
		if i.ConnectionType == "VPC_LINK" {
			return KindVPCLink
		}
		return KindHTTP
	case "AWS":
		if isLambda {
			return KindLambda
		}
		return KindAWSService
	case "AWS_PROXY":
		if isLambda {
			return KindLambdaProxy
		}
	}
	return ""
}

// check finds what the service refuses at deployment (rules 69, 70) and what
// this gateway can't do.
func (b *methodBuilder) check(i *Integration) {
	for _, property := range []string{"Integration", "Integration.Type", "Integration.Uri", "Integration.IntegrationHttpMethod"} {
		if _, unresolved := b.r.Value(property).(cfn.Unresolved); unresolved {
			return // the resource's problems say why
		}
	}
	switch {
	case i.Type == "":
		b.fault("Integration.Type", "the method has no integration", "add one; the service refuses the deployment too")
	case i.Kind == "" && i.Type == "AWS_PROXY":
		b.fault("Integration.Uri", fmt.Sprintf("%q is no invocation of a Lambda function, and AWS_PROXY is for nothing else", i.URI),
			"use arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/FUNCTION-ARN/invocations, or type AWS")
	case i.Kind == "":
		b.fault("Integration.Type", fmt.Sprintf("there is no integration type %q", i.Type), "")
	case i.Kind != KindMock && i.HTTPMethod == "":
		b.fault("Integration.IntegrationHttpMethod", "integrations of type "+i.Type+" need a method", "")
	}
	if i.Stream && !i.IsProxy() {
		b.fault("Integration.ResponseTransferMode", "answers of type "+i.Type+" are not streamed", "only HTTP_PROXY and AWS_PROXY are")
	}
}

// bind gives the method its backend, or the reason why it has none.
func (b *methodBuilder) bind(m *Method) {
	b.faults = append(b.faults, b.r.Problems...)
	if len(b.faults) == 0 && b.backends != nil {
		backend := b.backends[m.Integration.Kind]
		if backend == nil {
			b.fault("Integration", fmt.Sprintf("there is no backend for integrations of kind %s", m.Integration.Kind), "")
		} else if err := backend.Check(m); err != nil {
			b.refused(m, problemOf(b.r, err))
		}
		m.Integration.Backend = backend
	}
	if all := append(b.faults, b.inherited...); len(all) > 0 {
		m.Unservable = all.Unique()
		b.problems = append(b.problems, b.faults...)
	}
}

// refused takes a backend's verdict: without its backend a method is served all
// the same, and fails as on the service.
func (b *methodBuilder) refused(m *Method, p cfn.Problem) {
	if p.Effect != cfn.NoBackend {
		b.faults = append(b.faults, p)
		return
	}
	m.NoBackend = p
	b.problems = append(b.problems, p)
}

// problemOf is what a backend's check says: "Integration.Uri: what is wrong", or
// a problem of that property, of another resource, or of the whole template.
func problemOf(r *cfn.Resource, err error) cfn.Problem {
	if p, ok := errors.AsType[cfn.Problem](err); ok {
		if p.LogicalID != "" || p.Property == "" {
			return p
		}
		full := r.Problem(p.Property, p.Message, p.Hint)
		full.Effect = p.Effect
		return full
	}
	property, message, found := strings.Cut(err.Error(), ": ")
	if !found || !strings.HasPrefix(property, "Integration") {
		property, message = "Integration", err.Error()
	}
	return r.Problem(property, message, "")
}

// flags reads an object of booleans.
func flags(r *cfn.Resource, path string) map[string]bool {
	found := map[string]bool{}
	for name, value := range r.StringMap(path) {
		found[name] = value == "true"
	}
	return found
}
