package cfn

import (
	"maps"
	"reflect"
	"slices"
)

// holds evaluates a Condition attribute: the name of a condition, nil without.
// A condition that can't be evaluated holds, so that its resource is there to
// carry the problem.
func (s scope) holds(name any) bool {
	if name == nil {
		return true
	}
	value, ok := s.condition(name).(bool)
	return !ok || value
}

// condition gives the outcome of a named condition: a bool or Unresolved.
func (s scope) condition(name any) any {
	id, ok := name.(string)
	if !ok {
		return s.fail("", "a condition is given by its name, not by %s", kindOf(name))
	}
	raw, known := s.stack.template.conditions[id]
	if !known {
		return s.fail("", "no condition %s in this template%s", id, DidYouMean(id, slices.Collect(maps.Keys(s.stack.template.conditions))))
	}
	memo := s.stack.conditions[id]
	if memo == nil {
		memo = &outcome{}
		s.stack.conditions[id] = memo
	}
	switch memo.state {
	case done:
		if fault, ok := memo.value.(Unresolved); ok { // it concerns each reader
			return s.fail(fault.Reason.Hint, "%s", fault.Reason.Message)
		}
		return memo.value
	case busy:
		return s.fail("break the circle of conditions", "the condition %s depends on itself", id)
	}
	memo.state = busy
	s.inCondition = true
	value := s.value(raw)
	if _, ok := value.(bool); !ok && !failed(value) {
		value = s.fail("", "the condition %s is %s, not a condition function", id, kindOf(value))
	}
	memo.state, memo.value = done, value
	return value
}

func (s scope) fnCondition(v any) any { return s.condition(v) }

func (s scope) fnIf(v any) any {
	args, ok := v.([]any)
	if !ok || len(args) != 3 {
		return s.fail(`write {"Fn::If": [condition, then, else]}`, "Fn::If has the wrong arguments")
	}
	switch outcome := s.condition(args[0]).(type) {
	case bool:
		s.inCondition = false
		if outcome {
			return s.value(args[1])
		}
		return s.value(args[2])
	default:
		return outcome
	}
}

func (s scope) fnEquals(v any) any {
	args, fault := s.arguments("Fn::Equals", v, 2, 2, `{"Fn::Equals": [value, value]}`)
	if fault != nil {
		return fault
	}
	left, leftIsText := scalar(args[0])
	right, rightIsText := scalar(args[1])
	if leftIsText && rightIsText {
		return left == right
	}
	return reflect.DeepEqual(args[0], args[1])
}

func (s scope) fnNot(v any) any {
	outcomes, fault := s.outcomes("Fn::Not", v, 1, 1)
	if fault != nil {
		return fault
	}
	return !outcomes[0]
}

func (s scope) fnAnd(v any) any {
	outcomes, fault := s.outcomes("Fn::And", v, 2, 10)
	if fault != nil {
		return fault
	}
	return !slices.Contains(outcomes, false)
}

func (s scope) fnOr(v any) any {
	outcomes, fault := s.outcomes("Fn::Or", v, 2, 10)
	if fault != nil {
		return fault
	}
	return slices.Contains(outcomes, true)
}

// outcomes resolves a list of conditions.
func (s scope) outcomes(name string, v any, least, most int) ([]bool, any) {
	s.inCondition = true
	args, fault := s.arguments(name, v, least, most, `{"`+name+`": [conditions]}`)
	if fault != nil {
		return nil, fault
	}
	outcomes := make([]bool, len(args))
	for i, arg := range args {
		text, _ := scalar(arg)
		if text != "true" && text != "false" {
			return nil, s.fail("", "%s needs conditions, not %s", name, kindOf(arg))
		}
		outcomes[i] = text == "true"
	}
	return outcomes, nil
}
