package integrationtests

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSummary(t *testing.T) {
	wrong := &StepError{Step{Number: 2, Verb: "request", Argument: "GET /x?next=${next}"}, errors.New("status: got 500, want 200\nanswer: 500")}
	broken := map[string]string{LocalStack: "it knows no x"}
	played := []struct {
		c       *Case
		err     error
		outcome Outcome
	}{
		{&Case{Name: "d/failed"}, wrong, Failed},
		{&Case{Name: "c/known", Skip: broken}, wrong, Known},
		{&Case{Name: "f/interrupted", Skip: broken}, &StepError{Step{Number: 1, Verb: "execution", Argument: "x"}, context.Canceled}, Failed},
		{&Case{Name: "e/left out", Skip: broken}, &LeftOutError{"XTableName"}, LeftOut},
		{&Case{Name: "b/fixed", Skip: broken}, nil, Fixed},
		{&Case{Name: "a/passed"}, nil, Passed},
		{&Case{Name: "a/skipped elsewhere", Skip: map[string]string{AWS: "x"}}, nil, Passed},
	}
	summary := NewSummary(LocalStack)
	for _, p := range played {
		if outcome := summary.Add(p.c, p.err); outcome != p.outcome {
			t.Errorf("%s: got %d, want %d", p.c.Name, outcome, p.outcome)
		}
	}
	want := `localstack: 2 passed, 1 known not to work on localstack, 1 passed in spite of a skip, 1 left out, 2 failed
  b/fixed passes: drop its skip (it knows no x)
  c/known, step 2, request GET /x?next=${next}: it knows no x
  d/failed, step 2, request GET /x?next=${next}: failed
  e/left out: left out, as no stack has the output XTableName
  f/interrupted, step 1, execution x: failed
`
	if diff := cmp.Diff(want, summary.String()); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}
