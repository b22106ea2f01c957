package regex

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
)

func textOf(s string) Text {
	for _, c := range s {
		if c > 0x7F {
			return Text{Units: utf16.Encode([]rune(s))}
		}
	}
	return Text{ASCII: s}
}

// findAll writes all matches, and what their groups hold: "0-2(0-1)(-)".
func findAll(t testing.TB, pattern, text string) string {
	re, err := Compile(pattern)
	if err != nil {
		return "error"
	}
	m := re.Matcher(textOf(text))
	var found []string
	for {
		ok, err := m.Find()
		if err != nil {
			t.Fatal(err)
		}
		if !ok {
			return strings.Join(found, " ")
		}
		start, end := m.Group(0)
		s := fmt.Sprintf("%d-%d", start, end)
		for g := 1; g <= re.Groups(); g++ {
			if start, end := m.Group(g); start < 0 {
				s += "(-)"
			} else {
				s += fmt.Sprintf("(%d-%d)", start, end)
			}
		}
		found = append(found, s)
	}
}

// TestFind compares with what java.util.regex of Java 17 finds.
func TestFind(t *testing.T) {
	for _, test := range []struct{ name, pattern, text, want string }{
		{"literal", "ab", "abcab", "0-2 3-5"},
		{"greedy", "a+b?", "aab a", "0-3 4-5"},
		{"reluctant", "a+?b??", "aab", "0-1 1-2"},
		{"possessive", "a*+a", "aaa", ""},
		{"possessive group", "(?:a|ab)++c", "abc", ""},
		{"counted", "a{2,3}", "aaaaa", "0-3 3-5"},
		{"group in rounds", "(a|b)*", "ab", "0-2(1-2) 2-2(-)"},
		{"group that is unset", "(a)|b", "b", "0-1(-)"},
		{"nested rounds", "(?:(a)|b)+", "ab", "0-2(0-1)"},
		{"round without progress", "(a?)*b", "aab", "0-3(2-2)"},
		{"reference", `(a)(b)?\1`, "aa", "0-2(0-1)(-)"},
		{"reference without a group", `a\1`, "aa", ""},
		{"reference with digits", `(a)\11`, "aa1", "0-3(0-1)"},
		{"reference to a name", `(?<x>.)\k<x>`, "abb", "1-3(1-2)"},
		{"reference without case", `(?i)(a)\1`, "aA", "0-2(0-1)"},
		{"atomic", "(?>a|ab)c", "abc", ""},
		{"look-ahead", "a(?=b)|b(?!c)", "abbc", "0-1 1-2"},
		{"look-behind", "(?<=a|bc)d|(?<!a)e", "ad bcd ae e", "1-2 5-6 10-11"},
		{"look-behind without a limit", "(?<=x.*)a", "a xba", "4-5"},
		{"previous match", `\Ga`, "aaba", "0-1 1-2"},
		{"previous match, empty", `\G(?:a|)`, "ab", "0-1 1-1"},
		{"flags within a group", "((?i)a)b", "Ab aB", "0-2(0-1)"},
		{"flags off", "(?i)a(?-i:b)", "Ab AB", "0-2"},
		{"comments", "(?x)a b # c\n[ d ]", "abd", "0-3"},
		{"case of other scripts", "(?i)é|(?iu)ü", "É Ü", "2-3"},
		{"dot", ".", "a\n\r\u0085b", "0-1 4-5"},
		{"dot of all", "(?s).+", "a\nb", "0-3"},
		{"line ends", "(?m)^.*$", "a\r\nb\n", "0-1 3-4"},
		{"last line end", "a$", "a\na\n", "2-3"},
		{"unix lines", "(?d).$", "a\r", "1-2"},
		{"word boundary", `\b.\B`, "ab c", "0-1"},
		{"mark on a letter", `e\b`, "e\u0301 e", "3-4"},
		{"union", "[a[c-d]]+", "abcd", "0-1 2-4"},
		{"intersection", "[a-z&&[^b]]+", "abc", "0-1 2-3"},
		{"intersection with nothing", "[ab&&]", "ab", "0-1 1-2"},
		{"negated union", "[^a[b]]", "abc", "2-3"},
		{"bracket first", "[]a]+[^]]", "]ab", "0-3"},
		{"hyphen last", "[a-]+", "-a-", "0-3"},
		{"quoted", `\Qa.b\E+`, "a.bb a.b", "0-4 5-8"},
		{"quoted in a class", `[\Q^-]\E]+`, "a^]-", "1-4"},
		{"quoted digit", `(a)\1\Q1\E`, "aa1", "0-3(0-1)"},
		{"control character", `\cA`, "a\x01", "1-2"},
		{"octal", `\0101\07\0477`, "A\a'7", "0-4"},
		{"possessive behind an escape", `\u0061++b`, "aab", "0-3"},
		{"two halves", `\ud83d\ude00+`, "😀😀", "0-4"},
		{"hexadecimal", `\x41\x{1F600}`, "A😀", "0-3"},
		{"line break", `a\Rb`, "a\r\nb a\nb", "0-4 5-8"},
		{"user-perceived character", `\X`, "e\u0301\r\n👩‍👧x", "0-2 2-4 4-9 9-10"},
		{"classes of ASCII", `\d\w\s\D`, "٣1a _", "1-5"},
		{"classes of Unicode", `(?U)\d\w`, "٣é", "0-2"},
		{"horizontal and vertical", `\h\v\H\V`, "\u00A0\vab", "0-4"},
		{"categories", `\p{Lu}\pL\P{L}`, "Aé1", "0-3"},
		{"classes by name", `\p{Alpha}\p{Punct}\p{javaLowerCase}`, "a!é", "0-3"},
		{"scripts and blocks", `\p{IsGreek}\p{script=Latin}\p{InCyrillic}`, "αéж", "0-3"},
		{"case without case", `(?i)\p{Lower}\p{Lu}`, "AaAa", "0-2 2-4"},
		{"binary property", `\p{IsAlphabetic}+`, "aé1", "0-2"},
		{"empty alternative", "a|", "ba", "0-0 1-2 2-2"},
		{"empty between halves", "", "😀", "0-0 1-1 2-2"},
		{"characters, not halves", ".", "😀a", "0-2 2-3"},
		{"braces", "{2}a}", "a}", "0-2"},
		{"quantifier on an anchor", "^*a", "ba", "1-2"},

		{"open group", "(a", "", "error"},
		{"closed group", "a)", "", "error"},
		{"open class", "[a", "", "error"},
		{"empty class", "[]", "", "error"},
		{"nothing to repeat", "a|*", "", "error"},
		{"repeated twice", "a**", "", "error"},
		{"open brace", "a{", "", "error"},
		{"reverse counts", "a{2,1}", "", "error"},
		{"reverse range", "[b-a]", "", "error"},
		{"unknown escape", `\y`, "", "error"},
		{"unknown property", `\p{Xx}`, "", "error"},
		{"unknown flag", "(?z)", "", "error"},
		{"backslash", `a\`, "", "error"},
		{"name twice", "(?<a>x)(?<a>y)", "", "error"},
		{"no such name", `\k<a>(?<a>x)`, "", "error"},
		{"look-behind of any length", "(?<=(ab)*)", "", "error"},
		{"nested too deep", strings.Repeat("(", 10_000), "", "error"},
		{"classes nested too deep", strings.Repeat("[", 10_000), "", "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if diff := cmp.Diff(test.want, findAll(t, test.pattern, test.text)); diff != "" {
				t.Fatalf("%q on %q: %s", test.pattern, test.text, diff)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		pattern, text string
		want          bool
	}{
		{"a|ab", "ab", true}, {"a*?", "aa", true}, {"a", "a\n", false}, {"a$", "a\n", false}, {"a+", "baa", false}, {"", "", true},
	} {
		re, err := Compile(test.pattern)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := re.Matcher(textOf(test.text)).Matches(); got != test.want || err != nil {
			t.Errorf("%q on %q: %v %v", test.pattern, test.text, got, err)
		}
	}
}

// TestLimits matches what Java would be busy with for years, or overflow its
// stack on.
func TestLimits(t *testing.T) {
	for _, test := range []struct {
		name, pattern, text string
		want                error
	}{
		{"rounds in rounds", "(a+)+b", strings.Repeat("a", 40), ErrSteps},
		{"alternatives", "(a|aa)*b", strings.Repeat("a", 60), ErrSteps},
		{"many stars", strings.Repeat(".*", 12) + "b", strings.Repeat("a", 400), ErrSteps},
		{"references", `(a*)(a*)(a*)\1\2b`, strings.Repeat("a", 2000), ErrSteps},
		{"look-behinds", `(?<=.*b)`, strings.Repeat("a", 20_000), ErrSteps},
		{"stack", "(?:a|b)*c", strings.Repeat("ab", 100_000), ErrDepth},
		{"long text", "(?s)<a>.*?</a>", "<a>" + strings.Repeat("x\n", 100_000) + "</a>", nil},
		{"long text of one class", `\s*x`, strings.Repeat(" ", 2_000), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			re, err := Compile(test.pattern)
			if err != nil {
				t.Fatal(err)
			}
			m := re.Matcher(textOf(test.text))
			m.steps = 5_000_000
			if _, err := m.Find(); !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
		})
	}
}

// FuzzFind: whatever the pattern, a search ends, with matches within the text.
func FuzzFind(f *testing.F) {
	for _, pattern := range []string{"(a|b)*c", `(?<x>a)\k<x>`, "[a-z&&[^b]]", `(?<=a{1,3})\b.`, `\Q*\E\x{41}`, "(?i)é(?-i:a)", `\p{IsLatin}\X`, "{,2}", "(?x) a # b"} {
		f.Add(pattern, "ab é😀\r\naab")
	}
	f.Fuzz(func(t *testing.T, pattern, text string) {
		re, err := Compile(pattern)
		if err != nil {
			return
		}
		x := textOf(text)
		m := re.Matcher(x)
		m.steps = 100_000
		last := 0
		for {
			ok, err := m.Find()
			if !ok || err != nil {
				return
			}
			start, end := m.Group(0)
			if start < last || end < start || end > max(len(x.ASCII), len(x.Units)) {
				t.Fatalf("%d-%d behind %d", start, end, last)
			}
			last = end
		}
	})
}

func BenchmarkFind(b *testing.B) {
	text := strings.Repeat(`<item sku="X1"><name>Pen</name><qty>3</qty></item>`, 20)
	for _, pattern := range []string{`<name>(.*?)</name>`, `\s+`, `[^<>]+>`, `(?i)PEN`, `(\w+)="([^"]*)"`} {
		b.Run(pattern, func(b *testing.B) {
			re, err := Compile(pattern)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				m := re.Matcher(Text{ASCII: text})
				for {
					if ok, _ := m.Find(); !ok {
						break
					}
				}
			}
		})
	}
}
