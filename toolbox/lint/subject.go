package lint

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// Subject is what is examined: the mapping templates of an app with their
// integrations, or those of files.
type Subject struct {
	templates []*template
	app       *doctor.Subject // nil of files
	unread    []doctor.NotChecked
}

// template is one mapping template.
type template struct {
	parsed     *gateway.MappingTemplate // nil when err is set
	err        *vtl.Error
	isResponse bool            // its input is a backend's answer
	method     *gateway.Method // nil of a file
	name       string          // of one that stands in the CloudFormation template: "request template of GET /orders"
	where      func(line, column int) doctor.Where

	trial   *trial
	ignored []ignored
	faults  []fault // that were found
}

// fault is where a rule has found something.
type fault struct {
	rule         string
	line, column int
}

// isFaulty says whether a rule has found something at the line.
func (t *template) isFaulty(line int) bool {
	return slices.ContainsFunc(t.faults, func(f fault) bool { return f.line == line })
}

// place is a place of the template; what begins the finding if that does not
// tell the line.
func (t *template) place(line, column int) (where doctor.Where, what string) {
	where = t.where(line, column)
	if t.name == "" {
		return where, ""
	}
	if at, found := inBlock(where, line, column); found {
		return at, ""
	}
	return where, fmt.Sprintf("line %d, column %d of the %s: ", line, column, t.name)
}

// tried is the outcome of the template's trials.
func (t *template) tried() *trial {
	if t.trial == nil {
		t.trial = newTrial(t)
	}
	return t.trial
}

// NewSubject reads the mapping templates of an assembly.
func NewSubject(a *cfn.Assembly) *Subject {
	s := &Subject{app: doctor.NewSubject(a)}
	for _, m := range s.app.MappingTemplates() {
		t := &template{
			parsed: m.Parsed, err: m.Err, method: m.Method, where: m.Where,
			isResponse: strings.Contains(m.Property, "ResponseTemplates"), ignored: ignoredIn(m.Text),
		}
		if m.File == "" {
			t.name = "request template of " + m.Method.HTTPMethod + " " + m.Method.Resource.Path
			if t.isResponse {
				t.name = "response" + strings.TrimPrefix(t.name, "request")
			}
		}
		s.templates = append(s.templates, t)
	}
	return s
}

// NewSubjectOfFiles reads mapping templates from files, and from folders all
// that end in .vtl or .vm. What is answered by a backend is told by its name.
func NewSubjectOfFiles(paths []string) (*Subject, error) {
	s := &Subject{}
	for _, path := range paths {
		files, err := templatesBelow(path)
		if err != nil {
			return nil, err
		}
		if len(files) == 0 {
			return nil, fmt.Errorf("%s: there is no mapping template in it: no file ends in .vtl or .vm", path)
		}
		for _, file := range files {
			if err := s.addFile(file); err != nil {
				return nil, err
			}
		}
	}
	return s, nil
}

// templatesBelow is the path itself if it is a file.
func templatesBelow(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil || !info.IsDir() {
		return []string{path}, err
	}
	var found []string
	err = filepath.WalkDir(path, func(file string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && slices.Contains([]string{".vtl", ".vm"}, filepath.Ext(file)) {
			found = append(found, file)
		}
		return err
	})
	return found, err
}

func (s *Subject) addFile(file string) error {
	text, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	s.templates = append(s.templates, newFile(file, string(text)))
	return nil
}

func newFile(file, text string) *template {
	parsed, err := gateway.ParseMappingTemplate(file, text)
	name := strings.ToLower(filepath.Base(file))
	t := &template{
		parsed: parsed, ignored: ignoredIn(text),
		isResponse: strings.Contains(name, "response") || strings.Contains(name, "error"),
		where: func(line, column int) doctor.Where {
			return doctor.Where{File: cfn.Displayed(file), Line: line, Column: column}
		},
	}
	errors.As(err, &t.err)
	return t
}

// NewSubjectOfText is one template that lies in no file.
func NewSubjectOfText(name, text string) *Subject {
	return &Subject{templates: []*template{newFile(name, text)}}
}
