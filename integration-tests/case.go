package integrationtests

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/txtar"
)

// Case is a case file.
type Case struct {
	Name  string            // "sns/publish"
	Needs []string          // outputs without which the case can't be played
	Skip  map[string]string // target → why the case is known to fail there
	Steps []Step
	texts map[string]string // defined ones
}

// Step is an action with what it has to answer.
type Step struct {
	Number     int
	Eventually bool
	Verb       string // request, item, execution
	Argument   string // what stands behind the verb
	Header     []Line
	Body       string
	Expect     *Expectation
	Captures   []Capture
}

// Line is a header line.
type Line struct{ Name, Value string }

// Capture takes a value out of an answer.
type Capture struct{ Name, From, Path string }

// Load reads all cases of a file system, in the order of their names.
func Load(files fs.FS) ([]*Case, error) {
	var cases []*Case
	err := fs.WalkDir(files, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".txtar") {
			return err
		}
		data, err := fs.ReadFile(files, path)
		if err != nil {
			return err
		}
		c, err := Parse(strings.TrimSuffix(path, ".txtar"), data)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		cases = append(cases, c)
		return nil
	})
	return cases, err
}

var (
	needsLine = regexp.MustCompile(`^needs (\w+)$`)
	skipLine  = regexp.MustCompile(`^skip (\S+): (.+)$`)
)

// Parse reads one case file.
func Parse(name string, data []byte) (*Case, error) {
	archive := txtar.Parse(data)
	c := &Case{Name: name, Skip: map[string]string{}, texts: map[string]string{}}
	for line := range strings.Lines(string(archive.Comment)) {
		if err := c.head(strings.TrimSpace(line)); err != nil {
			return nil, err
		}
	}
	for _, section := range archive.Files {
		if err := c.add(section.Name, strings.TrimSuffix(string(section.Data), "\n")); err != nil {
			return nil, fmt.Errorf("-- %s --: %w", section.Name, err)
		}
	}
	for _, step := range c.Steps {
		if step.Expect == nil {
			return nil, fmt.Errorf("-- %s %s -- expects nothing", step.Verb, step.Argument)
		}
	}
	if len(c.Steps) == 0 {
		return nil, fmt.Errorf("no section with an action")
	}
	return c, nil
}

// head takes one line of the head in, which is free text but for needs and skips.
func (c *Case) head(line string) error {
	if needs := needsLine.FindStringSubmatch(line); needs != nil {
		c.Needs = append(c.Needs, needs[1])
		return nil
	}
	if !strings.HasPrefix(line, "skip ") {
		return nil
	}
	skip := skipLine.FindStringSubmatch(line)
	switch {
	case skip == nil:
		return fmt.Errorf("%q: want skip TARGET: reason", line)
	case skip[1] == Local:
		return fmt.Errorf("%q: the local gateway has to pass every case", line)
	case !slices.Contains(Targets, skip[1]):
		return fmt.Errorf("%q: unknown target; use %s", line, strings.Join(Targets[1:], " or "))
	}
	c.Skip[skip[1]] = skip[2]
	return nil
}

// add takes one section in.
func (c *Case) add(title, text string) error {
	verb, argument, _ := strings.Cut(title, " ")
	eventually := verb == "eventually"
	if eventually {
		verb, argument, _ = strings.Cut(argument, " ")
	}
	switch verb {
	case "define":
		return c.define(argument, text)
	case "request", "item", "execution":
		header, body := split(text)
		c.Steps = append(c.Steps, Step{Number: len(c.Steps) + 1, Eventually: eventually, Verb: verb, Argument: argument, Header: header, Body: body})
		return nil
	}
	if len(c.Steps) == 0 {
		return fmt.Errorf("%s without an action before", verb)
	}
	step := &c.Steps[len(c.Steps)-1]
	switch verb {
	case "expect":
		return step.expect(argument, text)
	case "capture":
		return step.capture(text)
	}
	return fmt.Errorf("unknown section: use define, request, item, execution, expect or capture")
}

// define repeats a text as its title says: "NAME", "NAME TIMES" or "NAME TIMES SEPARATOR".
func (c *Case) define(argument, text string) error {
	words := strings.Fields(argument)
	if len(words) == 0 || len(words) > 3 {
		return fmt.Errorf("want define NAME [TIMES [SEPARATOR]]")
	}
	times, separator := 1, ""
	if len(words) > 1 {
		n, err := strconv.Atoi(words[1])
		if err != nil || n < 1 {
			return fmt.Errorf("times %q: want a number", words[1])
		}
		times = n
	}
	if len(words) > 2 {
		separator = words[2]
	}
	parts := make([]string, times)
	for i := range parts {
		parts[i] = strings.ReplaceAll(text, "${n}", strconv.Itoa(i+1))
	}
	c.texts[words[0]] = strings.Join(parts, separator)
	return nil
}

func (s *Step) expect(argument, text string) error {
	if s.Expect != nil {
		return fmt.Errorf("a second expectation for one action")
	}
	status := 200
	if argument != "" {
		n, err := strconv.Atoi(argument)
		if err != nil {
			return fmt.Errorf("status %q: want a number", argument)
		}
		status = n
	}
	header, body := split(text)
	s.Expect = &Expectation{Status: status, Header: header, Body: body}
	return nil
}

var captureLine = regexp.MustCompile(`^(\w+) = (body|element|header) (\S+)$`)

func (s *Step) capture(text string) error {
	for line := range strings.Lines(text) {
		m := captureLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			return fmt.Errorf("%q: want name = body|element|header path", line)
		}
		s.Captures = append(s.Captures, Capture{m[1], m[2], m[3]})
	}
	return nil
}

var headerLine = regexp.MustCompile(`^(!?[A-Za-z0-9-]+):\s*(.*)$`)

// split parts header lines from the body behind the first empty line. A text that does not begin with a header line
// is all body.
func split(text string) ([]Line, string) {
	var header []Line
	rest := text
	for rest != "" {
		line, after, _ := strings.Cut(rest, "\n")
		m := headerLine.FindStringSubmatch(line)
		switch {
		case m != nil:
			header = append(header, Line{m[1], m[2]})
			rest = after
			continue
		case line == "":
			return header, after
		case header == nil:
			return nil, text
		}
		break
	}
	return header, rest
}
