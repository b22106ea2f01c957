// Package docs_test holds README.md and the pages in docs/ to what the project
// is: links lead somewhere, paths exist, mapping templates and routes are named.
package docs_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const project = ".."

var (
	link    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	heading = regexp.MustCompile(`(?m)^#+ +(.+)$`)
	code    = regexp.MustCompile("(?ms)^```.*?^```|`[^`\n]*`")
	route   = regexp.MustCompile("`([A-Z]+) (/[^`?]*)(?:\\?[^`]*)?`")
	// named is a path below one of the project's folders, in code marks.
	named = regexp.MustCompile("`((?:cmd|emulator|functions|infra|integration-tests|internal|mappings|services)/[A-Za-z0-9_./-]+)`")
	// planned are the folders of which docs/decisions.md says that they aren't built yet.
	planned = []string{"emulator/trace/"}
	// nowhere are characters that an anchor leaves out.
	nowhere = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// pages returns the text of README.md and each page, by path in the project.
func pages(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.md")
	if err != nil || len(names) == 0 {
		t.Fatalf("no pages: %v", err)
	}
	all := map[string]string{"README.md": ""}
	for _, name := range names {
		all["docs/"+name] = ""
	}
	for name := range all {
		all[name] = read(t, name)
	}
	return all
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(project, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func exists(name string) bool {
	_, err := os.Stat(filepath.Join(project, name))
	return err == nil
}

func TestLinksResolve(t *testing.T) {
	for name, text := range pages(t) {
		for _, match := range link.FindAllStringSubmatch(code.ReplaceAllString(text, ""), -1) {
			target, anchor, _ := strings.Cut(match[1], "#")
			if strings.Contains(target, "://") {
				continue
			}
			file := name
			if target != "" {
				file = path.Join(path.Dir(name), target)
			}
			if !exists(file) {
				t.Errorf("%s: link to %s: there is no %s", name, match[1], file)
			} else if anchor != "" && !slices.Contains(anchors(read(t, file)), anchor) {
				t.Errorf("%s: link to %s: no such heading", name, match[1])
			}
		}
	}
}

// anchors returns the headings of a page as links name them.
func anchors(text string) []string {
	var all []string
	for _, match := range heading.FindAllStringSubmatch(text, -1) {
		plain := nowhere.ReplaceAllString(strings.ToLower(match[1]), "")
		all = append(all, strings.ReplaceAll(plain, " ", "-"))
	}
	return all
}

func TestNamedPathsExist(t *testing.T) {
	for name, text := range pages(t) {
		for _, match := range named.FindAllStringSubmatch(text, -1) {
			if !exists(match[1]) && !slices.Contains(planned, match[1]) {
				t.Errorf("%s: there is no %s", name, match[1])
			}
		}
	}
}

func TestTemplatesAreNamed(t *testing.T) {
	all := pages(t)
	err := fs.WalkDir(os.DirFS(project), "mappings", func(name string, _ fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".vtl" {
			return err
		}
		page := "docs/" + strings.Split(name, "/")[1] + ".md"
		if !strings.Contains(all[page], "(../"+name+")") {
			t.Errorf("%s has no link to %s", page, name)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// README.md has the routes of the API's template and no others, each page those
// of its integration; preflights are left out.
func TestRoutes(t *testing.T) {
	want := synthesized(t)
	all := pages(t)
	readme := routes(all["README.md"])
	if diff := cmp.Diff(want, readme); diff != "" {
		t.Errorf("routes of README.md (-template +README):\n%s", diff)
	}
	for _, r := range want {
		integration := strings.Split(r, "/")[1]
		page := "docs/" + integration + ".md"
		if !slices.Contains(routes(all[page]), r) {
			t.Errorf("%s: its table has no %s", page, r)
		}
	}
}

// routes finds "METHOD /path" in the rows of a page's tables.
func routes(text string) []string {
	found := map[string]bool{}
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		for _, match := range route.FindAllStringSubmatch(line, -1) {
			found[match[1]+" "+match[2]] = true
		}
	}
	return slices.Sorted(maps.Keys(found))
}

type resource struct {
	Type       string
	Properties struct {
		HTTPMethod string `json:"HttpMethod"`
		PathPart   string
		ParentID   reference `json:"ParentId"`
		ResourceID reference `json:"ResourceId"`
	}
}

// reference is empty where it leads to the API's root.
type reference struct{ Ref string }

func synthesized(t *testing.T) []string {
	t.Helper()
	var template struct{ Resources map[string]json.RawMessage }
	if err := json.Unmarshal([]byte(read(t, "infra/testdata/IntegrationsApi.golden.json")), &template); err != nil {
		t.Fatal(err)
	}
	resources := map[string]resource{}
	for id, raw := range template.Resources {
		var r resource
		if strings.Contains(string(raw), `"AWS::ApiGateway::`) && json.Unmarshal(raw, &r) == nil {
			resources[id] = r
		}
	}
	var all []string
	for _, method := range resources {
		if method.Type != "AWS::ApiGateway::Method" || method.Properties.HTTPMethod == "OPTIONS" {
			continue
		}
		full := ""
		for at := method.Properties.ResourceID.Ref; at != ""; at = resources[at].Properties.ParentID.Ref {
			full = "/" + resources[at].Properties.PathPart + full
		}
		all = append(all, method.Properties.HTTPMethod+" "+full)
	}
	slices.Sort(all)
	return all
}
