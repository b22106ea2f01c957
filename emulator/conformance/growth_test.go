package conformance

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl/jsonpath"
)

// growths are what a template's cost may grow with. of prepares the work of a
// size; the largest size is the one from which the service or this package
// goes no further, or 4096.
var growths = []struct {
	name    string
	largest int
	of      func(t testing.TB, n int) func()
}{
	{"parse lines", 4096, parsing(func(n int) string { return strings.Repeat("text $a.b(1, 'c') #if($d == 2)e#else f#end ## g\n", n) })},
	{"parse names", 4096, parsing(func(n int) string {
		return repeated(n, func(i int) string { return fmt.Sprintf("#set($v%d = $v%d)\n", i, i/2) })
	})},
	{"parse macros", 4096, parsing(func(n int) string {
		return repeated(n, func(i int) string { return fmt.Sprintf("#macro(m%d $a)$a#end#m%d(1)\n", i, i) })
	})},
	{"parse text", 65536, parsing(func(n int) string { return strings.Repeat("x\\ ", n) })},
	{"parse #if in #if", 256, parsing(nested("#if($a)", "b", "#end"))},
	{"parse #elseif", 4096, parsing(func(n int) string { return "#if($a)" + strings.Repeat("#elseif($b)c", n) + "#end" })},
	{"parse parentheses", 256, parsing(func(n int) string { return "#set($a = " + nested("(", "1", ")")(n) + ")" })},
	{"parse lists in lists", 256, parsing(func(n int) string { return "#set($a = " + nested("[", "1", "]")(n) + ")" })},
	{"parse maps in maps", 256, parsing(func(n int) string { return "#set($a = " + nested("{'a': ", "1", "}")(n) + ")" })},
	{"parse calls in calls", 256, parsing(nested("$a.b(", "1", ")"))},
	{"parse indexes in indexes", 256, parsing(nested("$a[", "1", "]"))},
	{"parse a chain", 4096, parsing(func(n int) string { return "$a" + strings.Repeat(".b(1)", n) })},
	{"parse a sum", 256, parsing(func(n int) string { return "#set($a = 1" + strings.Repeat(" + 1", n) + ")" })},
	{"parse a quoted text", 4096, parsing(func(n int) string { return `#set($a = "` + strings.Repeat("$b c ", n) + `")` })},
	{"parse quotes in quotes", 8, parsing(func(n int) string {
		text := "x"
		for range n {
			text = `#set($a = "` + strings.ReplaceAll(text, `"`, `""`) + `")`
		}
		return text
	})},
	{"parse dollars and hashes", 4096, parsing(func(n int) string { return strings.Repeat("$ # $! ${ x", n) + "\n" })},
	{"parse backslashes", 4096, parsing(func(n int) string { return strings.Repeat(`\`, n) + "$a" })},
	{"parse comments", 4096, parsing(func(n int) string { return strings.Repeat("#* a *# ## b\n", n) })},

	{"render lines", 4096, rendering(func(n int) (string, string) { return strings.Repeat("text $n\n", n), "" })},
	{"#foreach", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#foreach($i in [1..%d])$i $foreach.hasNext #set($x = $i * 2)#end", n), ""
	})},
	{"#foreach over a body", 1000, rendering(func(n int) (string, string) {
		return "#foreach($o in $body)$o.a #if($foreach.hasNext),#end#end", array(n, `{"a": 1.5, "b": "text"}`)
	})},
	{"macros", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#macro(m $a $b)#set($c = $a)$b$c#end#foreach($i in [1..%d])#m($i 'x')#end", n), ""
	})},
	{"a list that grows", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#set($l = [])#foreach($i in [1..%d])#set($x = $l.add($i))#end$l.size()", n), ""
	})},
	{"a map that grows", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#set($m = {})#foreach($i in [1..%d])#set($x = $m.put(\"k$i\", $i))#end$m.size()", n), ""
	})},
	{"a map of numbers that grows", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#set($m = {})#foreach($i in [1..%d])#set($x = $m.put($i, $i))#end$m.size()", n), ""
	})},
	{"a text that grows", 1000, rendering(func(n int) (string, string) {
		return fmt.Sprintf("#set($s = '')#foreach($i in [1..%d])#set($s = \"${s}0123456789abcdef\")#end$s.length()", n), ""
	})},
	{"replaceAll", 65536, rendering(func(n int) (string, string) {
		return `$body.replaceAll("[aeiou]+", "<$0>")`, `"` + strings.Repeat("abc eif ", n/8) + `"`
	})},
	{"split", 65536, rendering(func(n int) (string, string) {
		return "#foreach($p in $body.split(','))$p#end", `"` + strings.Repeat("abcdefg,", n/8) + `"`
	})},
	{"indexes of a text that is not ASCII", 65536, rendering(func(n int) (string, string) {
		return "$body.indexOf('z') $body.substring(1) $body.length()", `"` + strings.Repeat("aé€😀", n/4) + `"`
	})},

	{"JSON array", 65536, reading(func(n int) (string, string) { return "$", array(n/16, `{"a": 1, "b": 2}`) })},
	{"JSON object", 65536, reading(func(n int) (string, string) {
		return "$", "{" + strings.TrimSuffix(repeated(n/16, func(i int) string { return fmt.Sprintf(`"k%d": %d,`, i, i) }), ",") + "}"
	})},
	{"JSON object with the same key", 65536, reading(func(n int) (string, string) {
		return "$", "{" + strings.Repeat(`"a": 1,`, n/8) + `"a": 1}`
	})},
	{"JSON nesting", 256, reading(func(n int) (string, string) { return "$", nested(`{"a": [`, "1", "]}")(n / 2) })},
	{"JSON escapes", 65536, reading(func(n int) (string, string) { return "$", `"` + strings.Repeat(`\u00e9\n`, n/8) + `"` })},
	{"JSON quotes that end at once", 65536, reading(func(n int) (string, string) { return "$", `["` + strings.Repeat(`\" `, n/4) + `"]` })},
	{"JSONPath depth", 256, reading(func(n int) (string, string) { return "$" + strings.Repeat(".a", n), nested(`{"a": `, "1", "}")(n) })},
	{"JSONPath index", 65536, reading(func(n int) (string, string) { return "$[-1].a", array(n/16, `{"a": 1, "b": 2}`) })},
	{"JSONPath wildcard", 65536, reading(func(n int) (string, string) { return "$[*].a", array(n/16, `{"a": 1, "b": 2}`) })},
	{"JSONPath filter", 65536, reading(func(n int) (string, string) { return "$[?(@.a == 1)].b", array(n/16, `{"a": 1, "b": 2}`) })},
	{"JSONPath scan", 65536, reading(func(n int) (string, string) { return "$..a", array(n/16, `{"a": 1, "b": 2}`) })},
	{"JSONPath scan of a deep body", 256, reading(func(n int) (string, string) { return "$..a", nested(`{"a": `, "1", "}")(n) })},
}

func repeated(n int, text func(i int) string) string {
	var b strings.Builder
	for i := range n {
		b.WriteString(text(i))
	}
	return b.String()
}

func nested(open, within, shut string) func(n int) string {
	return func(n int) string { return strings.Repeat(open, n) + within + strings.Repeat(shut, n) }
}

func array(n int, element string) string {
	return "[" + strings.TrimSuffix(strings.Repeat(element+", ", n), ", ") + "]"
}

func parsing(text func(n int) string) func(testing.TB, int) func() {
	return func(t testing.TB, n int) func() {
		template := text(n)
		return func() {
			if _, err := vtl.Parse("t.vtl", template); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func rendering(of func(n int) (text, body string)) func(testing.TB, int) func() {
	return func(t testing.TB, n int) func() {
		text, body := of(n)
		template, err := vtl.Parse("t.vtl", text)
		if err != nil {
			t.Fatal(err)
		}
		value, err := vtl.ParseJSON(body)
		if err != nil && body != "" {
			t.Fatal(err)
		}
		return func() {
			if _, err := template.Render(bodyVariable{value}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// bodyVariable gives every variable the same value.
type bodyVariable struct{ value vtl.Value }

func (b bodyVariable) Variable(string) (vtl.Value, bool) { return b.value, true }

func reading(of func(n int) (path, body string)) func(testing.TB, int) func() {
	return func(t testing.TB, n int) func() {
		text, body := of(n)
		path, err := jsonpath.Compile(text)
		if err != nil {
			t.Fatal(err)
		}
		return func() {
			v, err := vtl.ParseJSON(body)
			if err == nil {
				_, _, err = path.Read(v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// BenchmarkGrowth measures each at four sizes, each half of the next, and fits
// the exponent k of cost = size^k: 1 is linear, 2 quadratic.
func BenchmarkGrowth(b *testing.B) {
	for _, g := range growths {
		b.Run(g.name, func(b *testing.B) {
			var sizes, costs []float64
			for n := g.largest / 8; n <= g.largest; n *= 2 {
				cost := cheapest(b, g.of(b, n))
				sizes, costs = append(sizes, math.Log(float64(n))), append(costs, math.Log(cost.Seconds()))
				b.ReportMetric(float64(cost.Nanoseconds())/float64(n), fmt.Sprintf("ns/at-%d", n))
			}
			b.ReportMetric(slope(sizes, costs), "exponent")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// cheapest is the least CPU time of several runs, that of the garbage collector
// included.
func cheapest(b *testing.B, run func()) time.Duration {
	least := time.Duration(math.MaxInt64)
	for runs, spent := 0, time.Duration(0); runs < 5 || spent < 50*time.Millisecond; runs++ {
		many := 0
		begin, took := cpuTime(b), time.Duration(0)
		for ; took < time.Millisecond; took = cpuTime(b) - begin {
			run()
			many++
		}
		least = min(least, took/time.Duration(many))
		spent += took
	}
	return least
}

// slope is that of the line nearest to the points.
func slope(xs, ys []float64) float64 {
	var sx, sy, sxx, sxy float64
	n := float64(len(xs))
	for i := range xs {
		sx, sy, sxx, sxy = sx+xs[i], sy+ys[i], sxx+xs[i]*xs[i], sxy+xs[i]*ys[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx)
}
