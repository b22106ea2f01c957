package vpclink

import (
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/wildcard"
)

// rule sends requests that meet all its conditions to its action.
type rule struct {
	priority   int
	conditions []condition
	action     action
}

// condition says whether a request from the source address meets it.
type condition func(r *http.Request, source string) bool

func (u *rule) matches(r *http.Request, source string) bool {
	for _, met := range u.conditions {
		if !met(r, source) {
			return false
		}
	}
	return true
}

// conditionKinds is the table of condition fields: the property that holds the
// values, and what they are compared with.
var conditionKinds = map[string]struct {
	config string
	read   func(b *builder, r *cfn.Resource, at string, values []string) condition
}{
	"host-header":         {"HostHeaderConfig", hostHeader},
	"http-header":         {"HttpHeaderConfig", httpHeader},
	"http-request-method": {"HttpRequestMethodConfig", requestMethod},
	"path-pattern":        {"PathPatternConfig", pathPattern},
	"query-string":        {"QueryStringConfig", queryString},
	"source-ip":           {"SourceIpConfig", sourceIP},
}

func (b *builder) rule(r *cfn.Resource) *rule {
	b.note(r)
	u := &rule{priority: r.Int("Priority"), action: b.action(r, "Actions")}
	if r.Has("Transforms") {
		b.fail(r, "Transforms", "transforms are not supported", "rewrite the path in the integration's Uri")
		u.action = refuse{r.LogicalID, "its transforms are not supported"}
	}
	for i := range r.List("Conditions") {
		at := "Conditions." + strconv.Itoa(i)
		field := r.String(at + ".Field")
		kind, known := conditionKinds[field]
		config := at + "." + kind.config
		if !known || r.Has(config+".RegexValues") || r.Has(at+".RegexValues") {
			b.fail(r, at, "the condition "+field+" is not supported as it is written", "use values with * and ?")
			u.action = refuse{r.LogicalID, "a condition is not supported"}
			continue
		}
		values := []string{}
		if field != "query-string" {
			values = append(r.Strings(at+".Values"), r.Strings(config+".Values")...)
		}
		u.conditions = append(u.conditions, kind.read(b, r, config, values))
	}
	return u
}

func pathPattern(_ *builder, _ *cfn.Resource, _ string, patterns []string) condition {
	return func(r *http.Request, _ string) bool { return anyMatch(patterns, r.URL.EscapedPath()) }
}

func requestMethod(_ *builder, _ *cfn.Resource, _ string, methods []string) condition {
	return func(r *http.Request, _ string) bool { return slices.Contains(methods, r.Method) }
}

// hostHeader compares without case and port.
func hostHeader(_ *builder, _ *cfn.Resource, _ string, patterns []string) condition {
	patterns = lowered(patterns)
	return func(r *http.Request, _ string) bool {
		host := r.Host
		if host == "" {
			host = r.URL.Host
		}
		if name, _, err := net.SplitHostPort(host); err == nil {
			host = name
		}
		return anyMatch(patterns, strings.ToLower(host))
	}
}

// httpHeader compares without case, each value of the header by itself.
func httpHeader(_ *builder, r *cfn.Resource, at string, patterns []string) condition {
	name := r.String(at + ".HttpHeaderName")
	patterns = lowered(patterns)
	return func(r *http.Request, _ string) bool {
		for key, values := range r.Header {
			if strings.EqualFold(key, name) && slices.ContainsFunc(values, func(v string) bool { return anyMatch(patterns, strings.ToLower(v)) }) {
				return true
			}
		}
		return false
	}
}

// queryString compares keys and values without case; a value without a key is
// looked for behind any key.
func queryString(_ *builder, r *cfn.Resource, at string, _ []string) condition {
	type pair struct{ key, value string }
	var pairs []pair
	for i := range r.List(at + ".Values") {
		item := at + ".Values." + strconv.Itoa(i)
		p := pair{strings.ToLower(r.String(item + ".Key")), strings.ToLower(r.String(item + ".Value"))}
		if p.key == "" {
			p.key = "*"
		}
		pairs = append(pairs, p)
	}
	return func(r *http.Request, _ string) bool {
		query, _ := url.ParseQuery(r.URL.RawQuery) // what can be read counts
		for key, values := range query {
			for _, value := range values {
				if slices.ContainsFunc(pairs, func(p pair) bool {
					return wildcard.Match(p.key, strings.ToLower(key)) && wildcard.Match(p.value, strings.ToLower(value))
				}) {
					return true
				}
			}
		}
		return false
	}
}

func sourceIP(b *builder, r *cfn.Resource, at string, blocks []string) condition {
	var prefixes []netip.Prefix
	for _, block := range blocks {
		prefix, err := netip.ParsePrefix(block)
		if err != nil {
			b.fail(r, at, strconv.Quote(block)+" is no address block", "write it as 10.0.0.0/16")
			continue
		}
		prefixes = append(prefixes, prefix)
	}
	return func(_ *http.Request, source string) bool {
		address, err := netip.ParseAddr(source)
		return err == nil && slices.ContainsFunc(prefixes, func(p netip.Prefix) bool { return p.Contains(address) })
	}
}

func lowered(texts []string) []string {
	all := make([]string, len(texts))
	for i, text := range texts {
		all[i] = strings.ToLower(text)
	}
	return all
}

func anyMatch(patterns []string, text string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return wildcard.Match(p, text) })
}
