package trace

import (
	"encoding/json"
	"time"
)

// Summary is a line of a list of requests.
type Summary struct {
	ID          string    `json:"id"`
	Time        time.Time `json:"time"`
	API         string    `json:"api"`
	Method      string    `json:"method"`
	Path        string    `json:"path"` // with the stage and the query
	Resource    string    `json:"resource"`
	Integration string    `json:"integration"`
	Status      int       `json:"status"`
	LatencyNs   int64     `json:"latencyNs"`
	Failure     string    `json:"failure,omitempty"` // type of the gateway response: BAD_REQUEST_BODY
}

// Summary is the request in short, secrets in its query masked.
func (t *Trace) Summary() Summary { return t.summary(t.masking()) }

func (t *Trace) summary(m *masking) Summary {
	failure, _ := t.Failure()
	path := t.Path
	if t.Query != "" {
		path += "?" + t.Query
	}
	return Summary{
		ID: t.ID, Time: t.Time, API: t.API, Method: t.Method, Path: m.text(path), Resource: t.Resource, Integration: t.Integration,
		Status: t.Status, LatencyNs: t.Latency.Nanoseconds(), Failure: failure.Type,
	}
}

// MarshalJSON is the whole trace: the summary, the stage, the events in their
// order and the execution log in the service's words. Secrets are masked.
func (t *Trace) MarshalJSON() ([]byte, error) {
	type event struct {
		Kind    string          `json:"kind"`
		AfterNs int64           `json:"afterNs"` // since the request came
		Event   json.RawMessage `json:"event"`
	}
	masking := t.masking()
	events := make([]event, len(t.events))
	for i, s := range t.events {
		text, err := json.Marshal(s.event)
		if err != nil {
			return nil, err
		}
		events[i] = event{s.event.Kind(), s.after.Nanoseconds(), masking.json(text)}
	}
	return json.Marshal(struct {
		Summary
		Stage          string            `json:"stage"`
		StageVariables map[string]string `json:"stageVariables"`
		Events         []event           `json:"events"`
		Log            string            `json:"log"`
	}{t.summary(masking), t.Stage, t.StageVariables, events, t.ExecutionLog()})
}

// MarshalJSON masks the value of a secret header.
func (e ParameterMapping) MarshalJSON() ([]byte, error) {
	type plain ParameterMapping
	e.Value = e.shown()
	return json.Marshal(plain(e))
}

// MarshalJSON has what the template read, and what is wrong with its output.
func (e Template) MarshalJSON() ([]byte, error) {
	type plain Template
	reads := []Read{}
	if e.Explain != nil {
		reads = e.Explain()
	}
	return json.Marshal(struct {
		plain
		Reads []Read `json:"reads"`
		Fault string `json:"fault,omitempty"` // the output is no JSON, at 3:21: …
	}{plain(e), reads, e.fault()})
}
