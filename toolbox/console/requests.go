package console

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// requests lists the API's requests, the oldest first.
func (c *console) requests(*http.Request) (any, error) {
	list := []trace.Summary{}
	for _, summary := range c.traces.List() {
		if summary.API == c.served().ID {
			list = append(list, summary)
		}
	}
	return list, nil
}

func (c *console) request(r *http.Request) (any, error) { return c.trace(r) }

// trace is the one that the path names.
func (c *console) trace(r *http.Request) (*trace.Trace, error) {
	if t := c.traces.Get(r.PathValue("id")); t != nil {
		return t, nil
	}
	return nil, &fault{http.StatusNotFound, "the gateway does not keep this request any more"}
}

const (
	// keepAlive is how often a silent stream says something: only a write shows
	// that the reader has gone.
	keepAlive = 15 * time.Second
	// lookEvery is how soon a page learns of a reload.
	lookEvery = 100 * time.Millisecond
)

// events streams each further request of the API, and tells of reloads.
func (c *console) events(w http.ResponseWriter, r *http.Request) {
	requests, cancel := c.traces.Subscribe()
	defer cancel()
	w.Header().Set("Content-Type", "text/event-stream")
	fmt.Fprint(w, ": open\n\n")
	alive, look := time.NewTicker(keepAlive), time.NewTicker(lookEvery)
	defer alive.Stop()
	defer look.Stop()
	told := time.Now()
	for {
		var err error
		select {
		case <-r.Context().Done():
			return
		case <-alive.C:
			_, err = fmt.Fprint(w, ": still here\n\n")
		case <-look.C:
			if latest := c.latestReload(); latest.After(told) {
				told = latest
				_, err = fmt.Fprint(w, "event: reload\ndata: {}\n\n")
			}
		case summary := <-requests:
			if summary.API != c.served().ID {
				continue
			}
			text, _ := json.Marshal(summary) // strings and numbers only
			_, err = fmt.Fprintf(w, "event: request\ndata: %s\n\n", text)
		}
		if err != nil {
			return
		}
	}
}

// unchanged adds no header of its own.
var unchanged = &http.Transport{DisableCompression: true}

// replay sends a request once more, to the byte, secrets included.
func (c *console) replay(r *http.Request) (any, error) {
	t, err := c.trace(r)
	if err != nil {
		return nil, err
	}
	recorded, _ := trace.Last[trace.Request](t)
	target, err := url.Parse(c.emulator.BaseURLOf(c.number))
	if err != nil {
		return nil, err
	}
	target.RawQuery = recorded.Query
	if target.Path, err = url.PathUnescape(recorded.Path); err != nil {
		return nil, &fault{http.StatusUnprocessableEntity, "the path has a broken escape: " + recorded.Path}
	}
	target.RawPath = recorded.Path
	again, err := http.NewRequestWithContext(r.Context(), recorded.Method, target.String(), bytes.NewReader(recorded.Body))
	if err != nil {
		return nil, err
	}
	again.Header = http.Header{"User-Agent": nil}
	for _, f := range recorded.Header {
		switch strings.ToLower(f.Name) {
		case "host":
			again.Host = f.Value
		case "connection", "content-length", "transfer-encoding":
		default:
			again.Header[f.Name] = append(again.Header[f.Name], f.Value)
		}
	}
	response, err := unchanged.RoundTrip(again)
	if err != nil {
		return nil, err
	}
	response.Body.Close()
	return map[string]string{"id": response.Header.Get("x-amzn-RequestId")}, nil
}
