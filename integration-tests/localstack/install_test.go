package main

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func TestInstalled(t *testing.T) {
	s := newTestSession(t)
	from := filepath.Join(t.TempDir(), "requirements.txt")
	filled := 0
	install := func(content string, fails error) (folder string) {
		t.Helper()
		if err := os.WriteFile(from, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		folder, err := s.installed("part", []string{from}, func(folder string) error {
			filled++
			return errors.Join(os.WriteFile(filepath.Join(folder, "x"), []byte(content), 0o644), fails)
		})
		if !errors.Is(err, fails) {
			t.Fatal(err)
		}
		return folder
	}
	install("a", errors.New("no network"))
	first := install("a", nil)
	if filled != 2 {
		t.Errorf("what failed was not filled anew: %d", filled)
	}
	if again := install("a", nil); again != first || filled != 2 {
		t.Errorf("what was filled was filled anew: %d", filled)
	}
	if other := install("b", nil); other == first || filled != 3 {
		t.Errorf("a change was not seen: %d", filled)
	}
	if _, err := os.Stat(first); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what is outdated is still there: %v", err)
	}
}
