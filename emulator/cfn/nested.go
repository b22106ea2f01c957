package cfn

import (
	"cmp"
	"encoding/json"
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// maxNesting bounds stacks within stacks: a template could name itself.
const maxNesting = 8

// addNestedStacks reads the templates of AWS::CloudFormation::Stack resources.
// One that is no file of the assembly is a problem of that resource.
func (a *Assembly) addNestedStacks(dir string, s *Stack) error {
	for _, id := range slices.Sorted(maps.Keys(s.resources)) {
		r := s.resources[id]
		if r.Type != "AWS::CloudFormation::Stack" {
			continue
		}
		file, err := s.nestedTemplate(dir, r)
		if err != nil || s.depth() >= maxNesting {
			p := r.Problem("TemplateURL", "the nested template is "+cmp.Or(err, ErrAbsent).Error()+": what it holds is left out",
				hintFor(err, "name it by its path from the template, or serve it alone"))
			r.Problems.add(p)
			p.Effect = Ignored
			a.Problems.add(p)
			continue
		}
		nested := &Stack{Name: r.generatedName(128), Region: s.Region, AccountID: s.AccountID, Parent: r, assets: s.assets}
		if _, err := a.addStack(file, nested); err != nil {
			return err
		}
		r.nested = nested
	}
	return nil
}

func (s *Stack) depth() int {
	if s.Parent == nil {
		return 0
	}
	return s.Parent.Stack.depth() + 1
}

// nestedTemplate finds the template's file: by CDK's metadata, else by the
// asset hash in the URL, else by a URL that is a relative path, which of an
// assembly doesn't lead out.
func (s *Stack) nestedTemplate(dir string, r *Resource) (file string, err error) {
	url := r.raw.properties["TemplateURL"]
	names := []string{text(r.Metadata["aws:asset:path"]), text(url)}
	if written, err := json.Marshal(url); err == nil {
		for _, hash := range slices.Sorted(maps.Keys(s.assets.Files)) {
			if strings.Contains(string(written), hash) {
				names = append(names, s.assets.Files[hash].Source.Path)
			}
		}
	}
	err = ErrAbsent
	for _, name := range names {
		if name == "" || strings.Contains(name, "://") || s.assembly.isCloudAssembly && !filepath.IsLocal(name) {
			continue
		}
		file := filepath.Join(dir, name)
		info, fault := s.assembly.Stat(file)
		if fault == nil && info.Mode().IsRegular() {
			return file, nil
		}
		if errors.Is(fault, ErrElsewhere) {
			err = fault
		}
	}
	return "", err
}
