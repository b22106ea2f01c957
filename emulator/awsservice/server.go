package awsservice

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"time"
)

// server is a loopback listener of an engine that runs in this program.
type server struct {
	listener net.Listener
	http     *http.Server
}

// newServer begins to serve.
func newServer(handler http.Handler) (*server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &server{listener, &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second}}
	go s.http.Serve(listener) // ends with close
	return s, nil
}

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
