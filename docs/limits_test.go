package docs_test

import (
	"strings"
	"testing"
)

// TestLimitsNameTests wants a test named in each row of docs/limits.md;
// TestNamedTestsExist looks for it.
func TestLimitsNameTests(t *testing.T) {
	for line := range strings.Lines(read(t, "docs/limits.md")) {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| what |") && !namedTest.MatchString(line) {
			t.Errorf("no test is named: %s", line)
		}
	}
}
