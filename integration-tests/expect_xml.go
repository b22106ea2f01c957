package integrationtests

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// element is an XML element; its text is what stands directly in it.
type element struct {
	name     string
	text     string
	children []*element
}

func decodeXML(data []byte) (*element, error) {
	decoder := xml.NewDecoder(bytes.NewReader(data))
	top := &element{}
	open := []*element{top}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		inner := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			child := &element{name: token.Name.Local}
			inner.children = append(inner.children, child)
			open = append(open, child)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			inner.text += string(token)
		}
	}
	if len(top.children) != 1 {
		return nil, fmt.Errorf("%d elements at the top, want 1", len(top.children))
	}
	return top.children[0], nil
}

// find returns the first element of that name, depth first.
func (e *element) find(name string) *element {
	if e.name == name {
		return e
	}
	for _, child := range e.children {
		if found := child.find(name); found != nil {
			return found
		}
	}
	return nil
}

func xmlDifferences(want string, got []byte) []string {
	wanted, err := decodeXML([]byte(want))
	if err != nil {
		return []string{"the case's expected body is not XML: " + err.Error()}
	}
	found, err := decodeXML(got)
	if err != nil {
		return []string{"body is not XML: " + err.Error()}
	}
	return elementDifferences("body/"+wanted.name, wanted, found)
}

func elementDifferences(where string, want, got *element) []string {
	if want.name != got.name {
		return []string{fmt.Sprintf("%s: got element %s", where, got.name)}
	}
	found := textDifference(where, strings.TrimSpace(want.text), strings.TrimSpace(got.text))
	if len(want.children) != len(got.children) {
		return append(found, fmt.Sprintf("%s: got elements %s, want %s", where, got.names(), want.names()))
	}
	for i := range want.children {
		at := fmt.Sprintf("%s/%s[%d]", where, want.children[i].name, i)
		found = append(found, elementDifferences(at, want.children[i], got.children[i])...)
	}
	return found
}

func (e *element) names() []string {
	names := make([]string, len(e.children))
	for i, child := range e.children {
		names[i] = child.name
	}
	return names
}
