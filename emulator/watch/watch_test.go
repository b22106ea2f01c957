package watch

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func TestWait(t *testing.T) {
	root := t.TempDir()
	sources, later := filepath.Join(root, "sources"), filepath.Join(root, "later", "below")
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	// What is followed for the first time ends a wait as a change does.
	settle := func() {
		t.Helper()
		err := w.Follow([]string{sources, later})
		for err == nil && len(w.woken) > 0 {
			err = errors.Join(w.Wait(ctx), w.Follow([]string{sources, later}))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(sources, 0o755); err != nil {
		t.Fatal(err)
	}
	settle()
	file := filepath.Join(sources, "file")
	for _, c := range []struct {
		name   string
		change func() error
	}{
		{"a new file", func() error { return os.WriteFile(file, []byte("1"), 0o644) }},
		{"another text", func() error { return os.WriteFile(file, []byte("2"), 0o644) }},
		{"another name", func() error { return os.Rename(file, file+"~") }},
		{"a removed file", func() error { return os.Remove(file + "~") }},
		{"a folder that was not there", func() error { return os.MkdirAll(later, 0o755) }},
		{"a file in it", func() error { return os.WriteFile(filepath.Join(later, "file"), nil, 0o644) }},
		{"a removed folder", func() error { return os.RemoveAll(sources) }},
		{"the same folder anew", func() error { return os.Mkdir(sources, 0o755) }},
		{"a file in that", func() error { return os.WriteFile(file, nil, 0o644) }},
	} {
		if err := c.change(); err != nil {
			t.Fatal(err)
		}
		if err := w.Wait(ctx); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		settle()
	}

	if err := w.Follow([]string{later}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("nobody looks"), 0o644); err != nil {
		t.Fatal(err)
	}
	over, end := context.WithCancel(t.Context())
	end()
	if err := w.Wait(over); !errors.Is(err, context.Canceled) {
		t.Errorf("after the end: %v", err)
	}
}

func TestWaitIsPatient(t *testing.T) {
	root := t.TempDir()
	w, err := New()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Follow([]string{root}); err != nil {
		t.Fatal(err)
	}
	writing, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { // never quiet
		for writing.Err() == nil {
			os.WriteFile(filepath.Join(root, "log"), []byte("line"), 0o644)
		}
	}()
	if err := w.Wait(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestSum(t *testing.T) {
	root := t.TempDir()
	write := func(name, text string) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte(text), 0o644)); err != nil {
			t.Fatal(err)
		}
	}
	write("a.py", "a")
	write("below/b.py", "b")
	write("node_modules/c.js", "c")
	wanted := func(path string) bool { return filepath.Ext(path) != ".md" }
	folders, sum := Tree(root, wanted)
	if len(folders) != 2 || folders[0] != root || folders[1] != filepath.Join(root, "below") {
		t.Errorf("folders %q", folders)
	}
	for _, c := range []struct {
		file    string
		differs bool
	}{
		{"a.py", true}, {"below/b.py", true}, {"below/new.py", true}, {"further/d.py", true},
		{"node_modules/c.js", false}, {".git/index", false}, {"__pycache__/a.pyc", false}, {"README.md", false},
	} {
		write(c.file, "changed")
		if _, now := Tree(root, wanted); (now != sum) != c.differs {
			t.Errorf("%s: the sum differs: %v", c.file, now != sum)
		} else {
			sum = now
		}
	}
}
