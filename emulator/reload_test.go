package emulator

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/tools/txtar"
)

// project is a folder of files that is served and watched.
type project struct {
	*testing.T
	root string
	*Emulator
	reloaded chan Reload
}

// serve starts serving the files of an archive in testdata/reload, and watching them.
func serve(t *testing.T, archive string) *project {
	t.Helper()
	files, err := txtar.ParseFile(filepath.Join("testdata/reload", archive))
	if err != nil {
		t.Fatal(err)
	}
	p := &project{T: t, root: t.TempDir(), reloaded: make(chan Reload, 100)}
	for _, f := range files.Files {
		p.write(f.Name, string(f.Data))
	}
	stop := p.start("template.yaml")
	t.Cleanup(stop)
	return p
}

// start serves and watches until stop.
func (p *project) start(app string) (stop func()) {
	p.Helper()
	return p.startAs(app, Options{AllowFunctions: true})
}

func (p *project) startAs(app string, o Options) (stop func()) {
	p.Helper()
	o.App, o.Reloaded = filepath.Join(p.root, app), func(r Reload) { p.reloaded <- r }
	e, err := Start(p.Context(), o)
	if err != nil {
		p.Fatal(err)
	}
	p.Emulator = e
	ctx, cancel := context.WithCancel(p.Context())
	var watching sync.WaitGroup
	watching.Go(func() {
		if err := e.Watch(ctx); err != nil {
			p.Errorf("watch: %v", err)
		}
	})
	return func() {
		cancel()
		watching.Wait()
		if err := e.Close(context.Background()); err != nil {
			p.Errorf("close: %v", err)
		}
	}
}

func (p *project) write(name, text string) {
	p.Helper()
	path := filepath.Join(p.root, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
		p.Fatal(err)
	}
}

// wait is for the reload of what, with an error that contains want; "" for none.
func (p *project) wait(what, want string) Reload {
	p.Helper()
	overdue := time.After(20 * time.Second)
	for {
		select {
		case r := <-p.reloaded:
			if r.What == what && (want == "") == (r.Error == "") && strings.Contains(r.Error, want) {
				return r
			}
			p.Logf("passed over: %+v", r)
		case <-overdue:
			p.Fatalf("no reload of %s with error %q", what, want)
		}
	}
}

// get is the answer's body, "status: body" of a failure.
func (p *project) get(path string) string {
	p.Helper()
	response, err := http.Get(p.BaseURL() + path)
	if err != nil {
		return err.Error()
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		return fmt.Sprintf("%d: %s (%v)", response.StatusCode, body, err)
	}
	return strings.TrimSpace(string(body))
}

func (p *project) want(path, want string) {
	p.Helper()
	if got := p.get(path); got != want {
		p.Errorf("GET %s: %s, want %s", path, got, want)
	}
}

const mapping = "mappings/response.vtl"

// TestMappingTemplateIsFollowed saves a template in the ways of editors.
func TestMappingTemplateIsFollowed(t *testing.T) {
	p := serve(t, "mapping.txtar")
	p.want("/mock", "first")
	file := filepath.Join(p.root, mapping)
	for _, c := range []struct {
		name string
		save func(text string) error
	}{
		{"written in place", func(text string) error { return os.WriteFile(file, []byte(text), 0o644) }},
		{"renamed over the old one", func(text string) error {
			return errors.Join(os.WriteFile(file+"~", []byte(text), 0o644), os.Rename(file+"~", file))
		}},
		{"old one moved away", func(text string) error {
			return errors.Join(os.Rename(file, file+".bak"), os.WriteFile(file, []byte(text), 0o644))
		}},
		{"removed first", func(text string) error {
			return errors.Join(os.Remove(file), os.WriteFile(file, []byte(text), 0o644))
		}},
		{"written in two pieces", func(text string) error {
			f, err := os.Create(file)
			if err != nil {
				return err
			}
			_, first := f.WriteString(text[:1])
			_, second := f.WriteString(text[1:])
			return errors.Join(first, second, f.Sync(), f.Close())
		}},
		{"the folder anew", func(text string) error {
			folder := filepath.Dir(file)
			return errors.Join(os.RemoveAll(folder), os.Mkdir(folder, 0o755), os.WriteFile(file, []byte(text), 0o644))
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			saved := time.Now()
			if err := c.save(c.name); err != nil {
				t.Fatal(err)
			}
			p.wait(mapping, "")
			t.Logf("live %v after saving", time.Since(saved).Round(time.Millisecond))
			p.want("/mock", c.name)
		})
	}
}

// TestMappingTemplateOutlivesItsAssembly changes a template whose copy of the
// mapping template is older than the file.
func TestMappingTemplateOutlivesItsAssembly(t *testing.T) {
	p := serve(t, "mapping.txtar")
	p.write(mapping, "second")
	p.wait(mapping, "")
	p.replace("template.yaml", "PathPart: mock", "PathPart: further")
	p.wait("template.yaml", "")
	p.want("/further", "second")
}

func TestBrokenMappingTemplateKeepsTheLast(t *testing.T) {
	p := serve(t, "mapping.txtar")
	p.write(mapping, "#set($a = 1)\n  #if($a")
	broken := p.wait(mapping, mapping+":2:")
	p.want("/mock", "first")
	if last := p.Reloads(); len(last) != 1 || last[0].Error != broken.Error {
		t.Errorf("reloads %+v", last)
	}
	p.write(mapping, "second")
	p.wait(mapping, "")
	p.want("/mock", "second")

	p.write(mapping, "#if(")
	p.wait(mapping, mapping+":1:")
	p.write(mapping, "second") // as it is served
	p.wait(mapping, "")

	if err := os.Remove(filepath.Join(p.root, mapping)); err != nil {
		t.Fatal(err)
	}
	p.wait(mapping, "no such file")
	p.want("/mock", "second")
}

// TestNoRequestIsLost asks without pause for what changes meanwhile.
func TestNoRequestIsLost(t *testing.T) {
	for _, c := range []struct{ archive, what, file, needs string }{
		{"function.txtar", "words", "words/index.js", "node"},
		{"container.txtar", "services/words", "services/words/main.go", "go"},
	} {
		t.Run(c.archive, func(t *testing.T) {
			if _, err := exec.LookPath(c.needs); err != nil {
				t.Skipf("%s is not in the PATH", c.needs)
			}
			p := serve(t, c.archive)
			askAllTheTime(t, p, func() {
				for i := range 3 {
					p.replace(c.file, fmt.Sprintf("word%d", i), fmt.Sprintf("word%d", i+1))
					p.wait(c.what, "")
					if got, want := strings.Trim(p.get("/words"), `"`), fmt.Sprintf("word%d", i+1); got != want {
						t.Errorf("answered %s, want %s", got, want)
					}
				}
			})
		})
	}
}

// askAllTheTime has several clients ask while change runs.
func askAllTheTime(t *testing.T, p *project, change func()) {
	t.Helper()
	if first := p.get("/words"); strings.Trim(first, `"`) != "word0" {
		t.Fatalf("answered %s", first)
	}
	asking, enough := context.WithCancel(t.Context())
	var askers sync.WaitGroup
	var asked [4]int
	for i := range asked {
		askers.Go(func() {
			for asking.Err() == nil {
				asked[i]++
				if answer := p.get("/words"); !strings.HasPrefix(strings.Trim(answer, `"`), "word") {
					t.Errorf("answered %s", answer)
					return
				}
			}
		})
	}
	change()
	enough()
	askers.Wait()
	t.Logf("asked %v times", asked)
}

// TestRequestInFlightEndsWhereItBegan changes a function that is waiting.
func TestRequestInFlightEndsWhereItBegan(t *testing.T) {
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("node is not in the PATH")
	}
	p := serve(t, "function.txtar")
	p.want("/words", `"word0"`)
	begun, release := make(chan struct{}), make(chan struct{})
	p.gate(begun, release)
	answer := make(chan string)
	go func() { answer <- p.get("/words") }()
	<-begun
	p.write("words/index.js", "exports.handler = async () => 'new'\n")
	p.wait("words", "")
	p.want("/words", `"new"`)
	close(release)
	if got := <-answer; got != `"gated"` {
		t.Errorf("the request in flight got %s", got)
	}
}

// gate has the function ask a server that answers when release is closed.
func (p *project) gate(begun chan<- struct{}, release <-chan struct{}) {
	server := &http.Server{Handler: http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		close(begun)
		<-release
	})}
	listener := listen(p.T)
	go server.Serve(listener)
	p.Cleanup(func() { server.Close() })
	p.write("words/index.js", fmt.Sprintf("exports.handler = async () => { await fetch('http://%s'); return 'gated' }\n", listener.Addr()))
	p.wait("words", "")
}

func TestBrokenContainerKeepsTheLast(t *testing.T) {
	p := serve(t, "container.txtar")
	p.want("/words", "word0")
	p.replace("services/words/main.go", `"word0"`, "undefined")
	p.wait("services/words", "services/words/main.go:12:14: undefined: undefined")
	p.want("/words", "word0")
	p.replace("services/words/main.go", "= undefined", `= "word1"`)
	p.wait("services/words", "")
	p.want("/words", "word1")
}

func TestBrokenFunctionKeepsTheLast(t *testing.T) {
	p := serve(t, "go.txtar")
	p.want("/words", `"one"`)
	source, err := os.ReadFile(filepath.Join(p.root, "words/main.go"))
	if err != nil {
		t.Fatal(err)
	}
	p.write("word/word.go", "package word\n\nconst Word = undefined\n")
	p.wait("words", "word/word.go:3:14: undefined: undefined")
	p.want("/words", `"one"`)
	p.write("word/word.go", "package word\n\nconst Word = \"two\"\n") // of another package than the function's
	p.wait("words", "")
	p.want("/words", `"two"`)

	p.write("words/main.go", strings.Replace(string(source), "func main() {", "func main() {\n\tpanic(\"at once\")", 1))
	p.wait("words", "does not start")
	p.want("/words", `"two"`)
	p.write("words/main.go", string(source))
	p.wait("words", "")
	p.want("/words", `"two"`)
}

func listen(t *testing.T) net.Listener {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return listener
}
