package gateway

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/valyala/fasthttp"
)

// FuzzRequest feeds a connection with whatever a client may send. Whatever it
// is, the gateway answers it or ends the connection, and never by a fault of
// its own.
func FuzzRequest(f *testing.F) {
	for _, seed := range []string{
		"GET /test/echo/7?q=1&q=%20;x HTTP/1.1\r\nHost: h\r\nX-A: 1\r\nx-a: 2\r\nAccept: text/plain, */*;q=0.1\r\n\r\n",
		"POST //test//echo/%2F%zz/ HTTP/1.1\r\nHost: h\r\nContent-Type: application/json;charset=utf-8\r\nContent-Length: 9\r\n\r\n{\"a\":[1]}",
		"POST /test/checked HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{\"id\":1e9}\r\n0\r\n\r\n",
		"PUT /test/checked HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\n\x1f\x8b\x08\x00",
		"GET /test/keyed HTTP/1.1\r\nHost: h\r\nx-api-key: key\r\nAccept-Encoding: gzip;q=1.0, *;q=0\r\n\r\n",
		"GET /test/signed?b=2&a=1 HTTP/1.1\r\nHost: h\r\nX-Amz-Date: 20231114T221320Z\r\nAuthorization: AWS4-HMAC-SHA256 " +
			"Credential=AKIDLOCAL/20231114/us-east-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date;content-length, Signature=00\r\n\r\n",
		"GET /test/signed?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDLOCAL%2F20231114%2Fus-east-1%2Fexecute-api%2Faws4_request" +
			"&X-Amz-Date=20231114T221320Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00 HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST /test/echo/1 HTTP/1.1\r\nHost: h\r\nX-HTTP-Method-Override: delete\r\nX-Amzn-Trace-Id: Root=1;;=\r\n\r\n",
		"GET http://h/test/none HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer \r\n\r\nGET /test HTTP/1.1\r\nHost: h\r\n\r\n",
		"OPTIONS * HTTP/1.0\r\n\r\n",
		"GET /test/echo/1 HTTP/1.1\r\nHost: h\r\nHost: i\r\nA b: c\r\n\r\n",
	} {
		f.Add([]byte(seed))
	}
	g := fuzzedGateway(f)
	f.Fuzz(func(t *testing.T, sent []byte) {
		conn := &memoryConn{Reader: bytes.NewReader(sent)}
		l := newListener(nil, g)
		l.connections.follow(conn, fasthttp.StateNew) // as when it is accepted
		_ = l.server.ServeConn(conn)                  // an error tells that the client sent no HTTP
		answers := bufio.NewReader(&conn.written)
		for {
			if _, err := answers.Peek(1); errors.Is(err, io.EOF) {
				return
			}
			response, err := http.ReadResponse(answers, nil)
			if err != nil {
				t.Fatalf("the answer is no HTTP: %v\n%q", err, conn.written.Bytes())
			}
			body, _ := io.ReadAll(response.Body) // of HEAD it tells a length and has none
			if response.StatusCode >= 500 && response.StatusCode != http.StatusHTTPVersionNotSupported {
				t.Fatalf("%d %s", response.StatusCode, body)
			}
		}
	})
}

// fuzzedGateway has a method for each part of a request that is read.
func fuzzedGateway(f *testing.F) *Gateway {
	api := newTestAPI([2]string{"ANY", "/echo/{id}"}, [2]string{"ANY", "/checked"}, [2]string{"ANY", "/keyed"}, [2]string{"ANY", "/signed"})
	api.Region = "us-east-1"
	size := 0
	api.MinimumCompressionSize, api.BinaryMediaTypes = &size, []string{"image/*"}
	api.APIKeys = []*APIKey{{Value: "key", Enabled: true}}
	method := func(i int) *Method { return api.Resources[i].Methods["ANY"] }
	echo, err := ParseMappingTemplate("echo", `$input.params() $input.json('$') $context.path $context.identity.userArn`)
	if err != nil {
		f.Fatal(err)
	}
	method(0).Integration.Responses[0].ResponseTemplates = map[string]*MappingTemplate{"application/json": echo, "text/plain": echo}
	method(0).Integration.RequestParameters = map[string]string{
		"integration.request.header.X-All": "method.request.multivalueheader.X-A", "integration.request.querystring.q": "method.request.multivaluequerystring.q",
		"integration.request.path.id": "method.request.path.id",
	}
	models, err := NewModels("api1", map[string]any{"M": map[string]any{"type": "object", "properties": map[string]any{"id": map[string]any{"type": "integer"}}}})
	if err != nil {
		f.Fatal(err)
	}
	model, err := models.Model("M")
	if err != nil {
		f.Fatal(err)
	}
	method(1).ValidateBody, method(1).RequestModels = true, map[string]*Model{"application/json": model}
	method(1).ValidateParams, method(1).RequestParameters = true, map[string]bool{"method.request.header.Host": true}
	method(2).APIKeyRequired = true
	method(3).AuthorizationType = "AWS_IAM"
	return New(Options{
		API: api, Now: func() time.Time { return time.Unix(1700000000, 0) },
		Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) { return localKey, nil }),
	})
}

// memoryConn is a connection whose client has sent everything and reads nothing.
type memoryConn struct {
	*bytes.Reader
	written bytes.Buffer
}

func (c *memoryConn) Write(p []byte) (int, error)    { return c.written.Write(p) }
func (*memoryConn) Close() error                     { return nil }
func (*memoryConn) LocalAddr() net.Addr              { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (*memoryConn) RemoteAddr() net.Addr             { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)} }
func (*memoryConn) SetDeadline(time.Time) error      { return nil }
func (*memoryConn) SetReadDeadline(time.Time) error  { return nil }
func (*memoryConn) SetWriteDeadline(time.Time) error { return nil }
