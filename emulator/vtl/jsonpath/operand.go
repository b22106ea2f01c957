package jsonpath

import (
	"errors"
	"math/big"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

type operandKind uint8

const (
	undefinedOperand operandKind = iota // a path that leads nowhere
	nullOperand
	textOperand
	numberOperand
	booleanOperand
	jsonOperand
	patternOperand
	pathOperand
)

// operand is one side of a comparison.
type operand struct {
	kind    operandKind
	text    string       // of a text, a pattern, or JSON that is not parsed
	flags   string       // of a pattern
	number  *vtl.Decimal // of a number
	value   vtl.Value    // of a boolean, or of JSON that comes from the document
	path    *Path
	negated bool
}

// evaluate replaces a path by what it leads to.
func (o operand) evaluate(item vtl.Value, doc *document) (operand, error) {
	if o.kind != pathOperand {
		return o, nil
	}
	from := item
	if o.path.root == '$' {
		from = doc.root
	}
	v, err := o.path.read(from, doc, false)
	if errors.Is(err, errNotFound) {
		return operand{}, nil
	}
	if err != nil {
		return operand{}, err
	}
	switch v := v.(type) {
	case *vtl.Map:
		return operand{kind: jsonOperand, value: v}, nil
	case *vtl.List:
		if !isArray(v) {
			return operand{}, errors.New("a set can't be compared")
		}
		return operand{kind: jsonOperand, value: v}, nil
	case string:
		return operand{kind: textOperand, text: v}, nil
	}
	return single(v)
}

// single is the operand of a value that is no collection or text.
func single(v vtl.Value) (operand, error) {
	switch v := v.(type) {
	case nil:
		return operand{kind: nullOperand}, nil
	case bool:
		return operand{kind: booleanOperand, value: v}, nil
	case int32, int64, float64, float32, *big.Int, *vtl.Decimal:
		d, err := vtl.ParseDecimal(vtl.Text(v))
		return operand{kind: numberOperand, number: d}, err
	}
	return operand{}, errors.New("could not determine value type")
}

// exists is the check of a path without operator. Such a path begins at the
// item even when it is written with $.
func (o operand) exists(item vtl.Value, doc *document) (bool, error) {
	_, err := o.path.read(item, doc, true)
	if errors.Is(err, errNotFound) {
		return o.negated, nil
	}
	return !o.negated, err
}

// json is the value of a JSON operand.
func (o operand) json() (vtl.Value, error) {
	if o.text == "" {
		return o.value, nil
	}
	return vtl.ParseJSON(o.text)
}

// list is the elements of a JSON array; ok is false of other JSON. Operands of
// other kinds are an error, which a filter takes for "no".
func (o operand) list() (elements []operand, ok bool, err error) {
	if o.kind != jsonOperand {
		return nil, false, &invalid{"expected a list"}
	}
	v, err := o.json()
	l, ok := v.(*vtl.List)
	if err != nil || !ok {
		return nil, false, err
	}
	for _, item := range l.Items() {
		e, err := element(item)
		if err != nil {
			return nil, false, err
		}
		elements = append(elements, e)
	}
	return elements, true, nil
}

// element is an element of a list. Texts that look like paths or JSON are
// taken for such; quotes around a text are dropped.
func element(v vtl.Value) (operand, error) {
	s, ok := v.(string)
	if !ok {
		return single(v)
	}
	t := strings.TrimSpace(s)
	if t != "" && (t[0] == '$' || t[0] == '@') {
		if _, err := compile(t); err == nil {
			return operand{kind: pathOperand}, nil
		}
	}
	if n := len(t); n > 1 && (t[0] == '[' && t[n-1] == ']' || t[0] == '{' && t[n-1] == '}') {
		if _, err := vtl.ParseJSON(t); err == nil {
			return operand{kind: jsonOperand, text: s}, nil
		}
	}
	if n := len(s); n > 1 {
		if q := s[0]; (q == '\'' || q == '"') && s[n-1] == q {
			s = s[1 : n-1]
		}
		var err error
		if s, err = unescape(s); err != nil {
			return operand{}, err
		}
	}
	return operand{kind: textOperand, text: s}, nil
}

// equals compares numbers by value, a text with a number as either.
func equals(l, r operand) (bool, error) {
	switch {
	case l.kind == jsonOperand && r.kind == jsonOperand:
		if l.text != "" { // Jayway compares the text of the left side as it is
			return r.text == "" && vtl.Equal(l.text, r.value), nil
		}
		v, err := r.json()
		return vtl.Equal(l.value, v), err
	case l.kind == textOperand && r.kind == textOperand:
		return l.text == r.text, nil
	case l.kind == textOperand && r.kind == numberOperand:
		return l.text == r.number.String(), nil
	case l.kind == numberOperand && r.kind == textOperand:
		d, err := vtl.ParseDecimal(r.text)
		return err == nil && l.number.Compare(d) == 0, nil
	case l.kind != r.kind:
		return false, nil
	case l.kind == numberOperand:
		return l.number.Compare(r.number) == 0, nil
	case l.kind == booleanOperand:
		return l.value == r.value, nil
	}
	return l.kind == nullOperand, nil
}

func negated(f func(l, r operand) (bool, error)) func(l, r operand) (bool, error) {
	return func(l, r operand) (bool, error) {
		ok, err := f(l, r)
		return !ok, err
	}
}

func sameKind(f func(l, r operand) (bool, error)) func(l, r operand) (bool, error) {
	return func(l, r operand) (bool, error) {
		if l.kind != r.kind {
			return false, nil
		}
		return f(l, r)
	}
}

func ordered(holds func(order int) bool) func(l, r operand) (bool, error) {
	return func(l, r operand) (bool, error) {
		switch {
		case l.kind == numberOperand && r.kind == numberOperand:
			return holds(l.number.Compare(r.number)), nil
		case l.kind == textOperand && r.kind == textOperand:
			return holds(strings.Compare(l.text, r.text)), nil
		}
		return false, nil
	}
}

func contains(l, r operand) (bool, error) {
	if l.kind == textOperand && r.kind == textOperand {
		return strings.Contains(l.text, r.text), nil
	}
	if l.kind != jsonOperand {
		return false, nil
	}
	return isIn(r, l)
}

func isIn(l, r operand) (bool, error) {
	list, ok, err := r.list()
	if err != nil || !ok {
		return false, err
	}
	return among(list, l), nil
}

func among(list []operand, o operand) bool {
	for _, e := range list {
		if same, _ := elementEquals(o, e); same {
			return true
		}
	}
	return false
}

// elementEquals compares JSON by text only.
func elementEquals(a, b operand) (bool, error) {
	if a.kind == jsonOperand && b.kind == jsonOperand {
		return a.text == b.text && vtl.Equal(a.value, b.value), nil
	}
	return equals(a, b)
}

func hasSize(l, r operand) (bool, error) {
	if r.kind != numberOperand {
		return false, nil
	}
	size := -1
	switch l.kind {
	case textOperand:
		size = vtl.Length(l.text)
	case jsonOperand:
		v, err := l.json()
		if err != nil {
			return false, err
		}
		if list, ok := v.(*vtl.List); ok {
			size = list.Len()
		}
	default:
		return false, nil
	}
	return float64(size) == float64(int(vtl.Float(r.number))), nil
}

func isEmpty(l, r operand) (bool, error) {
	empty := false
	switch l.kind {
	case textOperand:
		empty = l.text == ""
	case jsonOperand:
		v, err := l.json()
		if err != nil {
			return false, err
		}
		list, ok := v.(*vtl.List)
		if !ok {
			return false, errors.New("empty can't be asked of an object")
		}
		empty = list.Len() == 0
	default:
		return false, nil
	}
	if r.kind != booleanOperand {
		return false, &invalid{"expected true or false after empty"}
	}
	return r.value == empty, nil
}

func matches(l, r operand) (bool, error) {
	if (l.kind == patternOperand) == (r.kind == patternOperand) {
		return false, nil
	}
	if l.kind == patternOperand {
		l, r = r, l
	}
	inputs := []operand{l}
	if l.kind == jsonOperand {
		list, ok, err := l.list()
		if err != nil {
			return false, err
		}
		if ok {
			inputs = list
		}
	}
	for _, o := range inputs {
		input := ""
		switch o.kind {
		case textOperand:
			input = o.text
		case numberOperand:
			input = o.number.String()
		case booleanOperand:
			input = vtl.Text(o.value)
		}
		if ok, err := vtl.MatchRegex(input, r.text, r.flags); ok || err != nil {
			return ok, err
		}
	}
	return false, nil
}

func compareLists(f func(l, r []operand) bool) func(l, r operand) (bool, error) {
	return func(l, r operand) (bool, error) {
		right, ok, err := r.list()
		if err != nil || !ok {
			return false, err
		}
		left, ok, err := l.list()
		if err != nil || !ok {
			return false, err
		}
		return f(left, right), nil
	}
}

func subset(l, r []operand) bool {
	for _, o := range l {
		if !among(r, o) {
			return false
		}
	}
	return true
}

func anyOf(l, r []operand) bool {
	for _, o := range l {
		if among(r, o) {
			return true
		}
	}
	return false
}

func noneOf(l, r operand) (bool, error) {
	return compareLists(func(l, r []operand) bool { return !anyOf(l, r) })(l, r)
}
