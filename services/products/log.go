package main

import (
	"cmp"
	"net/http"
	"time"
)

// around gives each answer the common headers, and each request but health checks a line in the log. next must be the
// mux, which notes the pattern in the request that it gets.
func (s *service) around(next *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		begin := time.Now()
		common(w.Header())
		watched := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(watched, r)
		if r.URL.Path == "/health" {
			return
		}
		s.log.InfoContext(r.Context(), "request",
			"requestId", correlation(r),
			"method", r.Method,
			"resource", r.Pattern, // the path is the client's
			"status", watched.status,
			"durationMs", time.Since(begin).Milliseconds())
	})
}

// correlation is the gateway's request ID, which the integration maps to X-Request-Id; else the trace ID.
func correlation(r *http.Request) string {
	return cmp.Or(r.Header.Get("X-Request-Id"), r.Header.Get("X-Amzn-Trace-Id"))
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *statusWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
