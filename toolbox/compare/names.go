package compare

import (
	"cmp"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// names are values that differ between the two sides and mean the same: what a case captured, the address, outputs of
// the stacks, stage variables. Texts are alike that differ in nothing else.
type names struct{ local, deployed []name }

// name is a value, and the mark that stands for it on both sides.
type name struct{ value, mark string }

// basePath is the name of the base URL's path, which a custom domain may leave out: it counts nowhere.
const basePath = "basePath"

// match pairs the values by name.
func match(local, deployed map[string]string) names {
	var n names
	for i, key := range slices.Sorted(maps.Keys(local)) {
		mark := string(rune(0xE000 + i)) // a character that nobody writes
		switch {
		case key == basePath:
			mark = ""
		case local[key] == "" || deployed[key] == "" || local[key] == deployed[key]:
			continue
		}
		n.local = append(n.local, name{local[key], mark})
		n.deployed = append(n.deployed, name{deployed[key], mark})
	}
	for _, side := range [][]name{n.local, n.deployed} { // a value within another one goes behind that
		slices.SortStableFunc(side, func(a, b name) int { return cmp.Compare(len(b.value), len(a.value)) })
	}
	return n
}

// alike compares texts with the names' values taken for each other.
func (n names) alike(local, deployed string) bool {
	return local == deployed || marked(local, n.local) == marked(deployed, n.deployed)
}

func marked(text string, side []name) string {
	for _, name := range side {
		text = replace(text, name.value, name.mark)
	}
	return text
}

// shortest is the length from which a value is looked for within words too.
const shortest = 8

func replace(text, value, mark string) string {
	if value == "" || !strings.Contains(text, value) {
		return text
	}
	if len(value) >= shortest {
		return strings.ReplaceAll(text, value, mark)
	}
	word := regexp.QuoteMeta(strings.ToValidUTF8(value, ""))
	word = leftEdge.ReplaceAllString(word, `\b$0`)
	word = rightEdge.ReplaceAllString(word, `$0\b`)
	return regexp.MustCompile(word).ReplaceAllLiteralString(text, mark)
}

var leftEdge, rightEdge = regexp.MustCompile(`^\w`), regexp.MustCompile(`\w$`)
