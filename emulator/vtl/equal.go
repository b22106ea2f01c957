package vtl

import (
	"math"
	"math/big"
)

// Collections may hold themselves. Java overflows its stack then; here what is
// too deep counts as unlike.
const (
	maxDepth  = 1000
	maxVisits = 1_000_000
)

// walk is one way through the values below a value.
type walk struct{ visits int }

// tooFar says whether the way has become too long.
func (w *walk) tooFar(depth int) bool {
	w.visits++
	return depth > maxDepth || w.visits > maxVisits
}

// Equal is Java's equals.
func Equal(a, b Value) bool { return new(walk).equal(a, b, 0) }

func (w *walk) equal(a, b Value, depth int) bool {
	switch a := a.(type) {
	case *big.Int:
		b, ok := b.(*big.Int)
		return ok && a.Cmp(b) == 0
	case *Decimal:
		b, ok := b.(*Decimal)
		return ok && a.scale == b.scale && a.unscaled.Cmp(b.unscaled) == 0
	case *List:
		b, ok := b.(*List)
		return ok && (a == b || w.equalLists(a, b, depth+1))
	case *Map:
		b, ok := b.(*Map)
		return ok && (a == b || w.equalMaps(a, b, depth+1))
	case *Entry:
		b, ok := b.(*Entry)
		return ok && w.equal(a.Key, b.Key, depth+1) && w.equal(a.Value, b.Value, depth+1)
	}
	return a == b
}

func (w *walk) equalMaps(m, o *Map, depth int) bool {
	if m.Len() != o.Len() || w.tooFar(depth) {
		return false
	}
	for _, e := range m.Entries() {
		v, ok := o.Lookup(e.Key)
		if !ok || !w.equal(e.Value, v, depth) {
			return false
		}
	}
	return true
}

// equalLists compares lists by position and sets by membership; arrays are
// only equal to themselves.
func (w *walk) equalLists(l, o *List, depth int) bool {
	set := l.Kind.set()
	if l.Kind == Array || o.Kind == Array || set != o.Kind.set() || len(l.items) != len(o.items) || w.tooFar(depth) {
		return false
	}
	for i, v := range l.items {
		if set {
			if !o.Contains(v) {
				return false
			}
		} else if !w.equal(v, o.items[i], depth) {
			return false
		}
	}
	return true
}

// Hash is Java's hashCode.
func Hash(v Value) int32 { return new(walk).hash(v, 0) }

func (w *walk) hash(v Value, depth int) int32 {
	fold := func(u uint64) int32 { return int32(u ^ u>>32) }
	if w.tooFar(depth) {
		return 0
	}
	switch v := v.(type) {
	case string:
		return HashCode(v)
	case bool:
		if v {
			return 1231
		}
		return 1237
	case int32:
		return v
	case int64:
		return fold(uint64(v))
	case Char:
		return int32(v)
	case float32:
		return int32(math.Float32bits(v))
	case float64:
		return fold(math.Float64bits(v))
	case *big.Int:
		return hashBits(v)
	case *Decimal:
		return 31*hashBits(v.unscaled) + int32(v.scale)
	case *Entry:
		return w.hash(v.Key, depth+1) ^ w.hash(v.Value, depth+1)
	case *Map:
		var h int32
		for _, e := range v.Entries() {
			h += w.hash(e, depth)
		}
		return h
	case *List:
		return w.hashList(v, depth)
	}
	return 0
}

func (w *walk) hashList(l *List, depth int) int32 {
	set := l.Kind.set()
	h := int32(1)
	if set {
		h = 0
	}
	for _, e := range l.items {
		if set {
			h += w.hash(e, depth+1)
		} else {
			h = 31*h + w.hash(e, depth+1)
		}
	}
	return h
}

// hashBits is BigInteger.hashCode.
func hashBits(n *big.Int) int32 {
	b := n.Bytes()
	var h, word uint32
	for i, c := range b {
		word = word<<8 | uint32(c)
		if (len(b)-1-i)%4 == 0 {
			h, word = 31*h+word, 0
		}
	}
	return int32(h) * int32(n.Sign())
}
