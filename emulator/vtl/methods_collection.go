package vtl

import (
	"errors"
	"slices"
)

var errReadOnly = errors.New("this collection can't be changed that way")

// listMethods are the methods of Java's lists, arrays and sets. What only lists
// have is null on the others.
var listMethods = []method{
	on("size", "", func(l *List, _ []Value) (Value, error) { return Int(l.Len()), nil }),
	on("isEmpty", "", func(l *List, _ []Value) (Value, error) { return l.Len() == 0, nil }),
	on("get", "i", indexed(func(l *List, a []Value) (Value, error) {
		i, err := l.position(a[0])
		if err != nil {
			return nil, err
		}
		return l.items[i], nil
	})),
	on("set", "io", indexed(func(l *List, a []Value) (Value, error) {
		i, err := l.position(a[0])
		if err != nil {
			return nil, err
		}
		old := l.items[i]
		if l.Kind == Array && a[1] != nil && className(a[1]) != "java.lang.String" {
			return nil, errors.New("an array of texts can't hold a " + className(a[1]))
		}
		l.items[i] = a[1]
		return old, nil
	})),
	on("add", "o", func(l *List, a []Value) (Value, error) {
		if !l.Kind.arrayList() {
			return nil, errReadOnly
		}
		l.Add(a[0])
		return true, nil
	}),
	on("add", "io", indexed(func(l *List, a []Value) (Value, error) { return l.insert(a[0].(int32), []Value{a[1]}, "") })),
	on("addAll", "k", func(l *List, a []Value) (Value, error) {
		return l.insert(int32(l.Len()), a[0].(*List).items, a[0].(*List).Len() > 0)
	}),
	on("addAll", "ik", indexed(func(l *List, a []Value) (Value, error) {
		return l.insert(a[0].(int32), a[1].(*List).items, a[1].(*List).Len() > 0)
	})),
	on("appendElement", "o", func(l *List, a []Value) (Value, error) {
		if l.Kind != JSONArray {
			return nil, nil
		}
		l.Add(a[0])
		return l, nil
	}),
	on("toJSONString", "", func(l *List, _ []Value) (Value, error) {
		if l.Kind != JSONArray {
			return nil, nil
		}
		return Text(l), nil
	}),
	on("remove", "i", func(l *List, a []Value) (Value, error) {
		if l.Kind.set() || l.Kind == Collection {
			return l.removeValue(a[0]), nil
		}
		i, err := l.position(a[0])
		if err != nil {
			return nil, err
		}
		if l.Kind == Array {
			return nil, errReadOnly
		}
		return l.removeAt(i), nil
	}),
	on("remove", "o", func(l *List, a []Value) (Value, error) {
		if l.Kind == Array && l.Contains(a[0]) {
			return nil, errReadOnly
		}
		return l.removeValue(a[0]), nil
	}),
	on("removeAll", "k", func(l *List, a []Value) (Value, error) { return l.filter(a[0].(*List), false) }),
	on("retainAll", "k", func(l *List, a []Value) (Value, error) { return l.filter(a[0].(*List), true) }),
	on("clear", "", func(l *List, _ []Value) (Value, error) {
		if l.Kind == Array && l.Len() > 0 {
			return nil, errReadOnly
		}
		for l.Len() > 0 {
			l.removeAt(l.Len() - 1)
		}
		return "", nil
	}),
	on("contains", "o", func(l *List, a []Value) (Value, error) { return l.Contains(a[0]), nil }),
	on("containsAll", "k", func(l *List, a []Value) (Value, error) {
		for _, v := range a[0].(*List).items {
			if !l.Contains(v) {
				return false, nil
			}
		}
		return true, nil
	}),
	on("indexOf", "o", indexed(func(l *List, a []Value) (Value, error) { return Int(l.indexOf(a[0])), nil })),
	on("lastIndexOf", "o", indexed(func(l *List, a []Value) (Value, error) {
		for i := l.Len() - 1; i >= 0; i-- {
			if Equal(l.items[i], a[0]) {
				return Int(i), nil
			}
		}
		return int32(-1), nil
	})),
	on("subList", "ii", indexed(func(l *List, a []Value) (Value, error) {
		from, to := int(a[0].(int32)), int(a[1].(int32))
		if from < 0 || to > l.Len() || from > to {
			return nil, outOfRange(to, l.Len())
		}
		return NewList(ArrayList, l.items[from:to:to]), nil
	})),
	on("toArray", "", func(l *List, _ []Value) (Value, error) {
		return NewList(Array, append([]Value(nil), l.items...)), nil
	}),
	on("sort", "z", indexed(func(l *List, _ []Value) (Value, error) {
		sorted, err := inOrder(l.items)
		if err != nil {
			return nil, err
		}
		l.items = sorted
		l.changes++
		return "", nil
	})),
	on("stream", "", func(l *List, _ []Value) (Value, error) { return &stream{items: slices.Clone(l.items)}, nil }),
	on("clone", "", func(l *List, _ []Value) (Value, error) {
		if !l.Kind.arrayList() {
			return nil, nil
		}
		return NewList(l.Kind, slices.Clone(l.items)), nil
	}),
	on("iterator", "", func(l *List, _ []Value) (Value, error) { return l.iterator(), nil }),
	on("listIterator", "", indexed(func(l *List, _ []Value) (Value, error) { return l.iterator(), nil })),
}

// indexed limits a method to lists and arrays.
func indexed(call func(*List, []Value) (Value, error)) func(*List, []Value) (Value, error) {
	return func(l *List, a []Value) (Value, error) {
		if !l.Kind.indexed() {
			return nil, nil
		}
		return call(l, a)
	}
}

func (l *List) position(v Value) (int, error) {
	i := int(v.(int32))
	if i < 0 || i >= l.Len() {
		return 0, outOfRange(i, l.Len())
	}
	return i, nil
}

func (l *List) insert(at int32, items []Value, result Value) (Value, error) {
	if !l.Kind.arrayList() {
		return nil, errReadOnly
	}
	i := int(at)
	if i < 0 || i > l.Len() {
		return nil, outOfRange(i, l.Len())
	}
	if l.Len()+len(items) > MaxRounds {
		return nil, errTooLong
	}
	grown := make([]Value, 0, l.Len()+len(items))
	grown = append(append(append(grown, l.items[:i]...), items...), l.items[i:]...)
	l.items = grown
	l.changes++
	return result, nil
}

func (l *List) removeValue(v Value) Value {
	i := l.indexOf(v)
	if i < 0 {
		return false
	}
	l.removeAt(i)
	return true
}

// filter keeps what is in o, or what is not.
func (l *List) filter(o *List, keep bool) (Value, error) {
	changed := false
	for i := l.Len() - 1; i >= 0; i-- {
		if o.Contains(l.items[i]) != keep {
			if l.Kind == Array {
				return nil, errReadOnly
			}
			l.removeAt(i)
			changed = true
		}
	}
	return changed, nil
}

// mapMethods are the methods of java.util.LinkedHashMap.
var mapMethods = []method{
	on("get", "o", func(m *Map, a []Value) (Value, error) {
		v, _ := m.Lookup(a[0])
		return v, nil
	}),
	on("getOrDefault", "oo", func(m *Map, a []Value) (Value, error) {
		if v, ok := m.Lookup(a[0]); ok {
			return v, nil
		}
		return a[1], nil
	}),
	on("put", "oo", func(m *Map, a []Value) (Value, error) { return m.Put(a[0], a[1]), nil }),
	on("putIfAbsent", "oo", func(m *Map, a []Value) (Value, error) {
		if v, _ := m.Lookup(a[0]); v != nil {
			return v, nil
		}
		return m.Put(a[0], a[1]), nil
	}),
	on("putAll", "m", func(m *Map, a []Value) (Value, error) {
		for _, e := range a[0].(*Map).Clone().Entries() {
			m.Put(e.Key, e.Value)
		}
		return "", nil
	}),
	on("replace", "oo", func(m *Map, a []Value) (Value, error) {
		if _, ok := m.Lookup(a[0]); !ok {
			return nil, nil
		}
		return m.Put(a[0], a[1]), nil
	}),
	on("replace", "ooo", func(m *Map, a []Value) (Value, error) {
		v, ok := m.Lookup(a[0])
		if ok = ok && Equal(v, a[1]); ok {
			m.Put(a[0], a[2])
		}
		return ok, nil
	}),
	on("remove", "o", func(m *Map, a []Value) (Value, error) { return m.Delete(a[0]), nil }),
	on("remove", "oo", func(m *Map, a []Value) (Value, error) {
		v, ok := m.Lookup(a[0])
		if ok = ok && Equal(v, a[1]); ok {
			m.Delete(a[0])
		}
		return ok, nil
	}),
	on("clear", "", func(m *Map, _ []Value) (Value, error) {
		m.Clear()
		return "", nil
	}),
	on("clone", "", func(m *Map, _ []Value) (Value, error) { return m.Clone(), nil }),
	on("size", "", func(m *Map, _ []Value) (Value, error) { return Int(m.Len()), nil }),
	on("isEmpty", "", func(m *Map, _ []Value) (Value, error) { return m.Len() == 0, nil }),
	on("containsKey", "o", func(m *Map, a []Value) (Value, error) {
		_, ok := m.Lookup(a[0])
		return ok, nil
	}),
	on("containsValue", "o", func(m *Map, a []Value) (Value, error) { return m.view(Collection).Contains(a[0]), nil }),
	on("keySet", "", func(m *Map, _ []Value) (Value, error) { return m.view(KeySet), nil }),
	on("values", "", func(m *Map, _ []Value) (Value, error) { return m.view(Collection), nil }),
	on("entrySet", "", func(m *Map, _ []Value) (Value, error) { return m.view(EntrySet), nil }),
}

// entryMethods are the methods of java.util.Map.Entry.
var entryMethods = []method{
	on("getKey", "", func(e *Entry, _ []Value) (Value, error) { return e.Key, nil }),
	on("getValue", "", func(e *Entry, _ []Value) (Value, error) { return e.Value, nil }),
	on("setValue", "o", func(e *Entry, a []Value) (Value, error) {
		old := e.Value
		e.Value = a[0]
		return old, nil
	}),
}

// iteratorMethods are the methods of java.util.Iterator.
var iteratorMethods = []method{
	on("hasNext", "", func(it *iterator, _ []Value) (Value, error) { return it.hasNext(), nil }),
	on("next", "", func(it *iterator, _ []Value) (Value, error) { return it.step() }),
}
