package jsonpath

import (
	"errors"
	"math"
	"math/big"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// function is .sum() and the like. In a path like $..price.sum() the path up
// to the function is its parameter.
type function struct {
	name   string
	params []param
}

// param is an argument of a function: a path, or JSON.
type param struct {
	path *Path
	json string
}

func (*function) definite() bool { return true }

var errEmpty = errors.New("aggregation function attempted to calculate value using empty array")

// functions are Jayway's, by name. values are the elements of the model, if it
// is an array, and of the parameters.
var functions = map[string]func(f *function, c *evaluation, model vtl.Value) (vtl.Value, error){
	"sum": aggregate(func(n []float64) float64 { return total(n) }),
	"avg": aggregate(func(n []float64) float64 { return total(n) / float64(len(n)) }),
	"min": aggregate(func(n []float64) float64 { return extreme(n, math.MaxFloat64, -1) }),
	"max": aggregate(func(n []float64) float64 { return extreme(n, math.SmallestNonzeroFloat64, 1) }),
	"stddev": aggregate(func(n []float64) float64 {
		squares, count := 0.0, float64(len(n))
		for _, v := range n {
			squares += v * v
		}
		sum := total(n)
		return math.Sqrt(squares/count - sum*sum/count/count)
	}),
	"concat": (*function).concat,
	"length": (*function).length,
	"size":   (*function).length,
	"keys":   (*function).keys,
	"append": (*function).append,
	"first":  pick(func(*function, *evaluation) (int, error) { return 0, nil }),
	"last":   pick(func(*function, *evaluation) (int, error) { return -1, nil }),
	"index":  pick((*function).firstNumber),
}

func (f *function) evaluate(c *evaluation, i int, model vtl.Value) error {
	call, ok := functions[f.name]
	if !ok {
		return &invalid{"there is no JSONPath function " + f.name + "()"}
	}
	v, err := call(f, c, model)
	if err != nil {
		return err
	}
	if c.results = append(c.results, v); c.leaf(i) {
		return nil
	}
	return c.next(i, v)
}

// arguments are the values of the parameters.
func (f *function) arguments(c *evaluation) ([]vtl.Value, error) {
	var values []vtl.Value
	for _, p := range f.params {
		var v vtl.Value
		var err error
		if p.path != nil {
			v, err = p.path.read(c.doc.root, c.doc, false)
		} else {
			v, err = vtl.ParseJSON(p.json)
		}
		if err != nil {
			return nil, err
		}
		if l, ok := v.(*vtl.List); ok {
			if err := c.doc.take(l.Len()); err != nil {
				return nil, err
			}
		}
		values = append(values, v)
	}
	return values, nil
}

// flat replaces arrays among values by their elements.
func flat(values []vtl.Value) (all []vtl.Value) {
	for _, v := range values {
		if l, ok := v.(*vtl.List); ok && isArray(l) {
			all = append(all, l.Items()...)
		} else {
			all = append(all, v)
		}
	}
	return all
}

func (f *function) elements(c *evaluation, model vtl.Value) (all []vtl.Value, err error) {
	if l, ok := model.(*vtl.List); ok && isArray(l) {
		all = append(all, l.Items()...)
	}
	args, err := f.arguments(c)
	return append(all, flat(args)...), err
}

func number(v vtl.Value) (float64, bool) {
	switch v := v.(type) {
	case int32:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	case float32:
		return float64(v), true
	case *big.Int, *vtl.Decimal:
		return vtl.Float(v), true
	}
	return 0, false
}

func aggregate(compute func([]float64) float64) func(*function, *evaluation, vtl.Value) (vtl.Value, error) {
	return func(f *function, c *evaluation, model vtl.Value) (vtl.Value, error) {
		all, err := f.elements(c, model)
		if err != nil {
			return nil, err
		}
		var numbers []float64
		for _, v := range all {
			if n, ok := number(v); ok {
				numbers = append(numbers, n)
			}
		}
		if len(numbers) == 0 {
			return nil, errEmpty
		}
		return compute(numbers), nil
	}
}

func total(numbers []float64) (sum float64) {
	for _, n := range numbers {
		sum += n
	}
	return sum
}

// extreme is the largest (sign 1) or smallest (-1) number. Jayway begins with
// the smallest positive double when it looks for the largest.
func extreme(numbers []float64, begin, sign float64) float64 {
	for _, n := range numbers {
		if (n-begin)*sign > 0 {
			begin = n
		}
	}
	return begin
}

func (f *function) concat(c *evaluation, model vtl.Value) (vtl.Value, error) {
	var b strings.Builder
	if l, ok := model.(*vtl.List); ok && isArray(l) {
		for _, v := range l.Items() {
			if s, ok := v.(string); ok {
				b.WriteString(s)
			}
		}
	}
	args, err := f.arguments(c)
	if err != nil {
		return nil, err
	}
	for _, v := range flat(args) {
		if v != nil {
			b.WriteString(vtl.Text(v))
		}
		if b.Len() > vtl.MaxOutput {
			return nil, errors.New("concat() makes more than 10 MB")
		}
	}
	return b.String(), nil
}

// length counts the members; with a path as parameter, those of all it finds.
func (f *function) length(c *evaluation, model vtl.Value) (vtl.Value, error) {
	if len(f.params) > 0 {
		p := f.params[0].path
		if p == nil {
			return nil, errors.New(f.name + "() takes a path")
		}
		if !p.isFunction() && len(p.tokens) > 0 {
			p = &Path{tokens: append(p.tokens[:len(p.tokens):len(p.tokens)], wildcard{})}
		}
		doc := &document{model, c.doc.steps}
		v, err := p.read(model, doc, false)
		c.doc.steps = doc.steps
		if err != nil {
			return nil, err
		}
		if l, ok := v.(*vtl.List); ok && isArray(l) {
			return vtl.Int(l.Len()), nil
		}
	}
	switch m := model.(type) {
	case *vtl.Map:
		return vtl.Int(m.Len()), nil
	case *vtl.List:
		if isArray(m) {
			return vtl.Int(m.Len()), nil
		}
	}
	return nil, nil
}

func (f *function) keys(_ *evaluation, model vtl.Value) (vtl.Value, error) {
	if m, ok := model.(*vtl.Map); ok {
		return m.Keys(), nil
	}
	return nil, nil
}

func (f *function) append(c *evaluation, model vtl.Value) (vtl.Value, error) {
	args, err := f.arguments(c)
	if l, ok := model.(*vtl.List); ok && isArray(l) {
		for _, v := range args {
			l.Add(v)
		}
	}
	return model, err
}

func pick(position func(*function, *evaluation) (int, error)) func(*function, *evaluation, vtl.Value) (vtl.Value, error) {
	return func(f *function, c *evaluation, model vtl.Value) (vtl.Value, error) {
		l, ok := model.(*vtl.List)
		if !ok || !isArray(l) {
			return nil, errEmpty
		}
		i, err := position(f, c)
		if err != nil {
			return nil, err
		}
		if i < 0 {
			if i += l.Len(); i <= 0 { // Jayway never picks the first from the end
				return nil, errors.New("the array has too few elements")
			}
		}
		if i >= l.Len() {
			return nil, errOutOfRange
		}
		return l.Items()[i], nil
	}
}

func (f *function) firstNumber(c *evaluation) (int, error) {
	args, err := f.arguments(c)
	if err != nil {
		return 0, err
	}
	for _, v := range flat(args) {
		if n, ok := number(v); ok {
			return int(n), nil
		}
	}
	return 0, errOutOfRange
}

// params reads the arguments of a function up to its closing parenthesis.
func (c *compiler) params() ([]param, error) {
	var list []param
	for {
		for c.current() != 0 && strings.IndexByte(" \t\r\n", c.current()) >= 0 {
			c.pos++
		}
		start := c.pos
		end, err := c.argument()
		if err != nil {
			return nil, err
		}
		text := strings.TrimRight(c.s[start:end], " ")
		switch first := c.at(start); {
		case first == '$' || first == '@':
			p, err := compile(text)
			if err != nil {
				return nil, err
			}
			list = append(list, param{path: p})
		case first == '{' || first == '"' || first == '-' || first >= '0' && first <= '9':
			list = append(list, param{json: text})
		}
		c.pos = end
		if c.current() == ')' {
			return list, nil
		}
		c.pos++
	}
}

// argument finds the end of the argument at the position: the comma or
// parenthesis that is not within brackets or quotes.
func (c *compiler) argument() (int, error) {
	depth := 0
	for i := c.pos; i < len(c.s); i++ {
		switch c.s[i] {
		case '"':
			if i = c.unescaped(i, '"'); i < 0 {
				return 0, c.fail("a quote is not closed")
			}
		case '(', '[', '{':
			depth++
		case ']', '}':
			if depth--; depth < 0 {
				return 0, c.fail("unexpected %q", c.s[i:i+1])
			}
		case ')':
			if depth == 0 {
				return i, nil
			}
			depth--
		case ',':
			if depth == 0 {
				return i, nil
			}
		}
	}
	return 0, c.fail("the arguments are not closed")
}
