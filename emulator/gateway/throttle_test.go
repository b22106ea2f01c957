package gateway

import (
	"testing"
	"time"
)

func TestThrottle(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"}, [2]string{"GET", "/b"}, [2]string{"GET", "/free"})
	a, b, free := api.Resources[0].Methods["GET"], api.Resources[1].Methods["GET"], api.Resources[2].Methods["GET"]
	limits := newThrottle(map[string]ThrottleSettings{
		"*/*":      {RateLimit: 1, BurstLimit: 2},
		"GET/b":    {RateLimit: 10, BurstLimit: 1},
		"GET/free": {RateLimit: -1, BurstLimit: -1},
	})
	start := time.Unix(1700000000, 0)
	for i, step := range []struct {
		method *Method
		after  time.Duration
		want   bool
	}{
		{a, 0, true}, {a, 0, true}, {a, 0, false}, {b, 0, true}, {b, 0, false},
		{b, 100 * time.Millisecond, true}, {a, 999 * time.Millisecond, false}, {a, time.Second, true}, {a, time.Second, false},
		{a, time.Hour, true}, {a, time.Hour, true}, {a, time.Hour, false}, {free, 0, true}, {free, 0, true},
	} {
		if got := limits.allow(step.method, start.Add(step.after)); got != step.want {
			t.Errorf("step %d: allowed %v, want %v", i, got, step.want)
		}
	}
}
