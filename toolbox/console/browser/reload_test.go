//go:build browser

package browser_test

import (
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

// TestReload edits a mapping template on disk, sends the request again, and sees
// the new line's value; then breaks the template, and repairs it.
func TestReload(t *testing.T) {
	browser := chromium(t)
	files, err := txtar.ParseFile("testdata/project.txtar")
	if err != nil {
		t.Fatal(err)
	}
	root := t.TempDir()
	for _, f := range files.Files {
		write(t, filepath.Join(root, f.Name), string(f.Data))
	}
	e := serve(t, emulator.Options{App: filepath.Join(root, "template.yaml"), AllowFunctions: true})
	watch(t, e)
	p := open(t, browser, e, "routes/GET%20%2Fgreeting")
	p.press("Send")
	p.wait(".answer pre", "good morning")

	mapping := filepath.Join(root, "mappings/greeting/response.vtl")
	write(t, mapping, "#set($wish = \"good night\")\n{\"greeting\": \"$wish\"}\n")
	p.holds("fetch('reloads').then((r) => r.json()).then((all) => all.length === 1)")
	p.press("Send")
	p.wait(".answer pre", "good night")
	p.click("[aria-label^='Integration response']")
	p.wait(".value", "$wish", "good night")

	write(t, mapping, "#set($wish = )\n")
	p.wait("main > .notice summary", "mappings/greeting/response.vtl can't be taken over")
	p.wait("main > .notice pre", "response.vtl:1:")
	p.press("Send")
	p.wait(".answer pre", "good night") // what was there before
	write(t, mapping, "{\"greeting\": \"good day\"}\n")
	p.holds("!document.querySelector('main > .notice')")
	p.press("Send")
	p.wait(".answer pre", "good day")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
