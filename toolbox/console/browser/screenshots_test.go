//go:build browser

package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// mostBytes is how large a picture in the repository may be.
const mostBytes = 200 << 10

// TestScreenshots takes the pictures of the README and docs/console.md.
func TestScreenshots(t *testing.T) {
	if *screenshots == "" {
		t.Skip("it writes files: make screenshots")
	}
	e, browser := serve(t, kit), chromium(t)

	p := open(t, browser, e, newOrder)
	p.theme("light")
	p.press("Send")
	p.wait(".answer .status", "201")
	p.picture("route", 1440, 900)

	for _, path := range []string{"/mock", "/http/weather?city=Zurich", "/mock/errors/503", "/http-proxy/weather"} {
		p.do(chromedp.Evaluate("fetch('/prod"+path+"').then((r) => r.text())", nil, await))
	}
	post(t, e.BaseURL()+"/dynamodb/orders", `{"customerId":"ada"}`)
	p = open(t, browser, e, "requests")
	p.theme("dark")
	p.wait(".list .request", "/prod/dynamodb/orders")
	p.click(".list .request")
	p.wait(".state.failed", "failed")
	p.picture("request", 1440, 760)

	p = open(t, browser, e, "playground")
	p.theme("light")
	p.fill("textarea[name=template]", "#set($order = $input.path('$'))\n{\n  \"id\": \"$order.id\",\n  \"items\": [#foreach($item in $order.items)\n    \"$item\",#end\n\n  ]\n}")
	p.wait(".findings code", "trailing-comma")
	p.picture("playground", 1440, 760)
}

// picture writes the visible part of the page, once nothing moves any more.
func (p *page) picture(name string, width, height int64) {
	p.t.Helper()
	var png []byte
	p.do(chromedp.EmulateViewport(width, height),
		chromedp.Evaluate("Promise.all(document.getAnimations().map((a) => a.finished))", nil, await),
		chromedp.CaptureScreenshot(&png))
	if len(png) > mostBytes {
		p.t.Errorf("%s has %d bytes, more than %d", name, len(png), mostBytes)
	}
	if err := os.MkdirAll(*screenshots, 0o755); err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(*screenshots, "console-"+name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}
