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

	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// TestXMLOrder compares the template that reads XML with an XML parser, on
// orders that were damaged at random: what the parser can't read as an order is
// a fault, and of the others both read the same.
func TestXMLOrder(t *testing.T) {
	compareWithParser(t, renderByOurs)
}

// TestXMLOrderByOracle is TestXMLOrder on Apache Velocity.
func TestXMLOrderByOracle(t *testing.T) {
	command := oracleCommand(t)
	compareWithParser(t, func(renderings []rendering) ([]*render.Result, error) {
		return renderByOracle(command, renderings)
	})
}

// TestLongXML holds that a document's length is bounded, up to the service's
// 10 MB of bytes that are no UTF-8, three bytes each by then; and that no white
// space in it costs more than its length: a run of it once took the square of that.
func TestLongXML(t *testing.T) {
	const limit = 262144
	const tooLong = "longer than 262,144 characters"
	const before, after = "<order><customerId>c", "x</customerId><items/></order>"
	document := func(filler string, length int) string {
		return before + strings.Repeat(filler, length-len(before)-len(after)) + after
	}
	checkFaults(t, []faultTest{
		{"longest", document("x", limit), ""},
		{"too long", document("x", limit+1), tooLong},
		{"10 MB", strings.Repeat("a", 10<<20), tooLong},
		{"10 MB that is no UTF-8", strings.Repeat("\uFFFD", 10<<20), tooLong},
		{"white space", document(" ", 100_000), ""},
	})
}

// TestManyReferences holds that a document with more references than a #foreach
// has rounds is refused for that reason.
func TestManyReferences(t *testing.T) {
	document := func(n int) string {
		var references strings.Builder
		for i := range n {
			fmt.Fprintf(&references, "&#%d;", 0x4E00+i)
		}
		return "<order><customerId>" + references.String() + "</customerId><items/></order>"
	}
	checkFaults(t, []faultTest{
		{"1,000", document(1000), ""},
		{"1,001", document(1001), "more than 1,000 different character references"},
	})
}

// faultTest is a document for the template that reads XML, and what the fault
// in it says; empty where there is none.
type faultTest struct {
	name, document, fault string
}

// checkFaults plays documents that no txtar can hold, on Velocity too if it is at hand.
func checkFaults(t *testing.T, tests []faultTest) {
	t.Helper()
	engines := map[string]engine{"own": renderByOurs}
	if command := os.Getenv("VTL_ORACLE"); command != "" {
		engines["oracle"] = func(renderings []rendering) ([]*render.Result, error) {
			return renderByOracle(command, renderings)
		}
	}
	for name, play := range engines {
		for _, test := range tests {
			t.Run(name+"/"+test.name, func(t *testing.T) {
				got, err := play(xmlOrders(t, test.document))
				if err != nil {
					t.Fatalf("%.300s", err)
				}
				var event struct{ Fault string }
				if err := json.Unmarshal([]byte(got[0].Output), &event); err != nil {
					t.Fatalf("%v in %.300s", err, got[0].Output)
				}
				if (event.Fault == "") != (test.fault == "") || !strings.Contains(event.Fault, test.fault) {
					t.Errorf("fault = %q, want %q", event.Fault, test.fault)
				}
			})
		}
	}
}

// engine renders templates.
type engine func([]rendering) ([]*render.Result, error)

func renderByOurs(renderings []rendering) ([]*render.Result, error) {
	var results []*render.Result
	for _, r := range renderings {
		got := r.template.Render(r.input)
		if got.Problem != nil {
			return nil, got.Problem
		}
		results = append(results, got)
	}
	return results, nil
}

// xmlOrders are renderings of documents by the template that reads XML.
func xmlOrders(t *testing.T, documents ...string) []rendering {
	t.Helper()
	template, err := render.Open("lambda/xml/request.vtl")
	if err != nil {
		t.Fatal(err)
	}
	var renderings []rendering
	for _, document := range documents {
		renderings = append(renderings, rendering{template.Name, template, render.Input{Body: document}})
	}
	return renderings
}

func compareWithParser(t *testing.T, play engine) {
	t.Helper()
	renderings := xmlOrders(t, damagedOrders(1000)...)
	results, err := play(renderings)
	if err != nil {
		t.Fatal(err)
	}
	readable := 0
	for i, r := range renderings {
		var event struct {
			Fault string
			Order map[string]any
		}
		if err := json.Unmarshal([]byte(results[i].Output), &event); err != nil {
			t.Fatalf("%v in %s of %s", err, results[i].Output, r.input.Body)
		}
		want, err := readOrder(r.input.Body)
		switch {
		case err != nil && event.Fault == "":
			t.Errorf("no fault, but %v: %s", err, r.input.Body)
		case err == nil && event.Fault != "":
			t.Errorf("fault %q in an order: %s", event.Fault, r.input.Body)
		case err == nil:
			readable++
			if diff := cmp.Diff(want, trimmed(event.Order)); diff != "" {
				t.Errorf("%s (-parser +template):\n%s", r.input.Body, diff)
			}
		}
	}
	if readable < 100 {
		t.Errorf("only %d of %d damaged orders were readable: the comparison says little", readable, len(renderings))
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
