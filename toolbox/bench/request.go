package bench

import (
	"bytes"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
)

// Request is what is sent again and again, and what each answer must be.
type Request struct {
	Method string
	Path   string // with its query
	Header map[string]string
	Body   string // ${id} is another ID in each request

	Status int    // of the answer
	Want   string // the answer's whole body; * stands for any text
}

// idMark is where each request has an ID of its own. IDs are as long, so that
// nothing else of the request changes.
const idMark = "${id}"

// idSize is the length of an ID: eight hexadecimal digits of the run, eight of the request.
const idSize = 16

// prepared is a request as bytes, with the places of its IDs.
type prepared struct {
	address string
	text    []byte
	ids     []int
	status  int
	want    [][]byte // what stands between the stars
}

// prepare writes the request to a server. vars are what ${name} stands for.
func (r Request) prepare(base string, vars map[string]string) (*prepared, error) {
	u, err := url.Parse(base)
	if err != nil || u.Scheme != "http" {
		return nil, fmt.Errorf("%q is not an http URL", base)
	}
	var expand []string
	for name, value := range vars {
		expand = append(expand, "${"+name+"}", value)
	}
	filler := strings.Repeat("\x00", idSize)
	fill := strings.NewReplacer(append(expand, idMark, filler)...)
	body := fill.Replace(r.Body)
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s%s HTTP/1.1\r\nHost: %s\r\n", r.Method, strings.TrimSuffix(u.Path, "/"), fill.Replace(r.Path), u.Host)
	for _, name := range slices.Sorted(maps.Keys(r.Header)) {
		fmt.Fprintf(&b, "%s: %s\r\n", name, fill.Replace(r.Header[name]))
	}
	if body != "" {
		fmt.Fprintf(&b, "Content-Length: %d\r\n", len(body))
	}
	b.WriteString("\r\n" + body)
	p := &prepared{address: u.Host, text: []byte(b.String()), status: r.Status}
	if u.Port() == "" {
		p.address += ":80"
	}
	for at := 0; ; at += idSize {
		next := bytes.Index(p.text[at:], []byte(filler))
		if next < 0 {
			break
		}
		at += next
		p.ids = append(p.ids, at)
	}
	for part := range strings.SplitSeq(strings.NewReplacer(expand...).Replace(r.Want), "*") {
		p.want = append(p.want, []byte(part))
	}
	return p, nil
}

// ids numbers requests: no two of a run have the same ID.
type ids struct {
	run  [8]byte
	last atomic.Uint64
}

func newIDs(run uint32) *ids {
	i := &ids{}
	copy(i.run[:], fmt.Sprintf("%08x", run))
	return i
}

// put writes the next ID at the places.
func (i *ids) put(text []byte, places []int) {
	if len(places) == 0 {
		return
	}
	var digits [16]byte
	n := strconv.AppendUint(digits[:0], i.last.Add(1)|1<<32, 16) // nine digits, of which the last eight count
	for _, at := range places {
		copy(text[at:], i.run[:])
		copy(text[at+8:], n[1:])
	}
}

// check says how an answer is wrong.
func (p *prepared) check(status int, body []byte) error {
	if status == p.status && matches(body, p.want) {
		return nil
	}
	return fmt.Errorf("answered %d %.300q, want %d %.300q", status, body, p.status, bytes.Join(p.want, []byte("*")))
}

// matches says whether the text begins with the first part, ends with the last,
// and has the others between in their order.
func matches(text []byte, parts [][]byte) bool {
	first, rest := parts[0], parts[1:]
	if !bytes.HasPrefix(text, first) {
		return false
	}
	text = text[len(first):]
	if len(rest) == 0 {
		return len(text) == 0
	}
	last := len(rest) - 1
	for _, part := range rest[:last] {
		at := bytes.Index(text, part)
		if at < 0 {
			return false
		}
		text = text[at+len(part):]
	}
	return bytes.HasSuffix(text, rest[last])
}
