package vpclink

import (
	"net/http"
	"regexp"
	"testing"
)

func TestTraceID(t *testing.T) {
	const own = `1-[0-9a-f]{8}-[0-9a-f]{24}`
	tests := []struct{ name, given, want string }{
		{"begins here", "", `Root=` + own},
		{"goes on", "Root=1-a-b", `Self=` + own + `;Root=1-a-b`},
		{"from another load balancer", "Self=1-x-y;Root=1-a-b;CalledFrom=app", `Self=` + own + `;Root=1-a-b;CalledFrom=app`},
		{"only others' fields", "CalledFrom=app", `Root=` + own + `;CalledFrom=app`},
		{"white space", " Root=1-a-b ; Sampled=1 ", `Self=` + own + `;Root=1-a-b;Sampled=1`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := traceID(test.given); !regexp.MustCompile("^" + test.want + "$").MatchString(got) {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

func TestForwardedFor(t *testing.T) {
	tests := []struct {
		name, mode string
		given      http.Header
		want       string
	}{
		{"first", "", http.Header{}, "10.0.0.10"},
		{"appended", "append", http.Header{"x-forwarded-for": {"203.0.113.7"}}, "203.0.113.7, 10.0.0.10"},
		{"preserved", "preserve", http.Header{"X-Forwarded-For": {"203.0.113.7"}}, "203.0.113.7"},
		{"removed", "remove", http.Header{"X-Forwarded-For": {"203.0.113.7"}}, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			lb := &loadBalancer{source: "10.0.0.10", forwardedFor: test.mode}
			lb.addHeaders(test.given, &listener{port: 443, secure: true})
			if got := test.given.Get("X-Forwarded-For"); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if test.given.Get("X-Forwarded-Proto") != "https" || test.given.Get("X-Forwarded-Port") != "443" {
				t.Errorf("header %v", test.given)
			}
		})
	}
}

func TestHopByHopHeadersStay(t *testing.T) {
	h := http.Header{"Connection": {"keep-alive"}, "keep-alive": {"5"}, "X-Forwarded-Proto": {"ftp"}, "X-Own": {"1"}}
	(&loadBalancer{}).addHeaders(h, &listener{port: 80})
	if len(take(h, "Connection"))+len(take(h, "Keep-Alive")) > 0 || h.Get("X-Own") != "1" || h.Get("X-Forwarded-Proto") != "http" {
		t.Errorf("header %v", h)
	}
}
