package conformance

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
)

// report counts cases by area and is printed when its test is over: a line
// "area: passed/total" for each, and the known failures with their reasons. Of
// any other failure the test itself tells what was expected and got.
type report struct {
	name  string            // the test's
	known map[string]string // reason by case ID

	mu    sync.Mutex
	areas map[string]*tally
}

type tally struct {
	passed, total int
	notes         []string
}

func newReport(t *testing.T) *report {
	t.Helper()
	r := &report{name: t.Name(), known: knownFailures(t), areas: map[string]*tally{}}
	t.Cleanup(r.print)
	return r
}

// knownFailures reads testdata/known_failures.txt: a case in which the project
// differs from the claim on purpose, and why, a line.
func knownFailures(t *testing.T) map[string]string {
	t.Helper()
	f, err := os.Open("testdata/known_failures.txt")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	known := map[string]string{}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		id, reason, ok := strings.Cut(lines.Text(), ": ")
		if !ok {
			t.Fatalf("known_failures.txt: %q is no case with a reason", lines.Text())
		}
		known[id] = reason
	}
	return known
}

// play plays the case and counts it. What is not served counts as not passed,
// and fails no test.
func (r *report) play(t *testing.T, area string, c *Case) {
	t.Helper()
	differences, err := Play(c)
	if reason, ok := errors.AsType[errNotServed](err); ok {
		r.add(area, false, c.ID+" "+reason.Error())
		return
	}
	if err != nil {
		differences = append(differences, err.Error())
	}
	r.count(t, area, c.ID, differences)
}

// count counts a case that was played. differences, of which each says what
// was expected and got, fail the test unless they are known.
func (r *report) count(t *testing.T, area, id string, differences []string) {
	t.Helper()
	text := strings.Join(differences, "\n  ")
	reason, known := r.known[id]
	switch passed := len(differences) == 0; {
	case known && passed:
		t.Errorf("%s passes: take it out of testdata/known_failures.txt", id)
		r.add(area, true, "")
	case known:
		r.add(area, false, fmt.Sprintf("%s is a known failure: %s\n    %s", id, reason, text))
	default:
		if !passed {
			t.Errorf("%s:\n  %s", id, text)
		}
		r.add(area, passed, "")
	}
}

func (r *report) add(area string, passed bool, note string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.areas[area] == nil {
		r.areas[area] = &tally{}
	}
	a := r.areas[area]
	a.total++
	if passed {
		a.passed++
	}
	if note != "" {
		a.notes = append(a.notes, note)
	}
}

func (r *report) print() {
	fmt.Println(r.name)
	passed, total := 0, 0
	for _, area := range slices.Sorted(maps.Keys(r.areas)) {
		a := r.areas[area]
		fmt.Printf("%s: %d/%d\n", area, a.passed, a.total)
		for _, note := range a.notes {
			fmt.Println("  " + note)
		}
		passed, total = passed+a.passed, total+a.total
	}
	fmt.Printf("all: %d/%d\n", passed, total)
}
