package example

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Curl is the command that sends a method's request to a stage, with what the
// method wants of its caller: a signature needs the access key that serve
// prints, exported. m is nil for a request that no method takes.
func (r Request) Curl(m *gateway.Method, baseURL string) string {
	url := Quote(baseURL + r.Path)
	if r.First != nil {
		url = `"` + baseURL + r.following(r.First.Curl(m, baseURL)) + `"`
	}
	words := append(r.words(url), callerWords(m)...)
	return strings.Join(words, " ")
}

// following is the path of a request whose {take} the first one's answer has.
func (r Request) following(first string) string {
	answer := fmt.Sprintf(`$(%s -s | sed 's/.*"%s": *"\([^"]*\)".*/\1/')`, first, r.Take)
	return strings.ReplaceAll(r.Path, "{"+r.Take+"}", answer)
}

func (r Request) words(url string) []string {
	words := []string{"curl"}
	if r.First == nil && strings.ContainsAny(r.Path, "[]{}") {
		words = append(words, "--globoff") // or curl takes them for several URLs
	}
	if r.Method != "GET" && (r.Method != "POST" || r.Body == "") {
		words = append(words, "-X", Quote(r.Method))
	}
	words = append(words, url)
	for _, name := range slices.Sorted(maps.Keys(r.Headers)) {
		header := name + ": " + r.Headers[name]
		if r.Headers[name] == "" {
			header = name + ";" // for curl a colon with nothing behind it means: no such header
		}
		words = append(words, "-H", Quote(header))
	}
	switch {
	case strings.HasPrefix(r.Body, "@"): // which -d takes for the name of a file
		words = append(words, "--data-raw", Quote(r.Body))
	case r.Body != "":
		words = append(words, "-d", Quote(r.Body))
	}
	return words
}

func callerWords(m *gateway.Method) []string {
	var words []string
	if m == nil {
		return nil
	}
	if m.AuthorizationType == "AWS_IAM" {
		words = append(words, "--aws-sigv4", "aws:amz:"+m.API.Region+":execute-api", "--user", `"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`)
	}
	if key := APIKey(m); key != "" {
		words = append(words, "-H", Quote("x-api-key: "+key))
	}
	return words
}

var plainWord = regexp.MustCompile(`^[A-Za-z0-9_./:@%+=,-]+$`)

// Quote makes one word of a POSIX shell. It holds no control characters but line
// breaks and tabs: some end what a terminal takes for pasted text.
func Quote(word string) string {
	if plainWord.MatchString(word) {
		return word
	}
	if !strings.ContainsFunc(word, isControl) {
		return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
	}
	var b strings.Builder
	for i := range len(word) {
		switch c := word[i]; {
		case isControl(rune(c)) || c >= utf8.RuneSelf:
			fmt.Fprintf(&b, `\%03o`, c)
		case c == '\'' || c == '\\':
			b.WriteString(`\` + string(c))
		default:
			b.WriteByte(c)
		}
	}
	return "$'" + b.String() + "'"
}

func isControl(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\t' }
