package mappings_test

import (
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"maps"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestXMLOrder compares the template that reads XML with an XML parser, on
// orders that were damaged at random: what the parser can't read as an order is
// a fault, and of the others both read the same.
func TestXMLOrder(t *testing.T) {
	compareWithParser(t, func(cases []*testCase) ([]result, error) {
		e := engine{}
		var results []result
		for _, c := range cases {
			r, err := e.render(c)
			if err != nil {
				return nil, err
			}
			results = append(results, r)
		}
		return results, nil
	})
}

// TestXMLOrderByOracle is TestXMLOrder on Apache Velocity.
func TestXMLOrderByOracle(t *testing.T) {
	command := os.Getenv("VTL_ORACLE")
	if command == "" {
		t.Skip("VTL_ORACLE is not set: XML was read by our own engine only")
	}
	compareWithParser(t, func(cases []*testCase) ([]result, error) {
		return renderByOracle(command, cases)
	})
}

// TestLongXML holds that a document's length is bounded, and that no white space
// in it costs more than its length: a run of it once took the square of that.
func TestLongXML(t *testing.T) {
	template, err := os.ReadFile("lambda/xml/request.vtl")
	if err != nil {
		t.Fatal(err)
	}
	const limit = 262144
	const before, after = "<order><customerId>c", "x</customerId><items/></order>"
	for _, test := range []struct {
		name, filler string
		length       int
		fault        bool
	}{
		{"longest", "x", limit, false},
		{"too long", "x", limit + 1, true},
		{"white space", " ", 100_000, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			c := newCase("lambda/xml/request.txtar", test.name, string(template))
			c.input.Body = before + strings.Repeat(test.filler, test.length-len(before)-len(after)) + after
			got, err := engine{}.render(c)
			if err != nil {
				t.Fatalf("%.300s", err)
			}
			if fault := strings.Contains(got.output, `"fault"`); fault != test.fault {
				t.Errorf("fault = %t, want %t: %.200s", fault, test.fault, got.output)
			}
		})
	}
}

func compareWithParser(t *testing.T, render func([]*testCase) ([]result, error)) {
	t.Helper()
	template, err := os.ReadFile("lambda/xml/request.vtl")
	if err != nil {
		t.Fatal(err)
	}
	var cases []*testCase
	for _, document := range damagedOrders(1000) {
		c := newCase("lambda/xml/request.txtar", "damaged", string(template))
		c.input.Body = document
		cases = append(cases, c)
	}
	results, err := render(cases)
	if err != nil {
		t.Fatal(err)
	}
	readable := 0
	for i, c := range cases {
		var event struct {
			Fault string
			Order map[string]any
		}
		if err := json.Unmarshal([]byte(results[i].output), &event); err != nil {
			t.Fatalf("%v in %s of %s", err, results[i].output, c.input.Body)
		}
		want, err := readOrder(c.input.Body)
		switch {
		case err != nil && event.Fault == "":
			t.Errorf("no fault, but %v: %s", err, c.input.Body)
		case err == nil && event.Fault != "":
			t.Errorf("fault %q in an order: %s", event.Fault, c.input.Body)
		case err == nil:
			readable++
			if diff := cmp.Diff(want, trimmed(event.Order)); diff != "" {
				t.Errorf("%s (-parser +template):\n%s", c.input.Body, diff)
			}
		}
	}
	if readable < 100 {
		t.Errorf("only %d of %d damaged orders were readable: the comparison says little", readable, len(cases))
	}
}

// damagedOrders are the same ones each time. One piece in two is put at the end
// of an element, where it does no harm if the element is a value.
func damagedOrders(n int) []string {
	random := rand.New(rand.NewPCG(1, 2))
	const whole = `<order><orderId>o</orderId><customerId>c &amp; d</customerId><items>` +
		"<item>\n<sku>A</sku><name>a<![CDATA[<b>]]>&#233;</name><quantity>1</quantity><unitPrice>2</unitPrice></item><!-- c -->" +
		`<item><sku>B</sku><unitPrice>2</unitPrice><name>b</name><quantity>1</quantity></item></items></order>`
	harmless := []string{
		" ", "\n", "\t", "x", "é", "'", `"`, "=", "-", "]", "$input.body", "#set($x=1)", "&amp;", "&lt;", "&#65;", "&#x1F600;",
		"<!-- <item> & -->", "<![CDATA[ </name> & ]]>", "<!---->",
	}
	harmful := []string{
		"<", ">", "</", "/>", "<!--", "-->", "--", "<![CDATA[", "]]>", "]]", "<!", "<?", "?>", "&", "&#", ";", "<?x?>", `<?xml version="1.0"?>`,
		"<sku>", "</sku>", "<sku/>", "<orderId/>", "<item>", "</item>", "<items>", "</items>", "<items/>", "</order>", "<order>", "<note/>",
	}
	var documents []string
	for range n {
		document := whole
		for range 1 + random.IntN(3) {
			pieces, at, end := harmless, 0, 0
			if ends := strings.Split(document, "</"); random.IntN(2) == 0 {
				at = len(strings.Join(ends[:1+random.IntN(len(ends))], "</"))
				end = at
			} else {
				pieces, at = harmful, random.IntN(len(document)+1)
				end = min(len(document), at+random.IntN(4)*random.IntN(4))
			}
			document = strings.ToValidUTF8(document[:at]+pieces[random.IntN(len(pieces))]+document[end:], "?")
		}
		documents = append(documents, document)
	}
	return documents
}

// node is an element with its text, or its children.
type node struct {
	name     string
	text     string
	children []*node
}

// readOrder reads what the template promises to read, by encoding/xml.
func readOrder(document string) (map[string]any, error) {
	root, err := readElements(document)
	if err != nil {
		return nil, err
	}
	if root.name != "order" {
		return nil, errors.New("no order")
	}
	fields, err := root.fields([]string{"customerId", "items"}, "orderId")
	if err != nil {
		return nil, err
	}
	order := map[string]any{"items": []any{}}
	for name, field := range fields {
		if name != "items" {
			if len(field.children) > 0 {
				return nil, errors.New("nested")
			}
			order[name] = strings.TrimSpace(field.text)
			continue
		}
		if strings.TrimSpace(field.text) != "" {
			return nil, errors.New("text between items")
		}
		for _, item := range field.children {
			values, err := item.item()
			if err != nil {
				return nil, err
			}
			order["items"] = append(order["items"].([]any), values)
		}
	}
	if order["orderId"] == "" {
		delete(order, "orderId")
	}
	return order, nil
}

func (n *node) item() (map[string]any, error) {
	if n.name != "item" {
		return nil, fmt.Errorf("%s among the items", n.name)
	}
	fields, err := n.fields([]string{"sku", "name", "quantity", "unitPrice"})
	if err != nil {
		return nil, err
	}
	values := map[string]any{}
	for name, field := range fields {
		if len(field.children) > 0 {
			return nil, errors.New("nested")
		}
		values[name] = strings.TrimSpace(field.text)
	}
	return values, nil
}

// fields are the children by name, each once.
func (n *node) fields(required []string, optional ...string) (map[string]*node, error) {
	fields := map[string]*node{}
	for _, child := range n.children {
		if fields[child.name] != nil || !slices.Contains(append(required, optional...), child.name) {
			return nil, fmt.Errorf("%s in %s", child.name, n.name)
		}
		fields[child.name] = child
	}
	for _, name := range required {
		if fields[name] == nil {
			return nil, fmt.Errorf("no %s", name)
		}
	}
	if strings.TrimSpace(n.text) != "" {
		return nil, errors.New("text between elements")
	}
	return fields, nil
}

// readElements returns the root of a document that has nothing but elements,
// text, comments and, at its start, an XML declaration.
func readElements(document string) (*node, error) {
	decoder := xml.NewDecoder(strings.NewReader(document))
	open := []*node{{}}
	for {
		start := decoder.InputOffset()
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, err
		}
		innermost := open[len(open)-1]
		switch token := token.(type) {
		case xml.StartElement:
			if len(token.Attr) > 0 || token.Name.Space != "" {
				return nil, errors.New("attribute or namespace")
			}
			element := &node{name: token.Name.Local}
			innermost.children = append(innermost.children, element)
			open = append(open, element)
		case xml.EndElement:
			open = open[:len(open)-1]
		case xml.CharData:
			if raw := document[start:decoder.InputOffset()]; len(open) == 1 && strings.TrimSpace(raw) != "" {
				return nil, errors.New("text outside the order")
			}
			innermost.text += string(token)
		case xml.ProcInst:
			if start != 0 || token.Target != "xml" || string(token.Inst) != `version="1.0"` {
				return nil, errors.New("processing instruction")
			}
		case xml.Directive:
			return nil, errors.New("DTD")
		}
	}
	if len(open[0].children) != 1 {
		return nil, errors.New("not one root")
	}
	return open[0].children[0], nil
}

// trimmed is the order without white space around values, which the parser
// can't tell from that of CDATA and references.
func trimmed(order map[string]any) map[string]any {
	order = maps.Clone(order)
	for name, value := range order {
		switch value := value.(type) {
		case string:
			order[name] = strings.TrimSpace(value)
		case []any:
			for i, item := range value {
				value[i] = trimmed(item.(map[string]any))
			}
		}
	}
	return order
}
