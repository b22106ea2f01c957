package order

import (
	"encoding/json"
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/internal/document"
)

// with returns a valid order with one part of its text replaced.
func with(old, new string) string {
	const valid = `{"customerId":"c-1","items":[{"sku":"A.1","name":"Cup","quantity":2,"unitPrice":"12.50"}]}`
	return strings.Replace(valid, old, new, 1)
}

const (
	quantityRule = "#/items/0/quantity must be a whole number from 1 to 10000"
	priceRule    = "#/items/0/unitPrice must be a plain decimal number from 0 to 1000000 with at most two decimal places"
)

var faultTests = []struct {
	name, body string
	form       Form
	want       string // faults, joined; "" = none
}{
	{"valid", with("", ""), Form{}, ""},
	{"price as a number", with(`"12.50"`, `12.5`), Form{}, ""},
	{"order of its own ID", with(`{`, `{"orderId":"o-1",`), Form{OrderID: true}, ""},
	{"quantity as text, from XML", with(`2`, `"2"`), Form{Text: true}, ""},
	{"priced before", with(`"sku"`, `"lineTotal":"1.00","sku"`), Form{Priced: true}, ""},
	{"every character of a name", with(`Cup`, `\"\\\u0009\n\r</name>#set($x)ü€😀'`), Form{}, ""},

	{"order ID not asked for", with(`{`, `{"orderId":"o-1",`), Form{}, "#/orderId is not a known member"},
	{"order ID malformed", with(`{`, `{"orderId":"",`), Form{OrderID: true}, "#/orderId must be 1 to 64 letters, digits, - or _"},
	{"quantity as text, from JSON", with(`2`, `"2"`), Form{}, quantityRule},
	{"quantity zero", with(`2`, `0`), Form{}, quantityRule},
	{"quantity too large", with(`2`, `10001`), Form{}, quantityRule},
	{"quantity beyond integers", with(`2`, `99999999999999999999`), Form{}, quantityRule},
	{"quantity negative", with(`2`, `-2`), Form{}, quantityRule},
	{"quantity with a point", with(`2`, `2.0`), Form{}, quantityRule},
	{"quantity with an exponent", with(`2`, `2e0`), Form{}, quantityRule},
	{"quantity null", with(`2`, `null`), Form{}, quantityRule},
	{"quantity an object", with(`2`, `{}`), Form{}, quantityRule},
	{"price with three places", with(`"12.50"`, `12.505`), Form{}, priceRule},
	{"price negative", with(`"12.50"`, `-1`), Form{}, priceRule},
	{"price with an exponent", with(`"12.50"`, `1e2`), Form{}, priceRule},
	{"price too large", with(`"12.50"`, `"1000000.01"`), Form{}, priceRule},
	{"price true", with(`"12.50"`, `true`), Form{}, "#/items/0/unitPrice must be a number or a decimal string"},
	{"sku with a blank", with(`A.1`, `A 1`), Form{}, "#/items/0/sku must be 1 to 64 letters, digits, -, _ or ."},
	{"sku with a line break at the end", with(`A.1`, `A.1\n`), Form{}, "#/items/0/sku must be 1 to 64 letters, digits, -, _ or ."},
	{"name empty", with(`Cup`, ``), Form{}, "#/items/0/name must be 1 to 200 characters long"},
	{"name too long", with(`Cup`, strings.Repeat("ü", 201)), Form{}, "#/items/0/name must be 1 to 200 characters long"},
	{"name with a control character", with(`Cup`, `\u0000`), Form{}, "#/items/0/name must not contain control characters other than tab and line break"},
	{"customer a number", with(`"c-1"`, `1`), Form{}, "#/customerId must be a string"},
	{"no items", with(`[{"sku":"A.1","name":"Cup","quantity":2,"unitPrice":"12.50"}]`, `[]`), Form{}, "#/items must hold 1 to 100 elements"},
	{"items an object", `{"customerId":"c","items":{}}`, Form{}, "#/items must be an array"},
	{"item null", `{"customerId":"c","items":[null]}`, Form{}, "#/items/0 must be an object"},
	{"body an array", `[]`, Form{}, "# must be an object"},
	{"member twice", with(`"name"`, `"name":"x","name"`), Form{}, "#/items/0/name is given more than once"},
	{"member misspelt in case", with(`"sku"`, `"SKU":"A","sku"`), Form{}, "#/items/0/SKU is not a known member"},
	{"hostile member name", with(`{`, `{"a/b~\"% ü":1,`), Form{}, `#/a~1b~0%22%25%20%C3%BC is not a known member`},

	{"empty object", `{}`, Form{}, "#/customerId is required; #/items is required"},
	{"several faults", `{"items":[{"sku":"!","name":5,"quantity":0},{"extra":1,"sku":"A","name":"x","quantity":1,"unitPrice":-1}]}`, Form{},
		"#/customerId is required; #/items/0/sku must be 1 to 64 letters, digits, -, _ or .; #/items/0/name must be a string; " +
			quantityRule + "; #/items/0/unitPrice is required; #/items/1/extra is not a known member; " +
			strings.Replace(priceRule, "/0/", "/1/", 1)},
}

func TestDecodeFaults(t *testing.T) {
	for _, test := range faultTests {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode([]byte(test.body), test.form)
			got := ""
			if err != nil {
				got = err.Error()
			}
			if got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func TestDecodeMalformed(t *testing.T) {
	for _, test := range []struct{ name, body string }{
		{"empty", ""},
		{"blank", " \n"},
		{"not JSON", "<order/>"},
		{"cut off", `{"customerId":"c`},
		{"two documents", `{} {}`},
		{"comma too many", `{"customerId":"c",}`},
		{"not UTF-8", "{\"customerId\":\"\xff\"}"},
		{"nested deeper than the parser goes", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, err := Decode([]byte(test.body), Form{})
			if malformed := (*document.Malformed)(nil); !errors.As(err, &malformed) {
				t.Errorf("got %v, want *document.Malformed", err)
			}
		})
	}
}

func TestDecodeBoundsItsReport(t *testing.T) {
	var body strings.Builder
	body.WriteString(`{"customerId":"c","items":[`)
	for range 100_000 {
		body.WriteString(`{},`)
	}
	body.WriteString(`{}]}`)
	_, err := Decode([]byte(body.String()), Form{})
	if faults, ok := err.(document.Faults); !ok || len(faults) > document.MaxFaults+1 {
		t.Errorf("got %d faults", len(faults))
	}
}

func TestHashFollowsContent(t *testing.T) {
	hash := func(body string) string {
		draft, err := Decode([]byte(body), Form{})
		if err != nil {
			t.Fatal(err)
		}
		sum, err := draft.Hash()
		if err != nil {
			t.Fatal(err)
		}
		return sum
	}
	if hash(with("", "")) != hash(with(`"12.50"`, ` 12.5 `)) {
		t.Error("the same order, written otherwise, has another hash")
	}
	if hash(with("", "")) == hash(with(`2`, `3`)) {
		t.Error("another order has the same hash")
	}
}

// FuzzDecode holds that what is accepted keeps its meaning when it is written and read again, and is within the limits.
func FuzzDecode(f *testing.F) {
	f.Add(with("", ""), true)
	f.Add(with(`"12.50"`, `0.1`), false)
	f.Add(with(`Cup`, `\ud83d\ude00\ud800 <&>`), true)
	f.Add(`{"items":[{"a":{},"a":[]}],"items":1}`, false)
	f.Fuzz(func(t *testing.T, body string, textual bool) {
		draft, err := Decode([]byte(body), Form{OrderID: true, Text: textual})
		if err != nil {
			if err.Error() == "" {
				t.Fatal("an error without a text")
			}
			return
		}
		if len(draft.Items) == 0 || len(draft.Items) > MaxItems || !ValidID(draft.CustomerID) {
			t.Fatalf("beyond the limits: %+v", draft)
		}
		priced := draft.Price()
		if priced.Total < 0 {
			t.Fatalf("total overflows: %+v", priced)
		}
		data, err := json.Marshal(priced)
		if err != nil {
			t.Fatal(err)
		}
		if priced.OrderID == "" {
			data = []byte(strings.Replace(string(data), `"orderId":"",`, ``, 1))
		}
		again, err := Decode(data, Form{OrderID: true, Priced: true})
		if err != nil {
			t.Fatalf("%s: %v", data, err)
		}
		if !reflect.DeepEqual(again, draft) {
			t.Fatalf("came back as %+v, was %+v", again, draft)
		}
	})
}
