package cfn

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// exportKey: export names are unique in an account's region.
type exportKey struct{ account, region, name string }

func (s scope) fnRef(v any) any {
	name, ok := v.(string)
	if !ok {
		return s.fail("", "Ref needs a name, not %s", kindOf(v))
	}
	return s.reference(name)
}

// reference resolves the name of a pseudo parameter, parameter or resource.
func (s scope) reference(name string) any {
	if value, ok := s.stack.pseudoParameter(name); ok {
		return value
	}
	if p, ok := s.stack.template.parameters[name]; ok {
		return s.parameter(name, p)
	}
	target, fault := s.target(name)
	if fault != nil {
		return fault
	}
	value := target.ref()
	return s.resolved(value, "the name of "+name)
}

// resolved gives the value, or says why there is none.
func (s scope) resolved(value any, what string) any {
	if fault, found := firstFailed(value); found {
		reason := fault.(Unresolved).Reason
		return s.fail(reason.Hint, "%s can't be resolved: %s", what, reason.Message)
	}
	return value
}

// target finds a resource and notes that the reader depends on it.
func (s scope) target(logicalID string) (*Resource, any) {
	r := s.stack.resources[logicalID]
	if r == nil {
		known := slices.Collect(maps.Keys(s.stack.resources))
		known = slices.AppendSeq(known, maps.Keys(s.stack.template.parameters))
		return nil, s.fail("", "no resource or parameter %s in this template%s", logicalID, DidYouMean(logicalID, known))
	}
	if !r.isIncluded() {
		return nil, s.fail("put the reference under the same condition", "the condition of %s is false, it is not created", logicalID)
	}
	if s.reader != nil {
		s.reader.references[r] = true
	}
	return r, nil
}

func (s scope) fnGetAtt(v any) any {
	var logicalID, name string
	switch v := v.(type) {
	case string:
		logicalID, name, _ = strings.Cut(v, ".")
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			text, fault := s.text("Fn::GetAtt", part)
			if fault != nil {
				return fault
			}
			parts[i] = text
		}
		logicalID, name, _ = strings.Cut(strings.Join(parts, "."), ".")
	}
	if logicalID == "" || name == "" {
		return s.fail(`write {"Fn::GetAtt": [logical ID, attribute]}`, "Fn::GetAtt has the wrong arguments")
	}
	return s.attribute(logicalID, name)
}

func (s scope) attribute(logicalID, name string) any {
	r, fault := s.target(logicalID)
	if fault != nil {
		return fault
	}
	if value, given := s.stack.given(logicalID + "." + name); given {
		return value
	}
	value, known := r.attribute(name)
	if !known {
		nearest := DidYouMean(name, r.attributeNames())
		hint := ""
		if nearest == "" {
			hint = giveParameter(logicalID + "." + name)
		}
		return s.fail(hint, "%s of %s (%s) is not known%s", name, logicalID, r.Type, nearest)
	}
	return s.resolved(value, name+" of "+logicalID)
}

func (s scope) fnImportValue(v any) any {
	name, fault := s.text("Fn::ImportValue", v)
	if fault != nil {
		return fault
	}
	output := s.stack.assembly.export(exportKey{s.stack.AccountID, s.stack.Region, name})
	if output == nil {
		if value, given := s.stack.given(name); given {
			return value
		}
		return s.fail(giveParameter(name), "no stack exports %s", name)
	}
	return s.outputValue(output)
}

// fnGetStackOutput reads {StackName, OutputName, Region}, CDK's weak reference.
func (s scope) fnGetStackOutput(v any) any {
	resolved := s.value(v)
	if fault, found := firstFailed(resolved); found {
		return fault
	}
	args, _ := resolved.(map[string]any)
	stackName, _ := scalar(args["StackName"])
	outputName, _ := scalar(args["OutputName"])
	if stackName == "" || outputName == "" {
		return s.fail("", "Fn::GetStackOutput needs StackName and OutputName")
	}
	region, given := scalar(args["Region"])
	if !given {
		region = s.stack.Region
	}
	for _, other := range s.stack.assembly.Stacks {
		if other.Name == stackName && other.Region == region {
			if output := other.outputs[outputName]; output != nil {
				return s.outputValue(output)
			}
			return s.fail("", "stack %s has no output %s%s", stackName, outputName, DidYouMean(outputName, slices.Collect(maps.Keys(other.outputs))))
		}
	}
	return s.fail("load that stack as well", "no stack %s in %s", stackName, region)
}

func (s scope) outputValue(o *Output) any {
	if !o.isIncluded() {
		return s.fail("", "the condition of output %s of stack %s is false", o.LogicalID, o.stack.Name)
	}
	return s.resolved(o.value(), fmt.Sprintf("output %s of stack %s", o.LogicalID, o.stack.Name))
}

// export finds an exported output. The table is made at the first ask; names
// whose own value would need an import are not found.
func (a *Assembly) export(key exportKey) *Output {
	if a.exports == nil {
		a.exports = map[exportKey]*Output{}
		for _, s := range a.Stacks {
			for _, id := range slices.Sorted(maps.Keys(s.outputs)) {
				o := s.outputs[id]
				if !o.isIncluded() {
					continue
				}
				name, ok := scalar(o.scope("Export.Name").value(o.raw.exportName))
				exported := exportKey{s.AccountID, s.Region, name}
				if ok && a.exports[exported] == nil {
					a.exports[exported] = o
				}
			}
		}
	}
	return a.exports[key]
}

// fnSub fills "${…}" of a string, from its own variables first.
func (s scope) fnSub(v any) any {
	text, isText := v.(string)
	var variables map[string]any
	if list, ok := v.([]any); ok && len(list) == 2 {
		text, isText = list[0].(string)
		variables, ok = list[1].(map[string]any)
		isText = isText && ok
	}
	if !isText {
		return s.fail(`write {"Fn::Sub": string} or {"Fn::Sub": [string, {name: value}]}`, "Fn::Sub has the wrong arguments")
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "${")
		name, after, closed := strings.Cut(rest, "}")
		if !found || !closed {
			out.WriteString(text)
			return s.dynamic(out.String())
		}
		out.WriteString(before)
		text = after
		if literal, ok := strings.CutPrefix(name, "!"); ok {
			fmt.Fprintf(&out, "${%s}", literal)
			continue
		}
		value := s.variable(name, variables)
		if failed(value) {
			return value
		}
		filled, ok := scalar(value)
		if !ok {
			return s.fail("", "Fn::Sub: ${%s} is %s, not a string", name, kindOf(value))
		}
		if fault := s.spend(len(filled)); fault != nil {
			return fault
		}
		out.WriteString(filled)
	}
}

func (s scope) variable(name string, variables map[string]any) any {
	if v, ok := variables[name]; ok {
		return s.value(v)
	}
	if _, isPseudo := s.stack.pseudoParameter(name); isPseudo {
		return s.reference(name)
	}
	if logicalID, attribute, ok := strings.Cut(name, "."); ok {
		return s.attribute(logicalID, attribute)
	}
	return s.reference(name)
}
