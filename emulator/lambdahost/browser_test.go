package lambdahost

import (
	"net/http"
	"testing"
)

// TestPortsRefuseBrowsers sends what a page sends to the Runtime API, where it
// could take invocations, to the Invoke API, and to a function URL behind which
// is a real account.
func TestPortsRefuseBrowsers(t *testing.T) {
	api := &runtimeAPI{deliver: make(chan *invocation), polled: make(chan struct{}, 1), initFailed: make(chan []byte, 1)}
	if err := api.listen(); err != nil {
		t.Fatal(err)
	}
	defer api.close()
	urls := NewURLs()
	functions, _ := FromAssembly(load(t, urls), nil, true)
	h := start(t, Options{Functions: functions, URLs: urls, BuildDir: t.TempDir(), OwnSiteOnly: true})
	url := ""
	for key := range urls.listeners {
		url = "http://" + urls.listeners[key].Addr().String()
	}
	for name, endpoint := range map[string]string{
		"Runtime API": "http://" + api.address + "/2018-06-01/runtime/invocation/next", "Invoke API": h.Endpoint(), "function URL": url,
	} {
		for header, value := range map[string]string{"Origin": "https://attacker.example", "Sec-Fetch-Site": "cross-site", "Host": "attacker.example"} {
			r, err := http.NewRequestWithContext(t.Context(), "GET", endpoint, nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set(header, value)
			if header == "Host" {
				r.Host = value
			}
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			response.Body.Close()
			if response.StatusCode != http.StatusForbidden || len(api.polled) > 0 {
				t.Errorf("%s with %s: status %d", name, header, response.StatusCode)
			}
		}
	}
}
