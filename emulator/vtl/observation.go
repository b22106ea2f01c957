package vtl

import (
	"cmp"
	"maps"
	"slices"
	"unicode/utf8"
)

// Limits of what an Observation keeps.
const (
	// MaxShown bounds the text of one value, in bytes.
	MaxShown = 1 << 10
	// MaxObserved bounds the references; the first one of each place is kept beyond it.
	MaxObserved = 5000
	// MaxOrigins bounds the parts of the output whose origin is told.
	MaxOrigins = 50_000
)

// Observation is what one rendering did, up to its error if it failed.
type Observation struct {
	References []ObservedReference `json:"references"` // in the order of their evaluation, arguments before what they are given to
	Dropped    int                 `json:"dropped"`    // references beyond MaxObserved
	Coverage   Coverage            `json:"coverage"`
	Origins    []Origin            `json:"-"` // of the output\'s parts, in their order
	NoMethods  []NoMethod          `json:"-"` // in the order of the first call
}

// ObservedReference is a reference that was read, or set by #set.
type ObservedReference struct {
	Line      int    `json:"line"` // of a reference that #evaluate made: the directive's
	Column    int    `json:"column"`
	Text      string `json:"text"`               // as written: "$input.path('$.id')"
	Value     string `json:"value"`              // texts as they are, lists and maps as JSON; "" of null
	Null      bool   `json:"null"`               // #set to null leaves the variable as it was
	NullFrom  string `json:"nullFrom,omitempty"` // the link that was null, if others follow: "$order", ".items", ".get()", "[]"
	Set       bool   `json:"set"`
	Truncated bool   `json:"truncated"` // Value was longer than MaxShown
}

// Coverage is which lines and branches of a template were rendered.
type Coverage struct {
	Lines    []CoveredLine   `json:"lines"`    // those on which text, a reference or a directive begins
	Branches []CoveredBranch `json:"branches"` // of every #if and #foreach
}

// CoveredLine is a line of a template.
type CoveredLine struct {
	Line    int  `json:"line"`
	Reached bool `json:"reached"`
}

// CoveredBranch is a way that a directive can take.
type CoveredBranch struct {
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Name    string `json:"name"` // "#if", "#elseif", "#else", "#if without #else", "#foreach", "#foreach without elements"
	Reached bool   `json:"reached"`
}

// Add adds what another rendering of the same template reached.
func (c *Coverage) Add(other Coverage) {
	for i := range c.Lines {
		c.Lines[i].Reached = c.Lines[i].Reached || other.Lines[i].Reached
	}
	for i := range c.Branches {
		c.Branches[i].Reached = c.Branches[i].Reached || other.Branches[i].Reached
	}
}

// Coverage is that of a template before any rendering.
func (t *Template) Coverage() Coverage { return newObserver(t.unit).coverage() }

// Observe is Render by the same evaluator, and tells what it did. The
// observation is there when it fails, too.
func (t *Template) Observe(vars Variables) (string, *Observation, error) {
	r, o := newRun(t.unit, vars), newObserver(t.unit)
	r.observer = o
	text, err := t.render(r)
	o.Coverage = o.coverage()
	return text, &o.Observation, err
}

// observer is told by the nodes of a template what they do.
type observer struct {
	Observation
	unit     *unit
	seen     map[position]bool
	lines    map[int]bool
	branches []bool
	aside    int // renderings whose text is no output
}

func newObserver(u *unit) *observer {
	return &observer{
		Observation: Observation{References: []ObservedReference{}},
		unit:        u, seen: map[position]bool{}, lines: map[int]bool{}, branches: make([]bool, len(u.branches)),
	}
}

func (o *observer) coverage() Coverage {
	c := Coverage{Lines: []CoveredLine{}, Branches: []CoveredBranch{}}
	for _, line := range slices.Sorted(maps.Keys(o.unit.lines)) {
		c.Lines = append(c.Lines, CoveredLine{line, o.lines[line]})
	}
	for i, b := range o.unit.branches {
		b.Reached = o.branches[i]
		c.Branches = append(c.Branches, b)
	}
	slices.SortStableFunc(c.Branches, func(a, b CoveredBranch) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return c
}

// read tells of a reference whose value came from the link number last, from
// its variable if that is 0.
func (o *observer) read(r *reference, v Value, last int) {
	seen := o.reference(r, v)
	if seen != nil && v == nil && last < len(r.steps) {
		seen.NullFrom = "$" + r.name
		if last > 0 {
			seen.NullFrom = linkText(r.steps[last-1])
		}
	}
}

func linkText(s step) string {
	switch s := s.(type) {
	case *property:
		return "." + s.name
	case *call:
		return "." + s.name + "()"
	}
	return "[]"
}

func (o *observer) set(r *reference, v Value) {
	if seen := o.reference(r, v); seen != nil {
		seen.Set = true
	}
}

// reference keeps a reference and returns what it keeps; nil beyond the limit.
func (o *observer) reference(r *reference, v Value) *ObservedReference {
	if o.seen[r.at] && len(o.References) >= MaxObserved {
		o.Dropped++
		return nil
	}
	o.seen[r.at] = true
	value, truncated := shown(v)
	o.References = append(o.References, ObservedReference{
		Line: r.at.line, Column: r.at.column, Text: r.literal,
		Value: value, Null: v == nil, Truncated: truncated,
	})
	return &o.References[len(o.References)-1]
}

// renders counts the renderings aside that run.
func (o *observer) renders(aside int) {
	if o != nil {
		o.aside += aside
	}
}

// reached tells that the lines were rendered.
func (o *observer) reached(first, last int) {
	for ; first <= last; first++ {
		o.lines[first] = true
	}
}

// noBranch is the number of a branch that can't be taken.
const noBranch = -1

// took tells of a branch; those that #evaluate made are not the template's.
func (e *env) took(branch int) {
	if o := e.observer; o != nil && branch != noBranch && branch < len(o.branches) {
		o.branches[branch] = true
	}
}

// shown is the value of a reference for people. It never renders a #define,
// which could set variables.
func shown(v Value) (text string, truncated bool) {
	var b []byte
	switch v := v.(type) {
	case nil:
	case string:
		b = append(b, v[:min(len(v), MaxShown+1)]...)
	default:
		b = appendShown(b, v, 0)
	}
	if len(b) <= MaxShown {
		return string(b), false
	}
	end := MaxShown
	for !utf8.RuneStart(b[end]) {
		end--
	}
	return string(b[:end]), true
}

// appendShown appends a value as JSON, as far as it is shown.
func appendShown(b []byte, v Value, depth int) []byte {
	if len(b) > MaxShown || depth > maxDepth {
		return b
	}
	switch v := v.(type) {
	case *Map:
		b = appendMembers(append(b, '{'), v.Len(), func(b []byte, i int) []byte {
			e := v.Entries()[i]
			return appendShown(append(appendShown(b, e.Key, depth+1), ':'), e.Value, depth+1)
		})
		return append(b, '}')
	case *List:
		b = appendMembers(append(b, '['), len(v.items), func(b []byte, i int) []byte {
			return appendShown(b, v.items[i], depth+1)
		})
		return append(b, ']')
	case string:
		return appendQuoted(b, v[:min(len(v), MaxShown+1)], false)
	case *Entry:
		return appendShown(append(appendShown(b, v.Key, depth+1), '='), v.Value, depth+1)
	case *defined:
		return append(b, "#define"...)
	case *loop:
		return append(b, "$foreach"...)
	}
	return appendText(b, v)
}

func appendMembers(b []byte, n int, member func([]byte, int) []byte) []byte {
	for i := 0; i < n && len(b) <= MaxShown; i++ {
		if i > 0 {
			b = append(b, ',')
		}
		b = member(b, i)
	}
	return b
}
