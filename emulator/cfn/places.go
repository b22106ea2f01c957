package cfn

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Located gives each problem the place in the template that it speaks of, as
// near as it is known. Templates of a cloud assembly are not written by hand:
// what they name is found by logical ID.
func (a *Assembly) Located(problems Problems) Problems {
	located := make(Problems, len(problems))
	for i, p := range problems {
		for _, s := range a.Stacks {
			if p.Place == "" && s.Name == p.Stack && !a.isCloudAssembly {
				p.Place = s.place(p)
			}
		}
		located[i] = p
	}
	return located
}

func (s *Stack) place(p Problem) string {
	for property := p.Property; ; {
		for _, path := range []string{
			"Resources." + p.LogicalID + ".Properties." + property,
			"Resources." + p.LogicalID + "." + property,
			"Outputs." + p.LogicalID + "." + property,
			property,
		} {
			if place, ok := s.document.places[strings.Trim(path, ".")]; ok {
				return Displayed(s.file) + ":" + place
			}
		}
		if property == "" {
			break
		}
		property = property[:max(0, strings.LastIndexByte(property, '.'))]
	}
	if place, ok := s.document.places["Resources."+p.LogicalID]; ok {
		return Displayed(s.file) + ":" + place
	}
	return ""
}

// located joins what has the wrong shape, each with its place.
func (d *document) located(file string, faults []shapeError) error {
	var all []error
	for _, fault := range faults {
		at := file
		if place, ok := d.places[fault.path]; ok {
			at += ":" + place
		}
		all = append(all, fmt.Errorf("%s: %s: %s", at, fault.path, fault.message))
	}
	return errors.Join(all...)
}

// Displayed is a file's name as one would type it.
func Displayed(file string) string {
	dir, err := os.Getwd()
	if err != nil {
		return file
	}
	if relative, err := filepath.Rel(dir, file); err == nil && filepath.IsLocal(relative) {
		return relative
	}
	return file
}
