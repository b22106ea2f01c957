package cfn

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// scope is where a value stands: what its references mean, and whom its
// problems concern.
type scope struct {
	stack    *Stack
	reader   *Resource // nil for outputs and conditions
	subject  string    // logical ID that problems name
	path     string    // property path that problems name
	problems *Problems

	inCondition bool // {"Condition": name} means a condition only there
	inFunction  bool // arguments keep the path of the property
}

// noValue is AWS::NoValue: the key or item that holds it is left out.
type noValue struct{}

// value resolves v: functions are evaluated, everything else is copied.
func (s scope) value(v any) any {
	switch v := v.(type) {
	case map[string]any:
		if name, argument, ok := s.function(v); ok {
			return s.call(name, argument)
		}
		resolved := make(map[string]any, len(v))
		for _, key := range slices.Sorted(maps.Keys(v)) {
			if strings.HasPrefix(key, "Fn::") {
				return s.fail("", "%s stands beside other keys", key)
			}
			if item := s.at(key).value(v[key]); item != (noValue{}) {
				resolved[key] = item
			}
		}
		return resolved
	case []any:
		resolved := make([]any, 0, len(v))
		for i, item := range v {
			if item := s.at(strconv.Itoa(i)).value(item); item != (noValue{}) {
				resolved = append(resolved, item)
			}
		}
		return resolved
	case string:
		return s.dynamic(v)
	}
	return v
}

// at is the scope of a part of the value.
func (s scope) at(key string) scope {
	if !s.inFunction {
		s.path += "." + key
	}
	return s
}

// function tells an intrinsic function, an object with that one key, from data.
func (s scope) function(v map[string]any) (name string, argument any, ok bool) {
	if len(v) != 1 {
		return "", nil, false
	}
	for name, argument = range v {
		ok = name == "Ref" || strings.HasPrefix(name, "Fn::") || s.inCondition && name == "Condition"
	}
	return name, argument, ok
}

func (s scope) call(name string, argument any) any {
	evaluate, known := intrinsics[name]
	if !known {
		return s.fail("", "%s is not supported%s", name, DidYouMean(name, slices.Collect(maps.Keys(intrinsics))))
	}
	defer s.leave()
	if fault := s.enter(); fault != nil {
		return fault
	}
	s.inFunction = true
	v := evaluate(s, argument)
	if text, ok := v.(string); ok {
		if fault := s.spend(len(text)); fault != nil {
			return fault
		}
	}
	return v
}

// dynamicReference matches what CloudFormation reads from a parameter store or secret at
// deploy time.
var dynamicReference = regexp.MustCompile(`\{\{(resolve:[^}]+)\}\}`)

// dynamic fills the dynamic references of a text with the values that are given.
func (s scope) dynamic(text string) any {
	for _, match := range dynamicReference.FindAllStringSubmatch(text, -1) {
		value, given := s.stack.given(match[1])
		if !given {
			return s.fail(giveParameter(match[1]), "the dynamic reference %s can't be read without an account", match[0])
		}
		text = strings.ReplaceAll(text, match[0], value)
	}
	return text
}

// fail notes a problem and gives the value that stands for the missing one.
func (s scope) fail(hint, format string, args ...any) any {
	p := Problem{
		Stack:     s.stack.Name,
		LogicalID: s.subject,
		Property:  s.path,
		Message:   fmt.Sprintf(format, args...),
		Hint:      hint,
	}
	s.problems.add(p)
	return Unresolved{p}
}

// resolve resolves everything that is not yet.
func (a *Assembly) resolve() {
	a.Stacks = slices.DeleteFunc(a.Stacks, func(s *Stack) bool { return !s.isIncluded() })
	for _, s := range a.Stacks {
		s.includeResources()
	}
	for _, s := range a.Stacks {
		for _, r := range s.Resources {
			for _, name := range slices.Sorted(maps.Keys(r.raw.properties)) {
				r.property(name)
			}
			r.checkDependsOn()
		}
		s.resolveOutputs()
	}
	a.checkCircles()
	a.importBodies()
}

func (s *Stack) includeResources() {
	for _, id := range slices.Sorted(maps.Keys(s.resources)) {
		if r := s.resources[id]; r.isIncluded() {
			s.Resources = append(s.Resources, r)
		}
	}
}

func (s *Stack) resolveOutputs() {
	for _, id := range slices.Sorted(maps.Keys(s.outputs)) {
		o := s.outputs[id]
		if !o.isIncluded() {
			continue
		}
		o.value()
		o.ExportName, _ = scalar(o.scope("Export.Name").value(o.raw.exportName))
		s.Outputs = append(s.Outputs, o)
	}
}

func (o *Output) scope(path string) scope {
	return scope{stack: o.stack, subject: o.LogicalID, path: path, problems: &o.Problems}
}

func (o *Output) isIncluded() bool {
	return o.stack.isIncluded() && o.scope("Condition").holds(o.raw.condition)
}

// value resolves the output at the first ask, which may come from another stack.
func (o *Output) value() any {
	switch o.state {
	case busy:
		return o.scope("Value").fail("break the circle of references", "the output depends on itself")
	case untouched:
		o.state = busy
		o.Value = o.scope("Value").value(o.raw.value)
		o.state = done
	}
	return o.Value
}

func (r *Resource) checkDependsOn() {
	for _, id := range r.raw.dependsOn {
		at := scope{stack: r.Stack, subject: r.LogicalID, path: "DependsOn", problems: &r.Problems}
		target := r.Stack.resources[id]
		switch {
		case target == nil:
			at.fail("", "no resource %s in this template%s", id, DidYouMean(id, slices.Collect(maps.Keys(r.Stack.resources))))
		case target.isIncluded():
			r.references[target] = true
			r.DependsOn = append(r.DependsOn, id)
		}
	}
}
