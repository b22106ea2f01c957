package vtl_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

func observe(t testing.TB, text string) (string, *vtl.Observation, error) {
	template, err := vtl.Parse("t.vtl", text)
	if err != nil {
		t.Fatal(err)
	}
	return template.Observe(newHost(t))
}

func TestObservedReferences(t *testing.T) {
	for _, test := range []struct{ name, text, want string }{
		{"text and null", "$s\n  ${nope}", "1:1 $s Hello, World; 2:3 ${nope} null"},
		{"null behind a link", "$o.x.y", "1:1 $o.x.y null from .x"},
		{"null at the begin", "$nope.x", "1:1 $nope.x null from $nope"},
		{"null at the end", "$o.n.x", "1:1 $o.n.x null"},
		{"null from a method or an index", "$o.get('x').y$o['x'].y", "1:1 $o.get('x').y null from .get(); 1:14 $o['x'].y null from []"},
		{"arguments first", "$l.get($o.n.d.size().compareTo(2))", `1:8 $o.n.d.size().compareTo(2) 0; 1:1 $l.get($o.n.d.size().compareTo(2)) x`},
		{"collections as JSON", "$o $l", `1:1 $o {"k":"v","n":{"d":[10,20]},"e":""}; 1:4 $l ["x","y"]`},
		{"set", "#set($a = $n)$a", "1:11 $n 42; 1:6 $a = 42; 1:14 $a 42"},
		{"set to null", "#set($n = $nope)$n", "1:11 $nope null; 1:6 $n = null; 1:17 $n 42"},
		{"rounds", "#foreach($i in $l)\n$i#end", `1:16 $l ["x","y"]; 2:1 $i x; 2:1 $i y`},
		{"macro", "#macro(m $a)$a#end\n#m($n)", "2:4 $n 42; 1:13 $a 42"},
		{"condition", "#if($o.k == 'v')x#end", "1:5 $o.k v"},
		{"quoted text", "#set($a = \"$n!\")", "1:12 $n 42; 1:6 $a = 42!"},
		{"evaluated", "\n #evaluate('$n\n$s')", "2:2 $n 42; 2:2 $s Hello, World"},
		{"define is not rendered to show it", "#define($d)#set($a = 1)#end#set($b = [$d])$!a", "1:39 $d #define; 1:33 $b = [#define]; 1:43 $!a null"},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, seen, err := observe(t, test.text)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, references(seen)); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func references(o *vtl.Observation) string {
	var all []string
	for _, r := range o.References {
		value := r.Value
		if r.Null {
			value = "null"
		}
		if r.NullFrom != "" {
			value += " from " + r.NullFrom
		}
		if r.Set {
			value = "= " + value
		}
		all = append(all, fmt.Sprintf("%d:%d %s %s", r.Line, r.Column, r.Text, value))
	}
	return strings.Join(all, "; ")
}

// TestCoverage marks lines that were reached with + and others with -, and
// names the branches that were not.
func TestCoverage(t *testing.T) {
	for _, test := range []struct{ name, text, lines, missed string }{
		{"text, comments and blank lines", "## c\n{\n\n#* c\nc *#\n}\n", "2+ 6+", ""},
		{"one branch of three", "#if($nope)\na\n#elseif($s)\nb\n#else\nc\n#end\n", "1+ 2- 3+ 4+ 6-", "1:1 #if, 5:1 #else"},
		{"elseif that is not asked", "#if($s)\na\n#elseif($s)\nb\n#end", "1+ 2+ 3- 4-", "1:1 #if without #else, 3:1 #elseif"},
		{"else that is not written", " #if($nope)\na\n#end", "1+ 2-", "1:2 #if"},
		{"loop", "#foreach($i in $l)\n$i\n#end", "1+ 2+", "1:1 #foreach without elements"},
		{"loop without elements", "#foreach($i in [])\n$i\n#end", "1+ 2-", "1:1 #foreach"},
		{"loop that always has elements", "#foreach($i in ['a'])\n$i\n#end", "1+ 2+", ""},
		{"loop over a range", "#foreach($i in [1..2])\n$i\n#end", "1+ 2+", ""},
		{"loop over a range that may be null", "#foreach($i in [1..$n])\n$i\n#end", "1+ 2+", "1:1 #foreach without elements"},
		{"loop over null", "#foreach($i in $nope)\n$i\n#end", "1+ 2-", "1:1 #foreach"},
		{"behind a stop", "a\n#if($s)#stop#end\nb\n", "1+ 2+ 3-", "2:1 #if without #else"},
		{"behind an error", "a\n$l[9]\nb\n", "1+ 2+ 3-", ""},
		{"macro and define", "#macro(m)\na\n#end\n#define($d)\nb\n#end\n#m()", "1+ 2+ 4+ 5- 7+", ""},
		{"within a text", "#set($a = \"#if($nope)x#{else}y#end\")", "1+", "1:12 #if"},
		{"evaluated", "#evaluate('#if($s)\n\na#end')\nb", "1+ 4+", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, seen, _ := observe(t, test.text)
			var lines, missed []string
			for _, l := range seen.Coverage.Lines {
				lines = append(lines, fmt.Sprint(l.Line)+map[bool]string{true: "+", false: "-"}[l.Reached])
			}
			for _, b := range seen.Coverage.Branches {
				if !b.Reached {
					missed = append(missed, fmt.Sprintf("%d:%d %s", b.Line, b.Column, b.Name))
				}
			}
			if diff := cmp.Diff(test.lines, strings.Join(lines, " ")); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(test.missed, strings.Join(missed, ", ")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestObservationIsBounded: a long text is cut at a character, and of many
// rounds the references behind them are kept.
func TestObservationIsBounded(t *testing.T) {
	text := "#set($e = 'xé')#foreach($i in [1..10])#set($e = \"$e$e\")#end$e" +
		"#set($m = {})#set($m.m = [$m, $m])#set($k = $m)#foreach($i in [1..1000])#foreach($j in [1..10])$i#end#end$n"
	_, seen, err := observe(t, text)
	if err != nil {
		t.Fatal(err)
	}
	if _, evaluated, err := observe(t, "#foreach($i in [1..1000])#foreach($j in [1..10])#evaluate('$n')#end#end"); err != nil || len(evaluated.References) > vtl.MaxObserved+3 {
		t.Errorf("#evaluate: %d references, %v", len(evaluated.References), err)
	}
	last := seen.References[len(seen.References)-1]
	if last.Text != "$n" || last.Value != "42" {
		t.Errorf("the last reference is %+v", last)
	}
	if n := len(seen.References); n != vtl.MaxObserved+1 || seen.Dropped < 5000 {
		t.Errorf("%d references and %d dropped", n, seen.Dropped)
	}
	for _, r := range seen.References {
		if len(r.Value) > vtl.MaxShown || strings.ContainsRune(r.Value, '\uFFFD') {
			t.Errorf("%s has a value of %d bytes: %q", r.Text, len(r.Value), r.Value)
		}
		if r.Truncated != (len(r.Value) >= vtl.MaxShown-1) {
			t.Errorf("%s: truncated is %v at %d bytes", r.Text, r.Truncated, len(r.Value))
		}
	}
}
