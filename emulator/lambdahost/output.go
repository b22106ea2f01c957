package lambdahost

import (
	"bytes"
	"io"
	"sync"
)

// lineWriter passes on whole lines, each with the function's label before it,
// so that the lines of several processes do not mix.
type lineWriter struct {
	to     io.Writer
	prefix string
	mu     sync.Mutex
	rest   []byte // of a line that has not ended
}

func newLineWriter(to io.Writer, label string) *lineWriter {
	return &lineWriter{to: to, prefix: "[" + label + "] "}
}

func (w *lineWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rest = append(w.rest, p...)
	end := bytes.LastIndexByte(w.rest, '\n')
	if end < 0 {
		return len(p), nil
	}
	w.emit(w.rest[:end])
	w.rest = append([]byte(nil), w.rest[end+1:]...)
	return len(p), nil
}

// flush passes on a last line without its end.
func (w *lineWriter) flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.rest) > 0 {
		w.emit(w.rest)
		w.rest = nil
	}
}

func (w *lineWriter) emit(lines []byte) {
	var text []byte
	for line := range bytes.SplitSeq(lines, []byte("\n")) {
		text = append(append(append(text, w.prefix...), line...), '\n')
	}
	w.to.Write(text) // the reader of the log may have gone
}

// sharedWriter makes one writer of many safe.
type sharedWriter struct {
	mu sync.Mutex
	to io.Writer
}

func (w *sharedWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.to.Write(p)
}
