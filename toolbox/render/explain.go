package render

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// What Explain shows of a reference in many rounds, and of a long value.
const (
	shownRounds     = 5
	shownCharacters = 160
)

// Explain writes the lines of the template, below each the references with
// their values in the order of their evaluation. A line that was not rendered
// is marked by a minus.
func (t *Template) Explain(w io.Writer, terminal terminal.Terminal, r *Result) error {
	if r.Observation == nil {
		return nil
	}
	byLine := map[int][]*explained{}
	for _, ref := range r.References {
		byLine[ref.Line] = explain(byLine[ref.Line], ref)
	}
	missed := map[int]bool{}
	for _, line := range r.Coverage.Lines {
		missed[line.Line] = !line.Reached
	}
	var out strings.Builder
	number := 0
	width := len(strconv.Itoa(strings.Count(t.Text, "\n") + 1))
	for line := range strings.Lines(t.Text) {
		number++
		mark := "|"
		if missed[number] {
			mark = terminal.Warning("-")
		}
		out.WriteString(strings.TrimRight(fmt.Sprintf("%*d %s %s", width, number, mark, line), " \r\n") + "\n")
		for _, e := range byLine[number] {
			text := e.String()
			if e.Null {
				text = terminal.Warning(text)
			}
			fmt.Fprintf(&out, "%*s |   %s\n", width, "", text)
		}
	}
	if r.Dropped > 0 {
		fmt.Fprintf(&out, "and %d references more\n", r.Dropped)
	}
	_, err := io.WriteString(w, out.String())
	return err
}

// explained is a reference with its values, round by round.
type explained struct {
	vtl.ObservedReference
	values []string
}

func explain(all []*explained, ref vtl.ObservedReference) []*explained {
	i := slices.IndexFunc(all, func(e *explained) bool {
		return e.Column == ref.Column && e.Text == ref.Text && e.Set == ref.Set
	})
	if i < 0 {
		all = append(all, &explained{ObservedReference: ref})
		i = len(all) - 1
	}
	all[i].values = append(all[i].values, shown(ref))
	return all
}

func (e *explained) String() string {
	values := e.values
	rest := ""
	if len(values) > shownRounds {
		rest = fmt.Sprintf(" and %d more", len(values)-shownRounds)
		values = values[:shownRounds]
	}
	verb := "is"
	if e.Set {
		verb = "="
	}
	return fmt.Sprintf("%s %s %s%s", e.Text, verb, strings.Join(values, ", "), rest)
}

// shown is a value on one line. Texts are quoted where they could be taken for
// something else.
func shown(ref vtl.ObservedReference) string {
	switch {
	case ref.Null && ref.Set:
		return "null, so it stays as it was"
	case ref.NullFrom != "":
		return "null (from " + ref.NullFrom + " on)"
	case ref.Null:
		return "null"
	}
	value := ref.Value
	if short := []rune(value); len(short) > shownCharacters {
		value = string(short[:shownCharacters]) + "…"
	}
	if value == "" || value == "null" || strings.TrimSpace(value) != value || strings.ContainsAny(value, "\n\r\t") {
		value = strconv.Quote(value)
	}
	return value
}
