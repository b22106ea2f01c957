package conformance

import (
	"strings"
	"testing"
)

func TestMismatches(t *testing.T) {
	tests := []struct {
		name, want, got string
		subset          bool
		differences     int
	}{
		{"equal", `{"a":[1,"x",null,true]}`, `{"a":[1,"x",null,true]}`, false, 0},
		{"numbers by value", `1`, `1.0`, false, 0},
		{"number and text", `1`, `"x"`, false, 1},
		{"missing", `{"a":1}`, `{}`, false, 1},
		{"null may be missing", `{"a":null}`, `{}`, false, 0},
		{"not expected", `{}`, `{"a":1}`, false, 1},
		{"subset", `{}`, `{"a":1}`, true, 0},
		{"list length", `[1]`, `[1,2]`, true, 1},
		{"match", `{"$match":"^a+$"}`, `"aaa"`, false, 0},
		{"match on a number", `{"$match":"^2"}`, `204`, false, 0},
		{"no match", `{"$match":"^a+$"}`, `"b"`, false, 1},
		{"no match of null", `{"$match":""}`, `null`, false, 1},
		{"any", `{"$any":true}`, `{"x":1}`, false, 0},
		{"type", `{"$type":"number"}`, `1`, false, 0},
		{"wrong type", `{"$type":"number"}`, `"1"`, false, 1},
		{"length", `{"$length":2}`, `[1,2]`, false, 0},
		{"wrong length", `{"$length":2}`, `[1]`, false, 1},
		{"JSON in text", `{"$json":{"a":{"$any":true}}}`, `"{\"a\": 5}"`, false, 0},
		{"other JSON in text", `{"$json":{"a":1}}`, `"{\"a\": 5}"`, false, 1},
		{"no JSON in text", `{"$json":1}`, `"{"`, false, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var want, got any
			if err := decode([]byte(test.want), &want); err != nil {
				t.Fatal(err)
			}
			if err := decode([]byte(test.got), &got); err != nil {
				t.Fatal(err)
			}
			if found := mismatches("x", want, got, test.subset); len(found) != test.differences {
				t.Errorf("got %v, want %d differences", found, test.differences)
			}
		})
	}
}

func TestUnknownMembersAreNotIgnored(t *testing.T) {
	for _, expect := range []object{{"stauts": 200}, {"backendReceives": object{"boby": ""}}} {
		if err := unknownMembers(&Case{Expect: expect}); err == nil || !strings.Contains(err.Error(), "not compared") {
			t.Errorf("%v: got %v", expect, err)
		}
	}
}
