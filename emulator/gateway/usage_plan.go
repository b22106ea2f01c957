package gateway

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"sync"
	"time"
)

// APIKey is AWS::ApiGateway::ApiKey in a usage plan that covers the stage.
type APIKey struct {
	LogicalID string
	ID        string
	Value     string
	MadeUp    bool // the service would generate the value; this one is made here
	Enabled   bool
	Plan      *UsagePlan
}

// madeUpValue stands for the value that the service generates for a key
// without one: the same at every start, 40 characters long.
func madeUpValue(stackName, logicalID string) string {
	sum := sha256.Sum256([]byte("AWS::ApiGateway::ApiKey " + stackName + "/" + logicalID))
	return hex.EncodeToString(sum[:20])
}

// checkUsagePlan wants the key of a usage plan that covers the stage, and a
// request that the plan's limits let pass. Methods that need no key contribute
// to no limit.
func checkUsagePlan(_ context.Context, x *Exchange) error {
	if !x.Method.APIKeyRequired {
		return nil
	}
	value := x.Request.Header.Get("x-api-key")
	if x.API.KeysOfAuthorizer {
		value = ""
		if x.Authorization != nil {
			value = x.Authorization.UsageIdentifierKey
		}
	}
	x.APIKey = x.API.apiKey(value)
	x.traceUsagePlan(value)
	if x.APIKey == nil {
		return &Failure{Type: InvalidAPIKey}
	}
	if x.throttle == nil || x.APIKey.Plan == nil {
		return nil
	}
	return x.APIKey.Plan.admit(x.APIKey, x.Method, x.Time)
}

// apiKey is the enabled key with this value; nil when there is none. A key
// that is missing, wrong, disabled or in no plan is refused alike (rule 97).
func (a *API) apiKey(value string) *APIKey {
	for _, key := range a.APIKeys {
		if key.Enabled && subtle.ConstantTimeCompare([]byte(value), []byte(key.Value)) == 1 {
			return key
		}
	}
	return nil
}

// UsagePlan is AWS::ApiGateway::UsagePlan. Its limits are those of each of its
// keys, over all stages of the plan together, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-api-usage-plans.html
type UsagePlan struct {
	Throttle ThrottleSettings
	Methods  map[string]ThrottleSettings // further limits of single methods, by stageKey
	Quota    *Quota                      // nil: none

	buckets buckets
	mu      sync.Mutex
	usage   map[string]*usage // by key ID
}

// Quota is how many requests a key may make in a period.
type Quota struct {
	Limit  int
	Offset int    // taken from the limit in the first period
	Period string // DAY, WEEK, MONTH
}

// usage is what a key has used of its quota.
type usage struct {
	first, period time.Time
	requests      int
}

// stageKey names a method in a usage plan's stage.
func stageKey(apiID, stage, httpMethod, path string) string {
	return apiID + "/" + stage + "/" + httpMethod + path
}

// admit counts a request with the key, or says which limit it is over: the
// method's, the plan's, then the quota. What is throttled uses no quota
// (unverified).
func (p *UsagePlan) admit(key *APIKey, m *Method, now time.Time) error {
	method := stageKey(m.API.ID, m.API.Stage.Name, m.HTTPMethod, m.Resource.Path)
	if s, found := p.Methods[method]; found && !p.buckets.take(key.ID+" "+method, s, now) {
		return &Failure{Type: Throttled}
	}
	if !p.buckets.take(key.ID, p.Throttle, now) {
		return &Failure{Type: Throttled}
	}
	if p.Quota != nil && !p.use(key, now) {
		return &Failure{Type: QuotaExceeded}
	}
	return nil
}

// use counts a request against the key's quota; false when it is used up.
func (p *UsagePlan) use(key *APIKey, now time.Time) bool {
	period := p.Quota.start(now)
	p.mu.Lock()
	defer p.mu.Unlock()
	u := p.usage[key.ID]
	if u == nil {
		if p.usage == nil {
			p.usage = map[string]*usage{}
		}
		u = &usage{first: period, period: period}
		p.usage[key.ID] = u
	}
	if !u.period.Equal(period) {
		u.period, u.requests = period, 0
	}
	limit := p.Quota.Limit
	if period.Equal(u.first) {
		limit -= p.Quota.Offset
	}
	if u.requests >= limit {
		return false
	}
	u.requests++
	return true
}

// start is when the period began that now is in. Days begin at midnight UTC,
// weeks on Sunday (unverified).
func (q *Quota) start(now time.Time) time.Time {
	year, month, day := now.UTC().Date()
	switch q.Period {
	case "WEEK":
		day -= int(now.UTC().Weekday())
	case "MONTH":
		day = 1
	}
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
