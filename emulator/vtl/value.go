package vtl

// Value is what an expression yields. Its dynamic type is one of
//
//	nil, bool, string, Char, int32, int64, *big.Int, float64, Decimal,
//	*Map, *Entry, *List, Object
//
// which stand for Java's null, Boolean, String, Character, Integer, Long,
// BigInteger, Double, BigDecimal, Map, Map.Entry, collections and arrays, and
// the objects that the host gives to templates ($input, $util).
type Value any

// Equal is Java's equals.
func Equal(a, b Value) bool { return a == b }
