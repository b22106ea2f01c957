package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// skipped are folders that hold no sources, beside those whose names begin
// with a dot.
var skipped = map[string]bool{"node_modules": true, "__pycache__": true, "cdk.out": true}

// Tree gives the folders at and below root, and a sum of names, sizes and times
// of their files. wanted chooses the files by their path below root, with
// slashes; nil takes all. Folders that hold no sources are left out.
func Tree(root string, wanted func(path string) bool) (folders []string, sum string) {
	digest := sha256.New()
	filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			fmt.Fprintln(digest, path, "absent")
			return nil
		}
		if entry.IsDir() {
			if path != root && (skipped[entry.Name()] || strings.HasPrefix(entry.Name(), ".")) {
				return fs.SkipDir
			}
			folders = append(folders, path)
			return nil
		}
		below, err := filepath.Rel(root, path)
		if err == nil && (wanted == nil || wanted(filepath.ToSlash(below))) {
			note(digest, path)
		}
		return nil
	})
	return folders, hex.EncodeToString(digest.Sum(nil))
}

// Files gives the folders of files, and a sum of their names, sizes and times.
func Files(files []string) (folders []string, sum string) {
	digest := sha256.New()
	for _, file := range files {
		note(digest, file)
		folders = append(folders, filepath.Dir(file))
	}
	return folders, hex.EncodeToString(digest.Sum(nil))
}

func note(digest hash.Hash, file string) {
	info, err := os.Stat(file)
	if err != nil {
		fmt.Fprintln(digest, file, "absent")
		return
	}
	fmt.Fprintln(digest, file, info.Size(), info.ModTime().UnixNano())
}
