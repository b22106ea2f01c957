package emulator

import (
	"encoding/hex"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestAllListenOnLoopback has everything run that listens, and looks at the
// listening sockets of this process and of those that it has started.
func TestAllListenOnLoopback(t *testing.T) {
	p := serve(t, "../listeners.txtar")
	for path, want := range map[string]string{"/words": "word0", "/table": "0", "/workflow": "SUCCEEDED", "/function": "called"} {
		if got := p.get(path); got != want {
			t.Errorf("GET %s: %s, want %s", path, got, want)
		}
	}
	sockets := map[string]int{} // inode → process
	processes := descendants(t, os.Getpid())
	for _, process := range processes {
		files, _ := filepath.Glob("/proc/" + strconv.Itoa(process) + "/fd/*")
		for _, file := range files {
			if name, err := os.Readlink(file); err == nil && strings.HasPrefix(name, "socket:[") {
				sockets[strings.Trim(name, "socket:[]")] = process
			}
		}
	}
	listening := map[int]int{} // process → its listening sockets
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			const local, state, inode = 1, 3, 9
			fields := strings.Fields(line)
			process, isOurs := sockets[fields[min(inode, len(fields)-1)]]
			if !isOurs || fields[state] != "0A" {
				continue
			}
			listening[process]++
			if address := address(t, fields[local]); !address.IsLoopback() {
				t.Errorf("process %d of %v listens on %v", process, processes, address)
			}
		}
	}
	// Here are the API, the Invoke API, the function's URL and its Runtime API;
	// a process has the engines, one the container.
	if len(listening) != 3 || listening[os.Getpid()] < 4 {
		t.Errorf("process → listening sockets: %v", listening)
	}
}

// descendants are a process, those that it has started, and theirs.
func descendants(t *testing.T, root int) []int {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	children := map[int][]int{}
	for _, file := range stats {
		text, err := os.ReadFile(file)
		if err != nil {
			continue // it has ended
		}
		_, rest, _ := strings.Cut(string(text), ") ") // "id (name) state parent …"
		parent, err := strconv.Atoi(strings.Fields(rest)[1])
		if err != nil {
			t.Fatal(err)
		}
		id, _ := strconv.Atoi(filepath.Base(filepath.Dir(file)))
		children[parent] = append(children[parent], id)
	}
	found := []int{root}
	for i := 0; i < len(found); i++ {
		found = append(found, children[found[i]]...)
	}
	return found
}

// address reads "0100007F:1F90": words of four bytes in the machine's order, which
// is the little end first where Go's tests run.
func address(t *testing.T, text string) netip.Addr {
	t.Helper()
	words, _, _ := strings.Cut(text, ":")
	bytes, err := hex.DecodeString(words)
	if err != nil {
		t.Fatal(err)
	}
	for word := range slices.Chunk(bytes, 4) {
		slices.Reverse(word)
	}
	ip, ok := netip.AddrFromSlice(bytes)
	if !ok {
		t.Fatalf("no address: %s", text)
	}
	return ip.Unmap()
}
