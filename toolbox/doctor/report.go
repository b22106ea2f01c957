package doctor

import (
	"fmt"
	"io"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/plural"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// WriteText writes the findings for people, the gravest first, then what was not
// checked, and ends in a line that sums up.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) error {
	var out strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s %s  %s\n", f.Severity.Colored(t), f.Rule, t.Title(f.What))
		for _, line := range []struct{ name, text string }{{"where", f.Where.String()}, {"why", f.Why}, {"fix", f.Fix}, {"see", f.Doc}} {
			fmt.Fprintf(&out, "  %s  %s\n", t.Aside(fmt.Sprintf("%-5s", line.name)), line.text)
		}
		out.WriteByte('\n')
	}
	r.writeNotChecked(&out)
	fmt.Fprintf(&out, "%d rules: %s, %s, %s\n", r.Rules,
		plural.Of(r.Count(Error), "error"), plural.Of(r.Count(Warning), "warning"), plural.Of(r.Count(Note), "note"))
	_, err := io.WriteString(w, out.String())
	return err
}

// Colored is the severity as a terminal shows it.
func (s Severity) Colored(t terminal.Terminal) string {
	switch s {
	case Error:
		return t.Bad(string(s))
	case Warning:
		return t.Warning(string(s))
	}
	return string(s)
}

// writeNotChecked names each reason once.
func (r *Report) writeNotChecked(out *strings.Builder) {
	for i := 0; i < len(r.NotChecked); {
		first := r.NotChecked[i]
		var places []string
		for ; i < len(r.NotChecked) && r.NotChecked[i].Rule == first.Rule && r.NotChecked[i].Reason == first.Reason; i++ {
			places = append(places, r.NotChecked[i].Where.String())
		}
		out.WriteString("not checked")
		if first.Rule != "" {
			out.WriteString(" " + first.Rule)
		}
		fmt.Fprintf(out, "  %s\n", first.Reason)
		if places[0] != "" {
			fmt.Fprintf(out, "  where  %s\n", some(places))
		}
	}
	if len(r.NotChecked) > 0 {
		out.WriteByte('\n')
	}
}
