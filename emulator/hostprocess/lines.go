package hostprocess

import (
	"bytes"
	"io"
	"sync"
)

// Lines passes on whole lines, each with a label before it, so that the lines
// of several processes do not mix.
type Lines struct {
	to     io.Writer
	prefix string
	mu     sync.Mutex
	rest   []byte // of a line that has not ended
}

// NewLines labels lines "[label] …". The writer must be safe for several users.
func NewLines(to io.Writer, label string) *Lines {
	return &Lines{to: to, prefix: "[" + label + "] "}
}

// Write never fails: the reader of the lines may have gone.
func (l *Lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rest = append(l.rest, p...)
	end := bytes.LastIndexByte(l.rest, '\n')
	if end < 0 {
		return len(p), nil
	}
	l.pass(l.rest[:end])
	l.rest = bytes.Clone(l.rest[end+1:])
	return len(p), nil
}

// Flush passes on a last line that has no end.
func (l *Lines) Flush() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.rest) > 0 {
		l.pass(l.rest)
		l.rest = nil
	}
}

func (l *Lines) pass(lines []byte) {
	var text []byte
	for line := range bytes.SplitSeq(lines, []byte("\n")) {
		text = append(append(append(text, l.prefix...), line...), '\n')
	}
	l.to.Write(text)
}

// Shared makes a writer safe for several users.
func Shared(to io.Writer) io.Writer { return &shared{to: to} }

type shared struct {
	mu sync.Mutex
	to io.Writer
}

func (s *shared) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.to.Write(p)
}
