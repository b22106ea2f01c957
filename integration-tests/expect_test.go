package integrationtests

import (
	"net/http"
	"strings"
	"testing"
)

var differenceTests = []struct {
	name   string
	status int
	header []Line
	want   string
	got    string
	found  string // in the differences; "" = there is none
}{
	{name: "nothing asked of the body", got: "x"},
	{name: "status", status: 201, found: "status: got 200, want 201"},
	{name: "header", header: []Line{{"content-type", "application/json"}, {"Vary", "A, B"}}},
	{name: "header differs", header: []Line{{"Content-Type", "application/xml"}}, found: `header Content-Type: got "application/json"`},
	{name: "header missing", header: []Line{{"Location", "/x"}}, found: `header Location: got "", want "/x"`},
	{name: "header matches", header: []Line{{"Content-Type", "~ ^application/"}}},
	{name: "header does not match", header: []Line{{"Content-Type", "~ xml$"}}, found: "want a match of xml$"},
	{name: "header absent", header: []Line{{"!Location", ""}}},
	{name: "header there", header: []Line{{"!Vary", ""}}, found: "want none"},

	{name: "text", want: "a\nb", got: "a\nb"},
	{name: "text differs", want: "a", got: "a\n", found: `body: got "a\n", want "a"`},
	{name: "text matches", want: "~ ^a", got: "ab"},
	{name: "regular expression broken", want: "~ (", got: "ab", found: "missing closing"},
	{name: "exact bytes", want: `= { "a": 1 }`, got: `{ "a": 1 }`},
	{name: "exact bytes differ", want: `= { "a": 1 }`, got: `{"a":1}`, found: "want"},
	{name: "empty", want: "(empty)"},
	{name: "not empty", want: "(empty)", got: "x", found: `got "x"`},

	{name: "JSON", want: `{"a":[1,"x",null,true]}`, got: "{\n\"a\": [1, \"x\", null, true]}\n"},
	{name: "JSON number as text differs", want: `{"a":1}`, got: `{"a":"1"}`, found: `body.a: got "1", want 1`},
	{name: "JSON number differs in its text", want: `{"a":1}`, got: `{"a":1.0}`, found: "body.a: got 1.0"},
	{name: "JSON string differs", want: `{"a":"x"}`, got: `{"a":1}`, found: "body.a: got 1, want a string"},
	{name: "JSON member missing", want: `{"a":1,"b":2}`, got: `{"a":1}`, found: "body.b: is missing"},
	{name: "JSON member too many", want: `{"a":1}`, got: `{"a":1,"b":{"c":2}}`, found: `body.b: got {"c":2}, want no such member`},
	{name: "JSON array of other length", want: `[1]`, got: `[1,2]`, found: "want an array of 1"},
	{name: "JSON element differs", want: `[1,{"a":2}]`, got: `[1,{"a":3}]`, found: "body[1].a: got 3, want 2"},
	{name: "JSON null is not absent", want: `{"a":null}`, got: `{}`, found: "body.a: is missing"},
	{name: "not JSON", want: `{}`, got: `oops`, found: "body is not JSON"},
	{name: "two JSON values", want: `{}`, got: `{} {}`, found: "body is not JSON"},
	{name: "case is not JSON", want: `{`, got: `{}`, found: "the case's expected body"},

	{name: "string matches", want: `{"a":"~ ^[0-9]+$"}`, got: `{"a":"12"}`},
	{name: "string does not match", want: `{"a":"~ ^[0-9]+$"}`, got: `{"a":"x"}`, found: `body.a: got "x"`},
	{name: "number is no string", want: `{"a":"~ ^[0-9]+$"}`, got: `{"a":12}`, found: "want a string"},
	{name: "$number", want: `{"a":{"$number":"^8\\."}}`, got: `{"a":8.3}`},
	{name: "$number differs", want: `{"a":{"$number":"^8\\."}}`, got: `{"a":9.3}`, found: "body.a"},
	{name: "$number of a string", want: `{"a":{"$number":"."}}`, got: `{"a":"8"}`, found: "want a number"},
	{name: "$length", want: `{"a":{"$length":2},"b":{"$length":1}}`, got: `{"a":[1,2],"b":"ü"}`},
	{name: "$length differs", want: `{"a":{"$length":2}}`, got: `{"a":[1]}`, found: `body.a length: got "1"`},
	{name: "$length of a number", want: `{"a":{"$length":1}}`, got: `{"a":1}`, found: "body.a length"},
	{name: "$contains", want: `{"$contains":{"a":1}}`, got: `{"a":1,"b":2}`},
	{name: "$contains differs", want: `{"$contains":{"a":1}}`, got: `{"b":2}`, found: "body.a: is missing"},
	{name: "$contains is not inherited", want: `{"$contains":{"a":{"b":1}}}`, got: `{"a":{"b":1,"c":2}}`, found: "body.a.c"},
	{name: "$json", want: `{"a":{"$json":{"b":"~ x"}}}`, got: `{"a":"{\"b\":\"xx\"}"}`},
	{name: "$json differs", want: `{"a":{"$json":{"b":1}}}`, got: `{"a":"{\"b\":2}"}`, found: "body.a.b: got 2"},
	{name: "$json of no JSON", want: `{"a":{"$json":1}}`, got: `{"a":"{"}`, found: "is not JSON"},
	{name: "no matcher", want: `{"a":{"$numbers":"."}}`, got: `{"a":1}`, found: "want an object"},

	{name: "XML", want: "<a><b>x</b><c/></a>", got: "<?xml version=\"1.0\"?>\n<a>\n <b> x </b>\n<c></c></a>\n"},
	{name: "XML escapes", want: "<a>&lt;&#252;</a>", got: "<a><![CDATA[<ü]]></a>"},
	{name: "XML text matches", want: "<a>~ ^[0-9]+$</a>", got: "<a>12</a>"},
	{name: "XML text differs", want: "<a><b>x</b></a>", got: "<a><b>y</b></a>", found: `body/a/b[0]: got "y", want "x"`},
	{name: "XML element differs", want: "<a><b/></a>", got: "<a><c/></a>", found: "got element c"},
	{name: "XML elements in another order", want: "<a><b/><c/></a>", got: "<a><c/><b/></a>", found: "got element c"},
	{name: "XML elements too many", want: "<a><b/></a>", got: "<a><b/><b/></a>", found: "got elements [b b]"},
	{name: "not XML", want: "<a/>", got: `{"a":1}`, found: "body is not XML"},
	{name: "XML broken", want: "<a/>", got: `<a>`, found: "body is not XML"},
}

func TestDifferences(t *testing.T) {
	header := http.Header{"Content-Type": {"application/json"}, "Vary": {"A", "B"}}
	for _, test := range differenceTests {
		t.Run(test.name, func(t *testing.T) {
			if test.status == 0 {
				test.status = 200
			}
			expectation := Expectation{test.status, test.header, test.want}
			found := strings.Join(expectation.differences(&Answer{200, header, []byte(test.got)}), "\n")
			if (found == "") != (test.found == "") || !strings.Contains(found, test.found) {
				t.Errorf("got  %q\nwant %q", found, test.found)
			}
		})
	}
}
