package docs_test

import (
	"regexp"
	"testing"
)

var promised = regexp.MustCompile("(?m)^\\|.*\\| `(Test[A-Za-z]+)` \\|$")

// TestPromisesHaveTests looks for the test of each promise in security.md.
func TestPromisesHaveTests(t *testing.T) {
	tests := testFiles(t, "cmd", "emulator", "toolbox")
	promises := promised.FindAllStringSubmatch(read(t, "docs/security.md"), -1)
	if len(promises) == 0 {
		t.Error("security.md promises nothing")
	}
	for _, promise := range promises {
		if tests[promise[1]] == nil {
			t.Errorf("no test is called %s", promise[1])
		}
	}
}
