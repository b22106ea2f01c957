package mappingtest

import (
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/internal/plural"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// Options are what Run does besides playing all cases.
type Options struct {
	Only   *regexp.Regexp // names of the cases to play; nil: all
	Update bool           // write what the cases expect anew
}

// Report is what became of the cases of templates.
type Report struct {
	Templates []*TemplateReport `json:"templates"`
	Cases     int               `json:"cases"`
	Failed    int               `json:"failed"` // cases
	Broken    int               `json:"broken"` // templates that can't be parsed, or have faulty cases
	Coverage  Percentages       `json:"coverage"`
}

// TemplateReport is what became of the cases of one template.
type TemplateReport struct {
	Template string        `json:"template"` // its file
	Error    string        `json:"error,omitempty"`
	Cases    []*CaseReport `json:"cases"`
	Coverage Percentages   `json:"coverage"`
	Missed   Missed        `json:"missed,omitzero"` // by all of the cases
}

// CaseReport is what became of one case.
type CaseReport struct {
	Name     string    `json:"name"`
	Updated  bool      `json:"updated,omitempty"`
	Failures []Failure `json:"failures,omitempty"`
}

// Missed is what no case reached.
type Missed struct {
	Lines    []int               `json:"lines"`
	Branches []vtl.CoveredBranch `json:"branches"`
}

// Percentages are how much of templates the cases reached.
type Percentages struct {
	Lines    Share `json:"lines"`
	Branches Share `json:"branches"`
}

// Share is how many of all were reached.
type Share struct {
	Reached int `json:"reached"`
	All     int `json:"all"`
}

func (s Share) String() string {
	if s.All == 0 {
		return "100%"
	}
	return fmt.Sprintf("%d%%", s.Reached*100/s.All)
}

func (s *Share) add(reached bool) {
	s.All++
	if reached {
		s.Reached++
	}
}

// Run plays the cases of the templates in these files.
func Run(templates []string, o Options) (*Report, error) {
	r := &Report{}
	for _, template := range templates {
		one := &TemplateReport{Template: template, Cases: []*CaseReport{}}
		r.Templates = append(r.Templates, one)
		f, err := Read(template)
		if err != nil {
			one.Error = err.Error()
			r.Broken++
			continue
		}
		if err := one.play(f, o); err != nil {
			return nil, err
		}
		r.count(one)
	}
	return r, nil
}

func (r *TemplateReport) play(f *File, o Options) error {
	covered := f.Template.Coverage()
	for _, c := range f.Cases {
		if o.Only != nil && !o.Only.MatchString(c.Name) {
			continue
		}
		one := &CaseReport{Name: c.Name}
		r.Cases = append(r.Cases, one)
		got := f.Template.Render(c.Input)
		if got.Observation != nil {
			covered.Add(got.Coverage)
		}
		one.Failures = c.Check(got)
		if o.Update && len(one.Failures) > 0 && f.Update(c, got) == nil {
			one.Updated, one.Failures = true, c.Check(got)
		}
	}
	r.cover(covered)
	if slices.ContainsFunc(r.Cases, func(c *CaseReport) bool { return c.Updated }) {
		return f.Write()
	}
	return nil
}

func (r *TemplateReport) cover(c vtl.Coverage) {
	r.Missed = Missed{Lines: []int{}, Branches: []vtl.CoveredBranch{}}
	for _, line := range c.Lines {
		r.Coverage.Lines.add(line.Reached)
		if !line.Reached {
			r.Missed.Lines = append(r.Missed.Lines, line.Line)
		}
	}
	for _, branch := range c.Branches {
		r.Coverage.Branches.add(branch.Reached)
		if !branch.Reached {
			r.Missed.Branches = append(r.Missed.Branches, branch)
		}
	}
}

func (r *Report) count(one *TemplateReport) {
	r.Cases += len(one.Cases)
	for _, c := range one.Cases {
		if len(c.Failures) > 0 {
			r.Failed++
		}
	}
	for _, part := range []struct{ of, whole *Share }{
		{&one.Coverage.Lines, &r.Coverage.Lines}, {&one.Coverage.Branches, &r.Coverage.Branches},
	} {
		part.whole.Reached += part.of.Reached
		part.whole.All += part.of.All
	}
}

// Passed says whether every case is as it expects to be.
func (r *Report) Passed() bool { return r.Failed == 0 && r.Broken == 0 }

// WriteText writes a line for each template, below it what failed and what no
// case reached, and ends in a line that sums up.
func (r *Report) WriteText(w io.Writer, terminal terminal.Terminal) error {
	var out strings.Builder
	width := 0
	for _, t := range r.Templates {
		width = max(width, len(t.Template))
	}
	for _, t := range r.Templates {
		t.text(&out, terminal, width)
	}
	failed := terminal.Good("all pass")
	if !r.Passed() {
		failed = terminal.Bad(fmt.Sprintf("%d failed, %s broken", r.Failed, plural.Of(r.Broken, "template")))
	}
	fmt.Fprintf(&out, "%s, %s: %s; %s of the lines reached, %s of the branches\n",
		plural.Of(len(r.Templates), "template"), plural.Of(r.Cases, "case"), failed, r.Coverage.Lines, r.Coverage.Branches)
	_, err := io.WriteString(w, out.String())
	return err
}

func (r *TemplateReport) text(out *strings.Builder, t terminal.Terminal, width int) {
	if r.Error != "" {
		fmt.Fprintf(out, "%s  %s\n%s\n", t.Bad("FAIL"), r.Template, indent(r.Error))
		return
	}
	verdict := t.Good("ok  ")
	var details []string
	for _, c := range r.Cases {
		if c.Updated {
			details = append(details, "updated "+c.Name)
		}
		for _, failure := range c.Failures {
			verdict = t.Bad("FAIL")
			details = append(details, fmt.Sprintf("%s: %s\n%s", c.Name, failure.Part, indent(failure.Message)))
		}
	}
	if len(r.Cases) == 0 {
		verdict = t.Warning("none")
	}
	if len(r.Missed.Lines) > 0 {
		details = append(details, "lines not reached: "+ranges(r.Missed.Lines))
	}
	for _, b := range r.Missed.Branches {
		details = append(details, fmt.Sprintf("not taken: %s:%d:%d %s", r.Template, b.Line, b.Column, b.Name))
	}
	fmt.Fprintf(out, "%s  %-*s  %9s  lines %4s  branches %4s\n",
		verdict, width, r.Template, plural.Of(len(r.Cases), "case"), r.Coverage.Lines, r.Coverage.Branches)
	for _, detail := range details {
		out.WriteString(indent(detail) + "\n")
	}
}

func indent(text string) string { return "      " + strings.ReplaceAll(text, "\n", "\n      ") }

// ranges writes sorted numbers, those in a row as 3-5.
func ranges(numbers []int) string {
	var parts []string
	for i := 0; i < len(numbers); {
		first := numbers[i]
		for i++; i < len(numbers) && numbers[i] == numbers[i-1]+1; i++ {
		}
		if last := numbers[i-1]; last > first {
			parts = append(parts, fmt.Sprintf("%d-%d", first, last))
		} else {
			parts = append(parts, fmt.Sprint(first))
		}
	}
	return strings.Join(parts, ", ")
}
