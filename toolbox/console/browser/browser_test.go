//go:build browser

package browser_test

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	"github.com/apigw-integrations/apigw-integrations/toolbox/console"
)

var screenshots = flag.String("screenshots", "", "`folder` that gets the pictures of the pages")

// patience is how long a page may take to show something.
const patience = 10 * time.Second

// chromium starts a browser for the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium: apt-get install chromium")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path))
	if os.Getuid() == 0 { // as root it refuses to run in its sandbox
		options = append(options, chromedp.NoSandbox)
	}
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return ctx
}

// page is a tab with the console of an emulator.
type page struct {
	*emulator.Emulator
	t   *testing.T
	ctx context.Context
}

// serve runs an app with its console.
func serve(t *testing.T, o emulator.Options) *emulator.Emulator {
	t.Helper()
	if _, err := os.Stat(o.App); err != nil {
		t.Fatalf("%v: run make synth", err)
	}
	var traces trace.Store
	o.Trace, o.OwnEngines = traces.Add, true
	o.Control = func(e *emulator.Emulator, i int) http.Handler { return console.New(e, i, &traces) }
	e, err := emulator.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close(context.Background()) })
	return e
}

// open opens a view in a tab of its own. What the browser complains of fails
// the test, but for statuses that requests were made for.
func open(t *testing.T, browser context.Context, e *emulator.Emulator, view string) *page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser)
	t.Cleanup(cancel)
	chromedp.ListenTarget(ctx, func(event any) {
		switch event := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("exception in the page: %v", event.ExceptionDetails)
		case *log.EventEntryAdded:
			if entry := event.Entry; entry.Level == log.LevelError && !strings.Contains(entry.Text, "the server responded with a status of") {
				t.Errorf("the browser says: %s %s", entry.Text, entry.URL)
			}
		}
	})
	if err := chromedp.Run(ctx); err != nil { // the tab lives as long as the context that it is made with
		t.Fatal(err)
	}
	p := &page{e, t, ctx}
	p.do(log.Enable(), chromedp.EmulateViewport(1280, 900), chromedp.Navigate(console.URL(e, 0)+"#/"+view), chromedp.WaitVisible(".live.on"))
	return p
}

// do runs actions one after the other, and fails the test when one takes too long.
func (p *page) do(actions ...chromedp.Action) {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.ctx, patience)
	defer cancel()
	if err := chromedp.Run(ctx, actions...); err != nil {
		var text string
		ctx, cancel := context.WithTimeout(p.ctx, patience)
		defer cancel()
		chromedp.Run(ctx, chromedp.Evaluate("document.body.innerText", &text))
		p.t.Fatalf("%v; the page says:\n%.3000s", err, text)
	}
}

// click clicks what a CSS selector finds first.
func (p *page) click(selector string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Click(selector, chromedp.ByQuery))
}

// press clicks the button that reads so.
func (p *page) press(name string) {
	p.t.Helper()
	selector := fmt.Sprintf(`//button[normalize-space()=%q]`, name)
	p.do(chromedp.WaitVisible(selector), chromedp.Click(selector))
}

// fill puts text into a field as a person would who replaces all of it.
func (p *page) fill(selector, text string) {
	p.t.Helper()
	p.do(chromedp.WaitVisible(selector, chromedp.ByQuery), chromedp.Focus(selector, chromedp.ByQuery),
		chromedp.Evaluate("document.activeElement.select()", nil), chromedp.KeyEvent(text))
}

// wait waits until what the selector finds holds all the texts.
func (p *page) wait(selector string, texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.holds(fmt.Sprintf("[...document.querySelectorAll(%q)].some((e) => e.textContent.includes(%q))", selector, text))
	}
}

// holds waits until an expression is true.
func (p *page) holds(expression string) {
	p.t.Helper()
	p.do(chromedp.Poll(expression, nil, chromedp.WithPollingTimeout(patience)))
}

// theme shows the page as a system with that preference does.
func (p *page) theme(name string) {
	p.do(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}))
}

// await has an evaluation wait for its promise.
func await(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }

// watch has the emulator take over changed files until the test ends.
func watch(t *testing.T, e *emulator.Emulator) {
	ctx, stop := context.WithCancel(t.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		if err := e.Watch(ctx); err != nil {
			t.Error(err)
		}
	})
	t.Cleanup(func() { stop(); watching.Wait() })
}
