package trace

import (
	"encoding/json"
	"slices"
	"strings"
)

// secretHeaders carry what would let somebody else in.
var secretHeaders = []string{
	"authorization", "cookie", "proxy-authorization", "set-cookie", "x-amz-security-token", "x-api-key",
}

func isSecret(header string) bool { return slices.Contains(secretHeaders, strings.ToLower(header)) }

// How much of a secret is shown, and how long it must be for that: the service
// shows the last six characters.
const (
	shownOfSecret = 6
	longSecret    = 24
)

// masked is a secret as the execution log has it.
func masked(secret string) string {
	stars := len(secret)
	if stars >= longSecret {
		stars -= shownOfSecret
	}
	return strings.Repeat("*", stars) + secret[stars:]
}

// shortestSearched is how long a secret must be to be looked for in other
// texts: shorter ones occur by chance.
const shortestSearched = 8

// masking masks the request's secrets wherever a template or an event repeats
// them, plain and as part of a JSON string.
func (t *Trace) masking() *strings.Replacer {
	var pairs []string
	add := func(secret string) {
		if len(secret) < shortestSearched {
			return
		}
		quoted, _ := json.Marshal(secret) // a string always encodes
		for _, form := range []string{secret, string(quoted[1 : len(quoted)-1])} {
			pairs = append(pairs, form, masked(secret))
		}
	}
	for _, s := range t.events {
		switch e := s.event.(type) {
		case Request:
			for _, f := range e.Header {
				if isSecret(f.Name) {
					add(f.Value)
					add(f.Value[strings.LastIndexByte(f.Value, ' ')+1:]) // what stands behind "Bearer"
				}
			}
		case Authorizer:
			for _, identity := range e.Identity {
				add(identity)
			}
		case UsagePlan:
			add(e.Key)
		}
	}
	return strings.NewReplacer(pairs...)
}
