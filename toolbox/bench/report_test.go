package bench

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

func TestSpread(t *testing.T) {
	for _, test := range []struct {
		values []float64
		want   Spread
	}{
		{nil, Spread{}},
		{[]float64{3}, Spread{3, 3, 3}},
		{[]float64{9, 1, 2}, Spread{2, 1, 9}},
		{[]float64{4, 1, 3, 2}, Spread{2.5, 1, 4}},
	} {
		if got := spread(test.values); got != test.want {
			t.Errorf("spread of %v is %v, want %v", test.values, got, test.want)
		}
	}
}

func TestGrowthIsFitted(t *testing.T) {
	for _, test := range []struct {
		name               string
		cost               func(size float64) float64
		exponent, steepest float64
		linear             bool
	}{
		{"constant", func(float64) float64 { return 7 }, 0, 0, true},
		{"linear", func(x float64) float64 { return 3 * x }, 1, 1, true},
		{"quadratic", func(x float64) float64 { return x * x }, 2, 2, false},
		{"one step is worse", func(x float64) float64 { return max(100, x*x/100) }, 0.6, 2, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var g Growth
			for _, size := range []float64{1, 10, 100, 1000} {
				cost := test.cost(size)
				g.Steps = append(g.Steps, Step{size, Spread{2 * cost, cost, 3 * cost}})
			}
			g.fit()
			if near := func(a, b float64) bool { return a-b < 0.001 && b-a < 0.001 }; test.name != "one step is worse" && !near(g.Exponent, test.exponent) || !near(g.Steepest, test.steepest) || g.Linear() != test.linear {
				t.Errorf("exponent %.3f, steepest %.3f, linear %v", g.Exponent, g.Steepest, g.Linear())
			}
		})
	}
}

// someReport has a figure of each kind.
func someReport() *Report {
	ours := &Measure{Name: "apigw serve", Rate: Spread{600, 500, 700}, P50: Spread{1, 1, 1}, P99: Spread{3, 2, 4}}
	limit := &Measure{Name: "net/http", Rate: Spread{1000, 900, 1100}, P50: Spread{0.5, 0.5, 0.5}, P99: Spread{1.5, 1, 2}}
	growth := Growth{Name: "routes", Unit: "resources", Steps: []Step{{10, Spread{20, 19, 22}}, {100, Spread{30, 25, 31}}}}
	growth.fit()
	return &Report{
		Connections: 16, Rounds: 5, Seconds: 2, Flags: "serve --quiet",
		Routes:    []RouteResult{{Name: "mock", Request: "GET /mock", Ours: ours, Limit: limit, Goal: 0.5, Peers: []*Measure{{Name: "Other <&>", Wrong: "answered 500"}}}},
		Templates: []TemplateResult{{"array", 300, map[string]float64{"1.7": 100, "2.4.1": 200}}},
		Starts:    []Start{{"a mock answers", Spread{90, 80, 100}, 300}},
		Memory:    &Memory{36, 79, 1000000},
		Growth:    []Growth{growth},
		Missing:   []string{"this: do that"},
	}
}

func TestText(t *testing.T) {
	const want = `16 connections, medians of 5 rounds of 2 s; apigw serve --quiet

ROUTE  MEASURED     REQUESTS/S  MIN–MAX   P50 MS  P99 MS  RATIO  GOAL  P99 RATIO
mock   apigw serve  600         500–700   1.00    3.00    60 %   50 %  2.0
       net/http     1000        900–1100  0.50    1.50
       Other <&>    wrong                         

TEMPLATE  RENDERS/S OF CPU  VELOCITY 1.7  VELOCITY 2.4.1  RATIO  GOAL
array     300               100           200             150 %  100 %

FIRST ANSWER    MS  MIN–MAX  GOAL
a mock answers  90  80–100   300

MEMORY OF THE GATEWAY   MB  GOAL
at rest                 36  40
after 1000000 requests  79  120

GROWTH WITH  SIZES              µS A REQUEST  EXPONENT  STEEPEST STEP  NO WORSE THAN LINEAR
routes       10, 100 resources  20, 30        0.12      0.12           yes

mock: Other <&>: answered 500
not measured: this: do that
`
	var got bytes.Buffer
	if err := someReport().WriteText(&got, terminal.Terminal{}); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got.String()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestPictures(t *testing.T) {
	for name, picture := range someReport().Pictures() {
		for decoder := xml.NewDecoder(bytes.NewReader(picture)); ; {
			if _, err := decoder.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		}
		if text := string(picture); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
			t.Errorf("%s has a place that is no number:\n%s", name, text)
		}
	}
}

func TestBenchmarkIsRead(t *testing.T) {
	const out = `goos: linux
BenchmarkVelocity/array-2         	       1	         0 ns/op	       107.5 1.7-renders/s	       149.0 2.4.1-renders/s	       306.1 here-renders/s
BenchmarkVelocity/two-words-2     	       1	         0 ns/op	         1.5e+03 here-renders/s
PASS
`
	want := []TemplateResult{{"array", 306.1, map[string]float64{"1.7": 107.5, "2.4.1": 149}}, {"two-words", 1500, map[string]float64{}}}
	if diff := cmp.Diff(want, readBenchmark([]byte(out))); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
