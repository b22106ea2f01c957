package conformance

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// oracleBody is the body of all random cases.
const oracleBody = `{"s":"Hello, World","n":42,"f":2.5,"t":true,"z":null,"e":"","o":{"k":"v","a b":1,"n":{"d":[10,20,30]}},` +
	`"l":["x","y","z"],"m":[{"id":1,"p":8.95,"c":"fiction"},{"id":2,"p":12.99,"c":"ref","x":{"id":7}},{"id":3,"c":"fiction"}],"big":9007199254740993,"g":1.23456789012345678901,"neg":-7}`

// oraclePieces are put together at random. "‹…›" stands for another piece of
// that kind.
var oraclePieces = map[string][]string{
	"template": {"‹piece›", "‹piece›‹piece›", "‹piece›‹piece›‹piece›", "‹piece›‹piece›‹piece›‹piece›‹piece›"},
	"piece": {
		"‹text›", "‹text›", "‹space›", "‹ref›", "‹ref›", "‹ref›", "‹set›", "‹set›", "‹if›", "‹foreach›", "‹other›", "‹noise›",
		"$input.json(‹path›)", "$input.path(‹path›)", "|", "‹ref›‹text›",
	},
	"text":  {"a", "b c", "{\"x\": ", "}", "]", "[", "(", ")", "é", "😀", ".", ",", ":", "x-y", "1", "true", "'", "\"", "\\", "\\\\", "&", "/", "100%", "="},
	"space": {" ", "\n", "  \n", "\t", "\r\n", "\n\n", "  ", " \n  "},
	"noise": {
		"$", "$!", "#", "##", "## c\n", "#* c *#", "#** c *#", "#[[ $a #if ]]#", "\\$a", "\\\\$a", "\\$q", "\\#if", "\\\\#if", "\\#x", "$5", "#1",
		"$$a", "$a.", "$a.b.", "$a[", "$[", "$.", "$-", "$!a!", "${a}b", "$!{a}", "${a.k}", "$\\!a", "#end", "#else", "${", "#{else}", "$a#b", "#@x", "$!q",
		"$a#set($b = 2)", "#if", "#foo(1)", "#foo", "#set", "$true", "\\#set($a=1)", "$a(", "$a.size(", "-$a-", "$a-$b", "$a->$b",
	},
	"var": {"$a", "$b", "$i", "$q", "$r", "${a}", "$!a", "$r.s", "$r.n", "$r.o", "$r.l", "$r.m", "$r.z", "$r.f", "$r.big", "$r.g", "$r.neg", "$r.t", "$r.e"},
	"ref": {
		"‹var›", "‹var›", "‹var›.k", "‹var›[0]", "‹var›[-1]", "‹var›['k']", "‹var›.size()", "‹var›.get(0)", "‹var›.length()", "$r.o.n.d[1]",
		"‹var›.‹method›", "‹var›.‹method›", "‹var›.‹method›.‹method›", "$foreach.‹loop›", "$velocityCount", "$util.‹util›(‹value›)", "$i.id",
		"$input.params(‹value›)", "$input.params().path.id", "$input.body.length()", "$context.‹context›", "$stageVariables.t", "$nope.a.b()", "$!r.nope", "‹var›.class", "‹var›.class.name",
	},
	"context": {"stage", "identity", "identity.sourceIp", "nope", "requestOverride.header", "identity.keySet()", "responseOverride"},
	"loop":    {"index", "count", "hasNext", "first", "last", "parent.index", "topmost.count", "nope"},
	"util":    {"escapeJavaScript", "urlEncode", "urlDecode", "base64Encode", "base64Decode", "parseJson"},
	"method": {
		"toString()", "length()", "size()", "isEmpty()", "trim()", "toUpperCase()", "toLowerCase()", "substring(‹int›)", "substring(‹int›,‹int›)",
		"indexOf(‹str›)", "indexOf(‹str›,‹int›)", "lastIndexOf(‹str›)", "charAt(‹int›)", "contains(‹value›)", "startsWith(‹str›)", "endsWith(‹str›)",
		"replace(‹str›,‹str›)", "replaceAll(‹regex›,‹repl›)", "replaceFirst(‹regex›,‹repl›)", "matches(‹regex›)", "split(‹regex›).size()", "split(‹regex›)[0]",
		"split(‹regex›,‹int›).size()", "equals(‹value›)", "equalsIgnoreCase(‹str›)", "concat(‹str›)", "compareTo(‹str›)", "hashCode()", "get(‹value›)",
		"put(‹value›,‹value›)", "add(‹value›)", "add(‹int›,‹value›)", "addAll(‹value›)", "remove(‹value›)", "set(‹int›,‹value›)", "clear()", "keySet()", "values()", "entrySet()", "containsKey(‹value›)",
		"subList(‹int›,‹int›)", "intValue()", "doubleValue()", "longValue()", "getClass()", "isBlank()", "strip()", "repeat(‹int›)", "putAll(‹value›)", "getOrDefault(‹value›,‹value›)",
		"toJSONString()", "lastIndexOf(‹str›,‹int›)", "nope()", "empty", "bytes.size()", "parseInt(‹str›)", "iterator().next()", "format(‹str›,‹value›)", "containsValue(‹value›)", "indexOf(‹value›)",
	},
	"int":   {"0", "1", "2", "3", "-1", "10", "$r.n", "$foreach.index"},
	"str":   {"'a'", "','", "''", "'l'", "\"$a\"", "'Hello'", "', '", "'x'", "$r.s", "'5'", "'%s-%s'", "'o'", "'W'", "\"\"", "'é'"},
	"regex": {"','", "', *'", "'[lo]'", "'(l+)(o)'", "'\\s'", "'\\w+'", "'.'", "''", "'\\\\'", "'a|b'", "'(?i)h'", "'[^a-z]'", "'\\d+'", "'^H'", "'.*'", "'(?<x>o)'", "'l{2}'", "'\\bW'", "'('", "'$'"},
	"repl":  {"'-'", "'$1'", "'$0$0'", "'[$1]'", "''", "'\\$'", "'$'", "'${x}'", "'a$2b'", "'\\\\'"},
	"value": {
		"‹int›", "‹str›", "‹ref›", "‹ref›", "1.5", "true", "false", "'k'", "[]", "[1,2]", "['a', $b]", "{}", "{'k':'v'}", "{'a':1,'b':[2]}", "[1..3]", "[3..1]", "\"‹text›$a\"", "$null",
		"\"‹piece›\"", "100000000000", "2147483647", "1.0e3", "9223372036854775807", "'\u00e9\U0001F600'",
	},
	"expr": {
		"‹value›", "‹value›", "‹value› + ‹value›", "‹value› - ‹value›", "‹value› * ‹value›", "‹value› / ‹value›", "‹value› % ‹value›", "(‹value› + ‹value›) * ‹int›",
		"‹value› + 'x'", "‹cond›", "‹value› + ‹value› + ‹value›", "$r.n+1", "$r.n -1", "10-2",
	},
	"cond": {
		"‹ref›", "!‹ref›", "‹value› == ‹value›", "‹value› != ‹value›", "‹value› < ‹value›", "‹value› >= ‹value›", "‹cond› && ‹cond›", "‹cond› || ‹cond›", "not ‹ref›",
		"‹value› eq ‹value›", "true", "false", "$a == $null", "‹ref› == ''", "(‹cond›)", "! (‹cond›)", "‹ref› and ‹ref›", "1", "'x'",
	},
	"lhs": {"$a", "$b", "$a", "$b", "$i", "$a.k", "$a['k']", "$a[0]", "$b.k.j", "$!a", "${a}", "$foreach.x", "$context.requestOverride.header.h", "$context.responseOverride.status"},
	"set": {"#set(‹lhs› = ‹expr›)", "#set(‹lhs›=‹expr›)\n", " #set( ‹lhs› = ‹expr› ) \n", "#set(‹lhs› = ‹value›)", "\n  #set(‹lhs› = ‹value›)\n"},
	"if": {
		"#if(‹cond›)‹piece›#end", "#if(‹cond›)‹space›‹piece›‹space›#else‹space›‹piece›#end‹space›", "#if(‹cond›)‹piece›#elseif(‹cond›)‹piece›#else‹piece›#{end}",
		"#if( ‹cond› ) \n‹piece›\n#end\n", "#if(‹cond›)‹piece›",
	},
	"foreach": {
		"#foreach($i in ‹value›)‹piece›#end", "#foreach($i in ‹ref›)‹piece›#if($foreach.hasNext),#end\n#end\n", "#foreach( $b in [1..3] )\n‹piece›‹piece›#end", "#foreach($i in $r.m)‹ref›‹piece›#break#end",
		"#foreach($i in $r.o.entrySet())$i.key=$i.value‹piece›#end", "#foreach($i in $r.l)#foreach($b in $r.m)‹piece›$foreach.index#end#end", "#foreach($a in ‹value›)‹set›#end",
		"#foreach($i $r.l)a#end", "#foreach($i in [$q,1])‹set›[$i]#end",
	},
	"other": {
		"#macro(m $a $q)<$a ‹piece›>#end", "#m(‹value› ‹value›)", "#m(‹value›,‹value›)\n", "#m()", "#define($a)‹piece›#end", "#evaluate(‹value›)", "#evaluate('$a ‹text›')", "#stop", "#break",
		"#literal()‹piece›#end", "#@m(‹value›)‹piece›$bodyContent#end", "#macro(w)[$!bodyContent]#end#@w()‹piece›#end", "#break($foreach)", "#{m}(1)",
	},
	"path": {
		"'$'", "'$.s'", "'$.l[‹idx›]'", "'$.m[‹idx›].id'", "'$..id'", "'$..m[*].id'", "'$.m[?(@.‹filter›)]'", "'$.m[?(@.‹filter› ‹bool› @.‹filter›)].id'", "'$..[?(@.‹filter›)]'", "'$.o.*'", "'$..*'",
		"\"$['s']\"", "\"$['s','n']\"", "\"$.m[*]['id','c']\"", "'$.‹key›.‹fun›()'", "'$..‹key›.‹fun›()'", "'$.m[?(!@.p)]'", "'$.m[*].‹key›'", "'$.‹key›.‹key›'", "'$..‹key›'", "'‹key›'", "'$.z.a'", "'$..[‹idx›]'", "'$..[‹idx›].id'",
		"'$.o..‹key›'", "'$..‹key›[‹idx›]'", "'$..*.‹key›'", "'$.m[?(@.id in [1,3])].c'", "'$.m[?(@.id == $.m[1].id)]'", "\"$.m[?(@.c == 'fiction' && @.p < 10)]\"", "'$.m[?(@.c =~ /F.*/i)].id'", "‹value›",
	},
	"idx":    {"0", "-1", "1:", ":2", "0:2", "*", "0,2", "-2:", "9", "1:-1", "-3:-1", "::2", " 1 ", "0:1:1"},
	"key":    {"s", "n", "o", "l", "m", "id", "x", "k", "p", "nope", "d", "z", "e"},
	"fun":    {"length", "size", "sum", "min", "max", "avg", "stddev", "keys", "concat", "first", "last", "nope"},
	"filter": {"p", "nope", "x.id", "p > 9", "p < 10", "id == 1", "id == '1'", "c == \"fiction\"", "c != \"ref\"", "id >= 2", "c size 3", "c empty false", "c contains \"i\"", "p == null", "id nin [1]", "x", "id === 1", "c anyof [\"ref\"]", "x.id == 7"},
	"bool":   {"&&", "||"},

	"body":   {"‹json›", "‹json›", " ‹json› ", "{‹member›}", "{‹member›,‹member›}", "[‹json›,‹json›]", "‹json›‹json›", "‹junk›"},
	"member": {"\"a\":‹json›", "\"b\" : ‹json›", "a:‹json›", "'a':‹json›", "\"a\" ‹json›", ",\"a\":1", "\"\\u0061\":‹json›", "a b : ‹json›", "\"a\":", ":1", "a"},
	"json": {
		"1", "-1", "1.0", "1e3", "1.5E-7", "123456789.123", "0.1", "00012", "-0", "1e400", "12345678901234567890", "-9223372036854775808", "0.12345678901234567890", "1.", "-", "-a", "1x", "1 2", "1.2.3", "1e", "1e+",
		"100000000", "12345678.9", "0.001", "0.0001", "1E10", "2147483648", "3.0e-5",
		"\"s\"", "'s'", "\"a\\\"b\"", "\"\\n\\t\\u00e9\\/\\q\"", "\"\\ud83d\\ude00\"", "\"\\ud83d\"", "\"é/<>\u2028\"", "\"a", "bare", "bare text", "null", "true", "false", "nul", "NaN", "truex", "\"\"", "\"\\x41\"",
		"{}", "[]", "{‹member›}", "{‹member›,‹member›}", "{‹member›,}", "[‹json›]", "[‹json›,‹json›]", "[‹json›,]", "[,‹json›]", "[‹json› ‹json›]", "{‹member›", "[‹json›", "{\"a\":1}}",
	},
	"junk": {"", " ", "not json", "<a>1</a>", "a=1&b=2", "}", "]", ":", "{", "[", "\"", "é", "{\"a\":1}x", "// c", "\u001a"},
}

// oracleJSON is the template for random bodies.
const oracleJSON = "$input.json('$')|$input.path('$')|$input.json('$.a')|$input.path('$.a')|$input.path('$.b')|$input.path('$[0]')|$input.path('$.a').size()|" +
	"$input.path('$..a')|$util.escapeJavaScript($input.json('$'))|$util.escapeJavaScript($input.path('$'))|$input.path('$.a').class.name|$input.body"

// oracleText puts a piece of the kind together.
func oracleText(r *rand.Rand, kind string, depth int) string {
	choices := oraclePieces[kind]
	s := choices[r.IntN(len(choices))]
	if depth > 7 {
		s = choices[0]
	}
	var b strings.Builder
	for {
		before, rest, found := strings.Cut(s, "‹")
		b.WriteString(before)
		if !found {
			return b.String()
		}
		name, after, _ := strings.Cut(rest, "›")
		if depth > 12 {
			b.WriteString("1")
		} else {
			b.WriteString(oracleText(r, name, depth+1))
		}
		s = after
	}
}

// TestVelocity renders random templates here and on Velocity. VTL_SEED and
// VTL_COUNT vary them.
func TestVelocity(t *testing.T) {
	peer := startVelocity(t, "17", "--aws")
	number := func(name string, otherwise int) int {
		if n, err := strconv.Atoi(os.Getenv(name)); err == nil {
			return n
		}
		return otherwise
	}
	r := rand.New(rand.NewPCG(uint64(number("VTL_SEED", 1)), 0))
	same, count := 0, number("VTL_COUNT", 2000)
	for i := range count {
		template, body := oracleBegin+oracleText(r, "template", 0), oracleBody
		if i%4 == 0 {
			template, body = oracleJSON, oracleText(r, "body", 0)
		}
		if found := peer.differences(t, oracleCase(template, body)); found != "" {
			t.Error(found)
		} else {
			same++
		}
	}
	t.Logf("%d of %d alike", same, count)
}

const oracleBegin = `#set($r = $input.path('$'))#set($a = {'k':'v','l':[1]})#set($b = 'b')`

func oracleCase(template, body string) *vtlCase {
	return &vtlCase{
		ID:             "t",
		Template:       template,
		Body:           body,
		Params:         json.RawMessage(`{"path":{"id":"7"},"querystring":{"q":"a b"},"header":{"H":"it's"}}`),
		Context:        json.RawMessage(`{"stage":"prod","identity":{"sourceIp":"1.2.3.4","user":null}}`),
		StageVariables: json.RawMessage(`{"t":"T"}`),
	}
}

// differences tells how the case renders otherwise here than on Velocity.
func (v *velocity) differences(t testing.TB, c *vtlCase) string {
	got, overrides, err := c.render()
	want := v.render(t, c, 0)
	switch {
	case want.Error != nil && err != nil:
		return ""
	case want.Error != nil:
		return fmt.Sprintf("%q on %q\ngot  %q\nwant error %s", c.Template, c.Body, got, *want.Error)
	case err != nil:
		return fmt.Sprintf("%q on %q\ngot  error %v\nwant %q", c.Template, c.Body, err, *want.Output)
	case strings.Contains(*want.Output, "@"), strings.Contains(string(want.Overrides), "componentType"):
		return "" // an address of Java's heap, or what json-smart makes of a class
	case unslash.Replace(got) != unslash.Replace(*want.Output):
		return fmt.Sprintf("%q on %q\ngot  %q\nwant %q", c.Template, c.Body, got, *want.Output)
	case want.Overrides != nil && !sameJSON(overridesText(overrides), string(want.Overrides)):
		return fmt.Sprintf("%q on %q\ngot  overrides %s\nwant %s", c.Template, c.Body, overridesText(overrides), want.Overrides)
	}
	return ""
}

// FuzzVelocity renders templates here and on Velocity, for as long as one
// likes: go test -fuzz FuzzVelocity. What is beyond a limit of this engine is
// left out.
func FuzzVelocity(f *testing.F) {
	peer := startVelocity(f, "17", "--aws")
	r := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		f.Add(oracleBegin+oracleText(r, "template", 0), oracleBody)
		f.Add(oracleJSON, oracleText(r, "body", 0))
	}
	f.Fuzz(func(t *testing.T, template, body string) {
		c := oracleCase(template, body)
		if !utf8.ValidString(template+body) || strings.Contains(template, "lass") {
			t.Skip()
		}
		if _, _, err := c.render(); err != nil && beyondLimit.MatchString(err.Error()) {
			t.Skip()
		}
		if found := peer.differences(t, c); found != "" {
			t.Error(found)
		}
	})
}

var beyondLimit = regexp.MustCompile("10 MB|20 deep|nested|1000000|choices|repeated a group")
