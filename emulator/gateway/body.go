package gateway

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Values of ContentHandling.
const (
	convertToText   = "CONVERT_TO_TEXT"
	convertToBinary = "CONVERT_TO_BINARY"
)

// errBinaryTemplate is why binary data ends in a 500 at a template (rule 75).
var errBinaryTemplate = errors.New("binary data can't enter a mapping template; set ContentHandling to CONVERT_TO_TEXT")

// payload is a body on its way: text or binary (rule 71).
type payload struct {
	data   []byte
	binary bool
}

// newPayload takes a body as it came. Text is UTF-8: what is none becomes
// U+FFFD, so that binary data of an undeclared type is destroyed (rule 71).
func newPayload(body []byte, binary bool) payload {
	if !binary && !utf8.Valid(body) {
		body = []byte(replaceInvalid(body))
	}
	return payload{body, binary}
}

// encoded is p as base64 text.
func (p payload) encoded() payload {
	return payload{[]byte(base64.StdEncoding.EncodeToString(p.data)), false}
}

// decoded is the binary data that the text p is base64 of.
func (p payload) decoded() (payload, error) {
	data, err := base64.StdEncoding.DecodeString(string(p.data))
	if err != nil {
		return payload{}, fmt.Errorf("%s: the body is not base64: %w", convertToBinary, err)
	}
	return payload{data, true}, nil
}

// convertRequest applies the integration's ContentHandling (rule 72).
func (p payload) convertRequest(handling string) (payload, error) {
	switch {
	case handling == convertToText && p.binary:
		return p.encoded(), nil
	case handling == convertToBinary && !p.binary:
		return p.decoded()
	}
	return p, nil
}

// convertResponse applies the integration response's ContentHandling; without
// one the client's Accept decides (rules 73, 74).
func (p payload) convertResponse(handling string, acceptsBinary bool) (payload, error) {
	switch {
	case handling == convertToText && p.binary,
		handling == "" && p.binary && !acceptsBinary:
		return p.encoded(), nil
	case handling == convertToBinary && !p.binary,
		handling == "" && !p.binary && acceptsBinary:
		return p.decoded()
	}
	return p, nil
}

// replaceInvalid puts one U+FFFD for each ill-formed sequence, as Java's
// decoder does: a truncated character is one sequence.
func replaceInvalid(body []byte) string {
	var b strings.Builder
	for len(body) > 0 {
		r, size := utf8.DecodeRune(body)
		if r == utf8.RuneError && size == 1 {
			size = illFormed(body)
		}
		b.WriteRune(r)
		body = body[size:]
	}
	return b.String()
}

// illFormed returns the length of the maximal ill-formed sequence that body
// begins with: a lead byte and the continuations that could have followed it.
func illFormed(body []byte) int {
	length, low, high := 0, byte(0x80), byte(0xbf)
	switch lead := body[0]; {
	case lead >= 0xc2 && lead <= 0xdf:
		length = 2
	case lead >= 0xe0 && lead <= 0xef:
		length = 3
	case lead >= 0xf0 && lead <= 0xf4:
		length = 4
	}
	switch body[0] {
	case 0xe0:
		low = 0xa0
	case 0xed:
		high = 0x9f
	case 0xf0:
		low = 0x90
	case 0xf4:
		high = 0x8f
	}
	n := 1
	for n < length && n < len(body) && body[n] >= low && body[n] <= high {
		n, low, high = n+1, 0x80, 0xbf
	}
	return n
}
