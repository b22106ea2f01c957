package lint

import (
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"
)

// Whatever a template says, it can be examined, and findings lie within it.
func FuzzExamine(f *testing.F) {
	files, err := filepath.Glob("testdata/rules/*.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		archive, err := txtar.ParseFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(archive.Files[0].Data))
	}
	f.Add(`#set($a = $input.path('$..b[?(@.c)]['d','e'].f'))#foreach($k in $a.keySet())$a.get($k).values()[0]#end`)
	f.Add(`{"a": "$util.parseJson($util.base64Decode($input.path('$.a'))).b", #macro(m $p)$p.x#end #m($context.authorizer.claims)}`)
	f.Fuzz(func(t *testing.T, text string) {
		report := Examine(&Subject{templates: []*template{newFile("fuzz.vtl", text)}})
		for _, finding := range report.Findings {
			if finding.Where.Line < 1 || finding.Where.Column < 1 {
				t.Errorf("%s is at %d:%d", finding.Rule, finding.Where.Line, finding.Where.Column)
			}
		}
	})
}
