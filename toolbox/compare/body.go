package compare

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// body compares two bodies; want is what the case expects of them.
func (d *differ) body(part, want string, local, deployed []byte) {
	want = strings.TrimPrefix(want, "= ")
	one, other, decoder := decode(local, deployed)
	switch {
	case bytes.Equal(local, deployed):
	case isPattern(want) && integrationtests.Satisfies(want, string(local)) && integrationtests.Satisfies(want, string(deployed)):
		d.ignore(part, "", "the case takes both: "+want)
	case decoder != nil:
		d.value(part, "", decoder([]byte(want)), one, other)
	case !utf8.Valid(local) || !utf8.Valid(deployed):
		d.both(part, "", bytesFrom(local, deployed), bytesFrom(deployed, local))
	default:
		d.lines(part, strings.Split(string(local), "\n"), strings.Split(string(deployed), "\n"))
	}
}

// endpointRequests compares what the endpoints got. AWS_PROXY has no request template, and its event tells of
// TestInvokeMethod itself.
func (d *differ) endpointRequests(local *answered, logged *loggedBody) {
	const part = "endpoint request body"
	own := local.logging(&loggedBody{})
	if own == nil || logged == nil || local.trace.Integration == "AWS_PROXY" {
		return
	}
	if logged.text == "[Binary Data]" {
		d.ignore(part, "", "the log holds no binary data")
		return
	}
	if logged.cut {
		d.ignore(part, "", fmt.Sprintf("compared as far as the log goes, %d bytes", len(logged.text)))
		d.beginnings(part, own.text, logged.text)
		return
	}
	d.body(part, "", []byte(own.text), []byte(logged.text))
}

// beginnings compares a text with one that was cut, within a name's value perhaps.
func (d *differ) beginnings(part, local, cut string) {
	begins := marked(cut, d.names.deployed)
	if len(d.names.deployed) > 0 {
		begins = begins[:max(0, len(begins)-len(d.names.deployed[0].value))]
	}
	if !strings.HasPrefix(marked(local, d.names.local), begins) {
		local = local[:min(len(local), len(cut))]
		d.both(part, "", excerpt(local, cut), excerpt(cut, local))
	}
}

// lines compares texts and shows the first lines that differ.
func (d *differ) lines(part string, local, deployed []string) {
	for i := range max(len(local), len(deployed)) {
		one, other := at(local, i), at(deployed, i)
		if i < min(len(local), len(deployed)) && d.names.alike(one, other) {
			continue
		}
		where := ""
		if len(local)+len(deployed) > 2 {
			where = fmt.Sprintf("line %d: ", i+1)
		}
		d.both(part, "", where+excerpt(one, other), where+excerpt(other, one))
		return
	}
}

// What is shown of a long line: some bytes before the place where it differs, and some from there.
const (
	shownBefore = 40
	shownFrom   = 200
)

func excerpt(line, other string) string {
	if len(line) <= shownFrom {
		return line
	}
	from := max(0, common([]byte(line), []byte(other))-shownBefore)
	return "…" + strings.ToValidUTF8(line[from:min(len(line), from+shownBefore+shownFrom)], "…")
}

func beginning(body []byte) string {
	body = bytes.TrimSpace(body)
	if len(body) <= shownFrom {
		return strings.ToValidUTF8(string(body), "…")
	}
	return strings.ToValidUTF8(string(body[:shownFrom]), "") + "…"
}

func bytesFrom(body, other []byte) string {
	at := common(body, other)
	return fmt.Sprintf("%d bytes, from byte %d: % x", len(body), at, body[at:min(len(body), at+16)])
}

// common is the length of what both begin with.
func common(a, b []byte) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
