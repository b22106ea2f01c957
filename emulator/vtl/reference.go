package vtl

import "errors"

// reference is $name with its properties, methods and indexes.
type reference struct {
	at    position
	name  string
	slot  int
	steps []step
	image string // of the first token, "$name" or "${"

	void    bool   // $\!name, which is always null
	plain   bool   // a name that lost its $ to a comment: prints itself
	escaped bool   // an odd number of backslashes in front
	escapes string // half of the backslashes
	dollars string // further $ in front
	literal string // as written
	shown   string // what an escaped reference prints
}

// step is one link in the chain of a reference.
type step interface {
	execute(*env, Value) (Value, error)
}

// value is null as soon as a link is.
func (r *reference) value(e *env) (Value, error) {
	if r.void || r.plain {
		return nil, nil
	}
	v, err := e.scope.get(r.slot)
	i := 0
	for ; i < len(r.steps) && err == nil && v != nil; i++ {
		v, err = r.steps[i].execute(e, v)
	}
	if err != nil {
		return nil, err
	}
	if e.observer != nil {
		e.observer.read(r, v, i)
	}
	return v, nil
}

// test: everything but null and false is true.
func (r *reference) test(e *env) (bool, error) {
	v, err := r.value(e)
	if err != nil {
		return false, err
	}
	switch v := v.(type) {
	case nil:
		return false, nil
	case bool:
		return v, nil
	case *defined:
		_, ok, err := v.text()
		return ok, err
	}
	return true, nil
}

// render prints the value; null prints nothing (rule 79).
func (r *reference) render(e *env) error {
	if r.plain {
		return e.write(r.name)
	}
	v, err := r.value(e)
	if err != nil {
		return err
	}
	if r.escaped {
		return r.renderEscaped(e, v)
	}
	if d, ok := v.(*defined); ok {
		done, err := d.render(e)
		if done || err != nil {
			return err
		}
		return e.write(r.escapes + r.escapes + r.dollars + e.written(r))
	}
	e.out = append(append(e.out, r.escapes...), r.dollars...)
	if v == nil {
		return nil
	}
	switch v := v.(type) {
	case string:
		e.out = append(e.out, v...)
	case *Map, *List: // whose texts may render a #define, into out
		e.out = append(e.out, Text(v)...)
	default:
		e.out = appendText(e.out, v)
	}
	return at(r.at, e.checkLength())
}

// renderEscaped prints \$name as $name if the variable is set, else as it is.
func (r *reference) renderEscaped(e *env, v Value) error {
	s := r.escapes
	if v == nil {
		s += `\`
	}
	return e.write(s + e.written(r))
}

// written is how a reference is shown; a parameter of a macro as its argument.
func (e *env) written(r *reference) string {
	if s, ok := e.scope.literal(r.shown); ok {
		return s
	}
	return r.shown
}

// assign sets what the last link of the chain points to, if there is one.
func (r *reference) assign(e *env, v Value) error {
	if r.void {
		return nil
	}
	target, err := e.scope.get(r.slot)
	last := len(r.steps) - 1
	for i := 0; i < last && err == nil && target != nil; i++ {
		target, err = r.steps[i].execute(e, target)
	}
	if err != nil || target == nil {
		return err
	}
	switch s := r.steps[last].(type) {
	case *index:
		return s.assign(e, target, v)
	case *property:
		return setProperty(target, s.name, v)
	case *call:
		return setProperty(target, s.name, v)
	}
	return nil
}

// setProperty sets a key of a map; other values have nothing to set.
func setProperty(target Value, name string, v Value) error {
	switch t := target.(type) {
	case *Map:
		t.Put(name, v)
	case *loop:
		t.storage.Put(name, v)
	}
	return nil
}

// property is .name
type property struct {
	at     position
	name   string
	getter getter
}

func (p *property) execute(_ *env, v Value) (Value, error) {
	if m, ok := v.(*Map); ok && p.getter != getClass {
		return m.Get(p.name), nil
	}
	return p.getter.of(v, p.name), nil
}

// call is .name( … )
type call struct {
	at      position
	name    string
	args    []expr
	methods *methodSet
}

func (c *call) execute(e *env, receiver Value) (Value, error) {
	base := len(e.args)
	for _, a := range c.args {
		v, err := a.value(e)
		if err != nil {
			return nil, err
		}
		e.run.args = append(e.run.args, v)
	}
	v, err := c.methods.invoke(receiver, c.name, e.run.args[base:len(e.run.args):len(e.run.args)])
	if v == nil && err == nil && e.observer != nil {
		e.observer.called(c, receiver, e.run.args[base:])
	}
	if err == nil {
		err = e.pay(receiver, v, e.run.args[base:])
	}
	e.run.args = e.run.args[:base]
	if err != nil {
		return nil, c.failed(err)
	}
	if s, ok := v.(string); ok && len(s) > MaxOutput {
		return nil, c.failed(errTooLong)
	}
	return v, nil
}

func (c *call) failed(err error) error {
	var h *hinted
	f := &failure{at: c.at, message: "." + c.name + "(): " + err.Error()}
	if errors.As(err, &h) {
		f.hint = h.hint
	}
	return f
}

// index is [ … ]: get, and set or put on the left of #set. A negative number
// counts from the end.
type index struct {
	at  position
	arg expr
}

var (
	getMethod = methodsNamed("get")
	setMethod = methodsNamed("set")
	putMethod = methodsNamed("put")
)

func (x *index) key(e *env, target Value) (Value, error) {
	k, err := x.arg.value(e)
	if err != nil {
		return nil, err
	}
	n, ok := k.(int32)
	if !ok || n >= 0 {
		return k, nil
	}
	switch t := target.(type) {
	case *List:
		return n + int32(t.Len()), nil
	case *Map:
		return n + int32(t.Len()), nil
	case *loop:
		return n + int32(t.storage.Len()), nil
	}
	return nil, &failure{x.at, "a negative index needs a list or a map, not a " + className(target), ""}
}

func (x *index) execute(e *env, target Value) (Value, error) {
	k, err := x.key(e, target)
	if err != nil {
		return nil, err
	}
	if m, ok := target.(*Map); ok {
		v, _ := m.Lookup(k)
		return v, nil
	}
	v, err := getMethod.invoke(target, "get", []Value{k})
	if err != nil {
		return nil, (&call{at: x.at, name: "get"}).failed(err)
	}
	return v, nil
}

func (x *index) assign(e *env, target, v Value) error {
	k, err := x.key(e, target)
	if err != nil {
		return err
	}
	args := []Value{k, v}
	name, methods := "set", setMethod
	if !methods.has(target, args) {
		name, methods = "put", putMethod
	}
	if _, err = methods.invoke(target, name, args); err != nil {
		return (&call{at: x.at, name: name}).failed(err)
	}
	return nil
}
