// Package vtl renders Velocity templates as Amazon API Gateway does: the
// language of Apache Velocity 1.7, with Java's strings, lists, maps and
// numbers, and with the deviations that were recorded on the service.
//
// A template goes through three steps, each in its own files:
//
//   - lexer.go cuts the text into tokens. Velocity's token manager is a stack
//     of lexical states, and many of its surprises (which blanks vanish, what
//     "10-2" means) come from there, so that stack is kept as it is.
//   - parser.go builds the tree by Velocity's grammar.
//   - Each node of the tree renders itself (node.go, directive.go) or yields a
//     value (expression.go, reference.go).
//
// The recorded deviations from Velocity 1.7 are: a reference to null prints
// nothing, null equals "" in == and != (rule 79), and classes can't be reached
// beyond their name.
package vtl

// Limits of one rendering. Each protects the process that renders; the one of
// #foreach is also the service's.
const (
	// MaxForeach is how often a #foreach goes round; then it ends, as
	// Velocity's own limit does. The number is documented in the quotas of
	// API Gateway; that the loop ends quietly is unverified.
	MaxForeach = 1000
	// MaxRounds bounds the rounds of all loops together.
	MaxRounds = 1_000_000
	// MaxOutput bounds the output and every text made on the way, in bytes:
	// the service's payload limit.
	MaxOutput = 10 << 20
	// MaxMade bounds all texts and collections that are made on the way, in bytes,
	// those included that nothing holds any more.
	MaxMade = 256 << 20
	// MaxMacroDepth is Velocity's own limit of macros within macros.
	MaxMacroDepth = 20
	// MaxTemplate bounds the text of a template, and what #evaluate is given, in
	// bytes. The quotas of API Gateway say 300 KB.
	MaxTemplate = 300 << 10
	// MaxNesting bounds how deep directives and expressions nest.
	MaxNesting = 400
)

// Template is a parsed template. It never changes, so any number of
// goroutines may render it at the same time.
type Template struct {
	root block
	unit *unit
}

// Variables gives the values of the references that a template does not set
// itself. It is asked when a reference is first evaluated, so that what no
// template mentions costs nothing.
type Variables interface {
	Variable(name string) (Value, bool)
}

// Parse parses the text of a template. The name goes into the positions of
// errors, "mappings/mock/request.vtl:3:7"; every error is an *Error. What is no
// UTF-8 is read as U+FFFD.
func Parse(name, text string) (*Template, error) {
	u := newUnit(name)
	root, err := parse(u, ValidText(text), position{1, 1}, 0)
	if err != nil {
		return nil, err
	}
	return &Template{root: root, unit: u}, nil
}

// Render evaluates the template. vars may be nil. Every error is an *Error.
func (t *Template) Render(vars Variables) (string, error) {
	return t.render(newRun(t.unit, vars))
}

func (t *Template) render(r *run) (string, error) {
	defer r.release()
	err := t.root.render(&env{r, &r.root})
	if err != nil && !stops(err, nil) {
		return "", r.located(err)
	}
	return javaOutput(r.out), nil
}
