package cfn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"
	"strconv"
)

// document is a decoded text, JSON or YAML, that knows where its values stand.
// Numbers are json.Number.
type document struct {
	tree   any
	places map[string]string // path with dots → "line:column"
	twice  []string          // paths of keys that an object has twice; the last one counts

	depth int // of the value that is being read
}

// maxDepth bounds values within values: each has a path that is kept.
const maxDepth = 500

// enter begins a value within the one that is being read.
func (d *document) enter() error {
	if d.depth++; d.depth > maxDepth {
		return fmt.Errorf("values are nested more than %d deep", maxDepth)
	}
	return nil
}

func (d *document) leave() { d.depth-- }

// parseText reads JSON or YAML. A name that tells neither leaves it to the first
// letter.
func parseText(name string, text []byte) (*document, error) {
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	isJSON := bytes.HasPrefix(bytes.TrimSpace(text), []byte("{"))
	switch filepath.Ext(name) {
	case ".yaml", ".yml":
		isJSON = false
	case ".json":
		isJSON = true
	}
	if isJSON {
		return parseJSON(text)
	}
	return parseYAML(text)
}

// note keeps the place of a value, and that its key was there before.
func (d *document) note(path, place string, twice bool) {
	d.places[path] = place
	if twice {
		d.twice = append(d.twice, path)
	}
}

// derive gives what a macro made at path the place of what it was made of.
func (d *document) derive(path, origin string) {
	if place, ok := d.places[origin]; ok && d.places[path] == "" {
		d.places[path] = place
	}
}

// within is the path of a part of what stands at path.
func within(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// jsonReader reads JSON token by token, because only that tells places.
type jsonReader struct {
	*document
	decoder *json.Decoder
	text    []byte
	lines   []int // offset of each line
}

func parseJSON(text []byte) (*document, error) {
	r := &jsonReader{&document{places: map[string]string{}}, json.NewDecoder(bytes.NewReader(text)), text, []int{0}}
	r.decoder.UseNumber()
	for i, c := range text {
		if c == '\n' {
			r.lines = append(r.lines, i+1)
		}
	}
	var err error
	if r.tree, err = r.value(""); err == io.EOF {
		return nil, errors.New("empty template")
	} else if err != nil {
		return nil, jsonPlace(text, err)
	}
	if _, err := r.decoder.Token(); err != io.EOF {
		return nil, errors.New("text after the JSON value")
	}
	return r.document, nil
}

func (r *jsonReader) value(path string) (any, error) {
	if err := r.enter(); err != nil {
		return nil, err
	}
	defer r.leave()
	token, err := r.decoder.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return r.object(path)
	case json.Delim('['):
		list := []any{}
		for r.decoder.More() {
			at := within(path, strconv.Itoa(len(list)))
			r.note(at, r.place(), false)
			item, err := r.value(at)
			if err != nil {
				return nil, err
			}
			list = append(list, item)
		}
		_, err := r.decoder.Token()
		return list, unended(err)
	}
	return token, nil
}

func (r *jsonReader) object(path string) (any, error) {
	object := map[string]any{}
	for r.decoder.More() {
		place := r.place()
		key, err := r.decoder.Token()
		if err != nil {
			return nil, unended(err)
		}
		name := key.(string) // the decoder sees to that
		_, twice := object[name]
		at := within(path, name)
		r.note(at, place, twice)
		if object[name], err = r.value(at); err != nil {
			return nil, unended(err)
		}
	}
	_, err := r.decoder.Token()
	return object, unended(err)
}

// unended tells a text that breaks off from one that is empty.
func unended(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// place is where the next token begins.
func (r *jsonReader) place() string {
	at := int(r.decoder.InputOffset())
	for at < len(r.text) && bytes.IndexByte([]byte(" \t\r\n,:"), r.text[at]) >= 0 {
		at++
	}
	line, found := slices.BinarySearch(r.lines, at)
	if !found {
		line--
	}
	return fmt.Sprintf("%d:%d", line+1, at-r.lines[line]+1)
}

// jsonPlace adds line and column to a syntax error, or to a text that breaks off.
func jsonPlace(text []byte, err error) error {
	before := text
	var syntax *json.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Offset <= int64(len(text)):
		before = text[:syntax.Offset]
	case err != io.ErrUnexpectedEOF:
		return err
	}
	line := bytes.Count(before, []byte("\n")) + 1
	column := len(before) - bytes.LastIndexByte(before, '\n') - 1
	return fmt.Errorf("%d:%d: %w", line, column, err)
}
