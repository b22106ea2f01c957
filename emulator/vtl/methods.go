package vtl

import (
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// method is one Java method: its name, its parameters by letter, and what it
// does. Of methods with one name the first whose parameters fit is taken.
//
//	s String, not null    S String or null    i int    l long    d double
//	c char   b boolean    o Object    k Collection    m Map    … any number of Objects
//	n BigInteger, not null    e BigDecimal, not null    a char[]    z null only
type method struct {
	name   string
	params string
	call   func(receiver Value, args []Value) (Value, error)
	static bool // may be called on the class too
}

// on makes a method of the receiver type T.
func on[T any](name, params string, call func(r T, a []Value) (Value, error)) method {
	return method{name, params, func(r Value, a []Value) (Value, error) { return call(r.(T), a) }, false}
}

// of makes a static method of the receiver type T; on other types it is null.
func of[T any](name, params string, call func(a []Value) (Value, error)) method {
	return method{name, params, func(r Value, a []Value) (Value, error) {
		if _, ok := r.(T); !ok {
			return nil, nil
		}
		return call(a)
	}, true}
}

// rewrites makes a method of String that gives the text changed, or as it is.
func rewrites(name, params string, call func(s string, a []Value) (string, error)) method {
	return method{name, params, func(r Value, a []Value) (Value, error) {
		s := r.(string)
		changed, err := call(s, a)
		if err != nil {
			return nil, err
		}
		if changed == s {
			return r, nil
		}
		return changed, nil
	}, false}
}

// anyOf makes a method of several receiver types.
func anyOf(name, params string, call func(r Value, a []Value) (Value, error)) method {
	return method{name, params, call, false}
}

// Receivers of methods.
type receiver uint8

const (
	ofString receiver = iota
	ofList
	ofMap
	ofInt
	ofLong
	ofFloat
	ofBigInteger
	ofDecimal
	ofBoolean
	ofChar
	ofEntry
	ofIterator
	ofStream
	ofOther
	receivers
)

func receiverOf(v Value) receiver {
	switch v.(type) {
	case string:
		return ofString
	case *List:
		return ofList
	case *Map:
		return ofMap
	case int32:
		return ofInt
	case int64:
		return ofLong
	case float32, float64:
		return ofFloat
	case *big.Int:
		return ofBigInteger
	case *Decimal:
		return ofDecimal
	case bool:
		return ofBoolean
	case Char:
		return ofChar
	case *Entry:
		return ofEntry
	case *iterator:
		return ofIterator
	case *stream:
		return ofStream
	}
	return ofOther
}

// methodTables are the methods of each receiver, with the name of its class.
var methodTables = [receivers]struct {
	class   string
	methods []method
}{
	ofString:     {"String", stringMethods},
	ofList:       {"List and array", listMethods},
	ofMap:        {"Map", mapMethods},
	ofInt:        {"Integer", intMethods},
	ofLong:       {"Long", longMethods},
	ofFloat:      {"Float and Double", floatMethods},
	ofBigInteger: {"BigInteger", slices.Concat(bigIntegerMethods, numberMethods)},
	ofDecimal:    {"BigDecimal", slices.Concat(decimalMethods, numberMethods)},
	ofBoolean:    {"Boolean", booleanMethods},
	ofChar:       {"Character", charMethods},
	ofEntry:      {"Map.Entry", entryMethods},
	ofIterator:   {"Iterator", iteratorMethods},
	ofStream:     {"Stream", streamMethods},
	ofOther:      {"every value", objectMethods},
}

// methodSet is all methods of one name, by receiver.
type methodSet [receivers][]method

// methodSets are the methods of all names.
var methodSets = sync.OnceValue(func() map[string]*methodSet {
	sets := map[string]*methodSet{}
	for r, table := range methodTables {
		for _, m := range slices.Concat(table.methods, objectMethods) {
			if sets[m.name] == nil {
				sets[m.name] = new(methodSet)
			}
			sets[m.name][r] = append(sets[m.name][r], m)
		}
	}
	return sets
})

// methodsNamed finds the methods of a name, when a template is parsed.
func methodsNamed(name string) *methodSet {
	if set, ok := methodSets()[name]; ok {
		return set
	}
	return new(methodSet)
}

// objectMethods are the methods that every value has.
var objectMethods = []method{
	anyOf("toString", "", func(r Value, _ []Value) (Value, error) { return Text(r), nil }),
	anyOf("equals", "o", func(r Value, a []Value) (Value, error) { return Equal(r, a[0]), nil }),
	anyOf("hashCode", "", func(r Value, _ []Value) (Value, error) { return Hash(r), nil }),
	anyOf("getClass", "", func(r Value, _ []Value) (Value, error) { return Class(className(r)), nil }),
}

var errNull = errors.New("an argument is null")

// find is the method of the set that takes the arguments.
func (set *methodSet) find(r receiver, args []Value) *method {
	for i := range set[r] {
		if set[r][i].takes(args) {
			return &set[r][i]
		}
	}
	return nil
}

func (set *methodSet) has(v Value, args []Value) bool { return set.find(receiverOf(v), args) != nil }

// invoke calls the method that fits. There may be none: the result is null then.
func (set *methodSet) invoke(v Value, name string, args []Value) (Value, error) {
	r := receiverOf(v)
	if r == ofOther {
		switch o := v.(type) {
		case Object:
			result, _, err := o.Method(name, args)
			return result, err
		case Class:
			return invokeClass(o, set, name, args)
		}
	}
	m := set.find(r, args)
	if m == nil {
		return nil, set.superfluous(v, args)
	}
	for i, a := range args {
		if a == nil && i < len(m.params) && (strings.IndexByte("skmnea", m.params[i]) >= 0) {
			return nil, errNull
		}
	}
	return m.call(v, args)
}

// ErrArguments is the error of arguments for a method that takes none:
// Velocity finds the method and then fails to call it, while with any other
// mismatch it finds none and gives null.
var ErrArguments = errors.New("wrong number of arguments: it takes none")

func (set *methodSet) superfluous(v Value, args []Value) error {
	if len(args) > 0 && set.has(v, nil) {
		return ErrArguments
	}
	return nil
}

// samples are a value of each class whose static methods can be called by way
// of .class, as in $n.class.parseInt('5').
var samples = map[Class]Value{
	"java.lang.String": "", "java.lang.Integer": int32(0), "java.lang.Long": int64(0), "java.lang.Double": 0.0,
	"java.lang.Boolean": false, "java.lang.Character": Char(0), "java.util.ArrayList": &List{},
	"java.util.LinkedHashMap": &Map{}, "net.minidev.json.JSONArray": &List{Kind: JSONArray},
}

// invokeClass gives the name of a class and its static methods. Velocity finds
// the other methods of the class as well, but can't call them without an object.
func invokeClass(c Class, set *methodSet, name string, args []Value) (Value, error) {
	if len(args) == 0 {
		switch name {
		case "getName":
			return string(c), nil
		case "getClass":
			return Class("java.lang.Class"), nil
		}
	}
	sample := samples[c]
	m := set.find(receiverOf(sample), args)
	switch {
	case sample == nil || m == nil:
		return nil, nil
	case !m.static:
		return nil, errors.New("a class has no such method, only its values have")
	}
	return m.call(sample, args)
}

func (m *method) takes(args []Value) bool {
	params, more := strings.CutSuffix(m.params, "…")
	if len(args) < len(params) || len(args) > len(params) && !more {
		return false
	}
	for i := range len(params) {
		if !fits(params[i], args[i]) {
			return false
		}
	}
	return true
}

// fits says whether Velocity passes v to a parameter of the kind p.
func fits(p byte, v Value) bool {
	ok := true
	switch p {
	case 's', 'S':
		_, ok = v.(string)
		ok = ok || v == nil
	case 'i':
		_, ok = v.(int32)
	case 'l':
		_, ok = v.(int64)
		if !ok {
			_, ok = v.(int32)
		}
	case 'd':
		ok = isNumber(v)
		switch v.(type) {
		case *big.Int, *Decimal:
			ok = false
		}
	case 'c':
		_, ok = v.(Char)
	case 'b':
		_, ok = v.(bool)
	case 'n':
		_, ok = v.(*big.Int)
		ok = ok || v == nil
	case 'e':
		_, ok = v.(*Decimal)
		ok = ok || v == nil
	case 'z':
		ok = v == nil
	case 'a':
		l, isList := v.(*List)
		ok = v == nil || isList && l.Kind == Array && (l.Len() == 0 || receiverOf(l.items[0]) == ofChar)
	case 'k':
		l, isList := v.(*List)
		ok = v == nil || isList && l.Kind != Array
	case 'm':
		_, ok = v.(*Map)
		ok = ok || v == nil
	}
	return ok
}

// getter is a property that is a getter method of a Java class.
type getter uint8

const (
	noGetter getter = iota
	getClass
	getEmpty
	getBytes
	getBlank
	getName
	getKey
	getValue
)

func getterNamed(name string) getter {
	return map[string]getter{
		"class": getClass, "empty": getEmpty, "bytes": getBytes, "blank": getBlank, "name": getName, "key": getKey, "value": getValue,
	}[lowerFirst(name)]
}

// of is the property of a value that is no map; null when it has none.
func (g getter) of(v Value, name string) Value {
	if o, ok := v.(Object); ok {
		p, _ := o.Property(name)
		return p
	}
	if c, ok := v.(Class); ok {
		if g == getName {
			return string(c)
		}
		return nil
	}
	if g == getClass {
		return Class(className(v))
	}
	switch v := v.(type) {
	case string:
		switch g {
		case getEmpty:
			return v == ""
		case getBlank:
			return strip(v) == ""
		case getBytes:
			return bytesOf(v)
		}
	case *List:
		if g == getEmpty && v.Kind != Array {
			return v.Len() == 0
		}
	case *Entry:
		switch g {
		case getKey:
			return v.Key
		case getValue:
			return v.Value
		}
	}
	return nil
}

func lowerFirst(s string) string {
	r, n := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(r) {
		return s
	}
	return string(unicode.ToLower(r)) + s[n:]
}

// hinted is an error with advice.
type hinted struct {
	message string
	hint    string
}

func (h *hinted) Error() string { return h.message }

// outOfRange is Java's IndexOutOfBoundsException.
func outOfRange(index, length int) error {
	hint := "it is empty"
	if length > 0 {
		hint = fmt.Sprintf("the last index is %d", length-1)
	}
	return &hinted{fmt.Sprintf("index %d is out of range for length %d", index, length), hint}
}
