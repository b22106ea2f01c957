package hostbuild

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const program = `package main

import (
	_ "embed"
	"fmt"
)

//go:embed word.txt
var word string

func main() { fmt.Print(word, more) }
`

// project writes a module with one program into a temporary folder.
func project(t testing.TB) (root string) {
	t.Helper()
	root = t.TempDir()
	write(t, root, "go.mod", "module example.com/project\n\ngo 1.26\n")
	write(t, root, "cmd/hello/main.go", program)
	write(t, root, "cmd/hello/more.go", "package main\n\nconst more = \"!\"\n")
	write(t, root, "cmd/hello/word.txt", "hello")
	return root
}

func write(t testing.TB, root, name, text string) {
	t.Helper()
	path := filepath.Join(root, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

func output(t *testing.T, program string) string {
	t.Helper()
	out, err := exec.Command(program).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

func TestBuildFollowsItsInputs(t *testing.T) {
	root := project(t)
	out := filepath.Join(root, ".build", "hello")
	if Fresh(out) {
		t.Fatal("fresh before the first build")
	}
	if err := Build(t.Context(), root, "cmd/hello", out); err != nil {
		t.Fatal(err)
	}
	if got := output(t, out); got != "hello!" {
		t.Fatalf("program printed %q", got)
	}

	changes := []struct {
		name, file, text string
		want             string // what the program prints; "" when it must not be built again
	}{
		{"a test file has no influence", "cmd/hello/main_test.go", "package main\n", ""},
		{"a source file", "cmd/hello/more.go", "package main\n\nconst more = \"?!\"\n", "hello?!"},
		{"an embedded file", "cmd/hello/word.txt", "welcome", "welcome?!"},
		{"a new file", "cmd/hello/init.go", "package main\n\nfunc init() { word = \"new\" }\n", "new?!"},
		{"the module file", "go.mod", "module example.com/project\n\ngo 1.26.0\n", "new?!"},
	}
	for _, c := range changes {
		t.Run(c.name, func(t *testing.T) {
			write(t, root, c.file, c.text)
			if fresh := Fresh(out); fresh != (c.want == "") {
				t.Fatalf("Fresh = %v", fresh)
			}
			before := stat(out)
			if err := Build(t.Context(), root, "cmd/hello", out); err != nil {
				t.Fatal(err)
			}
			if c.want == "" {
				if stat(out) != before {
					t.Error("built again")
				}
				return
			}
			if got := output(t, out); got != c.want {
				t.Errorf("program printed %q, want %q", got, c.want)
			}
			if !Fresh(out) {
				t.Error("not fresh after the build")
			}
		})
	}
}

func TestBuildErrors(t *testing.T) {
	root := project(t)
	write(t, root, "cmd/broken/main.go", "package main\n\nfunc main() { undefinedName() }\n")
	for _, c := range []struct{ name, pkg, want string }{
		{"compile error as Go prints it", "cmd/broken", "cmd/broken/main.go:3:15: undefined: undefinedName"},
		{"no such folder", "cmd/absent", "no folder cmd/absent in "},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := Build(t.Context(), root, c.pkg, filepath.Join(root, "out"))
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("error %v, want it to contain %q", err, c.want)
			}
			var compile *CompileError
			if errors.As(err, &compile) != (c.pkg == "cmd/broken") {
				t.Errorf("error is a %T", err)
			}
			if _, err := os.Stat(filepath.Join(root, "out")); !errors.Is(err, os.ErrNotExist) {
				t.Error("a failed build left a program")
			}
		})
	}
	t.Run("ended context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := Build(ctx, root, "cmd/hello", filepath.Join(root, "out")); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
}

func TestBuildInParallel(t *testing.T) {
	root := project(t)
	out := filepath.Join(root, "hello")
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if err := Build(t.Context(), root, "cmd/hello", out); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if got := output(t, out); got != "hello!" {
		t.Errorf("program printed %q", got)
	}
}

func BenchmarkFresh(b *testing.B) {
	root := project(b)
	out := filepath.Join(root, "hello")
	if err := Build(b.Context(), root, "cmd/hello", out); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if !Fresh(out) {
			b.Fatal("stale")
		}
	}
}
