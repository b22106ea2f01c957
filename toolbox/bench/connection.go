package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// connection is a keep-alive HTTP/1.1 connection. It knows no more of HTTP than
// where an answer ends: what the load costs, the measured program does not get.
type connection struct {
	net.Conn
	ctx    context.Context // whose end cuts the exchange
	forget func() bool
	in     *bufio.Reader
	text   []byte // of the request, with IDs of its own
	body   []byte // of the last answer, when it is larger than the reader's buffer
	closes bool   // the server ends the connection after this answer
}

const readBuffer = 32 << 10

func dial(ctx context.Context, p *prepared) (*connection, error) {
	c := &connection{ctx: ctx, text: bytes.Clone(p.text)}
	return c, c.connect(p.address)
}

func (c *connection) connect(address string) error {
	conn, err := new(net.Dialer).DialContext(c.ctx, "tcp", address)
	if err != nil {
		return err
	}
	c.Conn, c.in, c.closes = conn, bufio.NewReaderSize(conn, readBuffer), false
	c.forget = context.AfterFunc(c.ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	return nil
}

func (c *connection) close() {
	c.forget()
	c.Close()
}

// exchange sends the request and reads the answer. The body is valid until the
// next exchange.
func (c *connection) exchange() (status int, body []byte, err error) {
	if _, err := c.Write(c.text); err != nil {
		return 0, nil, err
	}
	line, err := c.in.ReadSlice('\n')
	if err != nil {
		return 0, nil, fmt.Errorf("read the status line: %w", err)
	}
	if len(line) < 12 || !bytes.HasPrefix(line, []byte("HTTP/1.")) {
		return 0, nil, fmt.Errorf("not an HTTP/1 answer: %.100q", line)
	}
	status = int(line[9]-'0')*100 + int(line[10]-'0')*10 + int(line[11]-'0')
	length, err := c.header()
	switch {
	case err != nil:
	case status == 204 || status == 304:
	case length == chunked:
		body, err = c.chunks()
	default:
		body, err = c.take(length)
	}
	return status, body, err
}

// chunked is the length of a body that tells it in parts.
const chunked = -1

// header reads the fields and gives the body's length.
func (c *connection) header() (length int, err error) {
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return 0, fmt.Errorf("read the header: %w", err)
		}
		line = line[:len(line)-1]
		if len(line) <= 1 {
			return length, nil
		}
		switch line[0] | 0x20 {
		case 'c':
			if value, ok := field(line, "content-length"); ok {
				if length, err = strconv.Atoi(string(value)); err != nil {
					return 0, errors.New("Content-Length is no number")
				}
			} else if value, ok := field(line, "connection"); ok {
				c.closes = bytes.EqualFold(value, []byte("close"))
			}
		case 't':
			if value, ok := field(line, "transfer-encoding"); ok && bytes.EqualFold(value, []byte("chunked")) {
				length = chunked
			}
		}
	}
}

// field gives the value when the line has the name, which is in lower case.
func field(line []byte, name string) (value []byte, ok bool) {
	if len(line) <= len(name) || line[len(name)] != ':' || !bytes.EqualFold(line[:len(name)], []byte(name)) {
		return nil, false
	}
	return bytes.TrimSpace(line[len(name)+1:]), true
}

func (c *connection) take(length int) ([]byte, error) {
	if length <= readBuffer {
		body, err := c.in.Peek(length)
		if err != nil {
			return nil, fmt.Errorf("read the body: %w", err)
		}
		_, err = c.in.Discard(length)
		return body, err
	}
	if cap(c.body) < length {
		c.body = make([]byte, length)
	}
	_, err := io.ReadFull(c.in, c.body[:length])
	return c.body[:length], err
}

func (c *connection) chunks() ([]byte, error) {
	c.body = c.body[:0]
	for {
		line, err := c.in.ReadSlice('\n')
		if err != nil {
			return nil, fmt.Errorf("read a chunk: %w", err)
		}
		size, _, _ := bytes.Cut(bytes.TrimSpace(line), []byte(";"))
		n, err := strconv.ParseUint(string(size), 16, 31)
		if err != nil {
			return nil, fmt.Errorf("chunk of %q bytes", size)
		}
		at := len(c.body)
		c.body = append(c.body, make([]byte, n+2)...)
		if _, err := io.ReadFull(c.in, c.body[at:]); err != nil {
			return nil, fmt.Errorf("read a chunk: %w", err)
		}
		c.body = c.body[:at+int(n)]
		if n == 0 {
			return c.body, nil
		}
	}
}
