package vtl

// Map is Java's LinkedHashMap: keys keep the order of their first insertion.
// The zero value is an empty map.
type Map struct {
	entries []*Entry
	room    []Entry       // where the next entries are kept
	index   map[Value]int // by hashable key; nil while the map is small
	members Members       // what the entries are yet to be made of, else nil
	changes int32         // structural changes, which a running #foreach refuses

	// Quiet maps print as nothing, as the maps inside $context do (rule 88).
	Quiet bool
}

// Entry is one pair of a Map.
type Entry struct {
	Key   Value
	Value Value
}

// Members are what a map is made of when a template asks for it: most templates
// ask for a few members of $context, and the order of all is costly to find.
// Member must give the same value each time if the value can be changed.
type Members interface {
	Member(key string) (Value, bool)
	Entries() []Entry
}

// MapOfMembers returns a map whose members are made when they are asked for.
func MapOfMembers(m Members) *Map { return &Map{members: m} }

// fill makes the entries.
func (m *Map) fill() {
	made := MapOf(m.members.Entries())
	m.entries, m.index, m.members = made.entries, made.index, nil
}

// indexFrom is the size from which looking a key up in an index is cheaper
// than comparing with each.
const indexFrom = 25

// smallMap is a map and its first entries in one piece of memory.
type smallMap struct {
	Map
	first [4]Entry
	order [4]*Entry
}

// NewMap returns an empty map with room for n entries.
func NewMap(n int) *Map {
	if n == 0 {
		return &Map{}
	}
	if n > len(smallMap{}.first) {
		return &Map{entries: make([]*Entry, 0, n), room: make([]Entry, n)}
	}
	m := new(smallMap)
	m.entries, m.room = m.order[:0], m.first[:]
	return &m.Map
}

// MapOf returns a map of the entries, whose keys must differ; it keeps the slice.
func MapOf(entries []Entry) *Map {
	m := &Map{entries: make([]*Entry, len(entries))}
	for i := range entries {
		m.entries[i] = &entries[i]
	}
	if len(entries) >= indexFrom {
		m.reindex()
	}
	return m
}

// Len is the number of entries.
func (m *Map) Len() int { return len(m.Entries()) }

// Entries are the pairs in order. The caller must not change the slice.
func (m *Map) Entries() []*Entry {
	if m.members != nil {
		m.fill()
	}
	return m.entries
}

// Get returns the value of a text key, nil when there is none.
func (m *Map) Get(key string) Value {
	v, _ := m.Member(key)
	return v
}

// Member is Lookup of a text key.
func (m *Map) Member(key string) (Value, bool) {
	if m.members != nil {
		return m.members.Member(key)
	}
	if i := m.findText(key); i >= 0 {
		return m.entries[i].Value, true
	}
	return nil, false
}

// Lookup returns the value of key and whether the map holds the key.
func (m *Map) Lookup(key Value) (Value, bool) {
	if s, ok := key.(string); ok {
		return m.Member(s)
	}
	if i := m.find(key); i >= 0 {
		return m.entries[i].Value, true
	}
	return nil, false
}

// Put sets key and returns the value it had.
func (m *Map) Put(key, value Value) Value {
	if i := m.find(key); i >= 0 {
		old := m.entries[i].Value
		m.entries[i].Value = value
		return old
	}
	m.add(key, value)
	return nil
}

// add is Put of a key that is not there.
func (m *Map) add(key, value Value) {
	if len(m.room) == 0 {
		m.room = make([]Entry, max(2, len(m.entries)/2))
	}
	e := &m.room[0]
	m.room = m.room[1:]
	*e = Entry{key, value}
	m.entries = append(m.entries, e)
	m.changes++
	if m.index != nil {
		if hashable(key) {
			m.index[key] = len(m.entries) - 1
		}
	} else if len(m.entries) == indexFrom {
		m.reindex()
	}
}

// Delete removes key and returns the value it had.
func (m *Map) Delete(key Value) Value {
	i := m.find(key)
	if i < 0 {
		return nil
	}
	old := m.entries[i].Value
	m.entries = append(m.entries[:i:i], m.entries[i+1:]...)
	m.changes++
	if m.index != nil {
		m.reindex()
	}
	return old
}

// Clear removes all entries.
func (m *Map) Clear() {
	m.entries, m.index, m.members = nil, nil, nil
	m.changes++
}

// Clone is a copy that can be changed apart from m; the values are shared.
func (m *Map) Clone() *Map {
	c := NewMap(m.Len())
	c.Quiet = m.Quiet
	for _, e := range m.Entries() {
		c.Put(e.Key, e.Value)
	}
	return c
}

func (m *Map) reindex() {
	m.index = make(map[Value]int, 2*len(m.entries))
	for i := range m.entries {
		if key := m.entries[i].Key; hashable(key) {
			m.index[key] = i
		}
	}
}

// hashable says whether Go's == on the key is Java's equals, so that the index
// can hold it.
func hashable(key Value) bool {
	switch key.(type) {
	case nil, string, bool, Char, int32, int64, float32, float64:
		return true
	}
	return false
}

func (m *Map) find(key Value) int {
	if s, ok := key.(string); ok {
		return m.findText(s)
	}
	entries := m.Entries()
	if m.index != nil && hashable(key) {
		return m.findIndexed(key)
	}
	for i := range entries {
		if Equal(entries[i].Key, key) {
			return i
		}
	}
	return -1
}

func (m *Map) findIndexed(key Value) int {
	if i, ok := m.index[key]; ok {
		return i
	}
	return -1
}

func (m *Map) findText(key string) int {
	if m.members != nil {
		m.fill()
	}
	if m.index != nil {
		return m.findIndexed(key)
	}
	for i := range m.entries {
		if k, ok := m.entries[i].Key.(string); ok && k == key {
			return i
		}
	}
	return -1
}
