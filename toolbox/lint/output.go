package lint

import (
	"encoding/json"
	"errors"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// mockStatus is what a mock integration takes though it is no JSON: the CDK
// writes { statusCode: 200 } for CORS.
var mockStatus = regexp.MustCompile(`^\s*\{\s*['"]?statusCode['"]?\s*:\s*\d+\s*\}\s*$`)

// form is a body of type application/x-www-form-urlencoded.
var form = regexp.MustCompile(`^\s*[A-Za-z][A-Za-z0-9._]*=[^\s&]*&`)

// output is what a template has rendered, with where it comes from.
type output struct {
	text    string
	origins []vtl.Origin
	muted   map[[2]int]bool
}

// broken is where the text stops being JSON; false when it does not.
func (o *output) broken() (at int, broken bool) {
	var v any
	err := json.Unmarshal([]byte(o.text), &v)
	if err == nil {
		return 0, false
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset > 0 {
		return int(syntax.Offset) - 1, true
	}
	return len(o.text) - 1, true
}

// blamed is what printed the character that breaks the JSON: what came to it
// there, or a reference right before it that printed nothing.
func (o *output) blamed(at int) *vtl.Origin {
	by := originAt(o.origins, at)
	if by != nil && by.Reference != "" {
		return by
	}
	for i := len(o.origins) - 1; i >= 0; i-- {
		before := &o.origins[i]
		if before.Reference == "" || before.End > at {
			continue
		}
		if strings.TrimSpace(o.text[before.End:at]) != "" {
			break
		}
		if strings.TrimSpace(o.text[before.Start:before.End]) == "" {
			return before
		}
		if before.End == at && !o.muted[[2]int{before.Line, before.Column}] { // {a=b} and what follows
			return before
		}
		break
	}
	return by
}

func originAt(origins []vtl.Origin, at int) *vtl.Origin {
	for i := range origins {
		if o := &origins[i]; o.Start <= at && at < o.End {
			return o
		}
	}
	return nil
}

// failure says what is wrong at a place of the output.
func (o *output) failure(v variation, at int, by *vtl.Origin) failure {
	f := failure{kind: noJSON, variation: v, line: 1, column: 1, excerpt: excerpt(o.text, at)}
	if comma := o.comma(at); comma >= 0 {
		f.kind = brokenComma
		if origin := originAt(o.origins, comma); origin != nil {
			f.line, f.column = origin.At(o.text, comma)
		}
		return f
	}
	if by == nil {
		return f
	}
	f.line, f.column = by.Line, by.Column
	if by.Reference == "" {
		f.line, f.column = by.At(o.text, at)
		return f
	}
	f.reference = by.Reference
	printed := o.text[by.Start:by.End]
	switch {
	case strings.TrimSpace(printed) == "":
		f.kind = noValue
	case strings.HasSuffix(o.text[:min(at+1, len(o.text))], `\'`):
		f.kind = brokenApostrophe
	default:
		f.kind = brokenValue
	}
	return f
}

// comma is the offset of a comma that makes the place wrong: one before a
// bracket that closes, or behind one that opens; -1 when it is none.
func (o *output) comma(at int) int {
	before := strings.TrimRight(o.text[:at], " \t\r\n")
	switch {
	case before == "" || at >= len(o.text):
	case strings.IndexByte("]}", o.text[at]) >= 0 && before[len(before)-1] == ',':
		return len(before) - 1
	case o.text[at] == ',' && strings.IndexByte("[{,", before[len(before)-1]) >= 0:
		return at
	}
	return -1
}

// blank puts a blank in place of a character.
func (o *output) blank(at int) { o.text = o.text[:at] + " " + o.text[at+1:] }

// inText says whether an offset is within a JSON string.
func (o *output) inText(at int) bool { return inText(o.text[:at]) }

func inText(before string) bool {
	in := false
	for i := 0; i < len(before); i++ {
		switch {
		case before[i] == '"':
			in = !in
		case before[i] == '\\' && in:
			i++
		}
	}
	return in
}

// mute puts a harmless value in place of all that a reference printed; false
// when it did so before.
func (o *output) mute(line, column int) bool {
	key := [2]int{line, column}
	if o.muted[key] {
		return false
	}
	if o.muted == nil {
		o.muted = map[[2]int]bool{}
	}
	o.muted[key] = true
	var text strings.Builder
	end := 0 // of what is copied
	for i := range o.origins {
		origin := &o.origins[i]
		text.WriteString(o.text[end:origin.Start])
		printed := o.text[origin.Start:origin.End]
		end = origin.End
		if origin.Line == line && origin.Column == column && origin.Reference != "" {
			if printed = "0"; inText(text.String()) {
				printed = "x"
			}
		}
		origin.Start = text.Len()
		text.WriteString(printed)
		origin.End = text.Len()
	}
	text.WriteString(o.text[end:])
	o.text = text.String()
	return true
}

// excerpt is the line of the output around an offset, cut.
func excerpt(text string, at int) string {
	const around = 24
	start, end := max(0, at-around), min(len(text), at+around)
	for start > 0 && !utf8.RuneStart(text[start]) {
		start--
	}
	for end < len(text) && !utf8.RuneStart(text[end]) {
		end++
	}
	return strings.Join(strings.Fields(text[start:end]), " ")
}
