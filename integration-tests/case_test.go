package integrationtests

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"

	"github.com/aws/aws-sdk-go-v2/aws"
)

const example = `Shows how a case is read,
and that it needs a head.
needs Table
skip localstack: it knows no topics

-- define list 2 , --
{"n":${n}}
-- request POST /things?x=1 --
Content-Type: application/json
X-Empty:

{"list":[${list}]}
-- expect 201 --
Location: ~ ^/things/

{"id":"~ ."}
-- capture --
id = body /id
at = header Location
-- eventually item Table --
{"id":"${id}"}
-- expect 404 --
`

func TestParse(t *testing.T) {
	c, err := Parse("a/b", []byte(example))
	if err != nil {
		t.Fatal(err)
	}
	want := &Case{
		Name:  "a/b",
		Needs: []string{"Table"},
		Skip:  map[string]string{"localstack": "it knows no topics"},
		texts: map[string]string{"list": `{"n":1},{"n":2}`},
		Steps: []Step{
			{
				Number: 1, Verb: "request", Argument: "POST /things?x=1",
				Header:   []Line{{"Content-Type", "application/json"}, {"X-Empty", ""}},
				Body:     `{"list":[${list}]}`,
				Expect:   &Expectation{201, []Line{{"Location", "~ ^/things/"}}, `{"id":"~ ."}`},
				Captures: []Capture{{"id", "body", "/id"}, {"at", "header", "Location"}},
			},
			{Number: 2, Eventually: true, Verb: "item", Argument: "Table", Body: `{"id":"${id}"}`, Expect: &Expectation{Status: 404}},
		},
	}
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got  %+v\nwant %+v", c, want)
	}
}

func TestParseErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"empty", "", "no section with an action"},
		{"unknown section", "-- request GET / --\n-- expekt --\n", "unknown section"},
		{"nothing expected", "-- request GET / --\n", "expects nothing"},
		{"expected twice", "-- request GET / --\n-- expect --\n-- expect --\n", "second expectation"},
		{"expectation first", "-- expect --\n", "without an action before"},
		{"status", "-- request GET / --\n-- expect OK --\n", "want a number"},
		{"capture", "-- request GET / --\n-- expect --\n-- capture --\nid: x\n", "want name = body|element|header path"},
		{"define", "-- define x many --\n", "want a number"},
		{"skip without a reason", "skip localstack\n", "want skip TARGET: reason"},
		{"skip of the local gateway", "skip local: slow\n", "has to pass every case"},
		{"skip of an unknown target", "skip azure: far\n", "unknown target; use localstack or aws"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if _, err := Parse("x", []byte(test.text)); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %q", err, test.want)
			}
		})
	}
}

func TestSplit(t *testing.T) {
	for _, test := range []struct {
		name, text string
		header     []Line
		body       string
	}{
		{"both", "A: 1\nB:2\n\nx\n\ny", []Line{{"A", "1"}, {"B", "2"}}, "x\n\ny"},
		{"header only", "A: 1", []Line{{"A", "1"}}, ""},
		{"body only", "{\"a\":\n1}", nil, "{\"a\":\n1}"},
		{"body that looks like a header", "\nA: 1", nil, "A: 1"},
		{"body without an empty line before", "A: 1\n<x/>", []Line{{"A", "1"}}, "<x/>"},
		{"absent header", "!A:", []Line{{"!A", ""}}, ""},
		{"nothing", "", nil, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			header, body := split(test.text)
			if !reflect.DeepEqual(header, test.header) || body != test.body {
				t.Errorf("got %v %q", header, body)
			}
		})
	}
}

func TestLoadNamesTheFile(t *testing.T) {
	_, err := Load(fstest.MapFS{
		"a/good.txtar": {Data: []byte(example)},
		"a/bad.txtar":  {Data: []byte("-- x --\n")},
	})
	if err == nil || !strings.HasPrefix(err.Error(), "a/bad.txtar: ") {
		t.Errorf("got %v", err)
	}
}

func TestPlay(t *testing.T) {
	var count atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/prod/count":
			if count.Add(1) < 3 {
				w.WriteHeader(503)
			}
		case "/prod/echo":
			w.Header().Set("Location", "echo/1")
			_, _ = io.Copy(w, r.Body)
		default:
			_, _ = io.WriteString(w, r.URL.Path)
		}
	}))
	defer server.Close()
	base, err := url.Parse(server.URL + "/prod")
	if err != nil {
		t.Fatal(err)
	}
	target := &Target{BaseURL: base, client: http.DefaultClient}
	for _, test := range []struct{ name, text, want string }{
		{"captured and expanded", "-- request POST /echo --\n\n{\"id\":[\"${unique}\",7]}\n-- expect --\n{\"id\":[\"${unique}\",7]}\n" +
			"-- capture --\nid = body /id/1\nat = header Location\n-- request GET url:${at} --\n-- expect --\n${basePath}/echo/${id}1\n",
			`step 2, request GET url:${at}: body: got "/prod/echo/1", want "/prod/echo/71"`},
		{"element", "-- request POST /echo --\n<a><b>x</b></a>\n-- expect --\n-- capture --\nb = element b\n-- request GET /${b} --\n-- expect --\n/prod/x\n", ""},
		{"eventually", "-- eventually request GET /count --\n-- expect --\n", ""},
		{"line ends", "-- request POST /echo --\na${crlf}b\n-- expect --\na${crlf}b\n", ""},
		{"unknown variable", "-- request GET /${x} --\n-- expect --\n", "${x} is neither defined nor captured"},
		{"nothing to capture", "-- request POST /echo --\n{}\n-- expect --\n-- capture --\nid = body /a/b\n", "capture id: /a/b: nothing there"},
		{"left out", "needs Table\n-- request GET / --\n-- expect --\n", "no stack has the output Table"},
		{"no such output", "-- item Table --\n{}\n-- expect --\n", "no stack has an output Table"},
	} {
		t.Run(test.name, func(t *testing.T) {
			c, err := Parse("x", []byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := Play(t.Context(), target, c); err != nil {
				got = err.Error()
			}
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got  %q\nwant %q", got, test.want)
			}
		})
	}
}

func TestPlayerGoesOn(t *testing.T) {
	c, err := Parse("x", []byte("-- request GET /a --\n-- expect 201 --\n-- capture --\nid = body /id\nno = body /no\n"+
		"-- request GET /${id} --\n-- expect --\n-- request GET /${no} --\n-- expect --\n"))
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	target := Running(Local, &url.URL{Scheme: "http", Host: "h", Path: "/prod"}, nil, aws.Config{})
	p := NewPlayer(target.Via(roundTrip(func(r *http.Request) (*http.Response, error) {
		paths = append(paths, r.URL.Path)
		return &http.Response{StatusCode: 200, Body: io.NopCloser(strings.NewReader(`{"id":"7"}`))}, nil
	})), c)
	played, err := p.Step(t.Context(), c.Steps[0])
	if err != nil || !slices.Equal(played.Unmet, []string{"status: got 200, want 201"}) || p.Values()["id"] != "7" {
		t.Errorf("step 1: %+v, %v, values %v", played, err, p.Values())
	}
	if played, err = p.Step(t.Context(), c.Steps[1]); err != nil || len(played.Unmet) > 0 {
		t.Errorf("step 2: %+v, %v", played, err)
	}
	if _, err = p.Step(t.Context(), c.Steps[2]); err == nil || !strings.Contains(err.Error(), "${no} is neither defined nor captured") {
		t.Errorf("step 3: %v", err)
	}
	if want := []string{"/prod/a", "/prod/7"}; !slices.Equal(paths, want) {
		t.Errorf("paths: got %v, want %v", paths, want)
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }
