package vtl

import (
	"errors"
	"math"
	"math/big"
	"strconv"
	"strings"
)

// maxJSONDepth is json-smart's.
const maxJSONDepth = 400

// maxJSONNumber bounds the length of a number: the cost of reading one grows
// with its square. json-smart has no bound.
const maxJSONNumber = 10_000

// endOfInput is how json-smart marks the end; the same character within a
// text ends it too.
const endOfInput = 0x1A

var (
	errJSONEnd    = errors.New("JSON ends too early")
	errJSONDepth  = errors.New("JSON is nested too deep")
	errJSONNumber = errors.New("a number in JSON has more than 10000 digits")
)

// ParseJSON reads JSON as json-smart does in its permissive mode: quotes may be
// single or left out, commas may be too many, whatever follows the value is
// ignored, and a text that is no JSON at all is a string.
func ParseJSON(s string) (Value, error) {
	p := &jsonParser{in: s, pos: -1}
	p.read()
	p.blanks()
	switch p.c {
	case ':', '}', ']':
		return nil, p.unexpected()
	}
	return p.value(nowhere)
}

type jsonParser struct {
	in    string
	pos   int
	c     byte
	depth int

	before [8]*Map // by depth, the object that ended last: the next one often has the same keys
}

func (p *jsonParser) read() {
	if p.pos++; p.pos < len(p.in) {
		p.c = p.in[p.pos]
	} else {
		p.c = endOfInput
	}
}

func (p *jsonParser) unexpected() error {
	if p.c == endOfInput {
		return errJSONEnd
	}
	return errors.New("unexpected " + strconv.QuoteRune(rune(p.c)) + " in JSON at offset " + strconv.Itoa(p.pos))
}

// blanks skips white space between values.
func (p *jsonParser) blanks() {
	for p.c == ' ' || p.c == '\t' || p.c == '\n' || p.c == '\r' {
		p.read()
	}
}

// controls skips everything up to the blank character.
func (p *jsonParser) controls() {
	for p.c <= ' ' && p.c != endOfInput {
		p.read()
	}
}

// ends are the characters that end a value without quotes.
type ends [2]byte

var (
	nowhere     = ends{endOfInput, endOfInput}
	endsKey     = ends{':', ':'}
	endsMember  = ends{',', '}'}
	endsElement = ends{',', ']'}
)

func (e ends) at(c byte) bool { return c == e[0] || c == e[1] }

func (p *jsonParser) value(end ends) (Value, error) {
	p.blanks()
	switch c := p.c; {
	case c == ':' || c == '}' || c == ']':
		return nil, p.unexpected()
	case c == '{':
		return p.object()
	case c == '[':
		return p.array()
	case c == '"' || c == '\'':
		s, err := p.quoted()
		if err != nil {
			return nil, err
		}
		return s, nil
	case c == '-' || c >= '0' && c <= '9':
		return p.number(end)
	}
	switch s := p.bare(end); s {
	case "null":
		return nil, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	case "NaN":
		return float32(math.NaN()), nil
	default:
		return s, nil
	}
}

func (p *jsonParser) array() (Value, error) {
	if p.depth++; p.depth > maxJSONDepth {
		return nil, errJSONDepth
	}
	list := &List{Kind: JSONArray}
	for p.read(); ; {
		p.blanks()
		switch p.c {
		case ']':
			p.depth--
			p.read()
			return list, nil
		case ',':
			p.read()
		case ':', '}', endOfInput:
			return nil, p.unexpected()
		default:
			v, err := p.value(endsElement)
			if err != nil {
				return nil, err
			}
			if list.items == nil {
				list.items = make([]Value, 0, 4)
			}
			list.items = append(list.items, v)
		}
	}
}

func (p *jsonParser) object() (Value, error) {
	if p.depth++; p.depth > maxJSONDepth {
		return nil, errJSONDepth
	}
	m := NewMap(4)
	before := &p.before[p.depth%len(p.before)]
	alike := *before
	for {
		p.read()
		p.blanks()
		switch p.c {
		case ',':
			continue
		case '}':
			p.depth--
			p.read()
			return m, nil
		case ':', ']', '[', '{':
			return nil, p.unexpected()
		}
		key, err := p.key()
		if err != nil {
			return nil, err
		}
		v, err := p.value(endsMember)
		if err != nil {
			return nil, err
		}
		if n := m.Len(); alike != nil && n < alike.Len() && alike.entries[n].Key == Value(key) {
			m.add(alike.entries[n].Key, v) // no key before is this one
		} else {
			alike = nil
			m.Put(key, v)
		}
		p.controls()
		switch p.c {
		case '}':
			p.depth--
			p.read()
			*before = m
			return m, nil
		case ',':
		default:
			return nil, p.unexpected()
		}
	}
}

// key reads a key and the colon behind.
func (p *jsonParser) key() (key string, err error) {
	if p.c == '"' || p.c == '\'' {
		if key, err = p.quoted(); err != nil {
			return "", err
		}
	} else {
		key = p.bare(endsKey)
	}
	if p.controls(); p.c != ':' {
		return "", p.unexpected()
	}
	if p.read(); p.pos >= len(p.in) {
		return "", errJSONEnd
	}
	return key, nil
}

// bare reads a value without quotes.
func (p *jsonParser) bare(end ends) string {
	start := p.pos
	for p.c != endOfInput && !end.at(p.c) {
		p.read()
	}
	return p.trimmed(start)
}

// trimmed is the text from start up to here without the white space around.
func (p *jsonParser) trimmed(start int) string {
	stop := min(p.pos, len(p.in))
	start = min(start, stop)
	for start < stop-1 && isJavaSpace(p.in[start]) {
		start++
	}
	for stop-1 > start && isJavaSpace(p.in[stop-1]) {
		stop--
	}
	return p.in[start:stop]
}

// isJavaSpace is Character.isWhitespace within ASCII.
func isJavaSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' || c >= 0x1C && c <= 0x1F }

func (p *jsonParser) digits() {
	for p.c >= '0' && p.c <= '9' {
		p.read()
	}
}

// number reads a number; what only begins like one is a text.
func (p *jsonParser) number(end ends) (Value, error) {
	start := p.pos
	p.read()
	p.digits()
	whole := true
	if p.c == '.' {
		whole = false
		p.read()
		p.digits()
	}
	if p.c == 'E' || p.c == 'e' {
		whole = false
		if p.read(); p.c != '+' && p.c != '-' && (p.c < '0' || p.c > '9') {
			return p.bareFrom(start, end), nil
		}
		p.read()
		p.digits()
	}
	p.controls()
	if p.c < 126 && !end.at(p.c) && p.c != endOfInput {
		return p.bareFrom(start, end), nil
	}
	s := p.trimmed(start)
	if len(s) > maxJSONNumber {
		return nil, errJSONNumber
	}
	if whole {
		return jsonInteger(s), nil
	}
	return jsonFloat(s)
}

func (p *jsonParser) bareFrom(start int, end ends) string {
	p.bare(end)
	return p.trimmed(start)
}

func jsonInteger(s string) Value {
	if s == "-" {
		return int32(0)
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		if n >= math.MinInt32 && n <= math.MaxInt32 {
			return Int(int(n))
		}
		return n
	}
	n, _ := new(big.Int).SetString(s, 10)
	return n
}

// jsonFloat keeps all digits of long numbers.
func jsonFloat(s string) (Value, error) {
	if len(s) > 18 {
		d, err := ParseDecimal(s)
		if err != nil {
			return nil, err
		}
		return d, nil
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, errors.New("not a number in JSON: " + s)
	}
	return f, nil
}

func (p *jsonParser) quoted() (string, error) {
	quote := p.c
	end := strings.IndexByte(p.in[p.pos+1:], quote)
	if end < 0 {
		return "", errJSONEnd
	}
	if s := p.in[p.pos+1 : p.pos+1+end]; strings.IndexByte(s, '\\') < 0 {
		p.pos += 1 + end
		p.read()
		return s, nil
	}
	b := make([]byte, 0, end+16)
	halves := false
	for {
		switch p.read(); {
		case p.c == endOfInput:
			return "", errJSONEnd
		case p.c == quote:
			p.read()
			if halves {
				return joinHalves(string(b)), nil
			}
			return string(b), nil
		case p.c == '\\':
			unit, n, err := p.escape()
			if err != nil {
				return "", err
			}
			if n == 1 {
				b = append(b, byte(unit))
			} else if n > 1 {
				halves = true
				b = append(b, text([]uint16{unit})...)
			}
		case p.c < ' ' || p.c == 127: // dropped
		default:
			b = append(b, p.c)
		}
	}
}

// escape reads what follows a backslash. n is 0 for an unknown letter, which
// is dropped, 1 for a byte, 2 for a UTF-16 unit.
func (p *jsonParser) escape() (unit uint16, n int, err error) {
	p.read()
	if k := strings.IndexByte(`tnrfb\/'"`, p.c); k >= 0 {
		return uint16("\t\n\r\f\b\\/'\""[k]), 1, nil
	}
	width := 0
	switch p.c {
	case 'u':
		width = 4
	case 'x':
		width = 2
	}
	for range width {
		p.read()
		d := strings.IndexByte("0123456789abcdef", p.c|0x20)
		if d < 0 || p.c < '0' {
			return 0, 0, p.unexpected()
		}
		unit = unit<<4 | uint16(d)
	}
	return unit, width, nil
}
