package gateway

import (
	"cmp"
	"maps"
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
	members := map[string]vtl.Value{}
	if c != nil {
		c.fill(members)
	}
	if o == nil {
		o = NewOverrides()
	}
	members["requestOverride"] = o.request
	members["responseOverride"] = o.response
	return hashMap(members)
}

func (c *ContextVariables) fill(members map[string]vtl.Value) {
	for _, m := range []struct{ name, value string }{
		{"accountId", c.AccountID}, {"apiId", c.APIID}, {"deploymentId", c.DeploymentID},
		{"domainName", c.DomainName}, {"domainPrefix", c.DomainPrefix}, {"extendedRequestId", c.ExtendedRequestID},
		{"httpMethod", c.HTTPMethod}, {"path", c.Path}, {"protocol", c.Protocol}, {"requestId", c.RequestID},
		{"resourceId", c.ResourceID}, {"resourcePath", c.ResourcePath}, {"stage", c.Stage},
	} {
		if m.value != "" {
			members[m.name] = m.value
		}
	}
	if !c.RequestTime.IsZero() {
		members["requestTime"] = c.RequestTime.UTC().Format(requestTimeFormat)
		members["requestTimeEpoch"] = c.RequestTime.UnixMilli()
	}
	members["identity"] = c.Identity.value()
	for name, v := range c.More {
		members[name] = contextValue(v)
	}
}

func (i *Identity) value() *vtl.Map {
	members := map[string]vtl.Value{}
	for _, m := range []struct{ name, value string }{
		{"accessKey", i.AccessKey}, {"accountId", i.AccountID}, {"caller", i.Caller},
		{"cognitoAuthenticationProvider", i.CognitoAuthenticationProvider},
		{"cognitoAuthenticationType", i.CognitoAuthenticationType},
		{"cognitoIdentityId", i.CognitoIdentityID}, {"cognitoIdentityPoolId", i.CognitoIdentityPoolID},
		{"principalOrgId", i.PrincipalOrgID}, {"sourceIp", i.SourceIP}, {"user", i.User},
		{"userAgent", i.UserAgent}, {"userArn", i.UserARN},
	} {
		members[m.name] = nil
		if m.value != "" {
			members[m.name] = m.value
		}
	}
	if i.APIKey != "" {
		members["apiKey"] = i.APIKey
		members["apiKeyId"] = i.APIKeyID
	}
	m := hashMap(members)
	m.Quiet = true
	return m
}

// contextValue turns a Go value into a template's.
func contextValue(v any) vtl.Value {
	switch v := v.(type) {
	case int:
		return int64(v)
	case map[string]any:
		members := make(map[string]vtl.Value, len(v))
		for k, e := range v {
			members[k] = contextValue(e)
		}
		m := hashMap(members)
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

// hashMap is a map in the order of java.util.HashMap: by bucket, and within a
// bucket (whose order is by insertion in Java) by name.
func hashMap(members map[string]vtl.Value) *vtl.Map {
	buckets := uint32(16)
	for len(members)*4 > int(buckets)*3 {
		buckets *= 2
	}
	type member struct {
		bucket uint32
		name   string
	}
	order := make([]member, 0, len(members))
	for name := range members {
		h := uint32(vtl.HashCode(name))
		order = append(order, member{(h ^ h>>16) & (buckets - 1), name})
	}
	slices.SortFunc(order, func(a, b member) int {
		return cmp.Or(cmp.Compare(a.bucket, b.bucket), strings.Compare(a.name, b.name))
	})
	m := vtl.NewMap(len(order))
	for _, e := range order {
		m.Put(e.name, members[e.name])
	}
	return m
}

// textMap is a map of texts, sorted by name.
func textMap(texts map[string]string) *vtl.Map {
	m := vtl.NewMap(len(texts))
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		m.Put(name, texts[name])
	}
	return m
}
