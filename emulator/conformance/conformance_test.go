package conformance

import (
	"errors"
	"os"
	"strings"
	"testing"
)

// TestRecordedCases plays the cases of CONFORMANCE_DIR, one subtest each.
func TestRecordedCases(t *testing.T) {
	dir := os.Getenv("CONFORMANCE_DIR")
	if dir == "" {
		t.Skip("CONFORMANCE_DIR is not set: set it to a folder of recorded cases to play them")
	}
	files, err := Load(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(file.Name, ".json"), func(t *testing.T) {
			t.Parallel() // a case is mostly waiting for its listener to close
			playFile(t, file)
		})
	}
}

func playFile(t *testing.T, file File) {
	passed, failed, notServed := 0, 0, map[string]int{}
	for _, c := range file.Cases {
		differences, err := Play(c)
		if reason, ok := errors.AsType[errNotServed](err); ok {
			notServed[reason.what]++
			continue
		}
		if err == nil && len(differences) == 0 {
			passed++
			continue
		}
		failed++
		if err != nil {
			differences = append(differences, err.Error())
		}
		t.Errorf("%s:\n  %s", c.ID, strings.Join(differences, "\n  "))
	}
	t.Logf("%s: %d passed, %d failed, not yet served %v", file.Name, passed, failed, notServed)
}
