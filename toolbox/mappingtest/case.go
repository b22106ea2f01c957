// Package mappingtest plays the cases that lie beside mapping templates, and
// measures which lines and branches of the templates they reach.
//
// request.txtar holds the cases of request.vtl. A case is a group of sections
// that begin with its name:
//
//	name/body.json       what $input.body is, without the last line break
//	name/input.json      "body" as a JSON string; "params", "context", "stageVariables"
//	name/before.vtl      a template that is rendered before, for its overrides
//	name/output.json     what the template renders; .json and .xml must be well-formed
//	name/overrides.json  what is in $context.requestOverride and .responseOverride then
//
// An input.json without a name is for all cases of the file. Extensions but
// those of output are free.
package mappingtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// File is the cases of one template.
type File struct {
	Name     string // "mappings/sns/request.txtar"
	Template *render.Template
	Cases    []*Case

	archive *txtar.Archive
	input   []byte // of all cases
}

// Case is one rendering, and what is expected of it.
type Case struct {
	Name  string
	Input render.Input

	Output    *string // with a line break at its end; nil: not written yet
	Form      string  // extension of the output section
	Overrides map[string]any
}

// CasesOf is the file for the cases of a template.
func CasesOf(template string) string {
	return strings.TrimSuffix(template, path.Ext(template)) + ".txtar"
}

// Read reads the cases of the template in a file, none where there are none. A
// fault of the template's text is a *render.Problem.
func Read(template string) (*File, error) {
	parsed, err := render.Open(template)
	if err != nil {
		return nil, err
	}
	f := &File{Name: CasesOf(template), Template: parsed, archive: &txtar.Archive{}, input: []byte("{}")}
	data, err := os.ReadFile(f.Name)
	if errors.Is(err, os.ErrNotExist) {
		return f, nil
	}
	if err != nil {
		return nil, err
	}
	f.archive = txtar.Parse(data)
	for _, section := range f.archive.Files {
		if err := f.add(section); err != nil {
			return nil, fmt.Errorf("%s: section %s: %w", f.Name, section.Name, err)
		}
	}
	return f, nil
}

// Case is the case of a name; nil when there is none.
func (f *File) Case(name string) *Case {
	for _, c := range f.Cases {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// NewCase adds a case that has the input of all cases.
func (f *File) NewCase(name string) (*Case, error) {
	c := &Case{Name: name}
	if err := decode(f.input, &c.Input); err != nil {
		return nil, err
	}
	f.Cases = append(f.Cases, c)
	return c, nil
}

func (f *File) add(section txtar.File) (err error) {
	name, part := split(section.Name)
	if name == "" {
		if part != "input" || len(f.Cases) > 0 {
			return errors.New("a section is NAME/PART, or input.json before all of them")
		}
		f.input = section.Data
		return decode(f.input, &render.Input{})
	}
	c := f.Case(name)
	if c == nil {
		if c, err = f.NewCase(name); err != nil {
			return err
		}
	}
	data := string(section.Data)
	switch part {
	case "body":
		c.Input.Body = strings.TrimSuffix(data, "\n")
	case "input":
		return decode(section.Data, &c.Input)
	case "before":
		c.Input.Before, err = render.Parse(f.Name+"/"+section.Name, data)
		return err
	case "output":
		c.Output, c.Form = &data, path.Ext(section.Name)
	case "overrides":
		return json.Unmarshal(section.Data, &c.Overrides)
	default:
		return errors.New("no such section: use body, input, before, output or overrides")
	}
	return nil
}

// split is a section's case and part, "body" of "an order/body.json".
func split(section string) (name, part string) {
	name, part = path.Split(section)
	return strings.TrimSuffix(name, "/"), strings.TrimSuffix(part, path.Ext(part))
}

func decode(data []byte, in *render.Input) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(in)
}
