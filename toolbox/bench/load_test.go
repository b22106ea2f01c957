package bench

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

func start(t *testing.T, l *load, r Request, h http.HandlerFunc) (*round, error) {
	t.Helper()
	server := httptest.NewServer(h)
	defer server.Close()
	p, err := r.prepare(server.URL+"/prod/", map[string]string{"name": "ada"})
	if err != nil {
		t.Fatal(err)
	}
	return l.run(t.Context(), p)
}

func TestEachRequestHasItsOwnID(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	l := &load{connections: 3, duration: time.Minute, most: 300, ids: newIDs(0xabc)}
	r := Request{Method: "POST", Path: "/orders?by=${name}", Header: map[string]string{"X-Id": "${id}"}, Body: `{"id":"${id}"}`, Status: 201, Want: "stored * for ${name}"}
	got, err := start(t, l, r, func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		id := r.Header.Get("X-Id")
		mu.Lock()
		defer mu.Unlock()
		if seen[id] || string(body) != `{"id":"`+id+`"}` || r.URL.Path != "/prod/orders" {
			t.Errorf("%s with header %q and body %s", r.URL, id, body)
		}
		seen[id] = true
		w.WriteHeader(201)
		io.WriteString(w, "stored "+id+" for "+r.URL.Query().Get("by"))
	})
	if err != nil || got.requests != 300 || got.count != 300 || len(seen) != 300 || got.percentile(50) <= 0 {
		t.Errorf("%d requests, %d IDs, median %v: %v", got.requests, len(seen), got.percentile(50), err)
	}
	if !seen["00000abc00000001"] {
		t.Errorf("IDs do not begin with 00000abc00000001: %v", seen)
	}
}

func TestAnswers(t *testing.T) {
	long := strings.Repeat("0123456789", 10000)
	for _, test := range []struct {
		name, want, wrong string
		answer            http.HandlerFunc
	}{
		{"chunked", "one two", "", func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, "one ")
			w.(http.Flusher).Flush()
			io.WriteString(w, "two")
		}},
		{"longer than the buffer", long, "", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, long) }},
		{"the connection is closed", "bye", "", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Connection", "close")
			io.WriteString(w, "bye")
		}},
		{"another status", "no", `answered 500 "no", want 200 "no"`, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(500)
			io.WriteString(w, "no")
		}},
		{"another body", "a*c", `answered 200 "abd", want 200 "a*c"`, func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "abd") }},
		{"cut off", "whole", "request 1 of a connection: read", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "5")
			io.WriteString(w, "who")
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			l := &load{connections: 2, duration: time.Minute, most: 4, ids: newIDs(1)}
			got, err := start(t, l, Request{Method: "GET", Path: "/", Status: 200, Want: test.want}, test.answer)
			switch {
			case test.wrong == "" && (err != nil || got.requests != 4):
				t.Errorf("%d requests: %v", got.requests, err)
			case test.wrong != "" && (err == nil || !strings.Contains(err.Error(), test.wrong)):
				t.Errorf("got %v, want %s", err, test.wrong)
			}
		})
	}
}

func TestInterruptCutsAnswersOff(t *testing.T) {
	hold := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-hold }))
	defer server.Close()
	defer close(hold)
	p, err := Request{Method: "GET", Path: "/"}.prepare(server.URL, nil)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	l := &load{connections: 2, duration: time.Minute, ids: newIDs(1)}
	if _, err := l.run(ctx, p); err == nil {
		t.Error("a load that was cut off gives no error")
	}
}

func TestMatches(t *testing.T) {
	for _, test := range []struct {
		text, pattern string
		want          bool
	}{
		{"abc", "abc", true},
		{"abcd", "abc", false},
		{"abc", "a*c", true},
		{"ac", "a*c", true},
		{"abab", "ab*ab", true},
		{"ab", "ab*ab", false},
		{"a1b2c", "a*b*c", true},
		{"a1c2b", "a*b*c", false},
		{"xabc", "*abc", true},
		{"", "*", true},
		{"", "", true},
	} {
		var parts [][]byte
		for part := range strings.SplitSeq(test.pattern, "*") {
			parts = append(parts, []byte(part))
		}
		if got := matches([]byte(test.text), parts); got != test.want {
			t.Errorf("%q matches %q: %v", test.text, test.pattern, got)
		}
	}
}
