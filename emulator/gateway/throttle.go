package gateway

import (
	"sync"
	"time"
)

// throttle holds one token bucket for each method whose stage sets a rate. Where
// the settings leave the limit to the account there is none here.
type throttle struct {
	settings map[string]*MethodSetting
	mu       sync.Mutex
	buckets  map[*Method]*bucket
}

// bucket is a token bucket: as deep as the burst, filled at the rate.
type bucket struct {
	tokens float64
	filled time.Time
}

func newThrottle(settings map[string]*MethodSetting) *throttle {
	return &throttle{settings: settings, buckets: map[*Method]*bucket{}}
}

// allow says whether a request to m may pass at time now, and counts it if so.
func (t *throttle) allow(m *Method, now time.Time) bool {
	setting := t.setting(m)
	if setting == nil || setting.ThrottlingRateLimit < 0 {
		return true
	}
	rate, depth := setting.ThrottlingRateLimit, float64(setting.ThrottlingBurstLimit)
	if depth < 0 {
		depth = max(rate, 1)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	b := t.buckets[m]
	if b == nil {
		b = &bucket{tokens: depth, filled: now}
		t.buckets[m] = b
	}
	if elapsed := now.Sub(b.filled).Seconds(); elapsed > 0 {
		b.tokens, b.filled = min(depth, b.tokens+elapsed*rate), now
	}
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// setting is the most specific of the stage's settings for a method.
func (t *throttle) setting(m *Method) *MethodSetting {
	for _, key := range []string{m.HTTPMethod + m.Resource.Path, "*" + m.Resource.Path, "*/*"} {
		if s := t.settings[key]; s != nil {
			return s
		}
	}
	return nil
}
