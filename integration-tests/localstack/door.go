package main

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
)

// openDoor listens on loopback and passes requests on under the API's host name, by which LocalStack finds the API.
// The name resolves only with the internet's or LocalStack's name server; and LocalStack's other address, with the API
// in the path, would not fit the locations and links that the API answers with.
func (s *session) openDoor(context.Context) error {
	deployed, err := apiURL(s.outputs)
	if err != nil {
		return err
	}
	endpoint, err := url.Parse(s.endpoint)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	server := &http.Server{Handler: &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.Out.URL.Scheme, r.Out.URL.Host = endpoint.Scheme, endpoint.Host
			r.Out.URL.RawQuery = r.In.URL.RawQuery // as it came, well-formed or not
			r.Out.Host = deployed.Host
		},
		Transport: &http.Transport{DisableCompression: true},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, err error) {
			http.Error(w, "LocalStack: "+err.Error(), http.StatusBadGateway)
		},
	}}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	s.onStop(func(context.Context) error {
		err := server.Close()
		if end := <-served; !errors.Is(end, http.ErrServerClosed) {
			err = errors.Join(err, end)
		}
		return err
	})
	s.baseURL = "http://" + listener.Addr().String() + deployed.Path
	return nil
}
