package vtl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// Every character of the output has its place in the template.
func TestOrigins(t *testing.T) {
	template, err := vtl.Parse("t.vtl", `## a comment
#set($a = "x$b")
{"é": "$a",
  ## another
  #foreach($i in [1, 2])$i#if($foreach.hasNext), #end#end}`)
	if err != nil {
		t.Fatal(err)
	}
	output, seen, err := template.Observe(nil)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, o := range seen.Origins {
		for at := o.Start; at < o.End; at++ {
			if c := output[at]; c > ' ' && c < 0x80 {
				line, column := o.At(output, at)
				fmt.Fprintf(&got, "%c %d:%d %s\n", c, line, column, o.Reference)
			}
		}
	}
	want := `{ 3:1 
" 3:2 
" 3:4 
: 3:5 
" 3:7 
x 3:8 $a
" 3:10 
, 3:11 
1 5:25 $i
, 5:48 
2 5:25 $i
} 5:58 
`
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("origins (-want +got):\n%s", diff)
	}
}

func TestNoMethods(t *testing.T) {
	template, err := vtl.Parse("t.vtl", "#set($s = 'a')$s.trim()$s.shout()\n#foreach($i in [1, 2])$i.size(1)#end")
	if err != nil {
		t.Fatal(err)
	}
	_, seen, err := template.Observe(nil)
	if err != nil {
		t.Fatal(err)
	}
	want := []vtl.NoMethod{{1, 27, "shout", "java.lang.String"}, {2, 26, "size", "java.lang.Integer"}}
	if diff := cmp.Diff(want, seen.NoMethods); diff != "" {
		t.Errorf("methods (-want +got):\n%s", diff)
	}
}

func TestSyntax(t *testing.T) {
	template, err := vtl.Parse("t.vtl", `#macro(m $p)$p#end#set($a = $input.path('$.a'))
#foreach($i in $a.get("items"))#if($i == "x" && !$b)"$i.name[0]"#else\$c#end#end#m("q$a")`)
	if err != nil {
		t.Fatal(err)
	}
	kinds := []string{"text", "reference", "property", "method", "index", "set", "if", "branch", "foreach", "macro", "call",
		"define", "evaluate", "constant", "quoted", "operation"}
	var got []string
	vtl.Walk(template.Syntax(), func(s *vtl.Syntax) bool {
		got = append(got, strings.TrimSpace(fmt.Sprintf("%s %s %d:%d", kinds[s.Kind], s.Name+strings.Join(s.Params, ","), s.Line, s.Column)))
		return true
	})
	want := []string{
		"macro mp 0:0", "reference p 1:13",
		"set  1:19", "reference a 1:24", "reference input 1:29", "method path 1:36", "constant  0:0",
		"foreach i 2:1", "reference a 2:16", "method get 2:19", "constant  0:0",
		"if  0:0", "branch  2:0", "operation && 0:0", "operation == 0:0", "reference i 2:36", "constant  0:0", "operation ! 0:0", "reference b 2:50",
		"text  0:0", "reference i 2:54", "property name 2:57", "index  2:61", "constant  0:0", "text  0:0",
		"branch  0:0", "text  0:0",
		"call m 2:81", "quoted  2:84", "text  0:0", "reference a 2:86",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("syntax (-want +got):\n%s", diff)
	}
}
