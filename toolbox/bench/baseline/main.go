// Command baseline is the limit that the gateway is measured against: what
// Go's standard library does of the same work with nothing in the way.
//
//	baseline constant            answers every request with the mock's body
//	baseline weather             stands for the upstream of HTTP integrations
//	baseline proxy URL           httputil.ReverseProxy to URL
//	baseline function PROGRAM    a bare Runtime API with 16 processes of PROGRAM; it invokes with the body, and answers with the result
//
// Each prints its URL in a line, serves on a free port of 127.0.0.1, and ends
// when its input does.
package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "baseline:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) == 0 {
		return errors.New("name one of constant, weather, proxy, function")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	switch kind := args[0]; {
	case kind == "constant":
		serve(listener, constant(`{ "message": "This is a mock response" }`))
	case kind == "weather":
		serve(listener, constant(weather))
	case kind == "proxy" && len(args) == 2:
		to, err := url.Parse(args[1])
		if err != nil {
			return err
		}
		serve(listener, proxy(to))
	case kind == "function" && len(args) == 2:
		functions, err := startFunctions(args[1], listener.Addr().String())
		if err != nil {
			return err
		}
		defer functions.stop()
		serve(listener, functions)
	default:
		return fmt.Errorf("%q: want constant, weather, proxy URL or function PROGRAM", args)
	}
	return nil
}

// serve answers requests until the input ends, which is when whoever started
// the program has ended.
func serve(listener net.Listener, h http.Handler) {
	server := &http.Server{Handler: h}
	go server.Serve(listener) // ends with Close
	fmt.Println("http://" + listener.Addr().String())
	io.Copy(io.Discard, os.Stdin)
	server.Close()
}

// weather is what the kit's stand-in of a weather service answers for Zurich.
const weather = `{"location":{"name":"Zurich","country":"CH"},"current":{"temp_c":8.3,"condition":{"text":"Partly cloudy"},"last_updated":"2026-11-24T05:00:00Z"}}`

type constant string

func (body constant) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	io.Copy(io.Discard, r.Body)
	w.Header().Set("Content-Type", "application/json")
	io.WriteString(w, string(body))
}

// proxy keeps as many connections as there may be requests at once: the default
// of two would measure how fast connections are made.
func proxy(to *url.URL) http.Handler {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 0, 1024
	return &httputil.ReverseProxy{
		Rewrite:   func(r *httputil.ProxyRequest) { r.SetURL(to) },
		Transport: transport,
	}
}
