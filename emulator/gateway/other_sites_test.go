package gateway

import (
	"context"
	"strings"
	"testing"
)

func TestOtherSites(t *testing.T) {
	for name, test := range map[string]struct {
		host, header string
		refused      bool
	}{
		"a tool":                      {"127.0.0.1:8080", "", false},
		"a page of this machine":      {"127.0.0.1:8080", "Origin: http://localhost:3000\r\nSec-Fetch-Site: cross-site", false},
		"typed into the address":      {"localhost:8080", "Sec-Fetch-Site: none", false},
		"a script of another site":    {"127.0.0.1:8080", "Origin: https://evil.example\r\nSec-Fetch-Site: cross-site", true},
		"an image of another site":    {"127.0.0.1:8080", "Sec-Fetch-Site: cross-site", true},
		"a page without an origin":    {"127.0.0.1:8080", "Origin: null", true},
		"an old browser":              {"127.0.0.1:8080", "Origin: https://evil.example", true},
		"a name that was led to here": {"rebound.example:8080", "", true},
	} {
		t.Run(name, func(t *testing.T) {
			for _, ownSiteOnly := range []bool{true, false} {
				l, err := Listen("127.0.0.1:0", New(Options{API: newTestAPI([2]string{"GET", "/a"}), OwnSiteOnly: ownSiteOnly}))
				if err != nil {
					t.Fatal(err)
				}
				defer l.Close(context.Background())
				header := test.header
				if header != "" {
					header += "\r\n"
				}
				answer := exchangeRaw(t, l, "GET /test/a HTTP/1.1\r\nHost: "+test.host+"\r\n"+header+"Connection: close\r\n\r\n")
				if refused := strings.Contains(answer, "refuses pages of other sites"); refused != (test.refused && ownSiteOnly) {
					t.Errorf("own site only %v: %s", ownSiteOnly, answer)
				}
			}
		})
	}
}
