package trace

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Entry is one entry of the execution log. Its text may have several lines.
type Entry struct {
	Time time.Time
	Text string
	Kind EntryKind
}

// EntryKind says what an entry holds.
type EntryKind int

// The kinds of entries. Words are the service's, of the way that a request
// takes; Payload too, with headers or a body in it. Note and Detail are this
// gateway's own: what the service's log leaves out. For Detail templates are
// rendered again, to tell what they read.
const (
	Words   EntryKind = iota
	Payload           // headers or a body
	Note              // decisions
	Detail            // every value
)

// log collects the entries that the events write.
type log struct {
	trace   *Trace
	now     time.Time
	kinds   []EntryKind // that are asked for
	entries []Entry
}

func (l *log) wants(kind EntryKind) bool { return slices.Contains(l.kinds, kind) }

func (l *log) add(kind EntryKind, text string) {
	if l.wants(kind) {
		l.entries = append(l.entries, Entry{l.now, text, kind})
	}
}

func (l *log) say(text string)                 { l.add(Words, text) }
func (l *log) payload(text string)             { l.add(Payload, text) }
func (l *log) tell(format string, args ...any) { l.add(Note, fmt.Sprintf(format, args...)) }
func (l *log) detail(format string, args ...any) {
	l.add(Detail, fmt.Sprintf(format, args...))
}
func (l *log) completed(status int) { l.say("Method completed with status: " + strconv.Itoa(status)) }

// Entries are those of these kinds, not cut anywhere, secrets masked.
func (t *Trace) Entries(kinds ...EntryKind) []Entry {
	l := &log{trace: t, now: t.Time, kinds: kinds}
	l.say("Execution log for request " + t.ID)
	for _, s := range t.events {
		l.now = t.Time.Add(s.after)
		s.event.write(l)
	}
	masking := t.masking()
	for i := range l.entries {
		l.entries[i].Text = masking.text(l.entries[i].Text)
	}
	return l.entries
}

// entryTime is how the service writes when an entry was made.
const entryTime = "Mon Jan 02 15:04:05 UTC 2006 : "

// ExecutionLog is the log as TestInvokeMethod returns it: the service's words
// only, but not cut after 1,024 bytes an entry (rule 103).
func (t *Trace) ExecutionLog() string {
	var b strings.Builder
	for i, e := range t.Entries(Words, Payload) {
		if i > 0 { // the first entry has no time
			b.WriteString(e.Time.UTC().Format(entryTime))
		}
		b.WriteString(e.Text)
		b.WriteByte('\n')
	}
	return b.String()
}
