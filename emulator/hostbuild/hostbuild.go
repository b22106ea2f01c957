// Package hostbuild builds Go programs of a project for the machine that runs
// the local gateway: Lambda functions and the containers behind a VPC link.
//
// A build whose inputs are unchanged costs a few stats, no run of the go
// command, so that a second start takes milliseconds.
package hostbuild

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// slots bounds the go commands that run side by side.
var slots = make(chan struct{}, runtime.NumCPU())

// building holds one lock for each output path, so that callers who want the
// same program wait for one build.
var building sync.Map // path → *sync.Mutex

// CompileError is what the go command printed, word for word.
type CompileError struct{ Output string }

func (e *CompileError) Error() string { return e.Output }

// Build compiles the main package in the folder pkgDir, relative to the project
// folder root, into the file out. A program whose inputs are unchanged since
// the last Build is left alone. The file is replaced by renaming: processes
// that run the old program are not disturbed. A program that does not compile
// gives a *CompileError.
func Build(ctx context.Context, root, pkgDir, out string) error {
	lock, _ := building.LoadOrStore(out, new(sync.Mutex))
	lock.(*sync.Mutex).Lock()
	defer lock.(*sync.Mutex).Unlock()
	if Fresh(out) {
		return nil
	}

	select {
	case slots <- struct{}{}:
		defer func() { <-slots }()
	case <-ctx.Done():
		return ctx.Err()
	}
	module, pkg, err := locate(root, pkgDir)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	// The inputs are read before they are compiled: what changes meanwhile
	// makes the program stale, never falsely fresh.
	in, err := list(ctx, module, pkg)
	if err != nil {
		return err
	}
	sum := in.sum()
	if err := compile(ctx, module, pkg, out); err != nil {
		return errors.Join(err, in.save(out, sum, "")) // what has to be repaired may be new among them
	}
	return in.save(out, sum, stat(out))
}

// Fresh says whether out was built by Build and none of its inputs has changed
// since.
func Fresh(out string) bool {
	in, err := load(out)
	return err == nil && in.Sum == in.sum() && in.Program == stat(out)
}

// Inputs gives the folders that out was built from, or could not be, and a sum
// that changes with what is in them; none before the first Build.
func Inputs(out string) (folders []string, sum string) {
	in, err := load(out)
	if err != nil {
		return nil, ""
	}
	folders = slices.Clone(in.Folders)
	for _, file := range in.Files {
		folders = append(folders, filepath.Dir(file))
	}
	slices.Sort(folders)
	return slices.Compact(folders), in.sum()
}

// Identity tells one build of out from another; "absent" when there is none.
func Identity(out string) string { return stat(out) }

// locate finds the module of pkgDir (a project may hold several) and the
// package's path within it.
func locate(root, pkgDir string) (module, pkg string, err error) {
	root, err = filepath.Abs(root)
	if err != nil {
		return "", "", err
	}
	dir := filepath.Join(root, filepath.FromSlash(pkgDir))
	if info, err := os.Stat(dir); err != nil || !info.IsDir() {
		return "", "", fmt.Errorf("no folder %s in %s", pkgDir, root)
	}
	for module = dir; ; module = filepath.Dir(module) {
		if _, err := os.Stat(filepath.Join(module, "go.mod")); err == nil {
			break
		}
		if module == filepath.Dir(module) {
			return "", "", fmt.Errorf("no go.mod in %s or above: run go mod init in the project", dir)
		}
	}
	rel, err := filepath.Rel(module, dir)
	return module, "./" + filepath.ToSlash(rel), err
}

// compile runs go build beside out, then renames.
func compile(ctx context.Context, module, pkg, out string) error {
	out, err := filepath.Abs(out)
	if err != nil {
		return err
	}
	fresh := hostprocess.Fresh(out)
	defer os.Remove(fresh)
	if _, err := run(ctx, module, "build", "-trimpath", "-buildvcs=false", "-o", fresh, pkg); err != nil {
		return err
	}
	return os.Rename(fresh, out)
}

// run runs the go command for this host and returns its standard output.
func run(ctx context.Context, dir string, args ...string) ([]byte, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+runtime.GOOS, "GOARCH="+runtime.GOARCH, "CGO_ENABLED=0")
	stdout, err := cmd.Output()
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	var exit *exec.ExitError
	switch {
	case errors.As(err, &exit):
		return nil, &CompileError{strings.TrimRight(string(exit.Stderr), "\n")}
	case err != nil:
		return nil, fmt.Errorf("go %s: %w: install Go to run the project's own code", args[0], err)
	}
	return stdout, nil
}
