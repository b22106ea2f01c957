package cfn

import (
	"maps"
	"slices"
	"strings"
)

// pseudoParameter gives what AWS::Region and the like mean in the stack.
func (s *Stack) pseudoParameter(name string) (any, bool) {
	switch name {
	case "AWS::AccountId":
		return s.AccountID, true
	case "AWS::NotificationARNs":
		return []any{}, true
	case "AWS::NoValue":
		return noValue{}, true
	case "AWS::Partition":
		return s.partition(), true
	case "AWS::Region":
		return s.Region, true
	case "AWS::StackId":
		return s.ID(), true
	case "AWS::StackName":
		return s.Name, true
	case "AWS::URLSuffix":
		return s.urlSuffix(), true
	}
	return nil, false
}

// ID is the stack's ARN.
func (s *Stack) ID() string {
	return strings.Join([]string{"arn", s.partition(), "cloudformation", s.Region, s.AccountID,
		"stack/" + s.Name + "/" + uuidOf(s.seed("stack"))}, ":")
}

func (s *Stack) partition() string {
	switch {
	case strings.HasPrefix(s.Region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(s.Region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
}

func (s *Stack) urlSuffix() string {
	if s.partition() == "aws-cn" {
		return "amazonaws.com.cn"
	}
	return "amazonaws.com"
}

// parameter gives a parameter's value: the nesting stack's, the one given at
// load (as "Name" or "Stack:Name"), the manifest's, or the default.
func (s scope) parameter(name string, p rawParameter) any {
	value, given := s.givenParameter(name)
	if failed(value) {
		return value
	}
	if !given && strings.HasPrefix(p.kind, "AWS::SSM::Parameter::Value<") {
		return s.storedParameter(name, p)
	}
	if !given && !p.hasDefault {
		return s.fail(giveParameter(name), "the parameter %s has no value", name)
	}
	if !given {
		value = p.def
	}
	if list, ok := value.([]any); ok && strings.HasPrefix(p.kind, "List<") {
		return list
	}
	text, ok := scalar(value)
	if !ok {
		return s.fail("", "the parameter %s is %s, not a string", name, kindOf(value))
	}
	if p.allowed != nil && !slices.ContainsFunc(p.allowed, func(v any) bool { a, _ := scalar(v); return a == text }) {
		return s.fail("", "%q is no allowed value of the parameter %s", text, name)
	}
	if p.kind == "CommaDelimitedList" || strings.HasPrefix(p.kind, "List<") {
		return commaList(text)
	}
	return text
}

func (s scope) givenParameter(name string) (any, bool) {
	if parent := s.stack.Parent; parent != nil {
		given, _ := parent.property("Parameters").(map[string]any)
		value, ok := given[name]
		if list, isList := value.([]any); isList {
			value = joinList(list)
		}
		return value, ok
	}
	if value, ok := s.stack.given(name); ok {
		return value, true
	}
	value, ok := s.stack.parameters[name]
	return value, ok
}

// given is a value that was given at load, for this stack or for all: of a
// parameter, or of something else that only the account knows: an attribute
// ("LogicalID.Attribute"), another stack's export, a dynamic reference
// ("resolve:ssm:name").
func (s *Stack) given(name string) (string, bool) {
	for _, key := range []string{s.Name + ":" + name, name} {
		s.assembly.asked[key] = true
		if value, ok := s.assembly.options.Parameters[key]; ok {
			return value, true
		}
	}
	return "", false
}

// checkGiven names the values that nothing asks for, as after a slip of the pen.
func (a *Assembly) checkGiven() {
	for _, s := range a.Stacks {
		for name := range s.template.parameters { // a condition may leave its reader out
			a.asked[name], a.asked[s.Name+":"+name] = true, true
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.options.Parameters)) {
		if !a.asked[name] {
			a.Problems.add(Problem{Effect: Ignored, Message: "nothing asks for the value of " + name + DidYouMean(name, slices.Collect(maps.Keys(a.asked)))})
		}
	}
}

// giveParameter is the hint that names the flag for such a value.
func giveParameter(name string) string {
	if strings.ContainsAny(name, " :") {
		return "give it: --parameter '" + name + "=VALUE'"
	}
	return "give it: --parameter " + name + "=VALUE"
}

// storedParameter stands in for a value of the account's parameter store: that
// of a parameter resource in the assembly, or a made-up image ID.
func (s scope) storedParameter(name string, p rawParameter) any {
	path, _ := scalar(p.def)
	for _, r := range s.stack.assembly.all("AWS::SSM::Parameter") {
		if stored, ok := r.property("Name").(string); ok && stored == path {
			return r.property("Value")
		}
	}
	if strings.Contains(p.kind, "AWS::EC2::Image::Id") {
		return "ami-" + hexOf("image "+path, 17)
	}
	return s.fail(giveParameter(name), "the parameter %s reads %s from the account's parameter store", name, path)
}

func commaList(text string) []any {
	list := []any{}
	for item := range strings.SplitSeq(text, ",") {
		list = append(list, strings.TrimSpace(item))
	}
	return list
}

// joinList is how a list reaches a nested stack: as comma-delimited text.
func joinList(list []any) string {
	items := make([]string, len(list))
	for i, item := range list {
		items[i], _ = scalar(item)
	}
	return strings.Join(items, ",")
}
