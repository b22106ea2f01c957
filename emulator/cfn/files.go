package cfn

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// NotAllowed says why nothing runs that is the template's own code. It is the
// same for all of it, so that it is said once.
var NotAllowed = Problem{
	Message: "the functions and containers of the template are not run: they would run as you do",
	Hint:    allowHint, Effect: NoBackend,
}

const allowHint = "pass --allow-functions if you trust it"

// Why a file or folder that a template names is not taken.
var (
	ErrElsewhere = errors.New("outside of the template's folder")
	ErrAbsent    = errors.New("not on this machine")
)

// hintFor is what to do about a file that could not be read, else what is given.
func hintFor(err error, otherwise string) string {
	if errors.Is(err, ErrElsewhere) {
		return allowHint
	}
	return otherwise
}

// inFolder gives the assembly's folder, to be closed, and a file's name in it. A
// root refuses what a link leads out of it. It is nil for what may lie anywhere:
// the template that Load was given, and all if the options allow it.
func (a *Assembly) inFolder(file string) (*os.Root, string, error) {
	if a.options.FilesElsewhere || file == a.named {
		return nil, "", nil
	}
	name, err := filepath.Rel(a.Dir, file)
	if err != nil || !filepath.IsLocal(name) {
		return nil, "", ErrElsewhere
	}
	root, err := os.OpenRoot(a.Dir)
	return root, name, err
}

// Stat tells of a file or folder that a template, its metadata or a manifest
// names, if it may be read: see Options.FilesElsewhere.
func (a *Assembly) Stat(file string) (fs.FileInfo, error) {
	root, name, err := a.inFolder(file)
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return os.Stat(file)
	}
	defer root.Close()
	return root.Stat(name)
}

// ReadFile reads a file that a template, its metadata or a manifest names, if it
// may be read: see Options.FilesElsewhere.
func (a *Assembly) ReadFile(file string) ([]byte, error) {
	root, name, err := a.inFolder(file)
	switch {
	case err != nil:
		return nil, err
	case root == nil:
		return os.ReadFile(file)
	}
	defer root.Close()
	return root.ReadFile(name)
}

// readPart reads a file that the assembly is made of, and remembers it.
func (a *Assembly) readPart(file string) ([]byte, error) {
	a.files = append(a.files, file)
	return a.ReadFile(file)
}
