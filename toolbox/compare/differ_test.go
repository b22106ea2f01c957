package compare

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

var requestID = regexp.MustCompile(`"?[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"?`)

func TestBody(t *testing.T) {
	long := strings.Repeat("x", 300)
	tests := []struct {
		name, want      string // what the case expects
		local, deployed string
		found           string // the differences, one line each
	}{
		{name: "equal", local: "x", deployed: "x"},
		{name: "both empty"},
		{name: "empty", local: "", deployed: "x", found: "body:  | x\n"},
		{name: "number in another form", local: `{"a":1}`, deployed: `{"a":1.0}`, found: "body /a: 1 | 1.0\n"},
		{name: "number and text", local: `{"a":1}`, deployed: `{"a":"1"}`, found: "body /a: 1 | \"1\"\n"},
		{name: "object and array", local: `{}`, deployed: `[]`, found: "body: {} | []\n"},
		{name: "order of members", local: `{"a":1,"b":null}`, deployed: `{"b":null,"a":1}`},
		{name: "pointer", local: `{"a/b":{"c~d":[true]}}`, deployed: `{"a/b":{"c~d":[false]}}`, found: "body /a~1b/c~0d/0: true | false\n"},
		{name: "angle brackets", local: `{"a":"<b>"}`, deployed: `{"a":"&"}`, found: "body /a: \"<b>\" | \"&\"\n"},
		{name: "JSON in text", local: `{"input":"{\"n\":1}"}`, deployed: `{"input":"{ \"n\": 2 }"}`, found: "body /input/(JSON)/n: 1 | 2\n"},
		{name: "$json", want: `{"input":{"$json":{"n":{"$number":"."}}}}`, local: `{"input":"{\"n\":1}"}`, deployed: `{"input":"{\"n\":2}"}`},
		{name: "$length", want: `{"a":{"$length":1}}`, local: `{"a":[1]}`, deployed: `{"a":[2]}`},
		{name: "$length differs", want: `{"a":{"$length":1}}`, local: `{"a":[1]}`, deployed: `{"a":[]}`, found: "body /a/0: 1 | (none)\n"},
		{name: "pattern over all", want: "~ ^a", local: "ab", deployed: "ac"},
		{name: "pattern in an array", want: `["~ .",1]`, local: `["a",1]`, deployed: `["b",2]`, found: "body /1: 1 | 2\n"},
		{name: "time of the answer", local: `{"a":"` + time.Now().UTC().Format(time.RFC3339Nano) + `"}`, deployed: `{"a":"` + time.Now().Add(-time.Minute).UTC().Format(time.RFC3339) + `"}`},
		{name: "another time", local: `{"a":"2020-01-01T00:00:00Z"}`, deployed: `{"a":"2020-01-02T00:00:00Z"}`,
			found: "body /a: \"2020-01-01T00:00:00Z\" | \"2020-01-02T00:00:00Z\"\n"},
		{name: "names", local: `{"a":"o-local-unique/1"}`, deployed: `{"a":"o-deployed-unique/1"}`},
		{name: "short name within a word", local: "products of prod", deployed: "deducts of de", found: "body: products of prod | deducts of de\n"},
		{name: "short name", local: "products of prod", deployed: "products of de"},
		{name: "base path", local: "/prod/things", deployed: "/things"},

		{name: "XML", local: "<a><b>x</b> <c/></a>", deployed: "<?xml version=\"1.0\"?>\n<a><b> x</b><c></c></a>"},
		{name: "XML text", local: "<a><b>x</b><b>y</b></a>", deployed: "<a><b>x</b><b>z</b></a>", found: "body /a/b[2]: \"y\" | \"z\"\n"},
		{name: "XML attribute", local: `<a b="1">x</a>`, deployed: `<a b="2">x</a>`, found: "body /a/@b: \"1\" | \"2\"\n"},
		{name: "XML order", local: "<a><b/><c/></a>", deployed: "<a><c/><b/></a>", found: "body /a/order: \"b c\" | \"c b\"\n"},
		{name: "XML pattern", want: "<a><b>~ .</b></a>", local: "<a><b>x</b></a>", deployed: "<a><b>y</b></a>"},
		{name: "broken XML", local: "<a>", deployed: "<a/>", found: "body: <a> | <a/>\n"},

		{name: "form", local: "Action=Publish&Message=a%20b", deployed: "Message=a+b&Action=Publish"},
		{name: "form differs", local: "Action=Publish&Message=%7B%22n%22%3A1%7D", deployed: "Action=Publish&Message=%7B%22n%22%3A2%7D",
			found: "body /Message/(JSON)/n: 1 | 2\n"},

		{name: "text", local: "a\nb c\n", deployed: "a\nb d\n", found: "body: line 2: b c | line 2: b d\n"},
		{name: "long text", local: long + "a", deployed: long + "b",
			found: "body: …" + long[:40] + "a | …" + long[:40] + "b\n"},
		{name: "bytes", local: "\x89PNG1", deployed: "\x89PNG22", found: "body: 5 bytes, from byte 4: 31 | 6 bytes, from byte 4: 32 32\n"},
	}
	values := match(
		map[string]string{"unique": "local-unique", "stage": "prod", "basePath": "/prod"},
		map[string]string{"unique": "deployed-unique", "stage": "de", "basePath": ""},
	)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			d := &differ{expect: &integrationtests.Expectation{}, names: values}
			d.body("body", test.want, []byte(test.local), []byte(test.deployed))
			step := StepReport{Differences: d.differences}
			got := strings.ReplaceAll(findings(&Report{Cases: []CaseReport{{Steps: []StepReport{step}}}}), "0 body", "body")
			if diff := cmp.Diff(test.found, got); diff != "" {
				t.Errorf("want - got +\n%s", diff)
			}
		})
	}
}

func TestHeadersAreDocumented(t *testing.T) {
	page, err := os.ReadFile("../../docs/compare.md")
	if err != nil {
		t.Fatal(err)
	}
	var table strings.Builder
	for _, header := range varyingHeaders {
		fmt.Fprintf(&table, "| `%s` | %s |\n", header.name, header.reason)
	}
	if !strings.Contains(string(page), "| header | why |\n|---|---|\n"+table.String()+"\n") {
		t.Errorf("docs/compare.md needs this table:\n%s", &table)
	}
}
