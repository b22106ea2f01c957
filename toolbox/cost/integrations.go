package cost

import (
	"fmt"
	"time"
)

// integrations has a row for each integration type, and for each way of using it that changes its price.
var integrations = []struct {
	name    string
	parts   func(Workload) []Part
	besides string
}{
	{name: "mock"},
	{name: "http, http-proxy", besides: "the backend's own bill"},
	{name: "lambda, lambda-proxy", parts: functionParts},
	{name: "dynamodb PutItem", parts: writeParts},
	{name: "dynamodb Query", parts: readParts},
	{name: "sns Publish", parts: publishParts, besides: "what is subscribed"},
	{name: "step-functions Standard", parts: standardParts, besides: "what its tasks call"},
	{name: "step-functions Express", parts: expressParts, besides: "what its tasks call"},
	{name: "vpc-link", parts: func(w Workload) []Part { return append(w.Private.standing(w), linkPart(w)) }},
}

// Integrations reckons each integration type for a workload.
func Integrations(w Workload) []Row {
	var rows []Row
	for _, i := range integrations {
		row := Row{Name: i.name, Parts: apiParts(w), Besides: i.besides}
		if i.parts != nil {
			row.Parts = append(row.Parts, i.parts(w)...)
		}
		rows = append(rows, row)
	}
	return rows
}

// apiParts are what every request costs, whatever serves it.
func apiParts(w Workload) []Part {
	parts := []Part{PerRequest("api-requests", Whole(1))}
	if w.Response > 0 {
		parts = append(parts, PerRequest("data-out-gb", w.Response.in(gb)))
	}
	if w.Log > 0 {
		parts = append(parts, PerRequest("logs-gb", w.Log.in(gb)))
	}
	return parts
}

func functionParts(w Workload) []Part {
	return []Part{
		PerRequest("lambda-requests", Whole(1)),
		PerRequest("lambda-gb-seconds-"+w.Arch, w.Memory.in(gb).times(seconds(w.Duration, time.Millisecond))),
	}
}

// writeParts are the write of one item, and of its copy in each index.
func writeParts(w Workload) []Part {
	return []Part{PerRequest("dynamodb-writes", chunks(w.Item, kb).times(Whole(1+w.Indexes)))}
}

// readParts are a Query's: what it reads counts as one, in steps of 4 KB.
func readParts(w Workload) []Part {
	units := chunks(w.Item*Bytes(w.Items), 4*kb)
	if !w.ConsistentRead {
		units = units.Over(Whole(2))
	}
	return []Part{PerRequest("dynamodb-reads", units)}
}

func publishParts(w Workload) []Part {
	return []Part{PerRequest("sns-publishes", chunks(w.Payload, 64*kb))}
}

func standardParts(w Workload) []Part {
	return []Part{PerRequest("states-transitions", Whole(w.Transitions))}
}

// expressParts are billed in steps of 64 MB and 100 ms.
func expressParts(w Workload) []Part {
	memory := chunks(w.ExpressMemory, 64*mb).times((64 * mb).in(gb))
	return []Part{
		PerRequest("states-express-requests", Whole(1)),
		PerRequest("states-express-gb-seconds", memory.times(seconds(w.ExpressDuration, 100*time.Millisecond))),
	}
}

// linkPart is what a request adds to the balancer's capacity units: a unit is, in an hour, 1 GB or so many new
// connections a second, whichever is more. Each request counts as a new connection, though most are kept.
func linkPart(w Workload) Part {
	kind, connections := w.Private.balancer()
	units := (w.Payload + w.Response).in(gb)
	if other := Whole(1).Over(Whole(connections * 3600)); units.compare(other) < 0 {
		units = other
	}
	return PerRequest(kind+"-lcu-hours", units)
}

// balancer is how prices call the load balancer, and the connections a second of its capacity unit.
func (p Private) balancer() (kind string, connections int) {
	if p.NetworkBalancer {
		return "nlb", 800
	}
	return "alb", 25
}

// standing is what a private service costs at rest.
func (p Private) standing(w Workload) []Part {
	kind, _ := p.balancer()
	parts := []Part{PerMonth(kind+"-hours", w.Hours)}
	for _, one := range []struct {
		price string
		units Decimal
	}{
		{"fargate-vcpu-hours-" + w.Arch, p.TaskCPU.times(Whole(p.Tasks))},
		{"fargate-gb-hours-" + w.Arch, p.TaskMemory.in(gb).times(Whole(p.Tasks))},
		{"endpoint-hours", Whole(p.EndpointZones)},
		{"nat-hours", Whole(p.NATs)},
	} {
		if one.units.sign() > 0 {
			parts = append(parts, PerMonth(one.price, one.units.times(w.Hours)))
		}
	}
	return parts
}

// Check finds what no bill can be reckoned from.
func (w Workload) Check() error {
	switch {
	case w.Requests().sign() <= 0:
		return fmt.Errorf("a month without requests: want --rps and --hours above 0")
	case w.Arch != "arm64" && w.Arch != "x86_64":
		return fmt.Errorf("architecture %q: want arm64 or x86_64", w.Arch)
	case w.Duration <= 0 || w.ExpressDuration <= 0:
		return fmt.Errorf("a duration of %s and %s: want both above 0", w.Duration, w.ExpressDuration)
	case w.Items < 1 || w.Items > 1_000_000:
		return fmt.Errorf("a Query of %d items: want 1 to 1000000", w.Items)
	case min(w.Indexes, w.Transitions, w.Private.Tasks, w.Private.EndpointZones, w.Private.NATs) < 0:
		return fmt.Errorf("a number of things below 0")
	}
	return nil
}
