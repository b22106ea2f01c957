package compare

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// widthOfFile is how long lines are where no terminal limits them.
const widthOfFile = 160

// WriteText writes the report for people: what differs side by side, what could not be compared, and a summary, in lines
// that fit the terminal.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) {
	t.Width = cmp.Or(t.Width, widthOfFile)
	fmt.Fprintf(w, "local     %s\ndeployed  %s\n\n", r.Local, r.Deployed)
	common := r.common()
	common.text(w, t)
	for _, c := range r.Cases {
		c.text(w, t, common)
	}
	r.incomparable(w)
	s := r.Summary
	different := fmt.Sprintf("%d different", s.Different)
	if s.Different > 0 {
		different = t.Bad(different)
	}
	fmt.Fprintf(w, "%d cases, %d steps: %d same, %s, %d not comparable\n", s.Cases, s.Steps, s.Same, different, s.NotComparable)
	if s.Unexpected > 0 {
		fmt.Fprintf(w, "%d of the same are not as their cases expect\n", s.Unexpected)
	}
	if r.CleanUp != "" {
		fmt.Fprintln(w, r.CleanUp)
	}
}

// repeated are differences of headers that come again in many steps, each with how many: they are shown once.
type repeated map[string]*repeatedHeader

type repeatedHeader struct {
	Difference
	steps int
}

// many is from how many steps on a difference is shown once.
const many = 4

func (r *Report) common() repeated {
	all := repeated{}
	for _, c := range r.Cases {
		for _, step := range c.Steps {
			for _, d := range step.Differences {
				if all[d.key()] == nil {
					all[d.key()] = &repeatedHeader{Difference: d}
				}
				all[d.key()].steps++
			}
		}
	}
	maps.DeleteFunc(all, func(_ string, d *repeatedHeader) bool { return d.Part != "header" || d.steps < many })
	return all
}

func (d Difference) key() string { return compact(d) }

func (r repeated) text(w io.Writer, t terminal.Terminal) {
	if len(r) == 0 {
		return
	}
	all := slices.SortedFunc(maps.Values(r), func(a, b *repeatedHeader) int {
		return cmp.Or(cmp.Compare(b.steps, a.steps), cmp.Compare(a.At, b.At))
	})
	var rows []Difference
	for _, d := range all {
		row := d.Difference
		row.At += fmt.Sprintf(", %d steps", d.steps)
		rows = append(rows, row)
	}
	fmt.Fprintln(w, t.Title("in many steps"))
	table(w, t.Width, rows)
	fmt.Fprintln(w)
}

// text writes what differs in a case and is not among what comes in many steps.
func (c *CaseReport) text(w io.Writer, t terminal.Terminal, common repeated) {
	shown := false
	for _, step := range c.Steps {
		rest := slices.DeleteFunc(slices.Clone(step.Differences), func(d Difference) bool { return common[d.key()] != nil })
		if len(rest) == 0 {
			continue
		}
		if !shown {
			fmt.Fprintln(w, t.Title(c.Name))
			shown = true
		}
		fmt.Fprintf(w, "  step %d, %s: %s\n", step.Number, step.Action, step.Unmet)
		table(w, t.Width, rest)
		step.Why.text(w)
	}
	if shown {
		fmt.Fprintln(w)
	}
}

func (y Why) text(w io.Writer) {
	for _, side := range []struct{ name, reason string }{{"local", y.Local}, {"deployed", y.Deployed}} {
		if side.reason != "" {
			fmt.Fprintf(w, "%s%s: %s\n", indent, side.name, strings.ReplaceAll(side.reason, "\n", "\n"+indent+"  "))
		}
	}
}

// String says who answers as the case expects.
func (u Unmet) String() string {
	switch local, deployed := len(u.Local) == 0, len(u.Deployed) == 0; {
	case local && deployed:
		return "the case takes both"
	case local:
		return "the case expects the local answer"
	case deployed:
		return "the case expects the deployed answer"
	}
	return "the case expects neither"
}

// Widths of a table's columns.
const (
	indent      = "    "
	leastCell   = 16
	tallestCell = 8 // lines
)

// table writes differences side by side.
func table(w io.Writer, width int, differences []Difference) {
	where := 0
	for _, d := range differences {
		where = max(where, len(d.where()))
	}
	where = min(where, width/4)
	cell := max(leastCell, (width-len(indent)-where-len("  ")-len(" │ "))/2)
	row := func(name, local, deployed string) {
		line := fmt.Sprintf("%s%-*s  %-*s │ %s", indent, where, name, cell, local, deployed)
		fmt.Fprintln(w, strings.TrimRight(line, " "))
	}
	row("", "local", "deployed")
	for _, d := range differences {
		name := d.where()
		if len(name) > where {
			fmt.Fprintln(w, indent+name)
			name = ""
		}
		local, deployed := lines(d.Local, cell), lines(d.Deployed, cell)
		for i := range max(len(local), len(deployed)) {
			row(name, at(local, i), at(deployed, i))
			name = ""
		}
	}
}

func (d Difference) where() string { return strings.TrimSuffix(d.Part+" "+d.At, " ") }

// lines breaks a text into lines of at most width characters.
func lines(text *string, width int) []string {
	if text == nil {
		return []string{"(none)"}
	}
	var all []string
	for line := range strings.SplitSeq(*text, "\n") {
		chunks := slices.Collect(slices.Chunk([]rune(line), width))
		for i := range max(1, len(chunks)) {
			all = append(all, string(at(chunks, i)))
		}
	}
	if len(all) > tallestCell {
		all = append(all[:tallestCell], "…")
	}
	return all
}

// at is the element at i, if there is one.
func at[T any](list []T, i int) T {
	var none T
	if i < len(list) {
		return list[i]
	}
	return none
}

// incomparable lists the steps that could not be compared, by reason.
func (r *Report) incomparable(w io.Writer) {
	places := map[string][]string{}
	for _, c := range r.Cases {
		steps := map[string][]string{}
		for _, step := range c.Steps {
			if step.Verdict == NotComparable {
				steps[step.Reason] = append(steps[step.Reason], strconv.Itoa(step.Number))
			}
		}
		for reason, numbers := range steps {
			places[reason] = append(places[reason], fmt.Sprintf("%s (%s)", c.Name, strings.Join(numbers, ", ")))
		}
	}
	if len(places) == 0 {
		return
	}
	fmt.Fprintln(w, "not comparable, by cases and (steps)")
	for _, reason := range slices.Sorted(maps.Keys(places)) {
		fmt.Fprintf(w, "  %s:\n%s%s\n", reason, indent, strings.Join(places[reason], ", "))
	}
	fmt.Fprintln(w)
}
