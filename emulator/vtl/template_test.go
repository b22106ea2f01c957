package vtl_test

import (
	"errors"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// host gives the variables of testdata/templates.txtar.
type host map[string]vtl.Value

func (h host) Variable(name string) (vtl.Value, bool) {
	v, ok := h[name]
	return v, ok
}

func newHost(t testing.TB) host {
	parsed := func(s string) vtl.Value {
		v, err := vtl.ParseJSON(s)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	return host{
		"o": parsed(`{"k":"v","n":{"d":[10,20]},"e":""}`), "l": parsed(`["x","y"]`),
		"s": "Hello, World", "n": int32(42),
	}
}

func render(t testing.TB, text string) (string, error) {
	template, err := vtl.Parse("t.vtl", text)
	if err != nil {
		return "", err
	}
	return template.Render(newHost(t))
}

func TestTemplates(t *testing.T) {
	data, err := os.ReadFile("testdata/templates.txtar")
	if err != nil {
		t.Fatal(err)
	}
	files := txtar.Parse(data).Files
	content := func(f txtar.File) string { return strings.TrimSuffix(string(f.Data), "\n") }
	for i := 0; i+1 < len(files); i += 2 {
		name, want := files[i].Name, files[i+1]
		t.Run(name, func(t *testing.T) {
			got, err := render(t, content(files[i]))
			switch want.Name {
			case name + ".error":
				if err == nil {
					t.Fatalf("no error, but %q", got)
				}
			case name + ".want":
				if err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(content(want), got); diff != "" {
					t.Fatal(diff)
				}
			default:
				t.Fatalf("%q has no .want", name)
			}
		})
	}
}

func TestErrors(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"no end", "a\n#if($x)b", `t.vtl:2:1: #if has no #end (add #end)`},
		{"no end of a loop", "#foreach($i in $l)\n$i", `t.vtl:1:1: #foreach has no #end (add #end)`},
		{"end without a beginning", "x #end", `t.vtl:1:3: #end without #if or #foreach (remove it, or write \#end to print it)`},
		{"one = in a condition", "\n #if($n = 1)x#end", `t.vtl:2:9: unexpected "=" in a condition (did you mean ==?)`},
		{"two = in set", "#set($a == 1)", `t.vtl:1:9: unexpected == in #set (did you mean =?)`},
		{"set of no variable", "#set(a = 1)", `t.vtl:1:6: unexpected "a" in #set (write #set($name = value))`},
		{"minus at a digit", "#set($a = $n -1)", `t.vtl:1:14: unexpected "-1" (a minus next to a digit is its sign; put a blank behind it)`},
		{"one &", "#if($a & $b)x#end", `t.vtl:1:8: unexpected '&' (did you mean &&?)`},
		{"open quote", "#set($a = 'x)", `t.vtl:1:11: unexpected '\'' (the text has no closing quote)`},
		{"method of a literal", "#set($a = 'x'.length())", `t.vtl:1:14: unexpected '.' (methods can be called on references only; give the value a name with #set first)`},
		{"trailing comma", "#set($a = [1,])", `t.vtl:1:14: unexpected "]", expected a value (a value is missing before it)`},
		{"word for a value", "#set($a = b)", `t.vtl:1:11: unexpected "b", expected a value (texts are quoted, variables begin with $)`},
		{"no colon", "#set($a = {'k' 1})", `t.vtl:1:16: unexpected "1", expected ":"`},
		{"unclosed braces", "é ${n", `t.vtl:1:3: ${ is not closed (only names, methods and indexes can stand within ${ })`},
		{"dollar at the end", "costs $", `t.vtl:1:7: the template ends within "$" (a $ or # can't be the last character; end the template with a newline)`},
		{"open text block", "a\n#[[ b", `t.vtl:2:1: the template ends within "#[[ b" (close #[[ with ]]#)`},
		{"within a text", "#set($a = \"\n $n.x(\")", `t.vtl:2:8: unexpected the end of the template, expected a value`},
		{"macro without a name", "#macro()x#end", `t.vtl:1:1: #macro has no name; write #macro(name $parameter)`},
		{"include", "a #parse('x')", `t.vtl:1:3: #parse is not available (a mapping template can't read other files)`},
		{"substring out of range", "a\n$s.substring(1, 99)", `t.vtl:2:4: .substring(): begin 1, end 99 is out of range for length 12 (check with indexOf or length first)`},
		{"index out of range", "$l[2]", `t.vtl:1:3: .get(): index 2 is out of range for length 2 (the last index is 1)`},
		{"parseInt", "$n.parseInt('x')", `t.vtl:1:4: .parseInt(): not a whole number: "x" (check with matches('-?[0-9]+') first)`},
		{"group reference", "$s.replaceAll('l', '$1')", `t.vtl:1:4: .replaceAll(): no group 1 (write \$ for a dollar sign)`},
		{"bad pattern", "$s.matches('(')", `t.vtl:1:4: .matches(): not a regular expression: "(": a group is not closed`},
		{"null argument", "$s.contains($nope)", `t.vtl:1:4: .contains(): an argument is null`},
		{"argument too many", "$s.length(1)", `t.vtl:1:4: .length(): wrong number of arguments: it takes none`},
		{"change during a loop", "#foreach($i in $l)#set($x = $l.add($i))#end", `t.vtl:1:1: the collection was changed while it is walked through`},
		{"endless recursion", "#macro(m)#m()#end\n#m()", `t.vtl:1:10: macros call each other more than 20 deep in #m`},
		{"macro argument", "#macro(m $a)#end#m(x)", `t.vtl:1:17: unexpected x as an argument of #m (variables begin with $, texts are quoted)`},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := render(t, test.text)
			if err == nil {
				t.Fatalf("no error, but %q", got)
			}
			if diff := cmp.Diff(test.want, err.Error()); diff != "" {
				t.Fatal(diff)
			}
			var e *vtl.Error
			if !errors.As(err, &e) {
				t.Fatalf("%T is no *vtl.Error", err)
			}
		})
	}
}

// TestLimits renders templates that would never end, or not soon.
func TestLimits(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"loops end after 1000 rounds", "#foreach($i in [1..2000])#end#foreach($i in [1..2000])#set($x = $i)#end$x", "1000"},
		{"rounds of all loops", "#set($r = [1..1000])#foreach($a in $r)#foreach($b in $r)#foreach($c in $r)#end#end#end", "error"},
		{"output", "#set($x = '0123456789')#foreach($i in [1..40])#set($x = \"$x$x\")#end", "error"},
		{"joined texts", "#set($x = '0123456789')#foreach($i in [1..40])#set($x = $x + $x)#end", "error"},
		{"replaced texts", "#set($x = '0123456789')#foreach($i in [1..40])#set($x = $x.replace('0', $x))#end", "error"},
		{"ranges", "#set($x = [1..2000000000])", "error"},
		{"numbers", "#set($x = 9)#foreach($i in [1..100])#set($x = $x * $x)#end", "error"},
		{"evaluate in itself", "#set($x = '#evaluate($x)')#evaluate($x)", "error"},
		{"maps in themselves", "#set($m = {})#set($m.m = $m)#set($o = {})#set($o.m = $o)#if($m == $o)a#{end}b", "b"},
		{"maps in each other", "#set($m = {})#set($m.m = [$m, $m])$m.hashCode()#set($x = $m.toString())", "error"},
		{"nested expressions", "#set($x = " + strings.Repeat("(", 1e5) + ")", "error"},
		{"nested directives", strings.Repeat("#if(true)", 1e5), "error"},
		{"nested lists", "#set($x = " + strings.Repeat("[", 1e5) + ")", "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, err := render(t, test.text)
			if test.want == "error" {
				if err == nil {
					t.Fatalf("no error, but %d bytes", len(got))
				}
			} else if err != nil || got != test.want {
				t.Fatalf("got %q %v, want %q", got, err, test.want)
			}
		})
	}
}

// TestConcurrent renders one template from many goroutines; the race detector
// sees whether rendering changes it.
func TestConcurrent(t *testing.T) {
	template, err := vtl.Parse("t.vtl", "#macro(m $x)[$x]#end#define($d)$n#end#foreach($i in $l)#m(\"$i$d\")#end#evaluate('$s')")
	if err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 50 {
				if got, err := template.Render(newHost(t)); err != nil || got != "[x42][y42]Hello, World" {
					t.Errorf("got %q %v", got, err)
				}
			}
		})
	}
	group.Wait()
}

// TestDefineOutlivesRendering keeps a #define in a map of the host: later
// renderings must leave what it refers to alone.
func TestDefineOutlivesRendering(t *testing.T) {
	parsed := func(text string) *vtl.Template {
		template, err := vtl.Parse("t.vtl", text)
		if err != nil {
			t.Fatal(err)
		}
		return template
	}
	kept := newHost(t)
	if _, err := parsed("#macro(m $x)#define($d)[$x$n$y]#end$o.put('d', $d)#end#set($y = 'here')#m('arg')").Render(kept); err != nil {
		t.Fatal(err)
	}
	later := parsed("#macro(m $x)$x#end#set($y = 'there')#set($n = 1)#m('other')")
	for range 10 {
		if got, err := later.Render(newHost(t)); err != nil || got != "other" {
			t.Fatalf("got %q %v", got, err)
		}
		if got := vtl.Text(kept["o"].(*vtl.Map).Get("d")); got != "[arg42here]" {
			t.Fatalf("got %q", got)
		}
	}
}
