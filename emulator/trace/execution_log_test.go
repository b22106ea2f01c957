package trace_test

import (
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

func TestTemplatesAreRenderedAgainForDetailsOnly(t *testing.T) {
	for _, test := range []struct {
		name     string
		kinds    []trace.EntryKind
		entries  int
		rendered bool
	}{
		{"what a failure prints", []trace.EntryKind{trace.Words, trace.Note}, 2, false},
		{"what the service logs", []trace.EntryKind{trace.Words, trace.Payload}, 1, false},
		{"all", []trace.EntryKind{trace.Words, trace.Payload, trace.Note, trace.Detail}, 3, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			written, rendered := numbered(1, 0), false
			written.Add(trace.Template{Side: "request", Name: "t.vtl", Explain: func() []trace.Read {
				rendered = true
				return []trace.Read{{Text: "$a", Value: "1"}}
			}}, written.Time)
			if got := written.Entries(test.kinds...); len(got) != test.entries || rendered != test.rendered {
				t.Errorf("%d entries, rendered again: %v: %v", len(got), rendered, got)
			}
		})
	}
}
