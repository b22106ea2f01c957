// Package jsonpath evaluates JSONPath as Jayway JsonPath 2.9.0 does, the
// library behind $input.path and $input.json, on the values of package vtl.
// Where Jayway surprises (a scan that drops results, a filter path that starts
// at the element) so does this package.
package jsonpath

import (
	"errors"
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// Path is a compiled path. It never changes.
type Path struct {
	text   string
	root   byte // '$' or '@'
	tokens []token
	names  []string // of a path that is only names; else nil
}

// token is one step of a path.
type token interface {
	// definite tokens yield one value at most.
	definite() bool
	evaluate(c *evaluation, i int, model vtl.Value) error
}

// errNotFound means that a definite path leads nowhere.
var errNotFound = errors.New("the path leads nowhere")

// invalid is an error that a filter takes for "no", as Jayway takes its
// InvalidPathException.
type invalid struct{ message string }

func (e *invalid) Error() string { return e.message }

// soft says whether a filter takes err for "no".
func soft(err error) bool {
	var e *invalid
	return errors.Is(err, errNotFound) || errors.As(err, &e)
}

// compiled keeps paths, which mostly are constants of templates. Should they
// be made from requests, the store starts anew.
var compiled struct {
	sync.RWMutex
	paths map[string]*Path
}

const maxCompiled = 1000

// Compile compiles a path. One that begins with neither $ nor @ is taken to
// begin at the root.
func Compile(text string) (*Path, error) {
	compiled.RLock()
	p := compiled.paths[text]
	compiled.RUnlock()
	if p != nil {
		return p, nil
	}
	p, err := compile(text)
	if err != nil {
		return nil, err
	}
	p.names = p.onlyNames()
	compiled.Lock()
	if len(compiled.paths) >= maxCompiled || compiled.paths == nil {
		compiled.paths = map[string]*Path{}
	}
	compiled.paths[text] = p
	compiled.Unlock()
	return p, nil
}

// Read evaluates the path on the root of a document. It returns false when a definite path
// leads nowhere; an indefinite path gives a list, which may be empty.
func (p *Path) Read(root vtl.Value) (vtl.Value, bool, error) {
	v, err := p.read(root, &document{root: root}, false)
	if errors.Is(err, errNotFound) {
		return nil, false, nil
	}
	return v, err == nil, err
}

// definite paths give one value, others a list.
func (p *Path) definite() bool {
	for _, t := range p.tokens {
		if !t.definite() {
			return false
		}
	}
	return true
}

// read evaluates the path at a model within the root document. With required,
// every property of the path must be there.
func (p *Path) read(model vtl.Value, doc *document, required bool) (vtl.Value, error) {
	if p.names != nil {
		return follow(p.names, model)
	}
	c := &evaluation{tokens: p.tokens, doc: doc, required: required}
	if err := c.next(-1, model); err != nil {
		return nil, err
	}
	if !p.definite() {
		return vtl.NewList(vtl.JSONArray, c.results), nil
	}
	if len(c.results) == 0 {
		return nil, errNotFound
	}
	return c.results[len(c.results)-1], nil
}

// onlyNames are the names that make up the path; nil if it has other steps.
func (p *Path) onlyNames() []string {
	names := []string{}
	for _, t := range p.tokens {
		one, ok := t.(*property)
		if !ok || len(one.names) != 1 {
			return nil
		}
		names = append(names, one.names[0])
	}
	return names
}

// follow is the short way of a path that is only names.
func follow(names []string, model vtl.Value) (vtl.Value, error) {
	for _, name := range names {
		m, ok := model.(*vtl.Map)
		if !ok {
			return nil, errNotFound
		}
		if model, ok = m.Member(name); !ok {
			return nil, errNotFound
		}
	}
	return model, nil
}

// isFunction says whether the path ends in a function.
func (p *Path) isFunction() bool {
	if len(p.tokens) == 0 {
		return false
	}
	_, ok := p.tokens[len(p.tokens)-1].(*function)
	return ok
}
