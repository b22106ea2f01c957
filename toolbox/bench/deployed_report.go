package bench

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"

	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
)

// DeployedReport is what a deployed API took for its requests.
type DeployedReport struct {
	Date     time.Time
	URL      string
	Requests int // of each route
	Rate     float64
	Cold     int     // new environments of each function
	USD      float64 // what the requests cost, about
	Service  string  `json:",omitempty"` // why there are no figures of the service

	Routes  []DeployedRoute
	CleanUp string // what was removed, or stays
}

// DeployedRoute is one route's requests, apart by whether an environment was made for them.
type DeployedRoute struct {
	Name    string // the integration's word
	Request string // "GET /mock"
	Cold    Latencies
	Warm    Latencies
	Wrong   string `json:",omitempty"` // why there are no numbers
}

// Latencies are times of requests. Null stands for what nobody told.
type Latencies struct {
	Requests  int
	Logged    int        // of them, in the access log
	Connect   *Quantiles // of those that opened a connection
	TLS       *Quantiles
	FirstByte *Quantiles // as the client saw it: with the network

	Gateway     *Quantiles // $context.responseLatency without the integration's
	Integration *Quantiles // $context.integration.latency
	Init        *Quantiles // of the function's environment
}

// Quantiles are milliseconds: a value of the requests that half, or 99 of 100, are not above.
type Quantiles struct{ P50, P99 float64 }

func quantiles(values []float64) *Quantiles {
	if len(values) == 0 {
		return nil
	}
	slices.Sort(values)
	at := func(percent int) float64 { return values[(len(values)*percent+99)/100-1] }
	return &Quantiles{at(50), at(99)}
}

// sum fills the route's figures.
func (r *DeployedRoute) sum(samples []*sample) {
	var cold, warm []*sample
	for _, s := range samples {
		if s.cold() {
			cold = append(cold, s)
		} else {
			warm = append(warm, s)
		}
	}
	r.Cold, r.Warm = latencies(cold), latencies(warm)
}

func latencies(samples []*sample) Latencies {
	l := Latencies{Requests: len(samples)}
	var connect, handshake, firstByte, gateway, integration, init []float64
	for _, s := range samples {
		firstByte = append(firstByte, milliseconds(s.firstByte))
		if s.connect > 0 {
			connect = append(connect, milliseconds(s.connect))
		}
		if s.handshake > 0 {
			handshake = append(handshake, milliseconds(s.handshake))
		}
		if s.report != nil && s.report.Init > 0 {
			init = append(init, s.report.Init)
		}
		if s.log == nil {
			continue
		}
		l.Logged++
		whole, err := strconv.ParseFloat(s.log.ResponseLatency, 64)
		if err != nil {
			continue
		}
		behind, err := strconv.ParseFloat(s.log.IntegrationLatency, 64)
		if err == nil {
			integration = append(integration, behind)
		}
		gateway = append(gateway, whole-behind)
	}
	l.Connect, l.TLS, l.FirstByte = quantiles(connect), quantiles(handshake), quantiles(firstByte)
	l.Gateway, l.Integration, l.Init = quantiles(gateway), quantiles(integration), quantiles(init)
	return l
}

// Wrong counts the routes without numbers.
func (r *DeployedReport) Wrong() (n int) {
	for _, route := range r.Routes {
		if route.Wrong != "" {
			n++
		}
	}
	return n
}

// WriteText prints the table.
func (r *DeployedReport) WriteText(w io.Writer, t terminal.Terminal) error {
	fmt.Fprintf(w, "%s, %d requests of each route, at most %g a second\nmilliseconds: the half, and 99 of 100, are not above\n\n", r.URL, r.Requests, r.Rate)
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "ROUTE\t\tREQUESTS\tLOGGED\tGATEWAY\tINTEGRATION\tINIT\tFIRST BYTE\tCONNECT\tTLS")
	for _, route := range r.Routes {
		for _, row := range []struct {
			name string
			Latencies
		}{{"cold", route.Cold}, {"warm", route.Warm}} {
			if row.Requests > 0 {
				fmt.Fprintf(table, "%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", route.Name, row.name, row.Requests, row.Logged,
					row.Gateway, row.Integration, row.Init, row.FirstByte, row.Connect, row.TLS)
			}
		}
	}
	if err := table.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(w)
	for _, route := range r.Routes {
		if route.Wrong != "" {
			fmt.Fprintln(w, t.Bad(route.Name+": "+route.Wrong))
		}
	}
	if r.Service != "" {
		fmt.Fprintln(w, t.Warning("no figures of the service: "+r.Service))
	}
	_, err := fmt.Fprintln(w, r.CleanUp)
	return err
}

// String is "12.0, 48.1".
func (q *Quantiles) String() string {
	if q == nil {
		return nothing
	}
	return fmt.Sprintf("%.1f, %.1f", q.P50, q.P99)
}
