package gateway

import (
	"os"
	"os/exec"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestPatternAfterIdle matches from many goroutines at once, after each of
// twenty thousand pauses. It runs in a process of its own: the library has one clock for
// all, which has to begin in the test's virtual time.
func TestPatternAfterIdle(t *testing.T) {
	const variable = "APIGW_TEST_PATTERN_AFTER_IDLE"
	if os.Getenv(variable) == "" {
		command := exec.Command(os.Args[0], "-test.run=^TestPatternAfterIdle$")
		command.Env = append(os.Environ(), variable+"=1")
		if said, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
		return
	}
	synctest.Test(t, func(t *testing.T) {
		pattern, err := compileSchemaPattern("^[A-Za-z0-9_-]{1,64}$")
		if err != nil {
			t.Fatal(err)
		}
		for range 20_000 {
			var matches sync.WaitGroup
			for range 16 {
				matches.Go(func() {
					if !pattern.MatchString("customer-1") {
						t.Error("no match")
					}
				})
			}
			matches.Wait()
			time.Sleep(5 * time.Second)
		}
	})
}
