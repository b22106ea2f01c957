package mappingtest

import (
	"encoding/json"
	"errors"
	"os"
	"slices"
	"strings"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// Update makes what a rendering made what the case expects. Write then writes
// it into the file.
func (f *File) Update(c *Case, got *render.Result) error {
	if got.Problem != nil {
		return got.Problem
	}
	if c.Output == nil {
		c.Form = formOf(got.Output)
	}
	output := withLineBreak(got.Output)
	c.Output, c.Overrides = &output, got.Overrides
	f.put(c.Name, "output", c.Form, output)
	if c.Overrides == nil {
		f.archive.Files = slices.DeleteFunc(f.archive.Files, func(s txtar.File) bool {
			name, part := split(s.Name)
			return name == c.Name && part == "overrides"
		})
		return nil
	}
	data, err := json.Marshal(c.Overrides)
	if err != nil {
		return err
	}
	f.put(c.Name, "overrides", ".json", string(data)+"\n")
	return nil
}

// put replaces a section, or adds it behind those of its case.
func (f *File) put(name, part, extension, data string) {
	end := len(f.archive.Files)
	for i := range f.archive.Files {
		section := &f.archive.Files[i]
		n, p := split(section.Name)
		if n == name && p == part {
			section.Data = []byte(data)
			return
		}
		if n == name {
			end = i + 1
		}
	}
	section := txtar.File{Name: name + "/" + part + extension, Data: []byte(data)}
	f.archive.Files = slices.Insert(f.archive.Files, end, section)
}

// Write writes the file. What it can't hold, lines that look like the begin of
// a section, is an error.
func (f *File) Write() error {
	data := txtar.Format(f.archive)
	if again := txtar.Parse(data); len(again.Files) != len(f.archive.Files) {
		return errors.New(f.Name + ": an output has a line like \"-- name --\", which a case can't hold")
	}
	return os.WriteFile(f.Name, data, 0o644)
}

// formOf is the extension for an output.
func formOf(output string) string {
	switch {
	case wellFormed(".json", output) == nil:
		return ".json"
	case strings.HasPrefix(output, "<") && wellFormed(".xml", output) == nil:
		return ".xml"
	}
	return ".txt"
}
