package cfn

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/sam"
)

const (
	includeMacro       = "AWS::Include"
	languageExtensions = "AWS::LanguageExtensions"
)

// applyMacros changes a template as the macros would that it names: those within
// it first, as in the account. Macros that run there only are reported.
func (s *Stack) applyMacros(sections map[string]any) {
	s.include(sections, 0)
	s.readKnown(sections)
	declared := macros(sections["Transform"])
	if !slices.ContainsFunc(declared, func(macro map[string]any) bool { return macro["Name"] == sam.Macro }) && s.needsSAM(sections) {
		declared = append(declared, map[string]any{"Name": sam.Macro})
	}
	for _, macro := range declared {
		tree, isIncluded := s.included(macro)
		name := text(macro["Name"])
		switch {
		case isIncluded:
			addSections(sections, s.include(tree, 1))
		case name == languageExtensions:
			s.expandLoops(sections)
		case name == sam.Macro:
			s.applySAM(sections)
		case name == includeMacro:
			s.reportMacro(name, Unserved)
		default: // the template is served as it stands
			s.reportMacro(name, Ignored)
		}
	}
}

// readKnown takes what of a template is known before there are resources.
func (s *Stack) readKnown(sections map[string]any) {
	s.template, _ = readTemplate(map[string]any{
		"Parameters": sections["Parameters"], "Mappings": sections["Mappings"], "Conditions": sections["Conditions"],
	})
	s.conditions = map[string]*outcome{}
}

// known gives the text of a function of parameters and mappings.
func (s *Stack) known(v any) (string, bool) {
	var unknown Problems
	value, ok := scalar(scope{stack: s, problems: &unknown}.value(v))
	return value, ok && len(unknown) == 0
}

// needsSAM says whether a template that doesn't declare the macro needs it, and
// names the first such resource. Published samples forget it; it is clear what
// they mean.
func (s *Stack) needsSAM(sections map[string]any) bool {
	resources, _ := sections["Resources"].(map[string]any)
	for id, v := range inOrder(resources) {
		r, _ := v.(map[string]any)
		if kind := text(r["Type"]); strings.HasPrefix(kind, "AWS::Serverless::") {
			s.assembly.Problems.add(Problem{Stack: s.Name, LogicalID: id, Property: "Type",
				Message: "CloudFormation has no type " + kind, Hint: "declare Transform: " + sam.Macro, Effect: Ignored})
			return true
		}
	}
	return false
}

func (s *Stack) reportMacro(name string, effect Effect) {
	s.assembly.Problems.add(Problem{
		Stack: s.Name, Property: "Transform", Message: "the macro " + name + " runs in the account",
		Hint: "serve the template that it makes: aws cloudformation get-template --template-stage Processed", Effect: effect,
	})
}

func (s *Stack) applySAM(sections map[string]any) {
	origins, faults := sam.Transform(sections, s.known)
	for path, origin := range origins {
		s.document.derive(path, origin)
	}
	for _, fault := range faults {
		s.assembly.Problems.add(Problem{Stack: s.Name, LogicalID: fault.LogicalID, Property: fault.Property, Message: fault.Message})
	}
}

// macros are those that a template names, in the order in which they are
// applied: loops may make what other macros change.
func macros(v any) []map[string]any {
	list, ok := v.([]any)
	if !ok && v != nil {
		list = []any{v}
	}
	var found []map[string]any
	for _, item := range list {
		macro, ok := item.(map[string]any)
		if !ok {
			macro = map[string]any{"Name": item}
		}
		found = append(found, macro)
	}
	order := []string{languageExtensions, includeMacro} // the last one first
	slices.SortStableFunc(found, func(a, b map[string]any) int {
		return slices.Index(order, text(b["Name"])) - slices.Index(order, text(a["Name"]))
	})
	return found
}

// addSections adds what an included file has in its sections.
func addSections(sections map[string]any, tree any) {
	included, _ := tree.(map[string]any)
	for name, entries := range included {
		section, ok := sections[name].(map[string]any)
		if more, isObject := entries.(map[string]any); ok && isObject {
			maps.Copy(section, more)
			continue
		}
		sections[name] = entries
	}
}

// maxIncludes bounds files that include files.
const maxIncludes = 8

// include puts the files that Fn::Transform includes in their place, where they
// are named by a path from the template. The keys beside it stay.
func (s *Stack) include(v any, depth int) any {
	switch v := v.(type) {
	case []any:
		for i := range v {
			v[i] = s.include(v[i], depth)
		}
	case map[string]any:
		for key, item := range v {
			v[key] = s.include(item, depth)
		}
		tree, ok := s.included(v["Fn::Transform"])
		if !ok || depth == maxIncludes {
			return v
		}
		tree = s.include(tree, depth+1)
		object, isObject := tree.(map[string]any)
		if !isObject && len(v) == 1 {
			return tree
		}
		delete(v, "Fn::Transform")
		for key, item := range object {
			if _, beside := v[key]; !beside {
				v[key] = item
			}
		}
	}
	return v
}

// included reads the file that an include names; false when it is none of this
// machine, which is a problem only of who needs it.
func (s *Stack) included(transform any) (any, bool) {
	macro, _ := transform.(map[string]any)
	parameters, _ := macro["Parameters"].(map[string]any)
	location := text(parameters["Location"])
	if macro["Name"] != includeMacro || location == "" || strings.Contains(location, "://") {
		return nil, false
	}
	file := filepath.Join(filepath.Dir(s.file), location)
	if info, err := s.assembly.Stat(file); err != nil || !info.Mode().IsRegular() {
		return nil, false
	}
	content, err := s.assembly.readPart(file)
	if err != nil {
		return nil, false
	}
	d, err := parseText(file, content)
	if err != nil {
		s.assembly.Problems.add(Problem{Place: Displayed(file), Stack: s.Name, Message: err.Error()})
		return nil, false
	}
	return d.tree, true
}

// fnTransform stands for an include of a file that isn't here, or a macro.
func (s scope) fnTransform(v any) any {
	macro, _ := v.(map[string]any)
	if name := text(macro["Name"]); name != includeMacro {
		return s.fail("serve the template that it makes: aws cloudformation get-template --template-stage Processed",
			"the macro %s runs in the account", name)
	}
	parameters, _ := s.value(macro["Parameters"]).(map[string]any)
	location := text(parameters["Location"])
	reason := ErrAbsent
	if _, err := s.stack.assembly.Stat(filepath.Join(filepath.Dir(s.stack.file), location)); errors.Is(err, ErrElsewhere) {
		reason = err
	}
	return s.fail(hintFor(reason, "name it by its path from the template"), "the file %s is %s", location, reason)
}
