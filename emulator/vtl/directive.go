package vtl

import "errors"

// directive is a directive that the grammar doesn't know: how it is built, and
// whether a body and #end follow.
type directive struct {
	block bool
	build func(*unit, *invocation) (node, error)
}

// directives are those of Velocity 1.7, by name.
var directives map[string]*directive

func init() {
	directives = map[string]*directive{
		"foreach":  {true, buildForeach},
		"macro":    {true, buildMacro},
		"define":   {true, buildDefine},
		"literal":  {true, buildLiteral},
		"break":    {false, buildBreak},
		"stop":     {false, buildStop},
		"evaluate": {false, buildEvaluate},
		"include":  {false, buildInclude},
		"parse":    {false, buildInclude},
	}
}

// always fails whenever it is rendered.
type always struct{ failure }

func (a *always) render(*env) error { return &a.failure }

func buildForeach(u *unit, d *invocation) (node, error) {
	if d.bare {
		return nil, errors.New("#foreach has no arguments; write #foreach($item in $list)")
	}
	if len(d.args) < 2 {
		return &always{failure{d.at, "#foreach needs a variable and a list", "write #foreach($item in $list)"}}, nil
	}
	name := d.args[0].variable()
	if r, ok := d.args[0].expr.(*reference); ok {
		name = r.name
	}
	f := &foreach{
		at: d.at, unit: u, body: d.body,
		element: u.slot(name), scope: u.slot("foreach"),
	}
	counted := u.counted // only a reference to these two makes them count
	f.count, f.hasNext = u.slot("velocityCount"), u.slot("velocityHasNext")
	u.counted = counted
	if len(d.args) == 2 { // "in" was left out: Velocity takes the body for the list
		return nothing{}, nil
	}
	f.list = d.args[2].expr
	f.entered, f.empty = u.branch(d.at, "#foreach"), noBranch
	if !hasElements(f.list) {
		f.empty = u.branch(d.at, "#foreach without elements")
	}
	if len(d.args) > 3 { // and here an argument for the body
		f.body = nil
		if r, ok := d.args[3].expr.(*reference); ok {
			f.body = block{{node: r}}
		}
	}
	return f, nil
}

// hasElements says whether a list has elements whatever the values are.
func hasElements(list expr) bool {
	switch list := list.(type) {
	case listLiteral:
		return len(list) > 0
	case *rangeLiteral:
		_, from := list.from.(constant)
		_, to := list.to.(constant)
		return from && to
	}
	return false
}

type foreach struct {
	at             position
	entered, empty int // numbers of its branches
	unit           *unit
	element, scope int
	count, hasNext int // $velocityCount, $velocityHasNext
	list           expr
	body           block
}

func (f *foreach) render(e *env) error {
	v, err := f.list.value(e)
	if err != nil {
		return err
	}
	it := iterate(v)
	if it == nil {
		e.took(f.empty)
		return nil
	}
	if it.hasNext() {
		e.took(f.entered)
	} else {
		e.took(f.empty)
	}
	before := [3]Value{}
	for i, slot := range [3]int{f.element, f.count, f.hasNext} {
		if before[i], err = e.scope.get(slot); err != nil {
			return err
		}
	}
	outer, err := e.scope.get(f.scope)
	if err != nil {
		return err
	}
	l := newLoop(outer)
	e.scope.put(f.scope, l)
	for n := 0; n < MaxForeach && it.hasNext(); n++ {
		if err = f.round(e, l, it); err != nil {
			if stops(err, l) {
				break
			}
			if _, ok := err.(*stop); !ok {
				return at(f.at, err)
			}
			f.clean(e, before)
			return err
		}
	}
	f.clean(e, before)
	return nil
}

func (f *foreach) round(e *env, l *loop, it *iterator) error {
	if e.rounds++; e.rounds > MaxRounds {
		return errors.New("the loops went round more than 1000000 times")
	}
	v, err := it.step()
	if err != nil {
		return err
	}
	l.index++
	l.hasNext = it.hasNext()
	if f.unit.counted {
		e.scope.put(f.count, Int(l.index+1))
		e.scope.put(f.hasNext, l.hasNext)
	}
	e.scope.put(f.element, v)
	if v == nil {
		return f.body.render(&env{e.run, nullScope{e.scope, f.element}})
	}
	return f.body.render(e)
}

// clean gives the variables of the loop back what they were before.
func (f *foreach) clean(e *env, before [3]Value) {
	for i, slot := range [3]int{f.element, f.count, f.hasNext} {
		restore(e.scope, slot, before[i])
	}
	v, _ := e.scope.get(f.scope)
	l, ok := v.(*loop)
	switch {
	case !ok:
	case l.parent != nil:
		e.scope.put(f.scope, l.parent)
	default:
		restore(e.scope, f.scope, l.replaced)
	}
}

func restore(s scope, slot int, v Value) {
	if v == nil {
		s.remove(slot)
	} else {
		s.put(slot, v)
	}
}

// iterate is the iterator of a value; nil when it can't be walked through.
func iterate(v Value) *iterator {
	switch v := v.(type) {
	case *List:
		return v.iterator()
	case *Map:
		return v.view(Collection).iterator()
	case *iterator:
		return v
	case *loop:
		return v.storage.view(Collection).iterator()
	}
	return nil
}

func buildBreak(_ *unit, d *invocation) (node, error) {
	if len(d.args) > 1 {
		return nil, errors.New("#break takes one scope at most")
	}
	if len(d.args) == 0 {
		return &breakDirective{at: d.at}, nil
	}
	return &breakDirective{d.at, d.args[0].expr}, nil
}

type breakDirective struct {
	at    position
	scope expr
}

func (b *breakDirective) render(e *env) error {
	if b.scope == nil {
		return &stop{nearest: true}
	}
	v, err := b.scope.value(e)
	if err != nil {
		return err
	}
	if l, ok := v.(*loop); ok {
		return &stop{loop: l}
	}
	return &failure{b.at, "#break needs a loop", "write #break or #break($foreach)"}
}

func buildStop(_ *unit, d *invocation) (node, error) {
	if len(d.args) > 1 {
		return nil, errors.New("#stop takes one message at most")
	}
	return stopDirective{}, nil
}

type stopDirective struct{}

func (stopDirective) render(*env) error { return &stop{} }

func buildLiteral(_ *unit, d *invocation) (node, error) {
	switch {
	case d.bare:
		return nil, errors.New("#literal has no parentheses; write #literal() … #end")
	case len(d.args) > 0:
		return verbatim(d.args[0].literal()), nil
	case len(d.body) == 0 && d.inner.last.next == d.inner.first:
		return nil, errors.New("#literal has no content")
	}
	return verbatim(d.inner.literal()), nil
}

func buildEvaluate(u *unit, d *invocation) (node, error) {
	if len(d.args) != 1 {
		return nil, errors.New("#evaluate takes one argument")
	}
	switch x := d.args[0].expr.(type) {
	case *reference, *interpolation:
	case constant:
		if _, ok := x.v.(string); !ok {
			return nil, errors.New("#evaluate takes a text or a reference")
		}
	default:
		return nil, errors.New("#evaluate takes a text or a reference")
	}
	u.counted = true // what it evaluates may ask for them
	return &evaluate{d.at, d.args[0].expr}, nil
}

type evaluate struct {
	at   position
	text expr
}

func (v *evaluate) render(e *env) error {
	x, err := v.text.value(e)
	if err != nil || x == nil {
		return err
	}
	s, err := e.text(x)
	if err != nil {
		return err
	}
	if e.depth++; e.depth > MaxMacroDepth {
		return &failure{v.at, "#evaluate and macros are nested more than 20 deep", ""}
	}
	defer func() { e.depth-- }()
	u := e.unit.extend()
	b, err := parse(u, s, v.at, 0)
	if err != nil {
		var problem *Error
		errors.As(err, &problem)
		return &failure{v.at, "#evaluate: " + problem.Message, problem.Hint}
	}
	e.run.unit = u
	e.root.grow(u)
	err = b.render(e)
	if err != nil && stops(err, nil) {
		return nil
	}
	return at(v.at, err)
}

func buildInclude(_ *unit, d *invocation) (node, error) {
	if len(d.args) == 0 && d.name == "include" {
		return nothing{}, nil
	}
	return &always{failure{d.at, "#" + d.name + " is not available", "a mapping template can't read other files"}}, nil
}
