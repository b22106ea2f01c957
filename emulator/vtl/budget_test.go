package vtl

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// growing makes #set($s) twice as long n times.
func growing(n int) string {
	return fmt.Sprintf(`#set($s = "x")#foreach($i in [1..%d])#set($s = "$s$s")#end`, n)
}

// chain defines n names, each of which uses the one before twice.
func chain(format string, n int) string {
	var b strings.Builder
	for i := 1; i <= n; i++ {
		fmt.Fprintf(&b, format, i, i-1)
	}
	return b.String()
}

// TestBombs are templates that would take all memory or never end. Each ends
// with an error soon.
func TestBombs(t *testing.T) {
	defer func(before time.Duration) { maxTime = before }(maxTime)
	long := maxTime
	nest := strings.Repeat
	const thousand, million = `#foreach($i in [1..1000])`, `#foreach($i in [1..1000])#foreach($j in [1..1000])`
	for _, test := range []struct{ name, template, want string }{
		{"three loops in each other", million + `#foreach($k in [1..1000])#end#end#end`, "1000000 times"},
		{"text that doubles", growing(1000), "longer than 10 MB"},
		{"concat", `#set($s = "x")` + thousand + `#set($s = $s.concat($s))#end`, "longer than 10 MB"},
		{"output", growing(20) + thousand + `$s#end`, "longer than 10 MB"},
		{"texts in a list", growing(22) + `#set($l = [])` + thousand + `#set($z = $l.add("$s$i"))#end`, "more than 256 MB"},
		{"texts in a map", growing(22) + `#set($m = {})` + thousand + `#set($m[$i] = "$s$i")#end`, "more than 256 MB"},
		{"texts that are dropped", growing(22) + million + `#set($t = "$s")#end#end`, "more than 256 MB"},
		{"lists in a list", `#set($l = [])` + thousand + `#set($z = $l.add([1..1000000]))#end`, "more than 256 MB"},
		{"lists in lists", growing(20) + `#set($l = [])` + thousand + `#set($z = $l.add($s.split("")))#end`, "256 MB|10 seconds"},
		{"list that doubles", `#set($l = [1])` + thousand + `#set($z = $l.addAll($l))#end`, "longer than 10 MB"},
		{"list of lists as text", `#set($l = ["x"])#foreach($i in [1..60])#set($l = [$l, $l])#end$l`, "longer than 10 MB"},
		{"huge range", `#foreach($i in [1..1000000000])#end`, "more than 1000000 elements"},
		{"macro without end", `#macro(a)#a()#a()#end#a()`, "more than 20 deep"},
		{"macros that multiply", `#macro(a0)#end` + chain(`#macro(a%[1]d)`+nest(`#a%[2]d()`, 8)+`#end`, 19) + `#a19()`, "10 seconds"},
		{"arguments that multiply", `#macro(a0 $x)#if($x)#end#end` + chain(`#macro(a%[1]d $x)#a%[2]d([$x,$x,$x,$x,$x,$x,$x,$x])#end`, 19) + `#a19("")`, "10 seconds|256 MB"},
		{"definitions that multiply", `#define($a0)#end` + chain(`#define($a%[1]d)$a%[2]d$a%[2]d#end`, 60) + `$a60`, "10 seconds"},
		{"evaluate", `#set($a = '#evaluate($a)#evaluate($a)')#evaluate($a)`, "more than 20 deep"},
		{"calls on a long text", growing(22) + `#set($t = "$s.substring(0, 2000000)y")` + million + `#if($s.indexOf($t))#end#end#end`, "10 seconds"},
		{"calls on a long list", `#set($l = [1..1000000])` + million + `#if($l.contains(0))#end#end#end`, "10 seconds"},
		{"regular expressions", growing(20) + million + `#if($s.matches("a*b"))#end#end#end`, "10 seconds"},
		{"replaceAll", growing(20) + `$s.replaceAll("x", $s)`, "longer than 10 MB"},
		{"replaceAll by groups", growing(20) + `$s.replaceAll("(x*)", "$1$1$1$1$1$1$1$1$1$1$1$1")`, "longer than 10 MB"},
		{"format's width", `#set($s = "")$s.format("%1000000000d", 1)`, "longer than 10 MB"},
		{"repeat", `#set($s = "x")$s.repeat(2000000000)`, "longer than 10 MB"},
		{"big integers", `#set($n = 99999999999999999999)` + thousand + `#set($n = $n * $n)#end`, "more than 100000 digits"},
		{"big integers' method", `#set($n = 99999999999999999999)` + thousand + `#set($n = $n.multiply($n))#end`, "more than 100000 digits"},
		{"deep parentheses", `#if(` + nest("(", 100_000) + `1` + nest(")", 100_000) + `)#end`, "400 levels"},
		{"deep directives", nest("#if(1)", 50_000), "400 levels"},
		{"deep lists", `#set($x = ` + nest("[", 100_000), "400 levels"},
		{"deep indexes", `$a` + nest("[$a", 100_000), "400 levels"},
		{"deep calls", `$a` + nest(".b($a", 50_000), "400 levels"},
		{"long template", nest("x", MaxTemplate+1), "longer than 300 KB"},
		{"long text for #evaluate", growing(20) + `#evaluate($s)`, "longer than 300 KB"},
	} {
		t.Run(test.name, func(t *testing.T) {
			maxTime = long
			if strings.Contains(test.want, "10 seconds") {
				maxTime = 100 * time.Millisecond
			}
			begun := time.Now()
			parsed, err := Parse("bomb", test.template)
			if err == nil {
				_, err = parsed.Render(nil)
			}
			found := false
			for want := range strings.SplitSeq(test.want, "|") {
				found = found || err != nil && strings.Contains(err.Error(), want)
			}
			if !found {
				t.Errorf("got %v, want %s", err, test.want)
			}
			if took := time.Since(begun); took > 20*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestLongTemplates nest only in the tree, which is deeper than anything that is
// refused.
func TestLongTemplates(t *testing.T) {
	for _, test := range []struct{ name, template, want string }{
		{"sum", `#set($x = 1` + strings.Repeat("+1", 50_000) + `)$x`, "50001"},
		{"conditions", `#if(false` + strings.Repeat("||false", 40_000) + `||true)y#end`, "y"},
		{"links", `$a` + strings.Repeat(".b", 50_000), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			parsed, err := Parse("long", test.template)
			if err != nil {
				t.Fatal(err)
			}
			if got, err := parsed.Render(nil); got != test.want || err != nil {
				t.Errorf("got %.20s, %v", got, err)
			}
		})
	}
}

// TestJSONBombs are documents that would overflow the stack or never be read.
func TestJSONBombs(t *testing.T) {
	nest := strings.Repeat
	for _, test := range []struct{ name, text, want string }{
		{"deep lists", nest("[", 5_000_000), "too deep"},
		{"deep objects", nest(`{"a":`, 2_000_000), "too deep"},
		{"long integer", nest("9", 2_000_000), "more than 10000 digits"},
		{"long fraction", "0." + nest("9", 2_000_000), "more than 10000 digits"},
		{"huge exponent", "1.00000000000000000000e999999999", "not a number"},
		{"ends too early", nest(`{"a":[`, 100), "too early"},
		{"400 levels", nest("[", 400) + nest("]", 400), ""},
		{"double that overflows", "1e999999999", ""},
		{"one name many times", "{" + nest(`"a":1,`, 500_000) + `"a":2}`, ""},
		{"commas", "[" + nest(",", 5_000_000) + "]", ""},
		{"surrogates", `"` + nest(`\ud83d`, 500_000) + `"`, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := ParseJSON(test.text)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				_ = JSON(v)
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestForeachEnds(t *testing.T) {
	parsed, err := Parse("t", `#foreach($i in [1..5000])#end$foreach.count#set($n = 0)#foreach($i in [1..5000])#set($n = $n + 1)#end$n`)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := parsed.Render(nil); got != "1000" || err != nil {
		t.Errorf("got %s, %v", got, err)
	}
}
