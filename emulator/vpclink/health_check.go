package vpclink

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// healthCheck is how a target group finds out about its targets; the defaults
// are those of Elastic Load Balancing.
type healthCheck struct {
	tcp       bool // a connection is enough
	path      string
	codes     []codeRange
	interval  time.Duration
	timeout   time.Duration
	healthy   int // successes after which an unhealthy target is healthy again
	unhealthy int // failures after which a healthy one is unhealthy
}

type codeRange struct{ first, last int }

func readHealthCheck(r *cfn.Resource) (healthCheck, error) {
	h := healthCheck{
		path:      "/",
		interval:  seconds(r.String("HealthCheckIntervalSeconds"), 30*time.Second),
		timeout:   seconds(r.String("HealthCheckTimeoutSeconds"), 5*time.Second),
		healthy:   atLeast(r.Int("HealthyThresholdCount"), 5),
		unhealthy: atLeast(r.Int("UnhealthyThresholdCount"), 2),
	}
	protocol := r.String("HealthCheckProtocol")
	if protocol == "" {
		protocol = r.String("Protocol")
	}
	h.tcp = protocol != "HTTP" && protocol != "HTTPS"
	if r.Has("HealthCheckPath") {
		h.path = r.String("HealthCheckPath")
	}
	matcher := r.String("Matcher.HttpCode")
	if matcher == "" {
		matcher = "200"
	}
	codes, err := parseMatcher(matcher)
	h.codes = codes
	return h, err
}

// atLeast takes the default for a count that is not given.
func atLeast(n, def int) int {
	if n < 1 {
		return def
	}
	return n
}

// parseMatcher reads "200", "200,202" and "200-299".
func parseMatcher(text string) ([]codeRange, error) {
	var ranges []codeRange
	for part := range strings.SplitSeq(text, ",") {
		from, to, isRange := strings.Cut(strings.TrimSpace(part), "-")
		if !isRange {
			to = from
		}
		first, firstErr := strconv.Atoi(from)
		last, lastErr := strconv.Atoi(to)
		if firstErr != nil || lastErr != nil || first > last {
			return nil, fmt.Errorf("%q is no status code or range", part)
		}
		ranges = append(ranges, codeRange{first, last})
	}
	return ranges, nil
}

// probe checks a target once.
func (h healthCheck) probe(ctx context.Context, transport http.RoundTripper, address string) error {
	ctx, cancel := context.WithTimeout(ctx, h.timeout)
	defer cancel()
	if h.tcp {
		connection, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		return connection.Close()
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+address+h.path, nil)
	if err != nil {
		return err
	}
	r.Header.Set("User-Agent", "ELB-HealthChecker/2.0")
	response, err := transport.RoundTrip(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	io.Copy(io.Discard, io.LimitReader(response.Body, 1<<16)) // so that the connection can be used again
	for _, codes := range h.codes {
		if response.StatusCode >= codes.first && response.StatusCode <= codes.last {
			return nil
		}
	}
	return codeError(response.StatusCode)
}

// codeError is the failure of a target that runs, but says that it is not well.
type codeError int

func (e codeError) Error() string {
	return fmt.Sprintf("health checks failed with these codes: [%d]", int(e))
}

// status is a target's state, in the words of DescribeTargetHealth.
type status string

const (
	initial   status = "initial"
	healthy   status = "healthy"
	unhealthy status = "unhealthy"
)

// health is what the checks of one target have shown.
type health struct {
	status    status
	successes int // in a row
	failures  int // in a row
}

// The service checks a new target at its interval. Here the first checks follow
// each other quickly, so that a start takes milliseconds.
const (
	firstDelay = 2 * time.Millisecond
	maxDelay   = 250 * time.Millisecond
)

// observe takes in a check's outcome, age after the target was registered, and
// gives the delay of the next one. A new target is healthy after one success,
// and unhealthy when it had none for as long as that many failures take.
func (t *health) observe(h healthCheck, ok bool, age time.Duration) time.Duration {
	if ok {
		t.successes, t.failures = t.successes+1, 0
	} else {
		t.successes, t.failures = 0, t.failures+1
	}
	switch {
	case t.status == initial && ok:
		t.status = healthy
	case t.status == initial && age >= h.interval*time.Duration(h.unhealthy):
		t.status = unhealthy
	case t.status == initial:
		return min(firstDelay<<min(t.failures-1, 16), maxDelay, h.interval)
	case t.status == healthy && t.failures >= h.unhealthy:
		t.status = unhealthy
	case t.status == unhealthy && t.successes >= h.healthy:
		t.status = healthy
	}
	return h.interval
}
