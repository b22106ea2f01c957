package vtl

import (
	"slices"
	"strings"
)

// Methods lists the Java methods that a template may call, by the receiver's
// type: "String", "charAt(int)".
func Methods() map[string][]string {
	all := map[string][]string{}
	for _, table := range methodTables {
		name := table.class
		for _, m := range table.methods {
			all[name] = append(all[name], m.name+"("+javaTypes(m.params)+")")
		}
		slices.Sort(all[name])
		all[name] = slices.Compact(all[name])
	}
	return all
}

// javaTypes writes parameters, which have a letter each, as Java does.
func javaTypes(params string) string {
	return strings.TrimPrefix(strings.NewReplacer("s", ", String", "S", ", String", "i", ", int", "l", ", long", "d", ", double", "c", ", char",
		"b", ", boolean", "o", ", Object", "k", ", Collection", "m", ", Map", "…", ", Object…", "n", ", BigInteger", "e", ", BigDecimal", "a", ", char[]", "z", ", null").Replace(params), ", ")
}
