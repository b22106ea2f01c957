package emulator

import (
	"bufio"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// answers is what the endpoint sends, byte by byte as it stands here, before it
// closes the connection.
var answers = map[string]string{
	"/cut":      "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
	"/chunk":    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\nzz\r\nrest",
	"/no-end":   "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
	"/longer":   "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole, and more",
	"/negative": "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
	"/two":      "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
	"/no-http":  "220 mail.example ESMTP\r\n",
	"/nothing":  "",
	"/sound":    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nsound",
}

// faultyEndpoint is a server that doesn't keep to HTTP; slow answers go on until
// the client has gone.
func faultyEndpoint(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { listener.Close() })
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go answerBadly(conn.(*net.TCPConn))
		}
	}()
	return "http://" + listener.Addr().String()
}

func answerBadly(conn *net.TCPConn) {
	defer conn.Close()
	request, err := http.ReadRequest(bufio.NewReader(conn))
	if err != nil {
		return
	}
	const endless = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
	switch request.URL.Path {
	case "/reset":
		io.WriteString(conn, answers["/cut"])
		conn.SetLinger(0)
	case "/silent":
		io.Copy(io.Discard, conn)
	case "/drip":
		io.WriteString(conn, endless)
		for tick := time.NewTicker(10 * time.Millisecond); err == nil; <-tick.C {
			_, err = io.WriteString(conn, "1\r\nx\r\n")
		}
	case "/endless":
		io.WriteString(conn, endless)
		for chunk := "10000\r\n" + strings.Repeat("x", 1<<16) + "\r\n"; err == nil; {
			_, err = io.WriteString(conn, chunk)
		}
	default:
		io.WriteString(conn, answers[request.URL.Path])
	}
}

// TestEndpointFaults has an HTTP endpoint fail in each way, and then answer.
func TestEndpointFaults(t *testing.T) {
	refusing, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	refusing.Close()
	selfSigned := httptest.NewUnstartedServer(http.NotFoundHandler())
	selfSigned.Config.ErrorLog = log.New(io.Discard, "", 0) // of the handshake
	selfSigned.StartTLS()
	defer selfSigned.Close()
	api := serveFaults(t, map[string]string{
		"Endpoint": faultyEndpoint(t), "Refusing": "http://" + refusing.Addr().String(), "SelfSigned": selfSigned.URL,
	})
	for _, fault := range []fault{
		{"refuses", "/refusing", networkError, "connection refused"},
		{"no such host", "/nowhere", "500 " + internalError, "Invalid endpoint address"},
		{"certificate that nobody trusts", "/self-signed", "500 " + internalError, "failed to verify certificate"},
		{"closes without an answer", "/endpoint/nothing", networkError, "EOF"},
		{"resets in the middle", "/endpoint/reset", networkError, "connection reset by peer"},
		{"closes before the length it told", "/endpoint/cut", networkError, "unexpected EOF"},
		{"sends more than the length it told", "/endpoint/longer", "200 whole", "Method completed with status: 200"},
		{"tells a negative length", "/endpoint/negative", networkError, "bad Content-Length"},
		{"tells two lengths", "/endpoint/two", networkError, "Content-Length"},
		{"chunk without a length", "/endpoint/chunk", networkError, "invalid byte in chunk length"},
		{"last chunk missing", "/endpoint/no-end", networkError, "unexpected EOF"},
		{"no HTTP", "/endpoint/no-http", networkError, "malformed HTTP"},
		{"body without end", "/endpoint/endless", "500 " + internalError, "longer than 10485760 bytes"},
		{"silent", "/slow/silent", timedOut, "Execution failed due to a timeout error"},
		{"body byte by byte", "/slow/drip", timedOut, "Execution failed due to a timeout error"},
	} {
		t.Run(fault.name, func(t *testing.T) {
			api.meets(t, fault)
			if answer, log := api.get(t, "/endpoint/sound"); answer != "200 sound" {
				t.Errorf("then %s\n%s", answer, log)
			}
		})
	}
}
