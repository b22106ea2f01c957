package jsonpath

import (
	"errors"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// errOutOfRange is Java's IndexOutOfBoundsException, which array steps swallow.
var errOutOfRange = errors.New("index out of range")

// maxSteps bounds one Read, those of the paths in its filters and functions
// included: paths within paths multiply. A step is a value that a token gets.
const maxSteps = 5_000_000

var errSteps = errors.New("the path takes more than 5000000 steps through the document")

// document is what a path is read on, and the steps that were taken on it.
type document struct {
	root  vtl.Value
	steps int
}

func (d *document) take(steps int) error {
	if d.steps += steps; d.steps > maxSteps {
		return errSteps
	}
	return nil
}

// evaluation is one reading of a path.
type evaluation struct {
	tokens   []token
	doc      *document
	required bool
	results  []vtl.Value

	// scanned is the index of the array element that a scan handed to a
	// token, plus one; Jayway keeps it in the token and drops results by it.
	scanned map[int]int
}

func (c *evaluation) leaf(i int) bool { return i == len(c.tokens)-1 }

// upstreamDefinite says whether all tokens before i are definite.
func (c *evaluation) upstreamDefinite(i int) bool {
	for _, t := range c.tokens[:i] {
		if !t.definite() {
			return false
		}
	}
	return true
}

// next hands a value to the token after i, or to the results.
func (c *evaluation) next(i int, v vtl.Value) error {
	if err := c.doc.take(1); err != nil {
		return err
	}
	if c.leaf(i) {
		c.results = append(c.results, v)
		return nil
	}
	return c.tokens[i+1].evaluate(c, i+1, v)
}

// property is .name, ['name'] or ['a','b'].
type property struct{ names []string }

func (p *property) definite() bool { return len(p.names) == 1 }

// lastProperties are several names at the end of a path, which make one object.
type lastProperties struct{ property }

func (p *lastProperties) definite() bool { return true }

func (p *property) evaluate(c *evaluation, i int, model vtl.Value) error {
	m, ok := model.(*vtl.Map)
	if !ok {
		if !c.upstreamDefinite(i) {
			return nil
		}
		return errNotFound
	}
	if len(p.names) > 1 && c.leaf(i) {
		return p.merge(c, m)
	}
	for _, name := range p.names {
		if err := c.property(i, m, name); err != nil {
			return err
		}
	}
	return nil
}

// merge makes one object of several properties.
func (p *property) merge(c *evaluation, m *vtl.Map) error {
	merged := vtl.NewMap(len(p.names))
	for _, name := range p.names {
		v, ok := m.Member(name)
		if ok {
			merged.Put(name, v)
		} else if c.required {
			return errNotFound
		}
	}
	c.results = append(c.results, merged)
	return nil
}

func (c *evaluation) property(i int, m *vtl.Map, name string) error {
	v, ok := m.Member(name)
	switch {
	case ok && !c.leaf(i):
		return c.next(i, v)
	case ok:
		if n := c.scanned[i]; n == 0 || c.fragment(i-1) == "["+strconv.Itoa(n-1)+"]" {
			c.results = append(c.results, v)
		}
		return nil
	case c.leaf(i) && !c.required:
		return nil
	case !c.leaf(i) && !c.required && !(c.upstreamDefinite(i) && c.tokens[i].definite()):
		return nil
	}
	return errNotFound
}

// fragment is the text of an index token; other tokens never equal an index.
func (c *evaluation) fragment(i int) string {
	if i < 0 {
		return ""
	}
	x, ok := c.tokens[i].(*indexes)
	if !ok {
		return ""
	}
	texts := make([]string, len(x.list))
	for n, v := range x.list {
		texts[n] = strconv.Itoa(v)
	}
	return "[" + strings.Join(texts, ",") + "]"
}

// array checks that an array step stands at an array; nil when it doesn't and
// that is no error.
func (c *evaluation) array(i int, model vtl.Value) (*vtl.List, error) {
	if l, ok := model.(*vtl.List); ok && isArray(l) {
		return l, nil
	}
	if !c.upstreamDefinite(i) {
		return nil, nil
	}
	return nil, errNotFound
}

func isArray(l *vtl.List) bool { return l.Kind == vtl.JSONArray || l.Kind == vtl.ArrayList }

// element goes on with one element; one that is not there is skipped.
func (c *evaluation) element(i int, l *vtl.List, index int) error {
	if index < 0 {
		index += l.Len()
	}
	if index < 0 || index >= l.Len() {
		return nil
	}
	if err := c.next(i, l.Items()[index]); !errors.Is(err, errOutOfRange) {
		return err
	}
	return nil
}

// indexes is [1] or [0,2].
type indexes struct{ list []int }

func (x *indexes) definite() bool { return len(x.list) == 1 }

func (x *indexes) evaluate(c *evaluation, i int, model vtl.Value) error {
	l, err := c.array(i, model)
	if l == nil {
		return err
	}
	for _, n := range x.list {
		if err := c.element(i, l, n); err != nil {
			return err
		}
	}
	return nil
}

// slice is [from:], [:to] or [from:to]; nil means not given.
type slice struct{ from, to *int }

func (*slice) definite() bool { return false }

func (s *slice) evaluate(c *evaluation, i int, model vtl.Value) error {
	l, err := c.array(i, model)
	if l == nil {
		return err
	}
	from, to := 0, l.Len()
	switch {
	case s.to == nil:
		if from = *s.from; from < 0 {
			from = max(0, from+l.Len())
		}
	case s.from == nil:
		if to = *s.to; to < 0 {
			to += l.Len()
		}
	default: // here negative ends are not counted from the end
		from, to = *s.from, *s.to
	}
	from = max(from, -l.Len())
	for n := from; n < min(to, l.Len()); n++ {
		if err := c.element(i, l, n); err != nil {
			return err
		}
	}
	return nil
}

// wildcard is * and [*].
type wildcard struct{}

func (wildcard) definite() bool { return false }

func (wildcard) evaluate(c *evaluation, i int, model vtl.Value) error {
	switch m := model.(type) {
	case *vtl.Map:
		for _, e := range m.Entries() {
			if err := c.property(i, m, e.Key.(string)); err != nil {
				return err
			}
		}
	case *vtl.List:
		for n := range m.Len() {
			if err := c.element(i, m, n); err != nil && (c.required || !errors.Is(err, errNotFound)) {
				return err
			}
		}
	}
	return nil
}

// filter is [?( … )].
type filter struct{ holds predicate }

func (*filter) definite() bool { return false }

func (f *filter) accepts(item vtl.Value, doc *document) (bool, error) {
	ok, err := f.holds(item, doc)
	if err != nil && soft(err) {
		return false, nil
	}
	return ok, err
}

func (f *filter) evaluate(c *evaluation, i int, model vtl.Value) error {
	switch m := model.(type) {
	case *vtl.Map:
		ok, err := f.accepts(m, c.doc)
		if err != nil || !ok {
			return err
		}
		return c.next(i, m)
	case *vtl.List:
		for n, item := range m.Items() {
			ok, err := f.accepts(item, c.doc)
			if err == nil && ok {
				err = c.element(i, m, n)
			}
			if err != nil {
				return err
			}
		}
		return nil
	}
	if c.upstreamDefinite(i) {
		return &invalid{"a filter can't be applied to a single value"}
	}
	return nil
}

// scan is .. before another token.
type scan struct{}

func (scan) definite() bool { return false }

func (scan) evaluate(c *evaluation, i int, model vtl.Value) error {
	if c.leaf(i) {
		return &invalid{"a path can't end in .."}
	}
	return c.walk(i+1, model, 0)
}

// maxDepth bounds the walk; parsed documents are not that deep.
const maxDepth = 1000

// walk hands model and everything below it to token i.
func (c *evaluation) walk(i int, model vtl.Value, depth int) error {
	if depth > maxDepth {
		return errors.New("the document is nested too deep")
	}
	if err := c.doc.take(1); err != nil {
		return err
	}
	switch m := model.(type) {
	case *vtl.Map:
		ok, err := c.scannable(i, m)
		if err == nil && ok {
			err = c.tokens[i].evaluate(c, i, m)
		}
		for _, e := range m.Entries() {
			if err != nil {
				return err
			}
			err = c.walk(i, e.Value, depth+1)
		}
		return err
	case *vtl.List:
		ok, err := c.scannable(i, m)
		if err == nil && ok {
			err = c.scanArray(i, m)
		}
		for _, v := range m.Items() {
			if err != nil {
				return err
			}
			err = c.walk(i, v, depth+1)
		}
		return err
	}
	return nil
}

// scanArray is what a scan does at an array: unless token i is the last, it is
// passed over, and the next one gets every element.
func (c *evaluation) scanArray(i int, l *vtl.List) error {
	if c.leaf(i) {
		return c.tokens[i].evaluate(c, i, l)
	}
	if c.scanned == nil {
		c.scanned = map[int]int{}
	}
	for n, v := range l.Items() {
		c.scanned[i+1] = n + 1
		if err := c.next(i, v); err != nil {
			return err
		}
	}
	return nil
}

// scannable says whether a scan tries token i at model.
func (c *evaluation) scannable(i int, model vtl.Value) (bool, error) {
	switch t := c.tokens[i].(type) {
	case *property:
		m, ok := model.(*vtl.Map)
		return ok && (len(t.names) > 1 || hasAll(m, t.names)), nil
	case *lastProperties:
		m, ok := model.(*vtl.Map)
		return ok && hasAll(m, t.names), nil
	case *indexes, *slice:
		_, ok := model.(*vtl.List)
		return ok, nil
	case wildcard:
		return true, nil
	case *filter:
		return t.accepts(model, c.doc)
	}
	return false, nil
}

func hasAll(m *vtl.Map, names []string) bool {
	for _, name := range names {
		if _, ok := m.Lookup(name); !ok {
			return false
		}
	}
	return true
}
