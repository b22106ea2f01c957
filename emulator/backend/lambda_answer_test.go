package backend

import (
	"bytes"
	"encoding/json"
	"testing"
)

// FuzzObjectMembers holds the members against those that encoding/json finds.
func FuzzObjectMembers(f *testing.F) {
	for _, seed := range []string{
		`{}`, ` { "a" : 1 , "b":[1,{"c":"}"}] } `, `{"a\"\\":"\\","a,":null,"":{"x":[]}}`, `{"\u00e9":"é"}`, "{\"\xff\":1}",
		`[]`, `null`, ``, `{"a":1`, `{"a":1}x`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		members, err := objectMembers(text)
		decoder := json.NewDecoder(bytes.NewReader(text))
		first, _ := decoder.Token()
		if wanted := json.Valid(text) && first == json.Delim('{'); (err == nil) != wanted {
			t.Fatalf("error %v", err)
		}
		if err != nil {
			return
		}
		for _, m := range members {
			name, _ := decoder.Token()
			var value json.RawMessage
			if err := decoder.Decode(&value); err != nil || m.name != name || !bytes.Equal(m.value, value) {
				t.Fatalf("member %q: %s, want %q: %s (%v)", m.name, m.value, name, value, err)
			}
		}
		if decoder.More() {
			t.Fatal("members are missing")
		}
	})
}
