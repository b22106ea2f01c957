package vtl

// expr is a part of a template that has a value. test is whether a condition
// with it holds: literals never do.
type expr interface {
	value(*env) (Value, error)
	test(*env) (bool, error)
}

type constant struct{ v Value }

func (c constant) value(*env) (Value, error) { return c.v, nil }
func (c constant) test(*env) (bool, error)   { return false, nil }

type boolean bool

func (b boolean) value(*env) (Value, error) { return bool(b), nil }
func (b boolean) test(*env) (bool, error)   { return bool(b), nil }

// interpolation is a text in double quotes with references or directives.
type interpolation struct {
	at     position
	block  node // a block, as capture takes it
	padded bool // parsed with a blank behind, which is no part of the text
}

func (i *interpolation) value(e *env) (Value, error) {
	s, err := e.capture(i.block)
	if err != nil {
		return nil, err
	}
	return i.unpadded(s), nil
}

func (i *interpolation) unpadded(s string) string {
	if i.padded && s != "" {
		s = s[:len(s)-1]
	}
	return s
}

func (i *interpolation) test(*env) (bool, error) { return false, nil }

type listLiteral []expr

func (l listLiteral) value(e *env) (Value, error) {
	items := make([]Value, len(l))
	for i, x := range l {
		v, err := x.value(e)
		if err != nil {
			return nil, err
		}
		items[i] = v
	}
	if err := e.make(itemSize * len(items)); err != nil {
		return nil, err
	}
	return NewList(ArrayList, items), nil
}

func (l listLiteral) test(*env) (bool, error) { return false, nil }

type mapLiteral [][2]expr

func (m mapLiteral) value(e *env) (Value, error) {
	result := NewMap(len(m))
	for _, pair := range m {
		k, err := pair[0].value(e)
		if err != nil {
			return nil, err
		}
		v, err := pair[1].value(e)
		if err != nil {
			return nil, err
		}
		result.Put(k, v)
	}
	if err := e.make(itemSize * len(m)); err != nil {
		return nil, err
	}
	return result, nil
}

func (m mapLiteral) test(*env) (bool, error) { return false, nil }

// rangeLiteral is [from..to], upwards or downwards.
type rangeLiteral struct {
	at       position
	from, to expr
}

func (r *rangeLiteral) value(e *env) (Value, error) {
	from, err := r.from.value(e)
	if err != nil {
		return nil, err
	}
	to, err := r.to.value(e)
	if err != nil || !isNumber(from) || !isNumber(to) {
		return nil, err
	}
	first, last, step := int(toInt(from)), int(toInt(to)), 1
	if first >= last {
		step = -1
	}
	n := (last-first)*step + 1
	if n > MaxRounds {
		return nil, &failure{r.at, "the range has more than 1000000 elements", ""}
	}
	if err := e.make(itemSize * n); err != nil {
		return nil, at(r.at, err)
	}
	items := make([]Value, n)
	for i := range items {
		items[i] = Int(first + i*step)
	}
	return NewList(ArrayList, items), nil
}

func (r *rangeLiteral) test(*env) (bool, error) { return false, nil }

type not struct{ x expr }

func (n *not) value(e *env) (Value, error) { return boxed(n.test(e)) }
func (n *not) test(e *env) (bool, error) {
	ok, err := n.x.test(e)
	return !ok, err
}

type both struct{ left, right expr }

func (b *both) value(e *env) (Value, error) { return boxed(b.test(e)) }
func (b *both) test(e *env) (bool, error) {
	if ok, err := b.left.test(e); err != nil || !ok {
		return false, err
	}
	return b.right.test(e)
}

type either struct{ left, right expr }

func (o *either) value(e *env) (Value, error) { return boxed(o.test(e)) }
func (o *either) test(e *env) (bool, error) {
	if ok, err := o.left.test(e); err != nil || ok {
		return ok, err
	}
	return o.right.test(e)
}

func boxed(b bool, err error) (Value, error) {
	if err != nil {
		return nil, err
	}
	return b, nil
}

func values(e *env, left, right expr) (a, b Value, err error) {
	if a, err = left.value(e); err == nil {
		b, err = right.value(e)
	}
	return a, b, err
}

// equality is == and !=. Null equals "" (rule 79); values of unlike classes
// are compared as texts.
type equality struct {
	left, right expr
	unequal     bool
}

func (q *equality) value(e *env) (Value, error) { return boxed(q.test(e)) }
func (q *equality) test(e *env) (bool, error) {
	a, b, err := values(e, q.left, q.right)
	if err != nil {
		return false, err
	}
	same, err := e.same(a, b)
	return same != q.unequal, err
}

func (e *env) same(a, b Value) (bool, error) {
	if s, ok := a.(string); ok {
		if t, ok := b.(string); ok {
			return s == t, nil
		}
	}
	if a == nil || b == nil {
		return (a == nil || a == "") && (b == nil || b == ""), nil
	}
	if order, ok := compare(a, b); ok {
		return order == 0, nil
	}
	if sameClass(a, b) {
		return Equal(a, b), nil
	}
	s, err := e.text(a)
	if err != nil {
		return false, err
	}
	t, err := e.text(b)
	return s == t, err
}

// text is toString, which renders a #define.
func (e *env) text(v Value) (string, error) {
	if d, ok := v.(*defined); ok {
		s, _, err := d.text()
		return s, err
	}
	return Text(v), nil
}

// relation is < > <= >=, which need two numbers.
type relation struct {
	left, right expr
	holds       func(order int) bool
}

func (r *relation) value(e *env) (Value, error) { return boxed(r.test(e)) }
func (r *relation) test(e *env) (bool, error) {
	a, b, err := values(e, r.left, r.right)
	if err != nil {
		return false, err
	}
	order, ok := compare(a, b)
	return ok && r.holds(order), nil
}

// arithmetic is + - * / %; + also joins when one side is a text.
type arithmetic struct {
	at                  position
	op                  byte
	left, right         expr
	leftText, rightText string // what null is joined as
}

func (m *arithmetic) test(*env) (bool, error) { return false, nil }
func (m *arithmetic) value(e *env) (Value, error) {
	a, b, err := values(e, m.left, m.right)
	if err != nil {
		return nil, err
	}
	if m.op == '+' {
		_, textLeft := a.(string)
		_, textRight := b.(string)
		if textLeft || textRight {
			return m.join(e, a, b)
		}
	}
	v, err := compute(m.op, a, b)
	if err != nil {
		return nil, at(m.at, err)
	}
	return v, nil
}

func (m *arithmetic) join(e *env, a, b Value) (Value, error) {
	if a == nil {
		a = m.leftText
	} else if b == nil {
		b = m.rightText
	}
	s, err := e.text(a)
	if err != nil {
		return nil, err
	}
	t, err := e.text(b)
	if err != nil {
		return nil, err
	}
	if len(s)+len(t) > MaxOutput {
		return nil, at(m.at, errTooLong)
	}
	if err := e.make(len(s) + len(t)); err != nil {
		return nil, at(m.at, err)
	}
	return joinHalves(s + t), nil
}
