package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

const (
	sampleEvery   = time.Second
	progressEvery = 10 // samples
)

// watch samples what may not grow. Where there is no /proc it has goroutines only.
type watch struct {
	gateway *gateway
	begin   time.Time
	series  []*series
	failed  error // of the last sample
}

// series is one measure over time, and how much it may grow in the second half of the load: the larger of the two.
type series struct {
	name     string
	format   string
	absolute float64
	relative float64 // of its median

	seconds, values []float64
}

// A leak at half the capacity adds something with each request, thousands in a half. What is allowed is what a sound
// process was seen to add: Go's and V8's heaps breathe with their collections, a burst has functions start one process
// more, and connections come with those of the client.
func newWatch(g *gateway) *watch {
	return &watch{gateway: g, begin: time.Now(), series: []*series{
		{name: "gateway memory", format: "%.0f MB", absolute: 10, relative: 0.10},
		{name: "memory of engines and functions", format: "%.0f MB", absolute: 40, relative: 0.10},
		{name: "goroutines", format: "%.0f", absolute: 30, relative: 0.05},
		{name: "open files", format: "%.0f", absolute: 20, relative: 0.05},
		{name: "processes", format: "%.0f", absolute: 3},
	}}
}

func (w *watch) run(ctx context.Context, progress func()) {
	ticks := time.NewTicker(sampleEvery)
	defer ticks.Stop()
	for n := 1; ; n++ {
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return
		}
		values, err := sample(ctx, w.gateway)
		if ctx.Err() != nil {
			return
		}
		if w.failed = err; err != nil {
			continue
		}
		at := time.Since(w.begin).Seconds()
		for i, s := range w.series {
			if values[i] > 0 {
				s.seconds, s.values = append(s.seconds, at), append(s.values, values[i])
			}
		}
		if n%progressEvery == 0 {
			progress()
		}
	}
}

const megabyte = 1e6

// sample gives the values in the order of watch.series; 0 for what this system does not tell.
func sample(ctx context.Context, g *gateway) (values [5]float64, err error) {
	if values[2], err = goroutines(ctx, g.base); err != nil {
		return values, err
	}
	pid := g.cmd.Process.Pid
	values[0] = memory(pid) / megabyte
	files, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid)) // a pattern that is well-formed
	values[3] = float64(len(files))
	for _, child := range hostprocess.Descendants(pid) {
		values[1] += memory(child) / megabyte
		values[4]++
	}
	return values, nil
}

// goroutines asks the gateway's own profile: "goroutine profile: total 42".
func goroutines(ctx context.Context, base string) (float64, error) {
	url := base[:strings.LastIndex(base, "/")] + "/_apigw/debug/pprof/goroutine?debug=1"
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return 0, err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	_, total, ok := strings.Cut(string(first), "total ")
	if !ok {
		return 0, fmt.Errorf("%s: status %d, no number of goroutines: %.100s", url, response.StatusCode, first)
	}
	return strconv.ParseFloat(total, 64)
}

// memory is what a process holds for itself, from proc_pid_statm(5), in bytes: resident pages without those of files, which
// the system may take back (the program's own, and those of the tables). It is 0 when the process has ended.
func memory(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
	fields := strings.Fields(string(text))
	if err != nil || len(fields) < 3 {
		return 0
	}
	resident, _ := strconv.ParseFloat(fields[1], 64)
	shared, _ := strconv.ParseFloat(fields[2], 64)
	return (resident - shared) * float64(os.Getpagesize())
}

// progress prints a line.
func (s *soak) progress() {
	requests, failed := s.load.totals()
	fmt.Printf("  %4.0f s  %d requests, %d errors;", time.Since(s.watch.begin).Seconds(), requests, failed)
	for i, one := range s.watch.series {
		if len(one.values) == 0 {
			continue
		}
		if i > 0 {
			fmt.Print(",")
		}
		fmt.Printf(" %s "+one.format, one.name, one.values[len(one.values)-1])
	}
	fmt.Println()
}
