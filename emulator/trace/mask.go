package trace

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// secretHeaders carry what would let somebody else in.
var secretHeaders = []string{
	"authorization", "cookie", "proxy-authorization", "set-cookie", "x-amz-security-token", "x-api-key",
}

func isSecret(header string) bool { return slices.Contains(secretHeaders, strings.ToLower(header)) }

// secretParameters of a query sign the request, as Authorization does.
var secretParameters = []string{"x-amz-credential", "x-amz-security-token", "x-amz-signature"}

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

// masking masks the request's secrets, and those of its answers, wherever a
// template or an event repeats them: as they are, and in JSON, and in JSON
// within it.
func (t *Trace) masking() *masking {
	m := &masking{}
	for _, s := range t.events {
		switch e := s.event.(type) {
		case Request:
			m.addHeader(e.Header)
			m.addQuery(e.Query)
		case MethodRequest:
			m.addHeader(e.Header)
		case Authorizer:
			for _, identity := range e.Identity {
				m.add(identity)
				m.add(url.QueryEscape(identity))
			}
		case UsagePlan:
			m.add(e.Key)
		case EndpointRequest:
			m.addHeader(e.Header)
			_, query, _ := strings.Cut(e.URI, "?")
			m.addQuery(query)
		case EndpointResponse:
			m.addHeader(e.Header)
		case MethodResponse:
			m.addHeader(e.Header)
		}
	}
	m.replacer = strings.NewReplacer(m.pairs...)
	return m
}

// masking replaces secrets.
type masking struct {
	pairs    []string // secret, masked
	replacer *strings.Replacer
}

func (m *masking) add(secret string) {
	if len(secret) < shortestSearched {
		return
	}
	quoted, _ := json.Marshal(secret) // a string always encodes; this one as Go's encoder does, without <, > and &
	once := inJSON.Replace(secret)
	for _, form := range []string{secret, string(quoted[1 : len(quoted)-1]), once, inJSON.Replace(once)} {
		m.pairs = append(m.pairs, form, masked(secret))
	}
}

var inJSON = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

func (m *masking) addHeader(h Header) {
	for _, f := range h {
		if !isSecret(f.Name) {
			continue
		}
		m.add(f.Value)
		switch strings.ToLower(f.Name) {
		case "cookie":
			for pair := range strings.SplitSeq(f.Value, ";") {
				_, value, _ := strings.Cut(pair, "=")
				m.add(strings.TrimSpace(value))
			}
		case "set-cookie":
			pair, _, _ := strings.Cut(f.Value, ";") // what follows are attributes
			_, value, _ := strings.Cut(pair, "=")
			m.add(strings.TrimSpace(value))
		default:
			m.add(f.Value[strings.LastIndexByte(f.Value, ' ')+1:]) // what stands behind "Bearer"
			for part := range strings.FieldsFuncSeq(f.Value, func(c rune) bool { return c == ' ' || c == ',' }) {
				if name, value, _ := strings.Cut(part, "="); name == "Credential" || name == "Signature" {
					m.add(value)
				}
			}
		}
	}
}

// addQuery adds the parameters that sign, as they came, decoded and encoded anew.
func (m *masking) addQuery(query string) {
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if plain, err := url.QueryUnescape(name); err != nil || !slices.Contains(secretParameters, strings.ToLower(plain)) {
			continue
		}
		m.add(value)
		if plain, err := url.QueryUnescape(value); err == nil && plain != value {
			m.add(plain)
			m.add(url.QueryEscape(plain))
		}
	}
}

func (m *masking) text(s string) string { return m.replacer.Replace(s) }

// jsonString is a string of a JSON text, with the colon behind a member's name.
var jsonString = regexp.MustCompile(`"(?:[^"\\]|\\.)*":?`)

// json masks the strings of a JSON text, but no name of a member.
func (m *masking) json(text []byte) []byte {
	if len(m.pairs) == 0 {
		return text
	}
	return jsonString.ReplaceAllFunc(text, func(literal []byte) []byte {
		var s string
		if literal[len(literal)-1] == ':' || json.Unmarshal(literal, &s) != nil {
			return literal
		}
		if hidden := m.text(s); hidden != s {
			literal, _ = json.Marshal(hidden) // a string always encodes
		}
		return literal
	})
}
