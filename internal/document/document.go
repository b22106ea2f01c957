// Package document reads JSON documents that clients send. It keeps numbers as the text that was sent, and instead of
// stopping at the first fault as encoding/json does, it notes every one with the place where it is.
//
// Unknown members are faults, since a misspelt optional member would otherwise be dropped in silence; so are members
// given twice, since two readers of such a document need not see the same value.
package document

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"unicode/utf8"
)

// Document is a parsed JSON document and the faults found in it so far.
type Document struct {
	root   any
	faults Faults
}

// Parse reads JSON text. Its error is always a *Malformed.
func Parse(data []byte) (*Document, error) {
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Malformed{"it is empty"}
	}
	if !utf8.Valid(data) {
		return nil, &Malformed{"it is not UTF-8"}
	}
	// The token reader below is laxer than the grammar, so the grammar is checked first; that bounds the nesting too.
	var whole json.RawMessage
	if err := json.Unmarshal(data, &whole); err != nil {
		return nil, malformed(err)
	}
	decoder := json.NewDecoder(bytes.NewReader(whole))
	decoder.UseNumber()
	root, err := parseValue(decoder)
	if err != nil {
		return nil, malformed(err)
	}
	return &Document{root: root}, nil
}

func malformed(err error) *Malformed {
	if syntax := (*json.SyntaxError)(nil); errors.As(err, &syntax) {
		return &Malformed{fmt.Sprintf("at byte %d: %s", syntax.Offset, syntax)}
	}
	return &Malformed{err.Error()}
}

// Err returns the Faults noted so far, or nil.
func (d *Document) Err() error {
	if len(d.faults) == 0 {
		return nil
	}
	return d.faults
}

// Root returns the document's value.
func (d *Document) Root() Value { return Value{d, "#", d.root, true} }

// members keeps what a map would lose: the order and the repetitions.
type members []member

type member struct {
	name  string
	value any
}

// parseValue yields members, []any, string, json.Number, bool or nil.
func parseValue(d *json.Decoder) (any, error) {
	t, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch t {
	case json.Delim('{'):
		return parseObject(d)
	case json.Delim('['):
		return parseArray(d)
	}
	return t, nil
}

func parseObject(d *json.Decoder) (any, error) {
	object := members{}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return nil, err
		}
		value, err := parseValue(d)
		if err != nil {
			return nil, err
		}
		object = append(object, member{name.(string), value})
	}
	_, err := d.Token()
	return object, err
}

func parseArray(d *json.Decoder) (any, error) {
	array := []any{}
	for d.More() {
		value, err := parseValue(d)
		if err != nil {
			return nil, err
		}
		array = append(array, value)
	}
	_, err := d.Token()
	return array, err
}
