package loopback

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRefused(t *testing.T) {
	for _, c := range []struct {
		name, host, origin, site string
		otherSite, browser       bool // who is refused
	}{
		{"an SDK", "127.0.0.1:9000", "", "", false, false},
		{"by its name", "localhost:9000", "", "", false, false},
		{"IPv6", "[::1]:9000", "", "", false, false},
		{"without a port", "127.0.0.1", "", "", false, false},
		{"rebinding", "attacker.example:9000", "", "", true, true},
		{"rebinding to a page of its own", "attacker.example:9000", "http://attacker.example:9000", "same-origin", true, true},
		{"a name that begins well", "127.0.0.1.attacker.example", "", "", true, true},
		{"another site", "127.0.0.1:9000", "https://attacker.example", "cross-site", true, true},
		{"an image of another site", "127.0.0.1:9000", "", "cross-site", true, true},
		{"a sandboxed page", "127.0.0.1:9000", "null", "", true, true},
		{"a page of this machine", "127.0.0.1:9000", "http://localhost:3000", "same-site", false, true},
		{"the address bar", "127.0.0.1:9000", "", "none", false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, guard := range []struct {
				name    string
				wrap    func(http.Handler) http.Handler
				refuses bool
			}{{"other sites", RefuseOtherSites, c.otherSite}, {"browsers", RefuseBrowsers, c.browser}} {
				r := httptest.NewRequest("POST", "/", nil)
				r.Host = c.host
				for name, value := range map[string]string{"Origin": c.origin, "Sec-Fetch-Site": c.site} {
					if value != "" {
						r.Header.Set(name, value)
					}
				}
				w := httptest.NewRecorder()
				guard.wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
				if refused := w.Code == http.StatusForbidden; refused != guard.refuses {
					t.Errorf("%s: status %d", guard.name, w.Code)
				}
			}
		})
	}
}
