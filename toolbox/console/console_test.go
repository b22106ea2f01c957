package console

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// served is an emulator with its console.
type served struct {
	*emulator.Emulator
	t *testing.T
}

func serve(t *testing.T, app string) *served {
	t.Helper()
	var traces trace.Store
	e, err := emulator.Start(t.Context(), emulator.Options{
		App: app, AllowFunctions: true, Trace: traces.Add,
		Control: func(e *emulator.Emulator, i int) http.Handler { return New(e, i, &traces) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close(context.Background()) })
	return &served{e, t}
}

// call sends a request to the console, or to the API when the path begins with
// a slash.
func (s *served) call(method, path, body string, headers ...string) (*http.Response, string) {
	s.t.Helper()
	url := URL(s.Emulator, 0) + path
	if strings.HasPrefix(path, "/") {
		url = s.BaseURL() + path
	}
	request, err := http.NewRequest(method, url, strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		request.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		s.t.Fatal(err)
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return response, string(answer)
}

// sent sends a request to the API and gives the ID of its trace.
func (s *served) sent(method, path, body string, headers ...string) string {
	s.t.Helper()
	response, _ := s.call(method, path, body, headers...)
	return response.Header.Get("x-amzn-RequestId")
}

func TestAPI(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	_, answer := s.call("GET", "api", "")
	var api apiView
	if err := json.Unmarshal([]byte(answer), &api); err != nil {
		t.Fatal(err, answer)
	}
	if api.Name != "greetings" || api.Stage != "prod" || api.BaseURL != s.BaseURL() || len(api.Routes) != 2 {
		t.Fatalf("API %+v", api)
	}
	secret, greet := api.Routes[0], api.Routes[1]
	if !secret.Request.APIKeyRequired || secret.Request.APIKey == "" {
		t.Errorf("method request %+v", secret.Request)
	}
	if greet.Example.Path != "/greetings/ada?polite=yes" || greet.Example.Body != `{"at":"noon"}` || greet.Integration.Kind != "mock" {
		t.Errorf("route %+v", greet)
	}
	templates, responses := greet.Integration.Templates, greet.Integration.Responses
	if len(templates) != 1 || !strings.HasPrefix(templates[0].Text, "#set($at") || templates[0].ContentType != "application/json" {
		t.Errorf("templates %+v", templates)
	}
	if len(responses) != 2 || responses[1].Pattern != "404" || len(responses[0].Templates) != 1 {
		t.Errorf("responses %+v", responses)
	}
}

func TestRequests(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	stream, err := http.Get(URL(s.Emulator, 0) + "events")
	if err != nil {
		t.Fatal(err)
	}
	defer stream.Body.Close()
	lines := bufio.NewScanner(stream.Body)
	id := s.sent("POST", "/greetings/ada?polite=yes", `{"at":"noon"}`, "Content-Type: application/json", "Authorization: Bearer my-own-secret-token")
	for lines.Scan() {
		if data, found := strings.CutPrefix(lines.Text(), "data: "); found {
			if !strings.Contains(data, id) || !strings.Contains(data, `"status":200`) {
				t.Errorf("event %s", data)
			}
			break
		}
	}
	_, list := s.call("GET", "requests", "")
	_, whole := s.call("GET", "requests/"+id, "")
	if !strings.HasPrefix(list, `[{"id":"`+id) || !strings.Contains(whole, `"reads":[`) || !strings.Contains(whole, `"text":"#set($at`) {
		t.Errorf("list %s\ntrace %s", list, whole)
	}
	_, curl := s.call("GET", "requests/"+id+"/curl", "")
	wanted := "curl '" + s.BaseURL() + "/greetings/ada?polite=yes' -H 'Authorization: ********************-token' " +
		`-H 'Content-Type: application/json' -d '{"at":"noon"}'`
	if curl != wanted {
		t.Errorf("curl %s\nwant %s", curl, wanted)
	}
	id = s.sent("POST", "/greetings/ada", "@noon")
	if _, bare := s.call("GET", "requests/"+id+"/curl", ""); !strings.HasSuffix(bare, "/greetings/ada --data-raw @noon -H 'Content-Type:'") {
		t.Errorf("curl %s", bare)
	}
	for _, answer := range []string{list, whole, curl} {
		if strings.Contains(answer, "my-own-secret") {
			t.Errorf("a secret is shown: %s", answer)
		}
	}
	if response, answer := s.call("GET", "requests/none", ""); response.StatusCode != 404 || !strings.Contains(answer, "does not keep") {
		t.Errorf("got %d %s", response.StatusCode, answer)
	}
}

// TestReplay sends a request again whose secret nobody is shown.
func TestReplay(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	id := s.sent("GET", "/greetings?a=%7C&a=2", "", "x-api-key: a-key-of-this-api-1234567890")
	_, answer := s.call("POST", "requests/"+id+"/replay", "")
	var again struct{ ID string }
	if err := json.Unmarshal([]byte(answer), &again); err != nil || again.ID == "" || again.ID == id {
		t.Fatal(answer, err)
	}
	_, whole := s.call("GET", "requests/"+again.ID, "")
	if !strings.Contains(whole, `"status":200`) || !strings.Contains(whole, `/prod/greetings?a=%7C\u0026a=2"`) {
		t.Error(whole)
	}
}

// TestCase plays a case that was saved on the API that answered it.
func TestCase(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	id := s.sent("POST", "/greetings/ada", `{"at":"noon"}`, "Content-Type: application/json", "x-api-key: not-to-be-saved")
	_, text := s.call("GET", "requests/"+id+"/case", "")
	c, err := integrationtests.Parse("saved", []byte(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	if strings.Contains(text, "not-to-be") || !strings.Contains(text, `"id": "~ ^[0-9a-fA-F-]{36}$"`) {
		t.Error(text)
	}
	step := c.Steps[0]
	if step.Argument != "POST /greetings/ada" || step.Body != `{"at":"noon"}` || step.Expect.Status != 200 {
		t.Errorf("step %+v", step)
	}
	id = s.sent("POST", "/greetings/ada", "-- expect 200 --", "Content-Type: application/json")
	if response, answer := s.call("GET", "requests/"+id+"/case", ""); response.StatusCode != 422 {
		t.Errorf("got %d %s", response.StatusCode, answer)
	}
}

func TestRender(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	for _, c := range []struct{ name, ask, want string }{
		{"output", `{"template":"$input.path('$.a') $stageVariables.t","body":"{\"a\":1}","stageVariables":{"t":"x"}}`, `"output":"1 x"`},
		{"values", `{"template":"$input.path('$.a')","body":"{\"a\":1}"}`, `"text":"$input.path('$.a')","value":"1"`},
		{"syntax", `{"name":"p.vtl","template":"#if("}`, `"error":{"file":"p.vtl","line":1`},
		{"lint", `{"template":"{\"a\": \"$input.path('$.a')\"}"}`, `"rule":"unescaped-value"`},
		{"failure", `{"template":"\n$util.nope()"}`, `"line":2`},
		{"not asked", `[]`, `{"error":"no template to render`},
	} {
		if _, answer := s.call("POST", "render", c.ask); !strings.Contains(answer, c.want) {
			t.Errorf("%s: %s, want %s", c.name, answer, c.want)
		}
	}
}

// TestPages holds the pages to their policy: no inline script or style, and
// nothing that takes text for HTML.
func TestPages(t *testing.T) {
	s := serve(t, "testdata/api.yaml")
	response, _ := s.call("GET", "", "")
	if got := response.Header.Get("Content-Security-Policy"); !strings.Contains(got, "default-src 'none'; script-src 'self'; style-src 'self';") {
		t.Errorf("policy %q", got)
	}
	unsafe := regexp.MustCompile(`innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|<script>|<style| style="|https?://[^"\s]*\.js`)
	err := fs.WalkDir(assets, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(assets, path)
		if err != nil {
			return err
		}
		if !strings.Contains(path, "vendor/") {
			if found := unsafe.Find(text); found != nil {
				t.Errorf("%s has %s", path, found)
			}
		}
		response, answer := s.call("GET", strings.TrimPrefix(path, "assets/"), "")
		if !strings.HasSuffix(path, "index.html") && answer != string(text) || response.StatusCode != http.StatusOK {
			t.Errorf("%s is served with status %d", path, response.StatusCode)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestLibraryIsWhatItsNoteSays(t *testing.T) {
	const folder = "assets/vendor/"
	library, err := fs.ReadFile(assets, folder+"htm-preact-3.1.1.js")
	if err != nil {
		t.Fatal(err)
	}
	note, err := fs.ReadFile(assets, folder+"README.md")
	if err != nil {
		t.Fatal(err)
	}
	if hash := fmt.Sprintf("%x", sha256.Sum256(library)); !bytes.Contains(note, []byte(hash)) {
		t.Errorf("the note does not name the hash %s", hash)
	}
}
