package gateway

import (
	"context"
	"strings"
	"testing"
)

func TestPreferredCoding(t *testing.T) {
	for accept, want := range map[string]string{
		"":                                  "",
		"*":                                 "*",
		"gzip":                              "gzip",
		"GZIP;q=1.0, identity;q=0.5, *;q=0": "gzip",
		"deflate;q=0.5,gzip;q=1.0":          "gzip",
		"deflate, gzip":                     "deflate",
		"br, gzip":                          "gzip",
		"br;q=1.0, gzip;q=0.8":              "br",
		"gzip;q=0":                          "",
		"gzip;q=x":                          "",
	} {
		if got := preferredCoding([]string{accept}); got != want {
			t.Errorf("%q: %q, want %q", accept, got, want)
		}
	}
}

func TestAnswersAreCompressed(t *testing.T) {
	size := func(n int) *int { return &n }
	const body = "some text to compress"
	tests := []struct {
		name, method, accept string
		minimum              *int
		endpoint             Header
		coding               string
	}{
		{"gzip", "GET", "gzip", size(0), nil, "gzip"},
		{"deflate", "GET", "deflate", size(len(body)), nil, "deflate"},
		{"smaller than the minimum", "GET", "gzip", size(len(body) + 1), nil, ""},
		{"not asked for by the API", "GET", "gzip", nil, nil, ""},
		{"not asked for by the client", "GET", "", size(0), nil, ""},
		{"any coding", "GET", "*", size(0), nil, ""},
		{"another coding preferred", "GET", "br, gzip;q=0.5", size(0), nil, ""},
		{"done by the endpoint", "GET", "gzip", size(0), Header{{"content-encoding", "br"}}, "br"},
		{"no body", "HEAD", "gzip", size(0), nil, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			api := newTestAPI([2]string{"ANY", "/a"})
			api.MinimumCompressionSize = test.minimum
			m := api.Resources[0].Methods["ANY"]
			m.Integration.Type, m.Integration.Backend = "HTTP_PROXY", answering(200, body, test.endpoint...)
			got := New(Options{API: api}).Handle(context.Background(), &Request{
				Method: test.method, Path: "/test/a", Header: Header{{"Accept-Encoding", test.accept}},
			})
			if coding := got.Header.Get("Content-Encoding"); coding != test.coding {
				t.Fatalf("Content-Encoding %q, want %q", coding, test.coding)
			}
			text := string(got.Body)
			if coding, known := contentCodings[test.coding]; known {
				plain, err := coding.decode(got.Body)
				if text = string(plain); err != nil {
					t.Error(err)
				}
			}
			if text != body {
				t.Errorf("body %q", text)
			}
		})
	}
}

func TestBodiesAreDecompressed(t *testing.T) {
	size := func(n int) *int { return &n }
	const body = `{"id":"a"}`
	gzipped, deflated := string(contentCodings["gzip"].encode([]byte(body))), string(contentCodings["deflate"].encode([]byte(body)))
	bomb := string(contentCodings["gzip"].encode(make([]byte, maxPayload+1)))
	tests := []struct {
		name, coding, sent string
		minimum            *int
		want               string
		failure            ResponseType
	}{
		{"none", "", body, nil, body, ""},
		{"identity", "identity", body, nil, body, ""},
		{"gzip", "gzip", gzipped, nil, body, ""},
		{"deflate, whatever the case", "Deflate", deflated, nil, body, ""},
		{"no body", "br", "", nil, "", ""},
		{"not supported", "br", body, nil, "", UnsupportedMediaType},
		{"two codings", "gzip, deflate", gzipped, nil, "", UnsupportedMediaType},
		{"not what it says", "gzip", body, nil, "", UnsupportedMediaType},
		{"cut off", "gzip", gzipped[:len(gzipped)-9], nil, "", UnsupportedMediaType},
		{"smaller than the minimum", "gzip", gzipped, size(1000), gzipped, ""},
		{"as large as the minimum", "gzip", gzipped, size(len(gzipped)), body, ""},
		{"larger than the limit of payloads", "gzip", bomb, nil, "", RequestTooLarge},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &Request{Method: "POST", Body: []byte(test.sent), Header: Header{{"Content-Encoding", test.coding}}}
			x := newTestExchange(r, func(m *Method) { m.API.MinimumCompressionSize = test.minimum })
			err := methodRequest(context.Background(), x)
			wantFailure(t, err, test.failure, "")
			if err == nil && string(x.Request.Body) != test.want {
				t.Errorf("body %.40q", x.Request.Body)
			}
		})
	}
}

func TestBuildReadsMinimumCompressionSize(t *testing.T) {
	for value, want := range map[string]string{"0": "", "10485760": "", "-1": "-1 is not from 0", "10485761": "10485761 is not from 0"} {
		template := strings.Replace(method("      Integration: {Type: MOCK}"), "Name: shop,", "Name: shop, MinimumCompressionSize: "+value+",", 1)
		apis, problems := buildTemplate(t, template)
		if !strings.Contains(problems.Error(), want) || want == "" && len(problems) > 0 || apis[0].MinimumCompressionSize == nil {
			t.Errorf("%s: %s", value, problems.Error())
		}
	}
}
