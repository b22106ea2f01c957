package conformance

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// speedInput is what the templates of testdata/speed.txtar see beside their
// body, and the same as JSON for Velocity.
var (
	speedInput = gateway.TemplateInput{
		Params: gateway.Params{
			Path:        []gateway.Field{{Name: "id", Value: "7"}},
			Querystring: []gateway.Field{{Name: "q", Value: "a b&c"}, {Name: "page", Value: "2"}},
			Header:      []gateway.Field{{Name: "Content-Type", Value: "application/json"}, {Name: "User-Agent", Value: "curl/8.5.0"}, {Name: "X-Quote", Value: `it's "ok"`}},
		},
		Context: &gateway.ContextVariables{
			AccountID: "123456789012", APIID: "abc123", HTTPMethod: "POST", Path: "/prod/orders/7", Protocol: "HTTP/1.1", RequestID: "c6af9ac6-7b61",
			RequestTime: time.UnixMilli(1795498800123), ResourceID: "x7k2", ResourcePath: "/orders/{id}", Stage: "prod",
			Identity: gateway.Identity{SourceIP: "192.0.2.7", UserAgent: "curl/8.5.0"},
		},
		StageVariables: map[string]string{"orders": "Orders", "url": "https://x.example/y"},
	}
	speedParams  = json.RawMessage(`{"path":{"id":"7"},"querystring":{"q":"a b&c","page":"2"},"header":{"Content-Type":"application/json","User-Agent":"curl/8.5.0","X-Quote":"it's \"ok\""}}`)
	speedContext = json.RawMessage(`{"accountId":"123456789012","apiId":"abc123","httpMethod":"POST","path":"/prod/orders/7","protocol":"HTTP/1.1","requestId":"c6af9ac6-7b61",` +
		`"requestTime":"24/Nov/2026:05:40:00 +0000","requestTimeEpoch":1795498800123,"resourceId":"x7k2","resourcePath":"/orders/{id}","stage":"prod",` +
		`"identity":{"sourceIp":"192.0.2.7","userAgent":"curl/8.5.0","accountId":null,"caller":null,"user":null}}`)
	speedStage = json.RawMessage(`{"orders":"Orders","url":"https://x.example/y"}`)
)

// speedCases are the templates of testdata/speed.txtar with their bodies.
func speedCases(t testing.TB) []*vtlCase {
	data, err := os.ReadFile("testdata/speed.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var rows []string
	for i := range 100 {
		rows = append(rows, fmt.Sprintf(`{"no": %d, "title": "row %d", "price": %.2f}`, i, i, float64(i)*1.25))
	}
	var cases []*vtlCase
	for pair := range slices.Chunk(txtar.Parse(data).Files, 2) {
		name, _, _ := strings.Cut(pair[0].Name, ".")
		body := strings.Replace(string(pair[1].Data), "‹100 rows›", strings.Join(rows, ", "), 1)
		cases = append(cases, &vtlCase{ID: name, Template: string(pair[0].Data), Body: body, Params: speedParams, Context: speedContext, StageVariables: speedStage})
	}
	return cases
}

// prepared is a rendering of the case, whose template is parsed already.
func (c *vtlCase) prepared(t testing.TB) func() string {
	template, err := gateway.ParseMappingTemplate(c.ID, c.Template)
	if err != nil {
		t.Fatal(err)
	}
	return func() string {
		in := speedInput
		in.Body, in.Overrides = c.Body, gateway.NewOverrides()
		s, err := template.Render(&in)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
}

// BenchmarkTemplates renders a template that is parsed already; the body is
// parsed anew each time.
func BenchmarkTemplates(b *testing.B) {
	for _, c := range speedCases(b) {
		b.Run(c.ID, func(b *testing.B) {
			render := c.prepared(b)
			b.ReportAllocs()
			for b.Loop() {
				render()
			}
		})
	}
}

// BenchmarkVelocity renders the same templates here and on both versions of
// Velocity, in turns, and reports renders per second of CPU: what other
// programs take of the machine counts for none of them, and the work of each
// garbage collector does. Run it with -benchtime 1x, and with GOGC=off and
// GOMEMLIMIT=1GiB, which is the heap that Java has.
func BenchmarkVelocity(b *testing.B) {
	peers := map[string]*velocity{"1.7": startVelocity(b, "17"), "2.4.1": startVelocity(b, "24")}
	const warm, turns = 10 * time.Second, 7 // Java still doubles its rate after two seconds
	for _, c := range speedCases(b) {
		b.Run(c.ID, func(b *testing.B) {
			render := c.prepared(b)
			engines := map[string]func(n int) time.Duration{"here": func(n int) time.Duration {
				begin := cpuTime(b)
				for range n {
					render()
				}
				return cpuTime(b) - begin
			}}
			for version, v := range peers {
				engines[version] = func(n int) time.Duration { return time.Duration(v.render(b, c, n).Nanos) }
			}
			count := map[string]int{} // of renders in a turn of about 0.2 s
			for name, engine := range engines {
				n := 100
				for spent := time.Duration(0); spent < warm; n *= 2 {
					took := engine(n)
					spent += took
					count[name] = max(1, int(float64(n)*0.2/max(took.Seconds(), 1e-3)))
				}
			}
			best := map[string]float64{}
			for range b.N * turns {
				for name, engine := range engines {
					rate := float64(count[name]) / engine(count[name]).Seconds()
					best[name] = max(best[name], rate)
				}
			}
			for name, rate := range best {
				b.ReportMetric(rate, name+"-renders/s")
			}
			b.ReportMetric(0, "ns/op")
		})
	}
}

// cpuTime is what the process has used so far.
func cpuTime(t testing.TB) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
