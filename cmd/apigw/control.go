package main

import (
	"net/http"
	"net/http/pprof"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/toolbox/console"
)

// profilesPath is where --debug shows what the process is busy with.
const profilesPath = gateway.ControlPath + "debug/pprof/"

// control is what answers below gateway.ControlPath; nil: nothing does.
func (c *serveCommand) control(traces *trace.Store) func(*emulator.Emulator, int) http.Handler {
	if c.NoConsole && !c.Debug {
		return nil
	}
	return func(e *emulator.Emulator, i int) http.Handler {
		mux := http.NewServeMux()
		if !c.NoConsole {
			mux.Handle(gateway.ControlPath, console.New(e, i, traces))
		}
		if c.Debug {
			mux.Handle(profilesPath, profiles())
		}
		return mux
	}
}

// profiles are those of net/http/pprof, which looks for the profile's name
// behind /debug/pprof/. It puts them on the default mux too; nothing serves that.
func profiles() http.Handler {
	mux := http.NewServeMux()
	for path, handler := range map[string]http.HandlerFunc{
		"":        pprof.Index,
		"cmdline": pprof.Cmdline,
		"profile": pprof.Profile,
		"symbol":  pprof.Symbol,
		"trace":   pprof.Trace,
	} {
		mux.HandleFunc("/debug/pprof/"+path, handler)
	}
	return http.StripPrefix("/_apigw", mux)
}
