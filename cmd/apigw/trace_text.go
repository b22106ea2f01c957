package main

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// traceWriter shows people traces as they come. It is safe for concurrent use.
type traceWriter struct {
	terminal terminal.Terminal
	whole    bool // headers, bodies and every value too

	mu  sync.Mutex
	out io.Writer
}

// request writes a line for a request, and the log of one that failed; what
// the client or the endpoint said only if the whole is asked for.
func (w *traceWriter) request(t *trace.Trace) {
	var b strings.Builder
	b.WriteString(w.line(t))
	if _, failed := t.Failure(); failed || w.whole {
		w.entries(&b, t)
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	io.WriteString(w.out, b.String()) // a terminal that is gone hears nothing
}

// line is a request in short: "14:03:07 GET /prod/mock 200 1.2ms MOCK".
func (w *traceWriter) line(t *trace.Trace) string {
	color := w.terminal.Good
	switch {
	case t.Status >= 500:
		color = w.terminal.Bad
	case t.Status >= 400:
		color = w.terminal.Warning
	}
	line := fmt.Sprintf("%s %s %s %s %s %s", w.terminal.Aside(t.Time.Format(time.TimeOnly)), printable(t.Method), printable(t.Path),
		color(fmt.Sprint(t.Status)), took(t.Latency), w.terminal.Aside(t.Integration))
	return strings.TrimRight(line, " ") + "\n"
}

func (w *traceWriter) entries(b *strings.Builder, t *trace.Trace) {
	kinds := []trace.EntryKind{trace.Words, trace.Note}
	if w.whole {
		kinds = append(kinds, trace.Payload, trace.Detail)
	}
	for _, e := range t.Entries(kinds...) {
		text := strings.ReplaceAll(printable(strings.TrimRight(e.Text, "\n")), "\n", "\n           ")
		switch e.Kind {
		case trace.Note:
			text = "· " + text
		case trace.Detail:
			text = w.terminal.Aside("  " + text)
		}
		fmt.Fprintf(b, "%s %s\n", w.terminal.Aside(fmt.Sprintf("%10s", "+"+took(e.Time.Sub(t.Time)))), text)
	}
}

func took(d time.Duration) string {
	if d < 10*time.Millisecond {
		return d.Round(10 * time.Microsecond).String()
	}
	return d.Round(time.Millisecond).String()
}

// printable escapes what would command the terminal, or change the order in
// which it shows text.
func printable(text string) string {
	if utf8.ValidString(text) && !strings.ContainsFunc(text, isCommand) {
		return text
	}
	var b strings.Builder
	for _, c := range text { // what is no character is U+FFFD
		if isCommand(c) {
			fmt.Fprintf(&b, "\\u%04x", c)
			continue
		}
		b.WriteRune(c)
	}
	return b.String()
}

func isCommand(c rune) bool {
	return unicode.IsControl(c) && c != '\n' && c != '\t' || unicode.Is(unicode.Bidi_Control, c)
}
