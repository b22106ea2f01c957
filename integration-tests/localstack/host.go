package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// startLimit is how long LocalStack may take until it answers; it takes about three seconds.
const startLimit = time.Minute

// host is LocalStack's open core as a process of this machine.
type host struct{}

func (host) start(ctx context.Context, s *session) error {
	t, err := findTools(ctx)
	if err != nil {
		return err
	}
	installation, err := s.install(ctx, t)
	if err != nil {
		return err
	}
	root := filepath.Join(s.work, "filesystem")
	if err := placeDynamoDB(root); err != nil {
		return err
	}
	temporary := filepath.Join(s.work, "tmp")
	if err := os.Mkdir(temporary, 0o755); err != nil {
		return err
	}
	address, err := freeAddress()
	if err != nil {
		return err
	}
	s.endpoint = "http://" + address
	p, err := s.start(context.WithoutCancel(ctx), "localstack.log", append(withoutAWS(os.Environ()),
		"PYTHONPATH="+installation.executor,
		"FILESYSTEM_ROOT="+root,
		"TMPDIR="+temporary,
		"XDG_CACHE_HOME="+s.cache,
		"OVERRIDE_IN_DOCKER=0",                             // or else it may take the machine for a container, and write below /var/lib
		"GATEWAY_LISTEN=[::ffff:127.0.0.1]:"+port(address), // it listens on the address only if it takes it for IPv6
		"DNS_ADDRESS=0",
		"DISABLE_EVENTS=1",
		"SKIP_SSL_CERT_DOWNLOAD=1",
		"LAMBDA_RUNTIME_EXECUTOR=process",
		"DYNAMODB_IN_MEMORY=1",
		"DYNAMODB_LOCAL="+installation.dynamodb, // for java.sh
		"HOST_JAVA="+t.java,
	), installation.python, "-m", "localstack.runtime.main")
	if err != nil {
		return err
	}
	s.onStop(p.stop)
	return until(ctx, startLimit, p, s.answers)
}

// placeDynamoDB puts java.sh where LocalStack looks for Java and DynamoDB Local. When one is absent, it downloads it.
func placeDynamoDB(root string) error {
	library := filepath.Join(root, "usr", "lib", "localstack")
	java, err := filepath.Abs(filepath.Join(source, "java.sh"))
	if err != nil {
		return err
	}
	for _, folder := range []string{filepath.Join(library, "java", "21", "bin"), filepath.Join(library, "dynamodb-local", "2")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	if err := os.WriteFile(filepath.Join(library, "dynamodb-local", "2", "DynamoDBLocal.jar"), nil, 0o644); err != nil {
		return err
	}
	return os.Symlink(java, filepath.Join(library, "java", "21", "bin", "java"))
}

// freeAddress is a loopback address that nobody listens on at the moment.
func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer listener.Close()
	return listener.Addr().String(), nil
}

func port(address string) string {
	_, port, _ := net.SplitHostPort(address)
	return port
}
