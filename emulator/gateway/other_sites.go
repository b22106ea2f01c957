package gateway

import (
	"net/http"
	"net/url"
)

// fromOtherSite says whether a page that is not of this machine may have sent
// the request: a browser names its origin, or says that it is another site. A
// name that leads here by another's DNS is one too.
func fromOtherSite(r *Request) bool {
	if !isLoopback(r.Host) {
		return true
	}
	if origin := r.Header.Get("Origin"); origin != "" {
		page, err := url.Parse(origin)
		return err != nil || !isLoopback(page.Host)
	}
	return r.Header.Get("Sec-Fetch-Site") == "cross-site"
}

// refusedOtherSite is like nothing that the service answers.
func refusedOtherSite() *Response {
	return &Response{
		StatusCode: http.StatusForbidden,
		Header:     Header{{"Content-Type", "application/json"}},
		Body: []byte(`{"apigw":"this local gateway refuses pages of other sites","why":"requests may reach a real account here; ` +
			`pages and tools of this machine may call it as 127.0.0.1 or localhost"}` + "\n"),
	}
}
