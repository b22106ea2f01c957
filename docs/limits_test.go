package docs_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// limitTest is how docs/limits.md names a test: the package's folder, then the test.
var limitTest = regexp.MustCompile("`([a-z/]+)` `(Test[A-Za-z]+)` \\|$")

// TestLimitsAreTested holds each row of docs/limits.md to a test that there is.
func TestLimitsAreTested(t *testing.T) {
	rows := 0
	for line := range strings.SplitSeq(read(t, "docs/limits.md"), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| what |") {
			continue
		}
		rows++
		named := limitTest.FindStringSubmatch(line)
		if named == nil {
			t.Errorf("no test is named: %s", line)
			continue
		}
		if !hasTest(t, named[1], named[2]) {
			t.Errorf("%s has no %s", named[1], named[2])
		}
	}
	if rows == 0 {
		t.Error("docs/limits.md has no rows")
	}
}

func hasTest(t *testing.T, folder, name string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(project, folder, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "func "+name+"(") {
			return true
		}
	}
	return false
}
