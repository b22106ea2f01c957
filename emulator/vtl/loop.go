package vtl

import "strings"

// loop is $foreach within a loop: a map of its own with the properties of the
// loop.
type loop struct {
	index    int
	hasNext  bool
	parent   *loop
	replaced Value // what $foreach was before, if no loop
	storage  Map
}

func newLoop(outer Value) *loop {
	l := &loop{index: -1}
	if parent, ok := outer.(*loop); ok {
		l.parent = parent
	} else {
		l.replaced = outer
	}
	return l
}

func (l *loop) String() string { return Text(&l.storage) }

// Property asks the loop, then the map.
func (l *loop) Property(name string) (Value, bool) {
	switch lowerFirst(name) {
	case "index":
		return Int(l.index), true
	case "count":
		return Int(l.index + 1), true
	case "hasNext":
		return l.hasNext, true
	case "first":
		return l.index < 1, true
	case "last":
		return !l.hasNext, true
	case "parent":
		if l.parent == nil {
			return nil, true
		}
		return l.parent, true
	case "topmost":
		top := l
		for top.parent != nil {
			top = top.parent
		}
		return top, true
	case "replaced":
		top := l
		for top.replaced == nil && top.parent != nil {
			top = top.parent
		}
		return top.replaced, true
	}
	return l.lookup(name), true
}

func (l *loop) lookup(key Value) Value {
	for ; l != nil; l = l.parent {
		if v, ok := l.storage.Lookup(key); ok {
			return v
		}
	}
	return nil
}

// Method gives the getters and the methods of a map.
func (l *loop) Method(name string, args []Value) (Value, bool, error) {
	if name == "get" && len(args) == 1 {
		return l.lookup(args[0]), true, nil
	}
	if len(args) == 0 {
		switch name {
		case "hasNext":
			return l.hasNext, true, nil
		case "getIndex", "getCount", "getHasNext", "getFirst", "getLast", "getParent", "getTopmost", "getReplaced",
			"isFirst", "isLast":
			v, _ := l.Property(strings.TrimPrefix(strings.TrimPrefix(name, "get"), "is"))
			return v, true, nil
		}
	}
	set := methodsNamed(name)
	if !set.has(&l.storage, args) {
		return nil, false, nil
	}
	v, err := set.invoke(&l.storage, name, args)
	return v, true, err
}
