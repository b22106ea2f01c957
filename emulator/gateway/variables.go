package gateway

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// ContextVariables is $context without the overrides (rule 87). Members that
// are not known stay zero and are absent from $context, except those of
// Identity, which are null then (rule 15).
type ContextVariables struct {
	AccountID         string
	APIID             string
	DeploymentID      string
	DomainName        string
	DomainPrefix      string
	ExtendedRequestID string
	HTTPMethod        string
	Path              string // with the stage
	Protocol          string
	RequestID         string
	RequestTime       time.Time // requestTime and requestTimeEpoch
	ResourceID        string
	ResourcePath      string
	Stage             string
	Identity          Identity

	// More are members that only some requests have: "error", "authorizer",
	// "isCanaryRequest", "xrayTraceId". A member with an existing name
	// replaces it. Values are nil, bool, string, numbers, []any,
	// map[string]any and those of package vtl.
	More map[string]any
}

// Identity is $context.identity (rule 15).
type Identity struct {
	AccessKey                     string
	AccountID                     string
	APIKey                        string // absent without a key
	APIKeyID                      string // absent without a key
	Caller                        string
	CognitoAuthenticationProvider string
	CognitoAuthenticationType     string
	CognitoIdentityID             string
	CognitoIdentityPoolID         string
	PrincipalOrgID                string
	SourceIP                      string
	User                          string
	UserAgent                     string
	UserARN                       string
	VPCEID                        string // absent but for private APIs
}

// requestTimeFormat is the Common Log Format of $context.requestTime.
const requestTimeFormat = "02/Jan/2006:15:04:05 -0700"

// Lookup returns the text of the parameter-mapping source context.path, for
// example "identity.sourceIp"; false when there is none (rule 61).
func (c *ContextVariables) Lookup(path string) (string, bool) {
	var v vtl.Value = c.value(nil)
	for name := range strings.SplitSeq(path, ".") {
		m, ok := v.(*vtl.Map)
		if !ok {
			return "", false
		}
		v = m.Get(name)
	}
	switch v.(type) {
	case nil, *vtl.Map, *vtl.List:
		return "", false
	}
	return vtl.Text(v), true
}

// variable is a member of a map that is made of a T: its name, its value, and
// whether it is there.
type variable[T any] struct {
	name  string
	value func(*T) (vtl.Value, bool)
}

// contextVariables are the members of $context that every API has, in the order
// that they are set in.
var contextVariables = []variable[contextMap]{
	{"resourceId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.ResourceID) }},
	{"resourcePath", func(m *contextMap) (vtl.Value, bool) { return present(m.of.ResourcePath) }},
	{"httpMethod", func(m *contextMap) (vtl.Value, bool) { return present(m.of.HTTPMethod) }},
	{"extendedRequestId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.ExtendedRequestID) }},
	{"requestTime", func(m *contextMap) (vtl.Value, bool) {
		return m.of.RequestTime.UTC().Format(requestTimeFormat), !m.of.RequestTime.IsZero()
	}},
	{"path", func(m *contextMap) (vtl.Value, bool) { return present(m.of.Path) }},
	{"accountId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.AccountID) }},
	{"protocol", func(m *contextMap) (vtl.Value, bool) { return present(m.of.Protocol) }},
	{"stage", func(m *contextMap) (vtl.Value, bool) { return present(m.of.Stage) }},
	{"domainPrefix", func(m *contextMap) (vtl.Value, bool) { return present(m.of.DomainPrefix) }},
	{"requestTimeEpoch", func(m *contextMap) (vtl.Value, bool) { return m.of.RequestTime.UnixMilli(), !m.of.RequestTime.IsZero() }},
	{"requestId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.RequestID) }},
	{"identity", func(m *contextMap) (vtl.Value, bool) {
		if m.identity == nil {
			m.identity = vtl.MapOfMembers(&identityMap{&m.of.Identity})
			m.identity.Quiet = true
		}
		return m.identity, true
	}},
	{"domainName", func(m *contextMap) (vtl.Value, bool) { return present(m.of.DomainName) }},
	{"deploymentId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.DeploymentID) }},
	{"apiId", func(m *contextMap) (vtl.Value, bool) { return present(m.of.APIID) }},
}

// identityVariables are the members of $context.identity, in the order that they
// are set in.
var identityVariables = []variable[Identity]{
	{"cognitoIdentityPoolId", func(i *Identity) (vtl.Value, bool) { return orNull(i.CognitoIdentityPoolID) }},
	{"accountId", func(i *Identity) (vtl.Value, bool) { return orNull(i.AccountID) }},
	{"cognitoIdentityId", func(i *Identity) (vtl.Value, bool) { return orNull(i.CognitoIdentityID) }},
	{"caller", func(i *Identity) (vtl.Value, bool) { return orNull(i.Caller) }},
	{"sourceIp", func(i *Identity) (vtl.Value, bool) { return orNull(i.SourceIP) }},
	{"principalOrgId", func(i *Identity) (vtl.Value, bool) { return orNull(i.PrincipalOrgID) }},
	{"accessKey", func(i *Identity) (vtl.Value, bool) { return orNull(i.AccessKey) }},
	{"cognitoAuthenticationType", func(i *Identity) (vtl.Value, bool) { return orNull(i.CognitoAuthenticationType) }},
	{"cognitoAuthenticationProvider", func(i *Identity) (vtl.Value, bool) { return orNull(i.CognitoAuthenticationProvider) }},
	{"userArn", func(i *Identity) (vtl.Value, bool) { return orNull(i.UserARN) }},
	{"userAgent", func(i *Identity) (vtl.Value, bool) { return orNull(i.UserAgent) }},
	{"user", func(i *Identity) (vtl.Value, bool) { return orNull(i.User) }},
	{"vpceId", func(i *Identity) (vtl.Value, bool) { return present(i.VPCEID) }},
	{"apiKey", func(i *Identity) (vtl.Value, bool) { return present(i.APIKey) }},
	{"apiKeyId", func(i *Identity) (vtl.Value, bool) { return i.APIKeyID, i.APIKey != "" }},
}

// present is a text that is not there when it is empty.
func present(s string) (vtl.Value, bool) { return s, s != "" }

// orNull is a text that is null when it is empty.
func orNull(s string) (vtl.Value, bool) {
	if s == "" {
		return nil, true
	}
	return s, true
}

// memberOf is the variable of that name.
func memberOf[T any](variables []variable[T], of *T, name string) (vtl.Value, bool) {
	for i := range variables {
		if variables[i].name == name {
			if v, ok := variables[i].value(of); ok {
				return v, true
			}
			break
		}
	}
	return nil, false
}

// value is $context. Its keys are in the order of Java's HashMap, as recorded
// (rule 87); maps within print nothing (rule 88).
func (c *ContextVariables) value(o *Overrides) *vtl.Map {
	if o == nil {
		o = NewOverrides()
	}
	return vtl.MapOfMembers(&contextMap{of: c, overrides: o})
}

// contextMap makes the members of $context, each when it is asked for.
type contextMap struct {
	of        *ContextVariables
	overrides *Overrides
	identity  *vtl.Map             // nil until it is asked for
	more      map[string]vtl.Value // those of More that were asked for
}

func (m *contextMap) Member(name string) (vtl.Value, bool) {
	switch name {
	case "requestOverride":
		request, _ := m.overrides.maps()
		return request, true
	case "responseOverride":
		_, response := m.overrides.maps()
		return response, true
	}
	if m.of == nil {
		return nil, false
	}
	if given, ok := m.of.More[name]; ok {
		return m.given(name, given), true
	}
	return memberOf(contextVariables, m, name)
}

func (m *contextMap) given(name string, value any) vtl.Value {
	v, ok := m.more[name]
	if !ok {
		v = contextValue(value)
		if m.more == nil {
			m.more = map[string]vtl.Value{}
		}
		m.more[name] = v
	}
	return v
}

func (m *contextMap) Entries() []vtl.Entry {
	all := make(contextMembers, 0, 24)
	if m.of != nil {
		all = fill(all, contextVariables, m)
		for _, name := range sortedKeys(m.of.More) {
			all = all.replace(name, m.given(name, m.of.More[name]))
		}
	}
	request, response := m.overrides.maps()
	all = all.replace("requestOverride", request)
	all = all.replace("responseOverride", response)
	return all.ordered()
}

// identityMap makes the members of $context.identity.
type identityMap struct{ of *Identity }

func (m *identityMap) Member(name string) (vtl.Value, bool) {
	return memberOf(identityVariables, m.of, name)
}

func (m *identityMap) Entries() []vtl.Entry {
	return fill(make(contextMembers, 0, 15), identityVariables, m.of).ordered()
}

// contextValue turns a Go value into a template's.
func contextValue(v any) vtl.Value {
	switch v := v.(type) {
	case int:
		return int64(v)
	case map[string]any:
		all := make(contextMembers, 0, len(v))
		for _, name := range sortedKeys(v) {
			all = all.set(name, contextValue(v[name]))
		}
		m := vtl.MapOf(all.ordered())
		m.Quiet = true
		return m
	case []any:
		items := make([]vtl.Value, len(v))
		for i, e := range v {
			items[i] = contextValue(e)
		}
		return vtl.NewList(vtl.JSONArray, items)
	}
	return v
}

// contextMembers are the members of a map whose order is yet to be found.
type contextMembers []contextMember

type contextMember struct {
	vtl.Entry
	hash uint32
}

// set adds a member that is not there yet.
func (all contextMembers) set(name, v vtl.Value) contextMembers {
	h := uint32(vtl.Hash(name))
	return append(all, contextMember{vtl.Entry{Key: name, Value: v}, h ^ h>>16})
}

// fill adds the variables that are there.
func fill[T any](all contextMembers, variables []variable[T], of *T) contextMembers {
	for i := range variables {
		if v, ok := variables[i].value(of); ok {
			all = all.set(variables[i].name, v)
		}
	}
	return all
}

func (all contextMembers) replace(name, v vtl.Value) contextMembers {
	for i := range all {
		if all[i].Key == name {
			all[i].Value = v
			return all
		}
	}
	return all.set(name, v)
}

// ordered are the members in the order of java.util.HashMap: by bucket, and
// within a bucket as they were set.
func (all contextMembers) ordered() []vtl.Entry {
	buckets := uint32(16)
	for len(all)*4 > int(buckets)*3 {
		buckets *= 2
	}
	slices.SortStableFunc(all, func(a, b contextMember) int { return cmp.Compare(a.hash&(buckets-1), b.hash&(buckets-1)) })
	entries := make([]vtl.Entry, len(all))
	for i := range all {
		entries[i] = all[i].Entry
	}
	return entries
}

// textMap is a map of texts, sorted by name.
func textMap(texts map[string]string) *vtl.Map {
	m := vtl.NewMap(len(texts))
	for _, name := range sortedKeys(texts) {
		m.Put(name, texts[name])
	}
	return m
}
