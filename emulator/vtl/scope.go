package vtl

import "slices"

// scope is the variables in sight. Variables are known by their slot.
type scope interface {
	get(slot int) (Value, error)
	put(slot int, v Value)
	remove(slot int)

	// literal is how the argument of a macro was written, by the text of the
	// parameter ("$name").
	literal(name string) (string, bool)
}

// unasked marks a variable that the host has not been asked for.
var unasked Value = new(struct{ _ byte })

// variables are those outside of macros.
type variables struct {
	host   Variables
	unit   *unit
	values []Value
}

// grow makes room for the variables of u.
func (v *variables) grow(u *unit) {
	v.unit = u
	v.values = slices.Grow(v.values, len(u.names)-len(v.values))
	for len(v.values) < len(u.names) {
		v.values = append(v.values, unasked)
	}
}

func (v *variables) get(slot int) (Value, error) {
	x := v.values[slot]
	if x == unasked {
		x = v.ask(slot)
		v.values[slot] = x
	}
	return x, nil
}

func (v *variables) ask(slot int) Value {
	if v.host == nil {
		return nil
	}
	x, _ := v.host.Variable(v.unit.names[slot])
	return x
}

func (v *variables) put(slot int, x Value)         { v.values[slot] = x }
func (v *variables) remove(slot int)               { v.values[slot] = nil }
func (v *variables) literal(string) (string, bool) { return "", false }

// macroScope is the variables within a macro: the arguments are evaluated in
// the caller's scope whenever they are asked for; what is set within is set
// outside as well.
type macroScope struct {
	outer scope
	env   *env // of the caller
	local []localValue
	args  []boundArgument
}

type localValue struct {
	slot  int
	value Value
}

type boundArgument struct {
	slot    int
	param   string // "$name"
	literal string
	expr    expr
}

func (m *macroScope) setLocal(slot int, v Value) {
	for i := range m.local {
		if m.local[i].slot == slot {
			m.local[i].value = v
			return
		}
	}
	m.local = append(m.local, localValue{slot, v})
}

func (m *macroScope) get(slot int) (Value, error) {
	for i := range m.local {
		if l := &m.local[i]; l.slot == slot && l.value != nil {
			return l.value, nil
		}
	}
	for i := range m.args {
		if a := &m.args[i]; a.slot == slot {
			if err := m.env.spend(0); err != nil {
				return nil, err
			}
			return a.expr.value(m.env)
		}
	}
	return m.outer.get(slot)
}

func (m *macroScope) put(slot int, v Value) {
	m.setLocal(slot, v)
	m.outer.put(slot, v)
}

func (m *macroScope) remove(slot int) {
	m.local = slices.DeleteFunc(m.local, func(l localValue) bool { return l.slot == slot })
	for i := range m.args {
		if m.args[i].slot == slot {
			m.args = append(m.args[:i:i], m.args[i+1:]...)
			break
		}
	}
	m.outer.remove(slot)
}

func (m *macroScope) literal(name string) (string, bool) {
	for i := range m.args {
		if m.args[i].param == name {
			return m.args[i].literal, true
		}
	}
	return m.outer.literal(name)
}

// nullScope is a #foreach round on a null element: the loop variable stays
// null, whatever is set.
type nullScope struct {
	scope
	slot int
}

func (n nullScope) get(slot int) (Value, error) {
	if slot == n.slot {
		return nil, nil
	}
	return n.scope.get(slot)
}
