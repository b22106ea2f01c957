package mappingtest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Find returns the templates that paths name: files as they are (cases are the
// template beside them), of folders all with .vtl at any depth.
func Find(paths []string) ([]string, error) {
	var templates []string
	for _, root := range paths {
		info, err := os.Stat(root)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			if filepath.Ext(root) == ".txtar" {
				root = strings.TrimSuffix(root, ".txtar") + ".vtl"
			}
			templates = append(templates, root)
			continue
		}
		err = filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
			if err == nil && !d.IsDir() && filepath.Ext(name) == ".vtl" {
				templates = append(templates, name)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(templates) == 0 {
		return nil, fmt.Errorf("no templates (*.vtl) in %s: name files or folders that have some", strings.Join(paths, ", "))
	}
	slices.Sort(templates)
	return slices.Compact(templates), nil
}
