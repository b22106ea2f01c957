// Package wildcard matches the patterns that IAM policies, Lambda permissions
// and load balancer rules share.
package wildcard

import "strings"

// Match compares the whole text with a pattern: * stands for any text, ? for
// one character (one byte: all that it is used for is ASCII).
func Match(pattern, text string) bool {
	p, t, star, mark := 0, 0, -1, 0
	for t < len(text) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == text[t]):
			p++
			t++
		case star >= 0: // let the last * take one more
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}
