package vtl_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// addTemplates seeds a fuzz test with all templates of testdata.
func addTemplates(f *testing.F) {
	data, err := os.ReadFile("testdata/templates.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range txtar.Parse(data).Files {
		f.Add(string(file.Data))
	}
	for _, text := range []string{"$", "#", "#[[", "#**", "\\", "${", "$!", "#{if}", "#set($a=[1..", "\xed\xa0\x80", "$\xff", "#\xff"} {
		f.Add(text)
	}
}

// FuzzParse: every text parses or gives an error with a place within it.
func FuzzParse(f *testing.F) {
	addTemplates(f)
	f.Fuzz(func(t *testing.T, text string) {
		_, err := vtl.Parse("t.vtl", text)
		checkError(t, err)
	})
}

// FuzzRender: every template that parses renders, twice and observed to the same, or gives
// an error with a place.
func FuzzRender(f *testing.F) {
	addTemplates(f)
	f.Fuzz(func(t *testing.T, text string) {
		template, err := vtl.Parse("t.vtl", text)
		if err != nil {
			return
		}
		first, err := template.Render(newHost(t))
		checkError(t, err)
		second, again := template.Render(newHost(t))
		if first != second || (err == nil) != (again == nil) {
			t.Fatalf("first %q %v, then %q %v", first, err, second, again)
		}
		observed, seen, looked := template.Observe(newHost(t))
		if observed != first || fmt.Sprint(looked) != fmt.Sprint(err) {
			t.Fatalf("first %q %v, observed %q %v", first, err, observed, looked)
		}
		for _, r := range seen.References {
			if r.Line < 1 || r.Line > strings.Count(text, "\n")+1 || r.Column < 1 || len(r.Value) > vtl.MaxShown {
				t.Fatalf("%+v", r)
			}
		}
	})
}

func checkError(t *testing.T, err error) {
	if err == nil {
		return
	}
	var e *vtl.Error
	if !errors.As(err, &e) || e.Name != "t.vtl" || e.Line < 1 || e.Column < 1 || e.Message == "" {
		t.Fatalf("%#v has no place", err)
	}
}

// FuzzJSON: what is parsed can be written and parsed again.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{`{"a":[1,2.5,"x",null,true]}`, `{a:'b',}`, `[,1 2]`, `"\ud83d"`, `1e400`, `-`, `{"a":{"b":{}}}`, "NaN", ""} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := vtl.ParseJSON(text)
		if err != nil {
			return
		}
		if _, err := vtl.ParseJSON(vtl.JSON(v)); err != nil {
			t.Fatalf("%q became %q: %v", text, vtl.JSON(v), err)
		}
		_ = vtl.Text(v)
	})
}
