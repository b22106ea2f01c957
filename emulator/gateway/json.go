package gateway

import (
	"bytes"
	"encoding/json"
)

// encodeJSON is a value as JSON in one line, < > & as they are.
func encodeJSON(value any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

// compactJSON is encodeJSON of what always encodes: texts, and what was decoded
// from JSON.
func compactJSON(value any) string {
	text, _ := encodeJSON(value)
	return string(text)
}
