package hostbuild

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// inputs is what a program was built from. It is stored beside the program.
type inputs struct {
	// Folders of the packages that are not immutable: neither of the standard
	// library nor of the module cache, which go.sum stands for.
	Folders []string
	// Files besides: go.mod, go.sum, go.work, embedded files, the go command.
	Files   []string
	Sum     string // of names, sizes and times
	Program string // size and time of what was built; "" when it could not be
}

// listed is the part of go list's answer that matters here.
type listed struct {
	Dir        string
	Standard   bool
	EmbedFiles []string
	Module     *struct{ GoMod, Version string }
	Error      *struct{ Err string }
}

// list asks the go command for the packages that pkg is built from. Packages
// with errors are left to the compiler, whose words are better.
func list(ctx context.Context, module, pkg string) (*inputs, error) {
	out, err := run(ctx, module, "list", "-e", "-deps", "-json=Dir,Standard,EmbedFiles,Module", pkg)
	if err != nil {
		return nil, err
	}
	in := &inputs{Files: []string{
		filepath.Join(module, "go.mod"), filepath.Join(module, "go.sum"), filepath.Join(module, "go.work"),
	}}
	if path, err := exec.LookPath("go"); err == nil {
		in.Files = append(in.Files, path)
	}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("go list %s: %w", pkg, err)
		}
		if p.Standard || p.Dir == "" || (p.Module != nil && p.Module.Version != "" && readOnly(p.Dir)) {
			continue
		}
		in.Folders = append(in.Folders, p.Dir)
		for _, f := range p.EmbedFiles {
			in.Files = append(in.Files, filepath.Join(p.Dir, f))
		}
		if p.Module != nil && p.Module.GoMod != "" {
			in.Files = append(in.Files, p.Module.GoMod)
		}
	}
	slices.Sort(in.Files)
	in.Files = slices.Compact(in.Files)
	return in, nil
}

// readOnly says whether dir is one that nobody edits, as those of the module
// cache are.
func readOnly(dir string) bool {
	info, err := os.Stat(dir)
	return err == nil && info.Mode().Perm()&0o200 == 0
}

// sum digests names, sizes and modification times of the inputs.
func (in *inputs) sum() string {
	h := sha256.New()
	fmt.Fprintln(h, runtime.GOOS, runtime.GOARCH, os.Getenv("GOFLAGS"), os.Getenv("GOWORK"), os.Getenv("GOEXPERIMENT"))
	for _, dir := range in.Folders {
		entries, err := os.ReadDir(dir)
		if err != nil {
			fmt.Fprintln(h, dir, err)
			continue
		}
		for _, e := range entries {
			if e.IsDir() || strings.HasSuffix(e.Name(), "_test.go") {
				continue
			}
			fmt.Fprintln(h, dir, e.Name(), stat(filepath.Join(dir, e.Name())))
		}
	}
	for _, f := range in.Files {
		fmt.Fprintln(h, f, stat(f))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// stat is a file's size and time, or that there is none.
func stat(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "absent"
	}
	return fmt.Sprint(info.Size(), info.ModTime().UnixNano())
}

func load(out string) (*inputs, error) {
	text, err := os.ReadFile(out + ".inputs")
	if err != nil {
		return nil, err
	}
	in := new(inputs)
	return in, json.Unmarshal(text, in)
}

func (in *inputs) save(out, sum, program string) error {
	in.Sum, in.Program = sum, program
	text, err := json.MarshalIndent(in, "", " ")
	if err != nil {
		return err
	}
	return os.WriteFile(out+".inputs", text, 0o644)
}
