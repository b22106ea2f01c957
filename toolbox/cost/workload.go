package cost

import (
	"fmt"
	"regexp"
	"strconv"
	"time"
)

// Workload is a month of requests of one size. What a template tells goes before it.
type Workload struct {
	RPS   Decimal `json:"requestsPerSecond"` // mean
	Hours Decimal `json:"hours"`             // of the month

	Payload  Bytes `json:"payloadBytes"`  // of a request, and so of a message that is published
	Response Bytes `json:"responseBytes"` // 0 leaves data out uncounted
	Log      Bytes `json:"logBytes"`      // of a request in the logs; 0 leaves them uncounted

	Memory   Bytes         `json:"functionMemoryBytes"`
	Duration time.Duration `json:"functionDurationNs"` // billed by whole milliseconds
	Arch     string        `json:"architecture"`       // arm64 or x86_64, of functions and tasks

	Item           Bytes `json:"itemBytes"`
	Items          int   `json:"items"` // that one Query reads
	ConsistentRead bool  `json:"consistentRead"`
	Indexes        int   `json:"indexes"` // that hold each item

	Transitions     int           `json:"transitions"` // of a Standard workflow
	ExpressMemory   Bytes         `json:"expressMemoryBytes"`
	ExpressDuration time.Duration `json:"expressDurationNs"`

	Private Private `json:"private"`
}

// Private is what stands behind a VPC link.
type Private struct {
	NetworkBalancer bool    `json:"networkBalancer"` // else an application load balancer
	Tasks           int     `json:"tasks"`
	TaskCPU         Decimal `json:"taskCpu"` // vCPU
	TaskMemory      Bytes   `json:"taskMemoryBytes"`
	EndpointZones   int     `json:"endpointZones"` // interface endpoints times their zones
	NATs            int     `json:"natGateways"`
}

// Usual is what the command takes without flags.
func Usual() Workload {
	return Workload{
		RPS: Whole(10), Hours: Whole(730), Payload: kb, Memory: 256 * mb, Duration: 50 * time.Millisecond, Arch: "arm64",
		Item: kb, Items: 1, Transitions: 5, ExpressMemory: 64 * mb, ExpressDuration: 100 * time.Millisecond,
		Private: Private{Tasks: 2, TaskCPU: Whole(1).Over(Whole(4)), TaskMemory: gb / 2, EndpointZones: 6},
	}
}

// Requests of the month.
func (w Workload) Requests() Decimal { return w.RPS.times(w.Hours).times(Whole(3600)) }

// PerSecond is the mean rate of a month with so many requests.
func (w Workload) PerSecond(requests Decimal) Decimal {
	return requests.Over(w.Hours.times(Whole(3600)))
}

const (
	kb Bytes = 1 << 10
	mb Bytes = 1 << 20
	gb Bytes = 1 << 30

	mostBytes = 1024 * gb
)

// Bytes is a size, written "500", "1KB", "256MB" or "0.5GB"; 1 KB is 1,024 bytes.
type Bytes int64

var size = regexp.MustCompile(`^([0-9]{1,12}(?:\.[0-9]{1,3})?)(B|KB|MB|GB|)$`)

// UnmarshalText reads a size.
func (b *Bytes) UnmarshalText(text []byte) error {
	match := size.FindStringSubmatch(string(text))
	if match == nil {
		return fmt.Errorf("%q: want a size such as 500B, 1KB, 256MB or 0.5GB", text)
	}
	number, err := strconv.ParseFloat(match[1], 64)
	if err != nil {
		return err
	}
	unit := map[string]Bytes{"": 1, "B": 1, "KB": kb, "MB": mb, "GB": gb}[match[2]]
	if number > float64(mostBytes/unit) {
		return fmt.Errorf("%q: want at most %s", text, mostBytes)
	}
	*b = Bytes(number * float64(unit))
	return nil
}

// String writes the size in its largest unit without remainder.
func (b Bytes) String() string {
	switch {
	case b >= gb && b%gb == 0:
		return strconv.FormatInt(int64(b/gb), 10) + " GB"
	case b >= mb && b%mb == 0:
		return strconv.FormatInt(int64(b/mb), 10) + " MB"
	case b >= kb && b%kb == 0:
		return strconv.FormatInt(int64(b/kb), 10) + " KB"
	}
	return strconv.FormatInt(int64(b), 10) + " B"
}

// in is the size in a unit, exactly.
func (b Bytes) in(unit Bytes) Decimal { return Whole(b).Over(Whole(unit)) }

// chunks is how many of a unit hold the size: what is billed in steps. An empty request is one.
func chunks[T ~int64](size, unit T) Decimal { return Whole(max(1, (size+unit-1)/unit)) }

// seconds is a duration in steps of its billing.
func seconds(d, step time.Duration) Decimal {
	return chunks(d, step).times(Whole(step)).Over(Whole(time.Second))
}
