package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// newTestProject writes a module with the given files.
func newTestProject(t *testing.T, files map[string]string) programs {
	t.Helper()
	root := t.TempDir()
	files["go.mod"] = "module example.test\n\ngo 1.26\n"
	for name, text := range files {
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return programs{root: root, arch: AMD64}
}

func TestBuild(t *testing.T) {
	p := newTestProject(t, map[string]string{
		"functions/one/main.go":   "package main\n\nfunc main() {}\n",
		"services/two/main.go":    "package main\n\nfunc main() {}\n",
		"services/two/Dockerfile": "FROM scratch\n",
	})
	err := p.build(context.Background(), sources{functions: []string{"functions/one"}, containers: []string{"services/two"}})
	if err != nil {
		t.Fatal(err)
	}
	program, err := os.ReadFile(filepath.Join(p.root, ".build/amd64/one/bootstrap"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(string(program), "\x7fELF") {
		t.Error("the function is no Linux program")
	}
	image, err := os.ReadDir(filepath.Join(p.root, ".build/amd64/container/two"))
	if err != nil {
		t.Fatal(err)
	}
	if len(image) != 2 || image[0].Name() != "Dockerfile" || image[1].Name() != "two" {
		t.Errorf("the image is made from %v, want Dockerfile and two", image)
	}
}

func TestBuildShowsCompilerErrors(t *testing.T) {
	p := newTestProject(t, map[string]string{"functions/broken/main.go": "package main\n\nfunc main() { undefined() }\n"})
	err := p.build(context.Background(), sources{functions: []string{"functions/broken"}})
	if err == nil || !strings.Contains(err.Error(), "functions/broken/main.go:3:15: undefined: undefined") {
		t.Errorf("error %v, want the compiler's", err)
	}
}

func TestBuildNamesMissingDockerfile(t *testing.T) {
	p := newTestProject(t, map[string]string{"services/bare/main.go": "package main\n\nfunc main() {}\n"})
	err := p.build(context.Background(), sources{containers: []string{"services/bare"}})
	if err == nil || !strings.Contains(err.Error(), filepath.Join("services/bare", "Dockerfile")) {
		t.Errorf("error %v, want one that names the Dockerfile", err)
	}
}
