package vtl

import (
	"errors"
	"sync"
)

// node is a part of a template that renders itself.
type node interface{ render(*env) error }

// env is where a node is rendered: in which rendering, and with which
// variables in sight.
type env struct {
	*run
	scope scope
}

// run is one rendering of a template.
type run struct {
	unit   *unit
	root   variables
	out    []byte
	args   []Value      // stack of the arguments of running method calls
	frames []*callFrame // of macro calls, by depth
	depth  int          // of macro calls
	rounds int          // of all loops
	budget

	// kept says that a #define holds an env, and with it all of this.
	kept bool

	observer *observer // nil unless somebody looks
}

var (
	errTooLong = errors.New("the result is longer than 10 MB")
	runs       = sync.Pool{New: func() any { return new(run) }}
)

func newRun(u *unit, vars Variables) *run {
	r := runs.Get().(*run)
	r.unit, r.root.host = u, vars
	r.root.grow(u)
	return r
}

// release gives the memory back, unless a #define that outlives the rendering
// (in a map of the host) may hold it.
func (r *run) release() {
	if r.kept || cap(r.out) > 1<<20 {
		r.out = nil
		return
	}
	for _, f := range r.frames {
		f.clear()
	}
	clear(r.root.values)
	clear(r.args[:cap(r.args)])
	*r = run{root: variables{values: r.root.values[:0]}, out: r.out[:0], args: r.args[:0], frames: r.frames}
	runs.Put(r)
}

func (r *run) located(err error) error { return r.unit.located(err) }

func (r *run) write(s string) error {
	r.out = append(r.out, s...)
	return r.checkLength()
}

func (r *run) checkLength() error {
	if len(r.out) > MaxOutput {
		return errTooLong
	}
	return nil
}

// capture renders n aside and returns the text.
func (e *env) capture(n node) (string, error) {
	start := len(e.out)
	e.observer.renders(+1)
	err := n.render(e)
	e.observer.renders(-1)
	s := string(e.out[start:])
	e.out = e.out[:start]
	if err == nil {
		err = e.make(len(s))
	}
	return s, err
}

type block []statement

// statement is a node and the lines that it begins and, if it is text, ends on.
type statement struct {
	node
	first, last int
	places      []textPlace // of text
}

// text is what the block always renders, if it is text only.
func (b block) text() (string, bool) {
	if len(b) != 1 {
		return "", len(b) == 0
	}
	only, isText := b[0].node.(verbatim)
	return string(only), isText
}

func (b block) render(e *env) error {
	for i := range b {
		if e.observer != nil {
			e.observer.reached(b[i].first, b[i].last)
		}
		if err := e.spend(0); err != nil {
			return err
		}
		start := len(e.out)
		if err := b[i].render(e); err != nil {
			return err
		}
		if e.observer != nil {
			e.observer.wrote(&b[i], e.out, start)
		}
	}
	return nil
}

// verbatim is what stands for itself.
type verbatim string

func (t verbatim) render(e *env) error { return e.write(string(t)) }

// nothing renders nothing.
type nothing struct{}

func (nothing) render(*env) error { return nil }

type ifStatement struct {
	branches  []branch
	otherwise branch // its condition always holds
}

type branch struct {
	line      int
	number    int // in the unit's branches
	condition expr
	body      block
}

func (s *ifStatement) render(e *env) error {
	for i := range s.branches {
		b := &s.branches[i]
		if e.observer != nil {
			e.observer.reached(b.line, b.line)
		}
		ok, err := b.condition.test(e)
		if err != nil {
			return err
		}
		if ok {
			e.took(b.number)
			return b.body.render(e)
		}
	}
	e.took(s.otherwise.number)
	return s.otherwise.body.render(e)
}

// set is #set. Null leaves the variable as it is.
type set struct {
	at    position
	left  *reference
	slot  int // of a plain variable
	right expr
}

func (s *set) render(e *env) error {
	v, err := s.right.value(e)
	if e.observer != nil && err == nil {
		e.observer.set(s.left, v)
	}
	if err != nil || v == nil {
		return at(s.at, err)
	}
	if len(s.left.steps) == 0 {
		e.scope.put(s.slot, v)
		return nil
	}
	return s.left.assign(e, v)
}
