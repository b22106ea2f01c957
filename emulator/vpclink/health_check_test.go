package vpclink

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestParseMatcher(t *testing.T) {
	for text, ok := range map[string]bool{"200": true, "200,204": true, "200-299": true, "200-299, 404": true, "": false, "x": false, "300-200": false, "200-": false} {
		if _, err := parseMatcher(text); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestProbe(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.UserAgent() != "ELB-HealthChecker/2.0":
			w.WriteHeader(http.StatusTeapot)
		case r.URL.Path == "/slow":
			<-r.Context().Done()
		case r.URL.Path == "/health":
			w.WriteHeader(http.StatusNoContent)
		default:
			w.WriteHeader(http.StatusInternalServerError)
		}
	}))
	defer server.Close()
	address := strings.TrimPrefix(server.URL, "http://")
	tests := []struct {
		name    string
		check   healthCheck
		address string
		want    string
	}{
		{"code of the matcher", healthCheck{path: "/health", codes: []codeRange{{200, 299}}}, address, ""},
		{"another code", healthCheck{path: "/x", codes: []codeRange{{200, 299}}}, address, "health checks failed with these codes: [500]"},
		{"too slow", healthCheck{path: "/slow", timeout: 20 * time.Millisecond}, address, "context deadline exceeded"},
		{"connection", healthCheck{tcp: true}, address, ""},
		{"no connection", healthCheck{tcp: true}, "127.0.0.1:1", "connection refused"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if test.check.timeout == 0 {
				test.check.timeout = 5 * time.Second
			}
			got := ""
			if err := test.check.probe(t.Context(), http.DefaultTransport, test.address); err != nil {
				got = err.Error()
			}
			if (test.want == "") != (got == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

var errDown = errors.New("down")

// TestHealthTransitions plays checks in virtual time.
func TestHealthTransitions(t *testing.T) {
	check := healthCheck{interval: 10 * time.Second, healthy: 3, unhealthy: 2}
	tests := []struct {
		name  string
		after time.Duration // since the registration
		up    func(time.Duration) bool
		want  status
	}{
		{"new", 0, func(time.Duration) bool { return false }, initial},
		{"starts within milliseconds", 40 * time.Millisecond, func(at time.Duration) bool { return at > 20*time.Millisecond }, healthy},
		{"never comes up", 21 * time.Second, func(time.Duration) bool { return false }, unhealthy},
		{"one failure is not enough", 11 * time.Second, func(at time.Duration) bool { return at < time.Second }, healthy},
		{"two failures are", 21 * time.Second, func(at time.Duration) bool { return at < time.Second }, unhealthy},
		{"two successes are not enough", 41 * time.Second, func(at time.Duration) bool { return at < time.Second || at > 25*time.Second }, unhealthy},
		{"three successes are", 51 * time.Second, func(at time.Duration) bool { return at < time.Second || at > 25*time.Second }, healthy},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				group := newTargetGroup("g", check, nil)
				group.probe = func(context.Context, string) error {
					if test.up(time.Since(begin)) {
						return nil
					}
					return errDown
				}
				registered := group.register(t.Context(), "127.0.0.1:1", func() {})
				time.Sleep(test.after) // virtual
				synctest.Wait()
				group.mu.Lock()
				got := registered.health.status
				group.mu.Unlock()
				if got != test.want {
					t.Errorf("after %v the target is %s, want %s", test.after, got, test.want)
				}
				group.deregister(registered)
			})
		})
	}
}

// TestChecksFollowTheInterval counts the checks of a healthy target.
func TestChecksFollowTheInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var checks atomic.Int64
		group := newTargetGroup("g", healthCheck{interval: 30 * time.Second, healthy: 2, unhealthy: 2}, nil)
		group.probe = func(context.Context, string) error { checks.Add(1); return nil }
		registered := group.register(t.Context(), "127.0.0.1:1", func() {})
		time.Sleep(5 * time.Minute) // virtual
		synctest.Wait()
		if got := checks.Load(); got != 11 {
			t.Errorf("%d checks in five minutes, want 11", got)
		}
		group.deregister(registered)
	})
}

// TestRequestsWaitForTheDeployment plays when the waiting ends.
func TestRequestsWaitForTheDeployment(t *testing.T) {
	tests := []struct {
		name  string
		probe error
		want  time.Duration
	}{
		{"healthy at once", nil, 0},
		{"runs, but is not well", codeError(500), 0},
		{"does not listen", errDown, patience},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				begin := time.Now()
				group := newTargetGroup("g", healthCheck{interval: 30 * time.Second, healthy: 2, unhealthy: 2}, nil)
				group.probe = func(context.Context, string) error { return test.probe }
				registered := group.register(t.Context(), "127.0.0.1:1", func() {})
				<-group.deployed
				if got := time.Since(begin); got < test.want || got > test.want+maxDelay {
					t.Errorf("waited %v, want %v", got, test.want)
				}
				group.deregister(registered)
			})
		})
	}
}

func TestPick(t *testing.T) {
	tests := []struct {
		name   string
		states []status
		want   string
	}{
		{"in turn", []status{healthy, healthy}, "0101"},
		{"healthy ones only", []status{healthy, unhealthy, initial, healthy}, "0303"},
		{"fails open", []status{unhealthy, initial, unhealthy}, "0202"},
		{"new ones get nothing", []status{initial}, "-"},
		{"none", nil, "-"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			group := &targetGroup{}
			for i, s := range test.states {
				group.targets = append(group.targets, &target{address: string(rune('0' + i)), health: health{status: s}})
			}
			got := ""
			for range test.want {
				if address, ok := group.pick(); ok {
					got += address
				} else {
					got += "-"
				}
			}
			if got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}
