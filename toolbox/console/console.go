// Package console shows an API at work in a browser: its routes and their
// sequence diagrams, requests on their way through the gateway's steps,
// a playground for mapping templates, and what runs behind it.
//
// The pages are in assets: ES modules and one library, served as they are.
// They get what they show from the paths below, all of them JSON:
//
//	GET  /_apigw/api                    the API as it is served now
//	GET  /_apigw/requests               what the gateway keeps, the oldest first
//	GET  /_apigw/requests/{id}          one request's trace
//	GET  /_apigw/requests/{id}/curl     a curl command that repeats it, as text
//	GET  /_apigw/requests/{id}/case     a case of integration-tests, as text
//	POST /_apigw/requests/{id}/replay   sends it again: {"id"} of the new one
//	GET  /_apigw/events                 each further request, and each reload, as server-sent events
//	GET  /_apigw/reloads                changed files that are live, or could not be
//	POST /_apigw/render                 renders a mapping template
//	GET  /_apigw/runtime                functions, engines and problems
//
// Each port shows the API that it serves, and links to the others.
package console

import (
	"embed"
	"io/fs"
	"net/http"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

//go:embed assets
var assets embed.FS

// policy keeps the pages to what this handler serves: no inline script or
// style, nothing of any other origin, no frame around them.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// console shows the API at place number of the emulator's.
type console struct {
	emulator *emulator.Emulator
	number   int
	traces   *trace.Store
	playing  chan struct{} // held while a template of the playground is rendered
}

// URL is where the console of the API at place i of e.APIs is.
func URL(e *emulator.Emulator, i int) string {
	return strings.TrimSuffix(e.BaseURLOf(i), "/"+e.APIs()[i].Stage.Name) + gateway.ControlPath
}

// New answers what is below gateway.ControlPath on the port of the API at place
// number of e.APIs; traces are the requests that e handled.
func New(e *emulator.Emulator, number int, traces *trace.Store) http.Handler {
	c := &console{e, number, traces, make(chan struct{}, 1)}
	files, err := fs.Sub(assets, "assets")
	if err != nil {
		panic(err) // the folder is embedded
	}
	mux := http.NewServeMux()
	mux.Handle("GET "+gateway.ControlPath, http.StripPrefix(gateway.ControlPath, http.FileServerFS(files)))
	for path, answer := range map[string]func(*http.Request) (any, error){
		"GET api":                   c.api,
		"GET requests":              c.requests,
		"GET requests/{id}":         c.request,
		"POST requests/{id}/replay": c.replay,
		"POST render":               c.render,
		"GET reloads":               c.reloads,
		"GET runtime":               c.runtime,
	} {
		mux.HandleFunc(below(path), func(w http.ResponseWriter, r *http.Request) {
			value, err := answer(r)
			reply(w, value, err)
		})
	}
	mux.HandleFunc(below("GET events"), c.events)
	mux.HandleFunc(below("GET requests/{id}/curl"), c.text(c.curl))
	mux.HandleFunc(below("GET requests/{id}/case"), c.text(c.testCase))
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range map[string]string{
			"Content-Security-Policy":      policy,
			"Cross-Origin-Opener-Policy":   "same-origin",
			"Cross-Origin-Resource-Policy": "same-origin",
			"Referrer-Policy":              "no-referrer",
			"X-Content-Type-Options":       "nosniff",
			"Cache-Control":                "no-store",
		} {
			w.Header().Set(name, value)
		}
		mux.ServeHTTP(w, r)
	})
}
