package jsonpath_test

import (
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/jsonpath"
)

const document = `{"shop":"S","a b":{"c.d":1},"n":null,"e":[],"list":[10,20,30,40],
"items":[{"id":1,"price":8.5,"kind":"tool","tags":["x","y"]},{"id":2,"price":12,"kind":"book","sub":{"id":9}},{"id":3,"kind":"tool","tags":[]}]}`

// reads are paths and what they read: JSON, nothing, or an error.
var reads = []struct{ path, want string }{
	{"$.shop", `"S"`},
	{"shop", `"S"`},
	{"$['a b']['c.d']", `1`},
	{`$["shop"]`, `"S"`},
	{"$.n", `null`},
	{"$.nope", "nothing"},
	{"$.nope.deeper", "nothing"},
	{"$.shop.deeper", "nothing"},
	{"$.list[1]", `20`},
	{"$.list[-1]", `40`},
	{"$.list[9]", "nothing"},
	{"$.list[0,2]", `[10,30]`},
	{"$.list[1:]", `[20,30,40]`},
	{"$.list[-2:]", `[30,40]`},
	{"$.list[:2]", `[10,20]`},
	{"$.list[:-1]", `[10,20,30]`},
	{"$.list[1:3]", `[20,30]`},
	{"$.list[1:-1]", `[]`},
	{"$.list[::2]", "error"},
	{"$.list[*]", `[10,20,30,40]`},
	{"$['shop','nope','n']", `{"shop":"S","n":null}`},
	{"$.items[*]['id','kind']", `[{"id":1,"kind":"tool"},{"id":2,"kind":"book"},{"id":3,"kind":"tool"}]`},
	{"$.items[*].price", `[8.5,12]`},
	{"$.items[*].nope", `[]`},
	{"$.nope[*].id", "nothing"},
	{"$..id", `[1,2,9,3]`},
	{"$..nope", `[]`},
	{"$..tags[0]", `["x"]`},
	{"$..[0]", `[10,{"id":1,"price":8.5,"kind":"tool","tags":["x","y"]},"x"]`},
	{"$..[0].id", `[1]`},
	{"$.items[?(@.price)].id", `[1,2]`},
	{"$.items[?(!@.price)].id", `[3]`},
	{"$.items[?(@.price > 9)].id", `[2]`},
	{"$.items[?(@.price <= 8.50)].id", `[1]`},
	{"$.items[?(@.kind == 'tool' && @.price)].id", `[1]`},
	{"$.items[?(@.id == 2 || @.id == '3')].id", `[2,3]`},
	{"$.items[?(!(@.id == 2))].id", `[1,3]`},
	{"$.items[?(@.kind != \"tool\")].id", `[2]`},
	{"$.items[?(@.kind in ['book','toy'])].id", `[2]`},
	{"$.items[?(@.id nin [1,2])].id", `[3]`},
	{"$.items[?(@.tags contains 'y')].id", `[1]`},
	{"$.items[?(@.tags size 2)].id", `[1]`},
	{"$.items[?(@.tags empty true)].id", `[3]`},
	{"$.items[?(@.kind =~ /TO.*/i)].id", `[1,3]`},
	{"$.items[?(@.tags anyof ['y','z'])].id", `[1]`},
	{"$.items[?(@.id == $.items[1].id)].kind", `["book"]`},
	{"$.items[?(@.sub.id == 9)].id", `[2]`},
	{"$..[?(@.id > 2)].id", `[9,3]`},
	{"$.shop[?(@.x)]", "error"},
	{"$.list.length()", `4`},
	{"$.list.size()", `4`},
	{"$.shop.length()", `null`},
	{"$.list.sum()", `100.0`},
	{"$.list.avg()", `25.0`},
	{"$.list.min()", `10.0`},
	{"$.list.max()", `40.0`},
	{"$..price.sum()", `20.5`},
	{"$.list.first()", `10`},
	{"$.list.last()", `40`},
	{"$.items[1].keys()", `["id","price","kind","sub"]`},
	{"$.e.sum()", "error"},
	{"$.list.nope()", "error"},
	{"$", document},
	{"", "error"},
	{"$.", "error"},
	{"$..", "error"},
	{"$.a b", "error"},
	{"$[", "error"},
	{"$['a", "error"},
	{"$.items[?(@.id ==]", "error"},
	{"$.items[?(@.id ~ 1)]", "error"},
	{"$x", "error"},
}

func TestRead(t *testing.T) {
	doc, err := vtl.ParseJSON(document)
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range reads {
		t.Run(test.path, func(t *testing.T) {
			want := test.want
			if want == document {
				want = vtl.JSON(doc)
			}
			if got := read(test.path, doc); got != want {
				t.Fatalf("got %s, want %s", got, want)
			}
		})
	}
}

func read(path string, doc vtl.Value) string {
	p, err := jsonpath.Compile(path)
	if err != nil {
		return "error"
	}
	v, ok, err := p.Read(doc)
	switch {
	case err != nil:
		return "error"
	case !ok:
		return "nothing"
	}
	return vtl.JSON(v)
}

// FuzzCompile: every text is a path or an error, and every path can be read.
func FuzzCompile(f *testing.F) {
	for _, path := range []string{"$.a[0]", "$..a", "$['a','b']", "$.a[?(@.b > 1 && @.c in [1,'x'])]", "$.a.sum()", "$.concat($.a, \"b\")", "$[1:2]", "$[?(@.a =~ /x/i)]", "$..*", "$.a.index(1)"} {
		f.Add(path)
	}
	doc, err := vtl.ParseJSON(document)
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(_ *testing.T, path string) { read(path, doc) })
}
