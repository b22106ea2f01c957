package main

import (
	"context"
	"log/slog"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func ask(query map[string]string) request {
	r := request{RawPath: "/weather", QueryStringParameters: query}
	r.RequestContext.HTTP.Method = "GET"
	return r
}

func TestHandle(t *testing.T) {
	const zurich = `{"location":{"name":"Zurich","country":"CH"},"current":{"temp_c":8.3,"condition":{"text":"Partly cloudy"},"last_updated":"2026-11-24T05:00:00Z"}}`
	const unknown = `{"error":{"code":1006,"message":"No matching location found."}}`
	const missing = `{"error":{"code":1003,"message":"Parameter q is missing."}}`
	const failure = `{"error":{"code":9999,"message":"Simulated failure."}}`
	path, method := ask(map[string]string{"q": "Zurich"}), ask(map[string]string{"q": "Zurich"})
	path.RawPath, method.RequestContext.HTTP.Method = "/", "POST"
	for _, test := range []struct {
		name    string
		request request
		status  int
		body    string
	}{
		{"q", ask(map[string]string{"q": "Zurich"}), 200, zurich},
		{"city", ask(map[string]string{"city": "Zurich"}), 200, zurich},
		{"key is not looked at", ask(map[string]string{"q": "Zurich", "key": "secret"}), 200, zurich},
		{"case", ask(map[string]string{"q": " zURICH "}), 200, zurich},
		{"diacritics", ask(map[string]string{"q": "Zürich"}), 200, zurich},
		{"diacritics, decomposed, upper case", ask(map[string]string{"q": "ZU\u0308RICH"}), 200, zurich},
		{"unknown", ask(map[string]string{"q": "Atlantis"}), 404, unknown},
		{"not UTF-8", ask(map[string]string{"q": "\xff"}), 404, unknown},
		{"none", ask(nil), 400, missing},
		{"empty", ask(map[string]string{"q": "", "city": ""}), 400, missing},
		{"blank", ask(map[string]string{"q": " "}), 400, missing},
		{"fail with 503", ask(map[string]string{"q": "error-503"}), 503, failure},
		{"fail with 401", ask(map[string]string{"q": "error-401"}), 401, failure},
		{"no such failure", ask(map[string]string{"q": "error-200"}), 404, unknown},
		{"path", path, 404, `{"error":{"code":1005,"message":"API URL is invalid."}}`},
		{"method", method, 405, `{"error":{"code":1005,"message":"API URL takes GET only."}}`},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log strings.Builder
			h := &handler{slog.New(slog.NewJSONHandler(&log, nil)), func() time.Time { return time.Date(2026, 11, 24, 5, 40, 0, 0, time.UTC) }}
			answer, err := h.handle(t.Context(), test.request)
			if err != nil || answer.StatusCode != test.status || answer.Body != test.body {
				t.Errorf("got %d %s, %v\nwant %d %s", answer.StatusCode, answer.Body, err, test.status, test.body)
			}
			if answer.Headers["Access-Control-Allow-Origin"] != "*" || answer.Headers["Content-Type"] != "application/json" {
				t.Errorf("headers %v", answer.Headers)
			}
			if strings.Contains(log.String(), "secret") {
				t.Errorf("the log holds the key: %s", log.String())
			}
		})
	}
}

func TestSlow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := &handler{slog.New(slog.DiscardHandler), time.Now}
		begin := time.Now()
		if answer := h.answer(t.Context(), ask(map[string]string{"q": "slow-1500"})); answer.StatusCode != 200 {
			t.Errorf("status %d", answer.StatusCode)
		}
		if took := time.Since(begin); took != 1500*time.Millisecond {
			t.Errorf("took %v", took)
		}
		begin = time.Now()
		h.answer(t.Context(), ask(map[string]string{"q": "slow-99999"}))
		if took := time.Since(begin); took != maxSlow {
			t.Errorf("took %v, want no more than %v", took, maxSlow)
		}
		hurried, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if answer := h.answer(hurried, ask(map[string]string{"q": "slow-99999"})); answer.StatusCode != 503 {
			t.Errorf("status %d after the deadline", answer.StatusCode)
		}
	})
}

func TestPlaces(t *testing.T) {
	if len(places) < 36 {
		t.Errorf("%d places", len(places))
	}
	names := 0
	for _, p := range places {
		names += 1 + len(p.aliases)
		if c, err := strconv.ParseFloat(p.tempC.String(), 64); err != nil || c < -30 || c > 45 || len(p.country) != 2 || p.condition == "" {
			t.Errorf("%+v is not plausible", p)
		}
	}
	if names != len(byName) {
		t.Errorf("%d names fold to %d", names, len(byName))
	}
}
