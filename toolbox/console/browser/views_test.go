//go:build browser

package browser_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/browser"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// kit is this project's own assembly.
var kit = emulator.Options{App: "../../../cdk.out", AllowFunctions: true}

const (
	newOrder = "routes/POST%20%2Fdynamodb%2Forders"
	greeting = "routes/POST%20%2Fgreetings%2F%7Bname%7D"
)

// small is an API without functions and engines.
var small = emulator.Options{App: "../testdata/api.yaml"}

func TestRoutes(t *testing.T) {
	p := open(t, chromium(t), serve(t, kit), "routes")
	p.wait(".list summary", "AWS (dynamodb)", "HTTP_PROXY (VPC link)", "AWS_PROXY", "MOCK", "CORS preflights")
	p.fill("input[type=search]", "post dynamodb")
	p.holds("document.querySelectorAll('.list a').length === 1")
	p.click(".list a")
	p.wait("h2", "/dynamodb/orders")
	p.wait(".diagram text", "Method request", "Integration request", "POST dynamodb PutItem", `4\d{2} → 400 error.vtl`, "Method response")
	p.wait(".template code", "$input") // the configuration, before any request

	p.do(chromedp.Focus("textarea[name=body]", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter, chromedp.KeyModifiers(2)))
	p.wait(".answer .status", "201")
	p.wait(".answer pre", "orderId")
	p.wait(".detail h3", "Integration request")
	p.wait(".value", "ada") // read by the template
	p.wait(".diagram text", "200 · ", "✓ default → 201", "· 4\\d{2} → 400")
	p.click("[aria-label^='Integration passed']")
	p.wait(".detail h4", "Endpoint request", "Endpoint response")
	p.do(chromedp.KeyEvent("]"))
	p.wait(".detail h3", "Integration response")
	p.wait(".mapping.hit", "default matches 200 → 201")
	p.click(".detail .end")
	p.wait(".log", "Starting execution for request", "Successfully completed execution")

	p.fill("textarea[name=body]", "{}")
	p.press("Send")
	p.wait(".answer .status", "400")
	p.wait(".detail .notice", "BAD_REQUEST_BODY")
	p.wait(".state.failed", "failed")
	p.holds("document.querySelectorAll('.diagram .box.skipped').length === 4")
	p.press("Example")
	p.holds("document.querySelector('textarea[name=body]').value.includes('ada')")
}

// TestRequestAfterAnother sends a request that needs a value of another's answer.
func TestRequestAfterAnother(t *testing.T) {
	p := open(t, chromium(t), serve(t, kit), "routes/GET%20%2Fstep-functions%2Fexecutions%2F%7BexecutionId%7D")
	p.press("POST /step-functions/executions")
	p.holds("!document.querySelector('input[name=path]').value.includes('{')")
	p.press("Send")
	p.wait(".answer pre", "executionId")
}

func TestRequests(t *testing.T) {
	e := serve(t, small)
	p := open(t, chromium(t), e, "requests")
	p.wait(".list", "as they come")
	post(t, e.BaseURL()+"/greetings/ada", `{"at":"noon"}`)
	p.wait(".list .request", "/prod/greetings/ada") // without a click
	post(t, e.BaseURL()+"/greetings/bob", `{"at":"night"}`)
	p.holds("document.querySelectorAll('.list .request').length === 2")
	p.click(".list input[type=checkbox]")
	p.holds("document.querySelectorAll('.list .request').length === 1")
	p.click(".list input[type=checkbox]")
	p.fill("input[type=search]", "200 ada")
	p.holds("document.querySelectorAll('.list .request').length === 1")
	p.click(".list .request")
	p.wait(".answer pre", "Good day")
	p.click("[aria-label^='Integration response']")
	p.wait(".mapping", "default matches")

	p.press("Replay")
	p.holds("document.querySelectorAll('.list .request').length === 2")
	p.wait(".answer .status", "200")

	p.do(browser.GrantPermissions([]browser.PermissionType{
		browser.PermissionTypeClipboardReadWrite, browser.PermissionTypeClipboardSanitizedWrite,
	}))
	p.press("Copy as curl")
	p.wait(".actions button", "copied")
	p.holds(`navigator.clipboard.readText().then((text) => text.startsWith("curl http://127.0.0.1") && text.includes('"at":"noon"'))`)

	folder := t.TempDir()
	p.do(browser.SetDownloadBehavior(browser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(folder))
	p.press("Save as test case")
	saved := filepath.Join(folder, "post-200.txtar")
	text := waitForFile(t, saved)
	if c, err := integrationtests.Parse("saved", text); err != nil || c.Steps[0].Argument != "POST /greetings/ada" {
		t.Errorf("%v in %s", err, text)
	}

	p.press("Edit and send")
	p.wait("h2", "/greetings/{name}")
	p.fill("input[name=path]", "/greetings/eve")
	p.press("Send")
	p.wait(".answer pre", `"name": "eve"`)
}

func TestPlayground(t *testing.T) {
	p := open(t, chromium(t), serve(t, small), "playground")
	p.wait(".outputs pre", `"cup"`)
	p.fill("textarea[name=body]", `{"id":"o-2","items":["hat"]}`)
	p.wait(".outputs pre", `"o-2"`, `"hat"`)
	p.wait(".value", `["hat"]`)
	p.wait(".outputs .good", "no findings")
	p.fill("textarea[name=template]", `{"id": "$input.path('$.id')"}`)
	p.wait(".findings code", "unescaped-value")
	p.fill("textarea[name=template]", "$input.path('$.id') $stageVariables.table")
	p.fill("textarea[name=input]", `{"stageVariables":{"table":"orders"}}`)
	p.wait(".outputs pre", "o-2 orders")
	p.fill("textarea[name=template]", "a\n#if(")
	p.wait(".outputs .notice", "playground.vtl:2:")
	p.wait(".template .caret", "^")
}

func TestRuntime(t *testing.T) {
	e := serve(t, kit)
	p := open(t, chromium(t), e, "runtime")
	p.wait(".engines th", "DYNAMODB", "SNS")
	p.wait("main", "Everything of the template is served.")
	response := post(t, e.BaseURL()+"/lambda-proxy/orders", `{"customerId":"ada","items":[{"sku":"PEN-1","name":"Pen","quantity":2,"unitPrice":"1.20"}]}`)
	if response.StatusCode != http.StatusCreated {
		t.Fatalf("status %d", response.StatusCode)
	}
	p.wait(".function summary", "1 running, 1 idle", "1 invocations · 1 cold starts, last ")
	p.click(".function:nth-of-type(2) summary")
	p.wait(".function[open] .log", "lambda-proxy")
}

func TestKeys(t *testing.T) {
	p := open(t, chromium(t), serve(t, small), "routes")
	p.do(chromedp.KeyEvent("j"))
	p.wait("h2", "/greetings")
	p.do(chromedp.KeyEvent("j"))
	p.wait("h2", "/greetings/{name}")
	p.do(chromedp.KeyEvent("/"))
	p.holds("document.activeElement.type === 'search'")
	p.do(chromedp.KeyEvent("2")) // is text there
	p.holds("document.activeElement.value.endsWith('2')")
	p.do(chromedp.Evaluate("document.activeElement.blur()", nil), chromedp.KeyEvent("4"))
	p.wait("h2", "Functions")
	p.do(chromedp.KeyEvent("t"))
	p.holds("document.documentElement.dataset.theme === 'dark'")
	p.do(chromedp.KeyEvent("?"))
	p.wait("dialog[open]", "send the request")
	p.press("Close")
	p.do(chromedp.KeyEvent("1"))
	p.click(".list a")
	var reached bool
	for range 40 { // each step of the diagram can be reached and chosen without a mouse
		p.do(chromedp.KeyEvent(kb.Tab), chromedp.Evaluate("document.activeElement.matches('.diagram .box[aria-label^=\"Method response\"]')", &reached))
		if reached {
			break
		}
	}
	p.do(chromedp.KeyEvent(kb.Enter))
	p.wait(".detail h3", "Method response")
}

// TestNothingIsHTML sends what would be a script wherever text becomes HTML.
func TestNothingIsHTML(t *testing.T) {
	const script = `<img src=x onerror="window.broken=1"><script>window.broken=1</script>`
	e := serve(t, small)
	p := open(t, chromium(t), e, greeting)
	p.fill("input[name=path]", `/greetings/<img src=x onerror="window.broken=1">`)
	p.fill("textarea[name=headers]", "Content-Type: application/json\nX-Script: "+script)
	p.fill("textarea[name=body]", `{"at":"noon","x":"<script>window.broken=1</script>"}`)
	p.press("Send")
	p.wait(".answer .status", "200")
	p.click("[aria-label^='Method request']")
	p.wait(".detail", script)
	p.do(chromedp.KeyEvent("2"))
	p.click(".list .request")
	p.wait(".answer .status", "200")
	p.holds("window.broken === undefined && document.querySelectorAll('img').length === 1 && document.querySelectorAll('script').length === 1")
}

// TestWidths finds what doesn't fit the screen.
func TestWidths(t *testing.T) {
	e := serve(t, kit)
	p := open(t, chromium(t), e, newOrder)
	p.press("Send")
	p.wait(".answer .status", "201")
	request := strings.TrimPrefix(p.lastRequest(), "#/")
	for _, view := range []string{newOrder, "routes", request, "requests", "playground", "runtime"} {
		for _, width := range []int64{360, 820, 1600} {
			p.do(chromedp.EmulateViewport(width, 900), chromedp.Evaluate("location.hash = '#/"+view+"'", nil))
			p.holds("document.querySelector('main').childElementCount > 0")
			var wide []string
			p.do(chromedp.Evaluate(`[...document.querySelectorAll("body *")]
				.filter((e) => e.getBoundingClientRect().right > innerWidth + 1 && !e.closest("pre, svg, .template, textarea"))
				.map((e) => e.tagName + "." + e.className)`, &wide))
			if len(wide) > 0 {
				t.Errorf("%s at %d: too wide: %q", view, width, wide)
			}
		}
	}
}

// lastRequest is the address of the newest request's page.
func (p *page) lastRequest() string {
	var href string
	p.do(chromedp.Evaluate("location.hash = '#/requests'", nil), chromedp.WaitVisible(".list .request"),
		chromedp.Evaluate("document.querySelector('.list .request').getAttribute('href')", &href))
	return href
}

func post(t *testing.T, url, body string) *http.Response {
	t.Helper()
	response, err := http.Post(url, "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	response.Body.Close()
	return response
}

// waitForFile reads a file as soon as the browser has written it whole.
func waitForFile(t *testing.T, path string) []byte {
	t.Helper()
	var text []byte
	processtest.Eventually(t, path+" is written", func() (written bool) {
		var err error
		text, err = os.ReadFile(path)
		return err == nil
	})
	return text
}
