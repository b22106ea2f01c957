package vtl

import "math/big"

// Value is what an expression yields. Its dynamic type is one of
//
//	nil, bool, string, Char, int32, int64, *big.Int, float32, float64,
//	*Decimal, *Map, *Entry, *List, *iterator, Class, Object
//
// which stand for Java's null, Boolean, String, Character, Integer, Long,
// BigInteger, Float, Double, BigDecimal, Map, Map.Entry, collections and
// arrays, Iterator, Class, and the objects that the host gives to templates.
// A string holds UTF-8; lengths and indexes count UTF-16 units as Java does.
type Value any

// Char is a Java char.
type Char uint16

// Class is what .class yields: the name of a Java class.
type Class string

// Object is a value of the host, such as $input. Method and Property return
// false when there is none of the name (and, of a method, with such
// arguments); a reference to it is null then. args must not be kept.
type Object interface {
	Property(name string) (Value, bool)
	Method(name string, args []Value) (Value, bool, error)
	String() string
}

// className is the name of a value's Java class.
func className(v Value) string {
	switch v := v.(type) {
	case bool:
		return "java.lang.Boolean"
	case string:
		return "java.lang.String"
	case Char:
		return "java.lang.Character"
	case int32:
		return "java.lang.Integer"
	case int64:
		return "java.lang.Long"
	case *big.Int:
		return "java.math.BigInteger"
	case float32:
		return "java.lang.Float"
	case float64:
		return "java.lang.Double"
	case *Decimal:
		return "java.math.BigDecimal"
	case *Map:
		return "java.util.LinkedHashMap"
	case *Entry:
		return "java.util.LinkedHashMap$Entry"
	case *List:
		return v.Kind.className()
	case *iterator:
		return "java.util.Iterator"
	case Class:
		return "java.lang.Class"
	case *defined:
		return "org.apache.velocity.runtime.directive.Block$Reference"
	case *loop:
		return "org.apache.velocity.runtime.directive.ForeachScope"
	}
	return "java.lang.Object"
}

// sameClass says whether one of the classes can stand for the other, so that
// == compares with equals rather than by text.
func sameClass(a, b Value) bool {
	la, ok := a.(*List)
	if lb, both := b.(*List); ok && both {
		return la.Kind == lb.Kind || la.Kind.arrayList() && lb.Kind.arrayList()
	}
	return className(a) == className(b)
}

// smallInts are the boxes of the integers that templates use most.
var smallInts = func() (boxes [1024]Value) {
	for i := range boxes {
		boxes[i] = int32(i)
	}
	return boxes
}()

// Int is the Integer i.
func Int(i int) Value {
	if i >= 0 && i < len(smallInts) {
		return smallInts[i]
	}
	return int32(i)
}

// Length is String.length.
func Length(s string) int { return textLength(s) }

// Float is Number.doubleValue; 0 unless v is a number.
func Float(v Value) float64 { return toDouble(v) }
