package cfn

import "sync"

// Resource is one resource of a stack with its values resolved.
type Resource struct {
	Stack     *Stack
	LogicalID string
	Type      string

	// Properties hold map[string]any, []any, string, bool, json.Number, nil and
	// Unresolved.
	Properties map[string]any
	Metadata   map[string]any // as written, intrinsics not resolved
	DependsOn  []string

	DeletionPolicy string // Retain, Snapshot, …; "" for the default

	Problems Problems // faults of this resource's own values

	raw        rawResource
	included   lazyBool
	states     map[string]state // of each property
	standIns   sync.Map         // text with placeholders → value, once computed
	references map[*Resource]bool
	nested     *Stack // the stack that an AWS::CloudFormation::Stack makes
	origin     *origin
}

// state tells a value that is being resolved from one that is.
type state int

const (
	untouched state = iota
	busy
	done
)

// lazyBool is found out at the first ask.
type lazyBool struct {
	state state
	value bool
}

// outcome is what a condition gave: a bool or Unresolved.
type outcome struct {
	state state
	value any
}

// Ref is what {"Ref": …} gives: mostly the physical name or ID, for some types
// the ARN. "" when it can't be resolved.
func (r *Resource) Ref() string {
	text, _ := scalar(r.ref())
	return text
}

// Attribute is what Fn::GetAtt gives, "" for an attribute that is not known.
func (r *Resource) Attribute(name string) string {
	value, _ := r.attribute(name)
	text, _ := scalar(value)
	return text
}

// ARN is the resource's ARN, "" for types that have none or are not known.
func (r *Resource) ARN() string {
	text, _ := scalar(r.standIn("{arn}"))
	return text
}

// Name is the physical name: the explicit one of the template, else the one
// that CloudFormation would make.
func (r *Resource) Name() string {
	text, _ := scalar(r.standIn("{name}"))
	return text
}

// Needs says whether other is made before r: Ref, Fn::GetAtt and DependsOn lead
// to it, directly or by what they lead to.
func (r *Resource) Needs(other *Resource) bool {
	seen := map[*Resource]bool{}
	var leads func(from *Resource) bool
	leads = func(from *Resource) bool {
		if seen[from] {
			return false
		}
		seen[from] = true
		for next := range from.references {
			if next == other || leads(next) {
				return true
			}
		}
		return false
	}
	return leads(r)
}

// Problem makes a problem of this resource, at the place where the template has
// it.
func (r *Resource) Problem(property, message, hint string) Problem {
	if r.origin != nil {
		return r.origin.of.Problem(r.origin.place(property), message, hint)
	}
	return Problem{Stack: r.Stack.Name, LogicalID: r.LogicalID, Property: property, Message: message, Hint: hint}
}

// isIncluded says whether the resource's condition, and that of the stacks
// around it, holds.
func (r *Resource) isIncluded() bool {
	if r.included.state == untouched {
		r.included.state = busy
		at := scope{stack: r.Stack, subject: r.LogicalID, path: "Condition", problems: &r.Problems}
		r.included.value = r.Stack.isIncluded() && at.holds(r.raw.condition)
		r.included.state = done
	}
	return r.included.value
}

func (s *Stack) isIncluded() bool { return s.Parent == nil || s.Parent.isIncluded() }

// property resolves one top-level property at the first ask, so that a Ref can
// read another resource's name before that resource is resolved whole.
func (r *Resource) property(name string) any {
	raw, present := r.raw.properties[name]
	if !present {
		return nil
	}
	at := scope{stack: r.Stack, reader: r, subject: r.LogicalID, path: name, problems: &r.Problems}
	switch r.states[name] {
	case done:
		return r.Properties[name]
	case busy:
		return at.fail("break the circle of references", "the value depends on itself")
	}
	r.states[name] = busy
	value := at.value(raw)
	r.states[name] = done
	if value != (noValue{}) {
		r.Properties[name] = value
	}
	return r.Properties[name]
}
