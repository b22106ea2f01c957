// Package plural counts things for people.
package plural

import "fmt"

// Of is "1 case", "0 cases" or "2 cases" of the name "case".
func Of(n int, name string) string {
	if n == 1 {
		return "1 " + name
	}
	return fmt.Sprintf("%d %ss", n, name)
}
