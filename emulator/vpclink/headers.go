package vpclink

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// hopByHop belong to one connection and are not passed on.
var hopByHop = []string{"Connection", "Keep-Alive", "Proxy-Connection", "Upgrade"}

// addHeaders writes what an Application Load Balancer adds to a request.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/x-forwarded-headers.html
func (lb *loadBalancer) addHeaders(h http.Header, l *listener) {
	for _, name := range hopByHop {
		take(h, name)
	}
	proto := "http"
	if l.secure {
		proto = "https"
	}
	switch lb.forwardedFor {
	case "preserve":
	case "remove":
		take(h, "X-Forwarded-For")
	default:
		replace(h, "X-Forwarded-For", strings.Join(append(take(h, "X-Forwarded-For"), lb.source), ", "))
	}
	replace(h, "X-Forwarded-Proto", proto)
	replace(h, "X-Forwarded-Port", strconv.Itoa(l.port))
	replace(h, "X-Amzn-Trace-Id", traceID(strings.Join(take(h, "X-Amzn-Trace-Id"), ";")))
}

// traceID adds the load balancer's own ID to a trace: as Root when the trace
// begins here, else as Self.
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-request-tracing.html
func traceID(given string) string {
	own := newTraceID()
	var rest []string
	begun := false
	for field := range strings.SplitSeq(given, ";") {
		field = strings.TrimSpace(field)
		name, _, _ := strings.Cut(field, "=")
		switch name {
		case "", "Self":
			continue
		case "Root":
			begun = true
		}
		rest = append(rest, field)
	}
	if begun {
		return strings.Join(append([]string{"Self=" + own}, rest...), ";")
	}
	return strings.Join(append([]string{"Root=" + own}, rest...), ";")
}

// newTraceID is version-time-random: 1-67891233-abcdef012345678912345678.
func newTraceID() string {
	var random [12]byte
	rand.Read(random[:])
	return fmt.Sprintf("1-%08x-%s", time.Now().Unix(), hex.EncodeToString(random[:]))
}

// take removes a header however it is spelled, and gives its values.
func take(h http.Header, name string) []string {
	var values []string
	for _, key := range slices.Sorted(maps.Keys(h)) {
		if strings.EqualFold(key, name) {
			values = append(values, h[key]...)
			delete(h, key)
		}
	}
	return values
}

func replace(h http.Header, name, value string) {
	take(h, name)
	h.Set(name, value)
}
