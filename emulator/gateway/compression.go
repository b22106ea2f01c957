package gateway

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// Payloads may be compressed on the client's side, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-gzip-compression-decompression.html
// Endpoints see none of it.

// contentCoding is a way to compress that the service knows.
type contentCoding struct {
	reader func(io.Reader) (io.ReadCloser, error)
	writer func(io.Writer) io.WriteCloser
}

// contentCodings are those beside identity, by name.
var contentCodings = map[string]contentCoding{
	"gzip": {
		func(r io.Reader) (io.ReadCloser, error) { return gzip.NewReader(r) },
		func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) },
	},
	"deflate": {
		zlib.NewReader,
		func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) },
	},
}

// decompress undoes the coding of the client's body. One that is not known, or
// that the body is not in, is a 415. Where the API sets a size for compression,
// smaller bodies are left as they are.
func decompress(_ context.Context, x *Exchange) error {
	name := strings.ToLower(strings.TrimSpace(x.Request.Header.Get("Content-Encoding")))
	size := x.API.MinimumCompressionSize
	if name == "" || name == "identity" || len(x.Request.Body) == 0 || size != nil && len(x.Request.Body) < *size {
		return nil
	}
	coding, known := contentCodings[name]
	if !known {
		return &Failure{Type: UnsupportedMediaType, Cause: fmt.Errorf("Content-Encoding %q is not supported", name)}
	}
	body, err := coding.decode(x.Request.Body)
	if errors.Is(err, errTooLarge) {
		return &Failure{Type: RequestTooLarge, Cause: err}
	}
	if err != nil {
		return &Failure{Type: UnsupportedMediaType, Cause: fmt.Errorf("the body is not in the Content-Encoding %s: %w", name, err)}
	}
	x.Request.Body = body
	return nil
}

var errTooLarge = errors.New("the payload is larger than 10 MB")

// decode undoes the coding, up to the limit of payloads.
func (c contentCoding) decode(data []byte) ([]byte, error) {
	reader, err := c.reader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	defer reader.Close()
	body, err := io.ReadAll(io.LimitReader(reader, maxPayload+1))
	if len(body) > maxPayload {
		return nil, errTooLarge
	}
	return body, err
}

// encode applies the coding.
func (c contentCoding) encode(data []byte) []byte {
	var b bytes.Buffer
	w := c.writer(&b)
	_, _ = w.Write(data) // a buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// compress codes the answer as the client prefers, where the API asks for it,
// the answer is large enough, and the endpoint has not done it. Streams stay.
func compress(x *Exchange) {
	size := x.API.MinimumCompressionSize
	r := x.Response
	if size == nil || r.Stream != nil || len(r.Body) < *size || x.Request.Method == http.MethodHead || r.Header.Has("Content-Encoding") {
		return
	}
	name := preferredCoding(x.Request.Header.Values("Accept-Encoding"))
	coding, known := contentCodings[name]
	if !known {
		return
	}
	r.Body = coding.encode(r.Body)
	r.Header.Add("Content-Encoding", name)
}

// preferredCoding is the coding with the highest quality in Accept-Encoding; of
// equals the first that is known. A wildcard names none.
func preferredCoding(accept []string) string {
	preferred, best := "", 0.0
	for part := range strings.SplitSeq(strings.Join(accept, ","), ",") {
		name, parameters, _ := strings.Cut(strings.ToLower(part), ";")
		name, quality := strings.TrimSpace(name), 1.0
		if q, found := strings.CutPrefix(strings.TrimSpace(parameters), "q="); found {
			quality, _ = strconv.ParseFloat(q, 64) // what is no number prefers nothing
		}
		_, known := contentCodings[name]
		_, knownBefore := contentCodings[preferred]
		if quality > best || quality == best && quality > 0 && known && !knownBefore {
			preferred, best = name, quality
		}
	}
	return preferred
}
