package integrationtests

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// Outcome is how a case went.
type Outcome int

// Outcomes; what a skip line names is a known failure.
const (
	Passed  Outcome = iota
	Known           // failed, as its skip says
	Fixed           // passed, in spite of its skip
	LeftOut         // not played: the target lacks what it needs
	Failed
)

// Summary gathers how the cases of a run went on a target. It may be used by several goroutines.
type Summary struct {
	target string
	mutex  sync.Mutex
	counts [Failed + 1]int
	lines  []string // one for each case that is not just passed
}

// NewSummary is an empty one.
func NewSummary(target string) *Summary {
	return &Summary{target: target}
}

// Add takes in what Play returned for a case.
func (s *Summary) Add(c *Case, played error) Outcome {
	reason, known := c.Skip[s.target]
	cut := errors.Is(played, context.Canceled) // says nothing about the target
	outcome, line := Passed, ""
	lacks := (*LeftOutError)(nil)
	switch {
	case errors.As(played, &lacks):
		outcome, line = LeftOut, fmt.Sprintf("%s: left out, as %v", c.Name, lacks)
	case played != nil && known && !cut:
		outcome, line = Known, fmt.Sprintf("%s, %s: %s", c.Name, failing(played), reason)
	case played != nil:
		outcome, line = Failed, fmt.Sprintf("%s, %s: failed", c.Name, failing(played))
	case known:
		outcome, line = Fixed, fmt.Sprintf("%s passes: drop its skip (%s)", c.Name, reason)
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.counts[outcome]++
	if line != "" {
		s.lines = append(s.lines, line)
	}
	return outcome
}

// failing names the step that failed.
func failing(played error) string {
	if at := (*StepError)(nil); errors.As(played, &at) {
		return at.Step.String()
	}
	return played.Error()
}

// String is one line with the counts, and one for each case that did not just pass, in the order of their names:
//
//	localstack: 40 passed, 1 known not to work on localstack
//	  dynamodb/query, step 7, request GET /dynamodb/orders/${unique}?next=${next}: base64Decode gives bytes there
func (s *Summary) String() string {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	var counts []string
	for outcome, words := range []string{"passed", "known not to work on " + s.target, "passed in spite of a skip", "left out", "failed"} {
		if n := s.counts[outcome]; n > 0 || outcome == int(Passed) {
			counts = append(counts, fmt.Sprintf("%d %s", n, words))
		}
	}
	text := fmt.Sprintf("%s: %s\n", s.target, strings.Join(counts, ", "))
	for _, line := range slices.Sorted(slices.Values(s.lines)) {
		text += "  " + line + "\n"
	}
	return text
}
