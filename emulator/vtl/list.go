package vtl

import "errors"

// ListKind is which of Java's collections a List is: what it prints as and
// which methods it has.
type ListKind uint8

// The kinds of List.
const (
	ArrayList  ListKind = iota // literals and ranges
	JSONArray                  // arrays of a JSON body: prints as JSON (rule 77)
	Array                      // String[] of split
	KeySet                     // Map.keySet
	EntrySet                   // Map.entrySet
	Collection                 // Map.values
)

func (k ListKind) className() string {
	return [...]string{
		"java.util.ArrayList", "net.minidev.json.JSONArray", "[Ljava.lang.String;",
		"java.util.LinkedHashMap$LinkedKeySet", "java.util.LinkedHashMap$LinkedEntrySet",
		"java.util.LinkedHashMap$LinkedValues",
	}[k]
}

func (k ListKind) set() bool       { return k == KeySet || k == EntrySet }
func (k ListKind) arrayList() bool { return k == ArrayList || k == JSONArray }

// indexed kinds are lists: they have get and set.
func (k ListKind) indexed() bool { return k.arrayList() || k == Array }

// List is a Java collection or array. The zero value is an empty ArrayList.
type List struct {
	Kind    ListKind
	items   []Value
	changes int  // structural changes, which a running #foreach refuses
	of      *Map // what a KeySet, EntrySet or Collection shows
}

// NewList returns a list that holds items; it keeps the slice.
func NewList(kind ListKind, items []Value) *List { return &List{Kind: kind, items: items} }

// Items are the elements. The caller must not change the slice.
func (l *List) Items() []Value { return l.items }

// Len is the number of elements.
func (l *List) Len() int { return len(l.items) }

// Add appends v.
func (l *List) Add(v Value) {
	l.items = append(l.items, v)
	l.changes++
}

// Contains says whether an element equals v.
func (l *List) Contains(v Value) bool { return l.indexOf(v) >= 0 }

func (l *List) indexOf(v Value) int {
	for i, e := range l.items {
		if Equal(e, v) {
			return i
		}
	}
	return -1
}

func (l *List) removeAt(i int) Value {
	v := l.items[i]
	l.items = append(l.items[:i:i], l.items[i+1:]...)
	l.changes++
	if l.of != nil {
		l.removeFromMap(v)
	}
	return v
}

// removeFromMap takes out of the map what was removed from its view.
func (l *List) removeFromMap(v Value) {
	switch l.Kind {
	case KeySet:
		l.of.Delete(v)
	case EntrySet:
		l.of.Delete(v.(*Entry).Key)
	case Collection:
		for _, e := range l.of.Entries() {
			if Equal(e.Value, v) {
				l.of.Delete(e.Key)
				return
			}
		}
	}
}

// view is the keys, entries or values of m.
func (m *Map) view(kind ListKind) *List {
	items := make([]Value, m.Len())
	for i, e := range m.Entries() {
		switch kind {
		case KeySet:
			items[i] = e.Key
		case EntrySet:
			items[i] = e
		default:
			items[i] = e.Value
		}
	}
	return &List{Kind: kind, items: items, of: m}
}

// Keys is Map.keySet.
func (m *Map) Keys() *List { return m.view(KeySet) }

// errChanged is Java's ConcurrentModificationException.
var errChanged = errors.New("the collection was changed while it is walked through")

// iterator walks through a List; it is a Java Iterator too.
type iterator struct {
	list       *List
	next       int
	changes    int
	mapChanges int32
}

func (l *List) iterator() *iterator {
	it := &iterator{list: l, changes: l.changes}
	if l.of != nil {
		it.mapChanges = l.of.changes
	}
	return it
}

func (it *iterator) hasNext() bool { return it.next != len(it.list.items) }

func (it *iterator) step() (Value, error) {
	l := it.list
	if l.changes != it.changes || l.of != nil && l.of.changes != it.mapChanges {
		return nil, errChanged
	}
	if it.next >= len(l.items) {
		return nil, errors.New("no next element")
	}
	it.next++
	return l.items[it.next-1], nil
}
