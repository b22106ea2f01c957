package vtl

import (
	"errors"
	"slices"
)

// stream is what stream(), lines(), chars() and codePoints() give. A template
// has no functions to pass to it, so only what needs none is here. Like Java's
// it can be used once.
type stream struct {
	items []Value
	ints  bool // an IntStream
	used  bool
}

// streamMethods are the methods of java.util.stream.Stream and IntStream.
var streamMethods = []method{
	onStream("count", "", func(s *stream, _ []Value) (Value, error) { return int64(len(s.items)), nil }),
	onStream("toArray", "", func(s *stream, _ []Value) (Value, error) { return NewList(Array, s.items), nil }),
	onStream("iterator", "", func(s *stream, _ []Value) (Value, error) { return NewList(ArrayList, s.items).iterator(), nil }),
	onStream("limit", "l", func(s *stream, a []Value) (Value, error) {
		n := toLong(a[0])
		if n < 0 {
			return nil, outOfRange(int(n), len(s.items))
		}
		return s.with(s.items[:min(n, int64(len(s.items)))]), nil
	}),
	onStream("skip", "l", func(s *stream, a []Value) (Value, error) {
		n := toLong(a[0])
		if n < 0 {
			return nil, outOfRange(int(n), len(s.items))
		}
		return s.with(s.items[min(n, int64(len(s.items))):]), nil
	}),
	onStream("distinct", "", func(s *stream, _ []Value) (Value, error) {
		all := &Map{}
		for _, v := range s.items {
			all.Put(v, nil)
		}
		return s.with(all.Keys().items), nil
	}),
	onStream("sorted", "", func(s *stream, _ []Value) (Value, error) {
		sorted, err := inOrder(s.items)
		return s.with(sorted), err
	}),
	onStream("sum", "", func(s *stream, _ []Value) (Value, error) {
		if !s.ints {
			return nil, nil
		}
		var sum int32
		for _, v := range s.items {
			sum += toInt(v)
		}
		return sum, nil
	}),
}

// onStream makes a method that uses the stream up.
func onStream(name, params string, call func(s *stream, a []Value) (Value, error)) method {
	return on(name, params, func(s *stream, a []Value) (Value, error) {
		if s.used {
			return nil, errors.New("the stream has been used already")
		}
		s.used = true
		return call(s, a)
	})
}

func (s *stream) with(items []Value) *stream { return &stream{items: items, ints: s.ints} }

// inOrder is a sorted copy.
func inOrder(items []Value) (sorted []Value, err error) {
	sorted = slices.Clone(items)
	slices.SortStableFunc(sorted, func(a, b Value) int {
		order, cannot := natural(a, b)
		if cannot != nil {
			err = cannot
		}
		return order
	})
	return sorted, err
}

// natural is the order of Comparable.compareTo.
func natural(a, b Value) (int, error) {
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return int(toInt(compareText(x, y))), nil
		}
	}
	if order, ok := compare(a, b); ok && sameClass(a, b) {
		return order, nil
	}
	_, err := incomparable(a, []Value{b})
	return 0, err
}
