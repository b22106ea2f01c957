package gateway

import (
	"context"
	"sync"
	"time"
)

// ThrottleSettings are the rate and the burst of a token bucket, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html
type ThrottleSettings struct {
	RateLimit  float64 // requests a second; negative: none set
	BurstLimit int     // requests; negative: none set
}

// noThrottle sets no limit.
var noThrottle = ThrottleSettings{RateLimit: -1, BurstLimit: -1}

// throttle holds one token bucket for each method whose stage sets a rate. Where
// the settings leave the limit to the account there is none here.
type throttle struct {
	settings map[string]ThrottleSettings
	buckets  buckets
}

func newThrottle(settings map[string]ThrottleSettings) *throttle {
	return &throttle{settings: settings}
}

// checkThrottle holds the request against the rate of the stage and method.
func checkThrottle(_ context.Context, x *Exchange) error {
	if x.throttle != nil && !x.throttle.allow(x.Method, x.Time) {
		return &Failure{Type: Throttled}
	}
	return nil
}

// allow says whether a request to m may pass at time now, and counts it if so.
func (t *throttle) allow(m *Method, now time.Time) bool {
	for _, key := range []string{m.HTTPMethod + m.Resource.Path, "*" + m.Resource.Path, "*/*"} {
		if s, found := t.settings[key]; found { // the most specific one holds
			return t.buckets.take(m.HTTPMethod+m.Resource.Path, s, now)
		}
	}
	return true
}

// buckets are token buckets by name. The zero value is ready.
type buckets struct {
	mu     sync.Mutex
	byName map[string]*bucket
}

// bucket is a token bucket: as deep as the burst, filled at the rate.
type bucket struct {
	tokens float64
	filled time.Time
}

// take takes a token at time now out of the bucket of this name; false when it
// is empty.
func (b *buckets) take(name string, s ThrottleSettings, now time.Time) bool {
	if s.RateLimit < 0 {
		return true
	}
	depth := float64(s.BurstLimit)
	if depth < 0 {
		depth = max(s.RateLimit, 1)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	one := b.byName[name]
	if one == nil {
		if b.byName == nil {
			b.byName = map[string]*bucket{}
		}
		one = &bucket{tokens: depth, filled: now}
		b.byName[name] = one
	}
	if elapsed := now.Sub(one.filled).Seconds(); elapsed > 0 {
		one.tokens, one.filled = min(depth, one.tokens+elapsed*s.RateLimit), now
	}
	if one.tokens < 1 {
		return false
	}
	one.tokens--
	return true
}
