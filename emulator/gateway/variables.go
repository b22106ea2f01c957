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

// value is $context. Its keys are in the order of Java's HashMap, as recorded
// (rule 87); maps within print nothing (rule 88).
func (c *ContextVariables) value(o *Overrides) *vtl.Map {
	all := make(contextMembers, 0, 24)
	if c != nil {
		all = c.fill(all)
	}
	if o == nil {
		o = NewOverrides()
	}
	all = all.replace("requestOverride", o.request)
	all = all.replace("responseOverride", o.response)
	return all.hashMap(false)
}

func (c *ContextVariables) fill(all contextMembers) contextMembers {
	all = all.known("resourceId", c.ResourceID)
	all = all.known("resourcePath", c.ResourcePath)
	all = all.known("httpMethod", c.HTTPMethod)
	all = all.known("extendedRequestId", c.ExtendedRequestID)
	if !c.RequestTime.IsZero() {
		all = all.set("requestTime", c.RequestTime.UTC().Format(requestTimeFormat))
	}
	all = all.known("path", c.Path)
	all = all.known("accountId", c.AccountID)
	all = all.known("protocol", c.Protocol)
	all = all.known("stage", c.Stage)
	all = all.known("domainPrefix", c.DomainPrefix)
	if !c.RequestTime.IsZero() {
		all = all.set("requestTimeEpoch", c.RequestTime.UnixMilli())
	}
	all = all.known("requestId", c.RequestID)
	all = all.set("identity", c.Identity.value())
	all = all.known("domainName", c.DomainName)
	all = all.known("deploymentId", c.DeploymentID)
	all = all.known("apiId", c.APIID)
	for _, name := range sortedKeys(c.More) {
		all = all.replace(name, contextValue(c.More[name]))
	}
	return all
}

func (i *Identity) value() *vtl.Map {
	all := make(contextMembers, 0, 14)
	for _, m := range [...]struct {
		name  vtl.Value
		value string
	}{
		{"cognitoIdentityPoolId", i.CognitoIdentityPoolID}, {"accountId", i.AccountID},
		{"cognitoIdentityId", i.CognitoIdentityID}, {"caller", i.Caller}, {"sourceIp", i.SourceIP},
		{"principalOrgId", i.PrincipalOrgID}, {"accessKey", i.AccessKey},
		{"cognitoAuthenticationType", i.CognitoAuthenticationType},
		{"cognitoAuthenticationProvider", i.CognitoAuthenticationProvider},
		{"userArn", i.UserARN}, {"userAgent", i.UserAgent}, {"user", i.User},
	} {
		if m.value == "" {
			all = all.set(m.name, nil)
		} else {
			all = all.set(m.name, m.value)
		}
	}
	if i.VPCEID != "" {
		all = all.set("vpceId", i.VPCEID)
	}
	if i.APIKey != "" {
		all = all.set("apiKey", i.APIKey)
		all = all.set("apiKeyId", i.APIKeyID)
	}
	return all.hashMap(true)
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
		return all.hashMap(true)
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

// known adds a text unless it is not known.
func (all contextMembers) known(name vtl.Value, value string) contextMembers {
	if value == "" {
		return all
	}
	return all.set(name, value)
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

// hashMap is a map in the order of java.util.HashMap: by bucket, and within a
// bucket as the members were set.
func (all contextMembers) hashMap(quiet bool) *vtl.Map {
	buckets := uint32(16)
	for len(all)*4 > int(buckets)*3 {
		buckets *= 2
	}
	slices.SortStableFunc(all, func(a, b contextMember) int { return cmp.Compare(a.hash&(buckets-1), b.hash&(buckets-1)) })
	entries := make([]vtl.Entry, len(all))
	for i := range all {
		entries[i] = all[i].Entry
	}
	m := vtl.MapOf(entries)
	m.Quiet = quiet
	return m
}

// textMap is a map of texts, sorted by name.
func textMap(texts map[string]string) *vtl.Map {
	m := vtl.NewMap(len(texts))
	for _, name := range sortedKeys(texts) {
		m.Put(name, texts[name])
	}
	return m
}
