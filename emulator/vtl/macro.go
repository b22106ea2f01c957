package vtl

import (
	"errors"
	"strings"
)

// macro is a #macro of the template. The first of a name counts.
type macro struct {
	name   string
	params []parameter
	body   block
}

type parameter struct {
	reference string // "$name"
	slot      int
}

func buildMacro(u *unit, d *invocation) (node, error) {
	if len(d.args) == 0 {
		return nil, errors.New("#macro has no name; write #macro(name $parameter)")
	}
	m := &macro{name: d.args[0].first.image, body: d.body}
	for _, a := range d.args[1:] {
		name := strings.TrimPrefix(a.first.image, "$")
		m.params = append(m.params, parameter{"$" + name, u.slot(name)})
	}
	if u.macros[m.name] == nil {
		u.macros[m.name] = m
	}
	u.slot(bodyContent)
	return nothing{}, nil
}

// bodyContent is the variable that holds the body of #@name() … #end.
const bodyContent = "bodyContent"

type macroArgument struct {
	expr
	literal string
}

// macroCall is #name( … ) of a name that is no directive. Without such a macro
// it prints itself.
type macroCall struct {
	at      position
	name    string
	args    []macroArgument
	badWord string // an argument that is neither text nor reference
	body    block
	hasBody bool
	text    string
}

func (c *macroCall) render(e *env) error {
	m := e.unit.macros[c.name]
	if m == nil {
		return e.write(c.text)
	}
	if c.badWord != "" {
		return &failure{c.at, "unexpected " + c.badWord + " as an argument of #" + c.name, "variables begin with $, texts are quoted"}
	}
	if e.depth >= MaxMacroDepth {
		return &failure{c.at, "macros call each other more than 20 deep in #" + c.name, ""}
	}
	inner := e.frame()
	if err := c.bind(e, m, &inner.scope); err != nil {
		return err
	}
	e.depth++
	err := m.body.render(&inner.env)
	e.depth--
	if s, ok := err.(*stop); ok && s.nearest {
		return nil
	}
	return err
}

// callFrame is where the body of a macro is rendered.
type callFrame struct {
	env   env
	scope macroScope
}

// frame is one for a call from e. A call as deep as one before gets the same,
// unless a #define may hold it.
func (e *env) frame() *callFrame {
	if e.kept {
		return new(callFrame).of(e)
	}
	for e.depth >= len(e.frames) {
		e.frames = append(e.frames, new(callFrame))
	}
	return e.frames[e.depth].of(e)
}

func (f *callFrame) of(caller *env) *callFrame {
	f.clear()
	f.env = env{caller.run, &f.scope}
	f.scope.outer, f.scope.env = caller.scope, caller
	return f
}

func (f *callFrame) clear() {
	clear(f.scope.args[:cap(f.scope.args)])
	clear(f.scope.local[:cap(f.scope.local)])
	*f = callFrame{scope: macroScope{args: f.scope.args[:0], local: f.scope.local[:0]}}
}

// bind gives the scope of a call its arguments: constants are evaluated at once,
// all others when they are used.
func (c *macroCall) bind(e *env, m *macro, inner *macroScope) error {
	for i, p := range m.params {
		if i >= len(c.args) {
			break
		}
		a := c.args[i]
		switch x := a.expr.(type) {
		case boolean, *arithmetic:
			v, err := x.value(e)
			if err != nil {
				return err
			}
			inner.setLocal(p.slot, v)
			continue
		case constant:
			if _, isText := x.v.(string); !isText {
				inner.setLocal(p.slot, x.v)
				continue
			}
		}
		inner.args = append(inner.args, boundArgument{p.slot, p.reference, a.literal, a.expr})
	}
	if c.hasBody {
		if slot, ok := e.unit.slots[bodyContent]; ok {
			inner.setLocal(slot, e.define(c.body, MaxMacroDepth))
		}
	}
	return nil
}

func buildDefine(u *unit, d *invocation) (node, error) {
	if len(d.args) != 1 {
		return nil, errors.New("#define takes one name; write #define($name)")
	}
	return &define{u.slot(d.args[0].variable()), d.body}, nil
}

// define is #define($name): the variable renders the body where it is used.
type define struct {
	slot int
	body block
}

func (d *define) render(e *env) error {
	e.scope.put(d.slot, e.define(d.body, 2))
	return nil
}

func (e *env) define(body block, limit int) *defined {
	e.kept = true
	return &defined{env: e, body: body, limit: limit}
}

// defined is what #define puts into a variable.
type defined struct {
	env          *env // where it was defined
	body         block
	depth, limit int // it may render itself, but not endlessly
}

// render is false when the limit is reached.
func (d *defined) render(e *env) (bool, error) {
	if d.depth >= d.limit {
		return false, nil
	}
	d.depth++
	err := d.body.render(e)
	d.depth--
	if s, ok := err.(*stop); ok && s.nearest {
		err = nil
	}
	return true, err
}

// text is toString; false when the limit is reached.
func (d *defined) text() (string, bool, error) {
	var done bool
	s, err := d.env.capture(renderer(func(e *env) (err error) {
		done, err = d.render(e)
		return err
	}))
	return s, done, err
}

func (d *defined) String() string {
	s, _, _ := d.text()
	return s
}

// renderer is a node made of a function.
type renderer func(*env) error

func (r renderer) render(e *env) error { return r(e) }
