package cost

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

func listPricesOf(t *testing.T, file string) *Prices {
	t.Helper()
	p, err := ListPrices(file)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func row(t *testing.T, rows []Row, name string) Row {
	t.Helper()
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Name == name })
	if i < 0 {
		t.Fatalf("there is no %s", name)
	}
	return rows[i]
}

// Dollars a million, reckoned by hand from the formulas of AWS's pricing pages.
func TestPerMillion(t *testing.T) {
	p := listPricesOf(t, "")
	for _, test := range []struct {
		name, integration, want string
		change                  func(*Workload)
	}{
		{"mock", "mock", "3.50", nil},
		{"http", "http, http-proxy", "3.50", nil},
		{"function on arm64", "lambda, lambda-proxy", "3.87", nil},
		{"function on x86_64", "lambda, lambda-proxy", "3.91", func(w *Workload) { w.Arch = "x86_64" }},
		{"function, billed by whole milliseconds", "lambda, lambda-proxy", "3.87", func(w *Workload) { w.Duration = 49*time.Millisecond + 1 }},
		{"put", "dynamodb PutItem", "4.13", nil},
		{"put into table and index", "dynamodb PutItem", "4.75", func(w *Workload) { w.Indexes = 1 }},
		{"put of a byte more", "dynamodb PutItem", "4.75", func(w *Workload) { w.Item++ }},
		{"query", "dynamodb Query", "3.56", nil},
		{"consistent query", "dynamodb Query", "3.63", func(w *Workload) { w.ConsistentRead = true }},
		{"query of 5 KB", "dynamodb Query", "3.63", func(w *Workload) { w.Items = 5 }},
		{"publish", "sns Publish", "4.00", nil},
		{"publish of 65 KB", "sns Publish", "4.50", func(w *Workload) { w.Payload = 65 * kb }},
		{"standard", "step-functions Standard", "128.50", nil},
		{"standard, three transitions", "step-functions Standard", "78.50", func(w *Workload) { w.Transitions = 3 }},
		{"express", "step-functions Express", "4.60", nil},
		{"express, a step more of each", "step-functions Express", "4.92", func(w *Workload) { w.ExpressMemory++; w.ExpressDuration++ }},
		{"data out", "mock", "3.59", func(w *Workload) { w.Response = kb }},
		{"access log", "mock", "3.73", func(w *Workload) { w.Log = 500 }},
		{"data trace", "mock", "7.31", func(w *Workload) { w.Log = 8 * kb }},
		{"second tier, from 333 million", "mock", "3.15", func(w *Workload) { w.RPS, w.Hours = Whole(1000), Whole(185) }},
		{"vpc link, without what is fixed", "vpc-link", "3.59", nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			w := Usual()
			if test.change != nil {
				test.change(&w)
			}
			if got := p.PerMillion(row(t, Integrations(w), test.integration), w.Requests()).Fixed(2); got != test.want {
				t.Errorf("%s USD, want %s", got, test.want)
			}
		})
	}
}

func TestTiers(t *testing.T) {
	p := listPricesOf(t, "").Prices["api-requests"]
	for _, test := range []struct {
		millions int
		want     string
	}{
		{0, "0.00"}, {1, "3.50"}, {333, "1165.50"}, {334, "1168.30"}, {1000, "3033.10"}, {20000, "48253.10"}, {20001, "48254.61"},
	} {
		if got := p.cost(Whole(test.millions).times(million)).Fixed(2); got != test.want {
			t.Errorf("%d million requests cost %s USD, want %s", test.millions, got, test.want)
		}
	}
}

// A private service has 74.64 to earn: hours of balancer, tasks and endpoints. It saves 0.2778 a million, and so takes
// 268.7 million, before the API's tiers have any say, since both pay them.
func TestCrossings(t *testing.T) {
	p := listPricesOf(t, "")
	rows := Integrations(Usual())
	if got := p.Fixed(row(t, rows, "vpc-link")).Fixed(2); got != "74.64" {
		t.Errorf("fixed: %s USD", got)
	}
	all := p.Crossings([]Row{row(t, rows, "vpc-link"), row(t, rows, "lambda, lambda-proxy"), row(t, rows, "mock")})
	if len(all) != 1 || all[0].Cheaper != "vpc-link" || all[0].Dearer != "lambda, lambda-proxy" || Volume(all[0].Requests) != "269 M" {
		t.Fatalf("%+v", all)
	}
	link, function := p.Month(row(t, rows, "vpc-link"), all[0].Requests), p.Month(row(t, rows, "lambda, lambda-proxy"), all[0].Requests)
	if link.compare(function) != 0 {
		t.Errorf("they cost %s and %s there", link, function)
	}
}

// With prices that fall, two lines may cross twice.
func TestCrossingsInTiers(t *testing.T) {
	price := func(tiers ...Tier) *Price { return &Price{Per: Whole(1), Tiers: tiers} }
	p := &Prices{Prices: map[string]*Price{
		"flat":  price(Tier{USD: Whole(3)}),
		"tiers": price(Tier{Units: Whole(100), USD: Whole(5)}, Tier{Units: Whole(100), USD: Whole(0)}, Tier{USD: Whole(4)}),
	}}
	flat := Row{Name: "flat", Parts: []Part{PerRequest("flat", Whole(1))}}
	tiers := Row{Name: "tiers", Parts: []Part{PerRequest("tiers", Whole(1))}}
	var got []string
	for _, c := range p.Crossings([]Row{flat, tiers}) {
		got = append(got, c.Requests.String()+" "+c.Cheaper)
	}
	if diff := cmp.Diff([]string{"166.666666666667 tiers", "300 flat"}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestPriceFiles(t *testing.T) {
	const entry = "region: eu-west-1\nprices:\n  sns-publishes: {what: publishes, per: 1000000, tiers: [{usd: 0.60}], source: 'https://example.com/', read: 2026-11-24, label: unverified}\n"
	for _, test := range []struct{ name, text, want string }{
		{"another price", entry, ""},
		{"unknown price", strings.Replace(entry, "sns-publishes", "sns-published", 1), "sns-published: nothing has this price"},
		{"no source", strings.Replace(entry, "https://example.com/", "", 1), "name its source"},
		{"no label", strings.Replace(entry, "unverified", "sure", 1), `label "sure"`},
		{"an exponent", strings.Replace(entry, "0.60", "6e-1", 1), `"6e-1": want a plain number`},
		{"a last tier with an end", strings.Replace(entry, "{usd", "{units: 5, usd", 1), "tiers.0"},
		{"another field", strings.Replace(entry, "what:", "whatever:", 1), "field whatever not found"},
	} {
		t.Run(test.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "prices.yaml")
			if err := os.WriteFile(file, []byte(test.text), 0o644); err != nil {
				t.Fatal(err)
			}
			p, err := ListPrices(file)
			switch {
			case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
				t.Errorf("error %v, want %q in it", err, test.want)
			case test.want == "" && err != nil:
				t.Error(err)
			case test.want == "":
				if got := p.Prices["sns-publishes"].String() + ", " + p.Prices["lambda-requests"].String() + ", " + p.Region; got != "0.60 per million, 0.20 per million, eu-west-1" {
					t.Error(got)
				}
			}
		})
	}
}

func TestSizes(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"500", "500 B"}, {"500B", "500 B"}, {"1KB", "1 KB"}, {"0.5GB", "512 MB"}, {"1024GB", "1024 GB"},
		{"1025GB", ""}, {"-1KB", ""}, {"1kb", ""}, {"KB", ""}, {"1e3", ""}, {"", ""},
	} {
		var b Bytes
		if err := b.UnmarshalText([]byte(test.text)); (err != nil) != (test.want == "") || err == nil && b.String() != test.want {
			t.Errorf("%q is %s, %v; want %q", test.text, b, err, test.want)
		}
	}
}

func TestNames(t *testing.T) {
	for _, test := range []struct {
		text string
		want bool
	}{
		{`"orders"`, true}, {`arn:aws:dynamodb:us-east-1:1:table/orders`, true}, {"orders", true},
		{`"orders-old", "my-orders"`, false}, {`"orders-old", "orders"`, true}, {"", false},
	} {
		if got := hasName(test.text, "orders"); got != test.want {
			t.Errorf("%s has orders: %v", test.text, got)
		}
	}
}

// A file holds a template and what is printed of it.
func TestRoutes(t *testing.T) {
	golden.Archives(t, "testdata/*.txtar", func(t *testing.T, archive *txtar.Archive) string {
		file := filepath.Join(t.TempDir(), "template.yaml")
		if err := os.WriteFile(file, archive.Files[0].Data, 0o644); err != nil {
			t.Fatal(err)
		}
		assembly, err := cfn.Load(file, cfn.Options{})
		if err != nil {
			t.Fatal(err)
		}
		apis, problems := gateway.Build(assembly, nil)
		if len(apis) != 1 {
			t.Fatal(problems)
		}
		var printed bytes.Buffer
		report := NewReport(listPricesOf(t, ""), "route", Usual(), Routes(assembly, apis[0], Usual()))
		if err := report.WriteText(&printed, terminal.Terminal{}); err != nil {
			t.Fatal(err)
		}
		table, _, _ := strings.Cut(printed.String(), "\nNot in it")
		return table
	})
}

func TestPlot(t *testing.T) {
	svg := NewReport(listPricesOf(t, ""), "integration", Usual(), Integrations(Usual())).SVG()
	found := map[string]int{}
	for decoder := xml.NewDecoder(bytes.NewReader(svg)); ; {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if start, ok := token.(xml.StartElement); ok {
			found[start.Name.Local]++
		}
	}
	if found["polyline"] != 8 || found["circle"] != 5 {
		t.Errorf("%d lines and %d crossings, want 8 and 5", found["polyline"], found["circle"])
	}
	if strings.Contains(string(svg), "NaN") || strings.Contains(string(svg), "Inf") {
		t.Error("a point is no number")
	}
}
