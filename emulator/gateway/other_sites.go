package gateway

import (
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/emulator/loopback"
)

// fromOtherSite says whether a page that is not of this machine may have sent
// the request.
func fromOtherSite(r *Request) bool {
	return loopback.IsOtherSite(r.Host, r.Header.Get("Origin"), r.Header.Get("Sec-Fetch-Site"))
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
