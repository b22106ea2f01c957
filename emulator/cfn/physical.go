package cfn

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strings"
)

// The alphabets of the services' IDs.
const (
	hexDigits = "0123456789abcdef"
	digits    = "0123456789"
	lower     = "abcdefghijklmnopqrstuvwxyz0123456789"
	upper     = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
)

// letters gives n letters of an alphabet that follow from seed alone.
func letters(seed, alphabet string, n int) string {
	out := make([]byte, 0, n)
	for block := 0; len(out) < n; block++ {
		sum := sha256.Sum256(binary.BigEndian.AppendUint32([]byte(seed), uint32(block)))
		for _, b := range sum {
			out = append(out, alphabet[int(b)%len(alphabet)])
		}
	}
	return string(out[:n])
}

func hexOf(seed string, n int) string { return letters(seed, hexDigits, n) }

func uuidOf(seed string) string {
	h := hexOf("uuid "+seed, 32)
	return fmt.Sprintf("%s-%s-4%s-8%s-%s", h[:8], h[8:12], h[13:16], h[17:20], h[20:])
}

// seed is what an ID of the stack follows from.
func (s *Stack) seed(subject string) string {
	return strings.Join([]string{s.AccountID, s.Region, s.Name, subject}, "/")
}

// nameHash is how many letters CloudFormation ends a generated name with.
const nameHash = 12

// generatedName is the name that CloudFormation makes: stack, logical ID and
// letters, the first two cut evenly where the type's limit is short.
func (r *Resource) generatedName(limit int) string {
	stack, logicalID := r.Stack.Name, r.LogicalID
	if room := limit - nameHash - 2; limit > 0 && len(stack)+len(logicalID) > room {
		half := room / 2
		stack, logicalID = cut(stack, max(half, room-len(logicalID))), cut(logicalID, max(half, room-len(stack)))
	}
	return stack + "-" + logicalID + "-" + letters(r.Stack.seed(r.LogicalID), upper, nameHash)
}

func cut(text string, length int) string {
	return strings.TrimRight(text[:min(len(text), length)], "-")
}
