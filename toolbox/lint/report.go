package lint

import (
	"fmt"
	"io"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/plural"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// WriteText writes a line that editors can follow for each finding, and what to
// do below it; then what was not checked, and a line that sums up.
func (r *Report) WriteText(w io.Writer, t terminal.Terminal) error {
	var out strings.Builder
	for _, f := range r.Findings {
		fmt.Fprintf(&out, "%s: %s %s  %s\n", place(f.Where), f.Severity.Colored(t), f.Rule, t.Title(f.What))
		fmt.Fprintf(&out, "  %s  %s\n", t.Aside("why"), f.Why)
		fmt.Fprintf(&out, "  %s  %s\n\n", t.Aside("fix"), f.Fix)
	}
	for _, n := range r.NotChecked {
		fmt.Fprintf(&out, "not checked  %s: %s\n", place(n.Where), n.Reason)
	}
	fmt.Fprintf(&out, "%s: %s, %s, %s\n", plural.Of(r.Templates, "mapping template"),
		plural.Of(r.Count(doctor.Error), "error"), plural.Of(r.Count(doctor.Warning), "warning"), plural.Of(r.Count(doctor.Note), "note"))
	_, err := io.WriteString(w, out.String())
	return err
}

// WriteGitHub writes the findings as the commands that GitHub shows beside the
// lines of a pull request.
// https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands
func (r *Report) WriteGitHub(w io.Writer) error {
	var out strings.Builder
	for _, f := range r.Findings {
		command := map[doctor.Severity]string{doctor.Error: "error", doctor.Warning: "warning", doctor.Note: "notice"}[f.Severity]
		properties := []string{"title=" + inProperty.Replace(f.Rule)}
		if f.Where.File != "" {
			properties = append(properties, "file="+inProperty.Replace(f.Where.File))
		}
		if f.Where.Line > 0 {
			properties = append(properties, fmt.Sprintf("line=%d", f.Where.Line))
		}
		if f.Where.Column > 0 {
			properties = append(properties, fmt.Sprintf("col=%d", f.Where.Column))
		}
		fmt.Fprintf(&out, "::%s %s::%s\n", command, strings.Join(properties, ","), inMessage.Replace(f.What+"\n"+f.Fix))
	}
	_, err := io.WriteString(w, out.String())
	return err
}

var (
	inMessage  = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	inProperty = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

// place is "file:line:column"; what has no file is named by its resource.
func place(w doctor.Where) string {
	if w.File == "" {
		return w.String()
	}
	text := w.File
	for _, number := range []int{w.Line, w.Column} {
		if number > 0 {
			text += fmt.Sprintf(":%d", number)
		}
	}
	if w.Column == 0 && w.Resource != "" {
		text += " (" + doctor.Where{Stack: w.Stack, Resource: w.Resource, Property: w.Property}.String() + ")"
	}
	return text
}
