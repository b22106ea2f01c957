package main

import (
	"fmt"
	"io"
	"net/http"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

const (
	itemWriters = 8
	itemsEach   = 400 // at most; the kill comes earlier
	killAfter   = 300 // items acknowledged
)

// TestKilledWhileWritten kills gateway and engines while items are put, twice,
// and looks for each that was acknowledged.
func TestKilledWhileWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "new", "data")
	var acknowledged [2][]string
	for round := range acknowledged {
		c := serveData(t, dir)
		base, _ := startServe(t, c)
		acknowledged[round] = putUntilKilled(t, c, base, round)
		if len(acknowledged[round]) < killAfter {
			t.Fatalf("only %d items were acknowledged", len(acknowledged[round]))
		}
	}

	c := serveData(t, dir)
	base, stderr := startServe(t, c)
	for _, ids := range acknowledged {
		for _, id := range ids {
			status, body := request(t, "GET", base+"/"+id, "")
			if want := valueOf(id); status != http.StatusOK || body != want {
				t.Errorf("item %s: %d %.40q…, want %.40q…", id, status, body, want)
			}
		}
	}
	output, err := serveData(t, dir).CombinedOutput()
	if err == nil || !strings.Contains(string(output), "is in use by another apigw serve") {
		t.Errorf("a second serve of the folder: %v\n%s", err, output)
	}
	stopServe(t, c)
	if strings.Contains(stderr.String(), "level=") {
		t.Errorf("the log has an event: %s", stderr)
	}
}

func serveData(t *testing.T, dir string) *exec.Cmd {
	return command(t, "serve", "--template", "testdata/tables.yaml", "--allow-functions", "--port", "0", "--quiet", "--no-watch", "--no-throttle", "--data-dir", dir)
}

// valueOf is the content of an item: long enough that writes overlap.
func valueOf(id string) string { return strings.Repeat(id+" ", 200) }

// putUntilKilled puts items until enough are acknowledged, kills the command in
// the middle of the next ones, and gives those that were acknowledged.
func putUntilKilled(t *testing.T, c *exec.Cmd, base string, round int) []string {
	t.Helper()
	var count atomic.Int32
	enough := make(chan struct{})
	acknowledged := make([][]string, itemWriters)
	var writers sync.WaitGroup
	for w := range itemWriters {
		writers.Go(func() {
			for i := range itemsEach {
				id := fmt.Sprintf("%d-%d-%d", round, w, i)
				put, err := http.NewRequestWithContext(t.Context(), "PUT", base+"/"+id, strings.NewReader(`{"value":"`+valueOf(id)+`"}`))
				if err != nil {
					t.Error(err)
					return
				}
				put.Header.Set("Content-Type", "application/json")
				response, err := http.DefaultClient.Do(put)
				if err != nil {
					return // it is killed
				}
				_, err = io.Copy(io.Discard, response.Body)
				response.Body.Close()
				if err != nil || response.StatusCode != http.StatusCreated {
					return
				}
				acknowledged[w] = append(acknowledged[w], id)
				if count.Add(1) == killAfter {
					close(enough)
				}
			}
		})
	}
	ended := make(chan struct{})
	go func() { writers.Wait(); close(ended) }()
	select {
	case <-enough:
	case <-ended:
	}
	// Where the engines are not known, they end by themselves.
	for _, pid := range append(hostprocess.Descendants(c.Process.Pid), c.Process.Pid) {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Error(err)
		}
	}
	c.Wait()
	<-ended
	var all []string
	for _, ids := range acknowledged {
		all = append(all, ids...)
	}
	return all
}
