package compare

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/url"
	"regexp"
	"strings"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// decoders are the forms of bodies that are compared value by value. A body that has none of them is text.
var decoders = []func(body []byte) any{decodeJSON, decodeXML, decodeForm}

// decode reads both bodies in the first form that they share; nil when they share none.
func decode(local, deployed []byte) (one, other any, decoder func([]byte) any) {
	for _, decoder := range decoders {
		if one, other = decoder(local), decoder(deployed); one != nil && other != nil {
			return one, other, decoder
		}
	}
	return nil, nil, nil
}

// decodeJSON reads an object or an array; nil for anything else.
func decodeJSON(body []byte) any {
	value, err := integrationtests.DecodeJSON(body)
	if err != nil {
		return nil
	}
	switch value.(type) {
	case map[string]any, []any:
		return value
	}
	return nil
}

// decodeXML makes an object of each element that holds others or has attributes: their names, "@" before those of
// attributes and a number behind those that come again, "text" and "order". Other elements are their text. White space
// at the ends of texts is left aside.
func decodeXML(body []byte) any {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return nil
	}
	root, err := xmlElement(xml.NewDecoder(bytes.NewReader(body)), xml.StartElement{})
	if object, ok := root.(map[string]any); ok && err == nil {
		return object
	}
	return nil
}

// xmlElement reads up to the end of an element, that of the whole document for one without a name.
func xmlElement(decoder *xml.Decoder, start xml.StartElement) (any, error) {
	object, text := map[string]any{}, ""
	var order []string
	for _, attribute := range start.Attr {
		object["@"+attribute.Name.Local] = attribute.Value
	}
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) && start.Name.Local == "" {
			break
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case xml.StartElement:
			child, err := xmlElement(decoder, token.Copy())
			if err != nil {
				return nil, err
			}
			name := token.Name.Local
			for n := 2; object[name] != nil; n++ {
				name = fmt.Sprintf("%s[%d]", token.Name.Local, n)
			}
			object[name], order = child, append(order, name)
			continue
		case xml.CharData:
			text += string(token)
			continue
		case xml.EndElement:
		default:
			continue
		}
		break
	}
	text = strings.TrimSpace(text)
	if len(object) == 0 {
		return text, nil
	}
	if text != "" {
		object["text"] = text
	}
	if len(order) > 1 {
		object["order"] = strings.Join(order, " ")
	}
	return object, nil
}

// form is a body of names and values, as action APIs of AWS services take it.
var form = regexp.MustCompile(`^[\w.%+-]+=[^\s&]*(&[\w.%+-]+=[^\s&]*)*$`)

func decodeForm(body []byte) any {
	values, err := url.ParseQuery(string(body))
	if err != nil || !form.Match(body) {
		return nil
	}
	object := map[string]any{}
	for name := range values {
		object[name] = strings.Join(values[name], ", ")
	}
	return object
}
