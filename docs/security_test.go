package docs_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	promised = regexp.MustCompile("(?m)^\\|.*\\| `(Test[A-Za-z]+)` \\|$")
	declared = regexp.MustCompile(`(?m)^func (Test\w+)\(`)
)

// TestPromisesHaveTests looks for the test of each promise in security.md.
func TestPromisesHaveTests(t *testing.T) {
	tests := map[string]bool{}
	for _, folder := range []string{"cmd", "emulator", "toolbox"} {
		err := filepath.WalkDir(filepath.Join(project, folder), func(file string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(file, "_test.go") {
				return err
			}
			text, err := os.ReadFile(file)
			for _, match := range declared.FindAllSubmatch(text, -1) {
				tests[string(match[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	promises := promised.FindAllStringSubmatch(read(t, "docs/security.md"), -1)
	if len(promises) == 0 {
		t.Error("security.md promises nothing")
	}
	for _, promise := range promises {
		if !tests[promise[1]] {
			t.Errorf("no test is called %s", promise[1])
		}
	}
}
