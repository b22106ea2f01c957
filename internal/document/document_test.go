package document

import (
	"regexp"
	"strings"
	"testing"
)

func TestFaults(t *testing.T) {
	read := func(d *Document) {
		root := d.Root().Object("text", "form", "list", "inner")
		root.Required("text").Text(1, 3)
		root.Optional("form").Match(regexp.MustCompile(`^[a-z]+$`), "must be lower case")
		for _, element := range root.Optional("list").Array(0, 2) {
			element.Text(1, 3)
		}
		root.Optional("inner").Object("x").Required("x").Text(1, 3)
	}
	for _, test := range []struct{ name, text, want string }{
		{"none", `{"text":"äöü","form":"a","list":["x","y"],"inner":{"x":"z"}}`, ""},
		{"missing", `{}`, "#/text is required"},
		{"null is not missing", `{"text":null}`, "#/text must be a string"},
		{"too short", `{"text":""}`, "#/text must be 1 to 3 characters long"},
		{"too long", `{"text":"äöü!"}`, "#/text must be 1 to 3 characters long"},
		{"control character", `{"text":"\u0007"}`, "#/text must not contain control characters other than tab and line break"},
		{"form", `{"text":"x","form":"A"}`, "#/form must be lower case"},
		{"form of another type", `{"text":"x","form":[]}`, "#/form must be a string"},
		{"no list", `{"text":"x","list":"y"}`, "#/list must be an array"},
		{"list too long", `{"text":"x","list":["a","b",3]}`, "#/list must hold 0 to 2 elements"},
		{"element", `{"text":"x","list":["a",3]}`, "#/list/1 must be a string"},
		{"members of no object are not missed", `{"text":"x","inner":1}`, "#/inner must be an object"},
		{"inner member", `{"text":"x","inner":{}}`, "#/inner/x is required"},
		{"unknown twice is told in both ways", `{"text":"x","y":1,"y":2,"y":3}`, "#/y is not a known member; #/y is given more than once"},
		{"pointer escapes", `{"text":"x","~/ ä\"":1}`, "#/~0~1%20%C3%A4%22 is not a known member"},
		{"long name", `{"text":"x","` + strings.Repeat("y", 70) + `":1}`, "#/" + strings.Repeat("y", 64) + "%E2%80%A6 is not a known member"},
	} {
		t.Run(test.name, func(t *testing.T) {
			document, err := Parse([]byte(test.text))
			if err != nil {
				t.Fatal(err)
			}
			read(document)
			got := ""
			if err := document.Err(); err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestReportIsBounded(t *testing.T) {
	document, err := Parse([]byte(`{}`))
	if err != nil {
		t.Fatal(err)
	}
	for range 10 * MaxFaults {
		document.Root().Fault("is odd")
	}
	faults := document.Err().(Faults)
	if len(faults) != MaxFaults+1 || faults[MaxFaults].Detail != "has further faults, which are not listed" {
		t.Errorf("%d faults, the last %v", len(faults), faults[len(faults)-1])
	}
}

func TestNumbersKeepTheirText(t *testing.T) {
	for _, text := range []string{"0.10", "1e400", "12345678901234567890", "-0"} {
		document, err := Parse([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := document.Root().Number(); !ok || got != text {
			t.Errorf("%s came out as %q, %v", text, got, ok)
		}
	}
}
