// Package loopback tells who calls what listens on 127.0.0.1: not only programs
// of this machine can, but also any page in a browser on it.
package loopback

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// IsHost says whether a host, with or without a port, is this machine's own
// address or name. Another name leads here by a stranger's DNS (rebinding).
func IsHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	ip := net.ParseIP(name)
	return strings.EqualFold(name, "localhost") || ip != nil && ip.IsLoopback()
}

// IsOtherSite says whether a page that is not of this machine may have sent a
// request with this Host, Origin and Sec-Fetch-Site.
func IsOtherSite(host, origin, fetchSite string) bool {
	if !IsHost(host) {
		return true
	}
	if origin != "" {
		page, err := url.Parse(origin)
		return err != nil || !IsHost(page.Host)
	}
	return fetchSite == "cross-site"
}

// RefuseOtherSites answers requests for which IsOtherSite holds with 403.
func RefuseOtherSites(next http.Handler) http.Handler {
	return refuse(next, func(r *http.Request) bool {
		return IsOtherSite(r.Host, r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site"))
	})
}

// RefuseBrowsers answers whatever a page may have sent with 403: what listens is
// for SDKs and runtimes, which send no Origin and no Sec-Fetch-Site.
func RefuseBrowsers(next http.Handler) http.Handler {
	return refuse(next, func(r *http.Request) bool {
		return !IsHost(r.Host) || r.Header.Get("Origin")+r.Header.Get("Sec-Fetch-Site") != ""
	})
}

func refuse(next http.Handler, refused func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refused(r) {
			http.Error(w, "refused: a page in a browser may have sent this, or the host is none of this machine", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}
