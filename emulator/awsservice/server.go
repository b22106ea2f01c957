package awsservice

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"sync/atomic"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// server is a loopback listener of an engine that runs in this program.
type server struct {
	listener net.Listener
	http     *http.Server
	handler  atomic.Pointer[http.Handler]
}

// newServer begins to serve.
func newServer(handler http.Handler) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{listener: listener}
	s.serve(handler)
	s.http = &http.Server{ReadHeaderTimeout: 10 * time.Second, Handler: loopback.RefuseBrowsers(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		(*s.handler.Load()).ServeHTTP(w, r)
	}))}
	go s.http.Serve(listener) // ends with close
	return s, nil
}

// serve has handler take the requests that come from now on.
func (s *server) serve(handler http.Handler) { s.handler.Store(&handler) }

func (s *server) url() *url.URL {
	return &url.URL{Scheme: "http", Host: s.listener.Addr().String()}
}

// close lets requests in flight end until ctx does.
func (s *server) close(ctx context.Context) error {
	if err := s.http.Shutdown(ctx); err != nil {
		return s.http.Close()
	}
	return nil
}
