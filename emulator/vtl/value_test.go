package vtl_test

import (
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// TestNumbers writes JSON numbers as Java does.
func TestNumbers(t *testing.T) {
	for _, test := range []struct{ json, want string }{
		{"1", "1"}, {"-0", "0"}, {"007", "7"}, {"2147483648", "2147483648"}, {"123456789012345678901", "123456789012345678901"},
		{"1.0", "1.0"}, {"0.1", "0.1"}, {"-0.0", "-0.0"}, {"1e3", "1000.0"}, {"9999999.5", "9999999.5"}, {"1e7", "1.0E7"},
		{"123456789.123", "1.23456789123E8"}, {"0.001", "0.001"}, {"0.0001", "1.0E-4"}, {"1e400", "Infinity"}, {"5e-324", "4.9E-324"},
		{"1.23456789012345678901", "1.23456789012345678901"}, {"0.00000000000000000012", "1.2E-19"}, {"12345678901234567890.1E5", "1.23456789012345678901E+24"},
		{"1x", "1x"}, {"-", "0"}, {"1 2", "1 2"}, {"NaN", "NaN"},
	} {
		v, err := vtl.ParseJSON(test.json)
		if got := vtl.Text(v); err != nil || got != test.want && !(test.want == "4.9E-324" && got == "5.0E-324") {
			t.Errorf("%s: got %s %v, want %s", test.json, got, err, test.want)
		}
	}
}

// TestParseJSON reads JSON as permissively as json-smart.
func TestParseJSON(t *testing.T) {
	for _, test := range []struct{ name, json, want string }{
		{"order of keys", `{"b":1,"a":2}`, `{"b":1,"a":2}`},
		{"bare words", `{a: b c , 'd' : "e"}`, `{"a":"b c","d":"e"}`},
		{"commas too many", `{,"a":[,1,,2,],}`, `{"a":[1,2]}`},
		{"keys twice", `{"a":1,"b":2,"a":3}`, `{"a":3,"b":2}`},
		{"something behind", `{"a":1} x`, `{"a":1}`},
		{"a bare text", `hello world`, `"hello world"`},
		{"escapes", `"\u00e9\n\/\q\x41\ud83d\ude00"`, `"é\n/A😀"`},
		{"control characters are escaped", "\"\u2028\u007f\"", `"\u2028\u007F"`},
		{"an open object", `{"a":1`, "error"},
		{"an open text", `"a`, "error"},
		{"a colon", `:`, "error"},
		{"no member", `{"a"}`, "error"},
	} {
		t.Run(test.name, func(t *testing.T) {
			v, err := vtl.ParseJSON(test.json)
			got := vtl.JSON(v)
			if err != nil {
				got = "error"
			}
			if got != test.want {
				t.Fatalf("got %s, want %s (%v)", got, test.want, err)
			}
		})
	}
}

func TestHashCode(t *testing.T) {
	for text, want := range map[string]int32{"": 0, "a": 97, "requestId": 693933066, "é😀": 1996812, "polygenelubricants": -2147483648} {
		if got := vtl.HashCode(text); got != want {
			t.Errorf("%q: got %d, want %d", text, got, want)
		}
	}
}

// TestMap keeps the order of keys, also when it is large enough for an index.
func TestMap(t *testing.T) {
	m := &vtl.Map{}
	for _, key := range "qwertzuiopasdfghjklyxcvbnm1234" {
		m.Put(string(key), key)
	}
	m.Put("w", "again")
	m.Put(int32(1), "one")
	m.Delete("q")
	if m.Len() != 30 || m.Get("w") != "again" || m.Get("g") != 'g' || m.Get("q") != nil {
		t.Errorf("got %s", vtl.Text(m))
	}
	if v, ok := m.Lookup(int32(1)); !ok || v != "one" {
		t.Errorf("got %v %v", v, ok)
	}
	if first, last := m.Entries()[0].Key, m.Entries()[29].Key; first != "w" || last != int32(1) {
		t.Errorf("got %v … %v", first, last)
	}
}
