package compare

import (
	"net/http"
	"path"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/trace"
)

// varyingHeaders are left aside: they say nothing of how the API answers. A name may end with *.
var varyingHeaders = []struct{ name, reason string }{
	{"Date", "time of the answer"},
	{"Connection", "belongs to the connection"},
	{"Keep-Alive", "belongs to the connection"},
	{"Transfer-Encoding", "belongs to the connection"},
	{"Content-Length", "follows from the body, which is compared"},
	{"X-Amzn-Requestid", "new for each request"},
	{"X-Amz-Apigw-Id", "new for each request"},
	{"X-Amzn-Trace-Id", "new for each request"},
	{"X-Amz-Cf-*", "CloudFront's, before an edge-optimized API"},
	{"X-Cache", "CloudFront's"},
	{"Via", "CloudFront's"},
	{"X-Amzn-Remapped-X-Amzn-Requestid", "new for each request"},
	{"X-Amzn-Remapped-Date", "time of the endpoint's answer"},
	{"X-Amzn-Remapped-Connection", "belongs to the endpoint's connection"},
	{"X-Amzn-Remapped-Content-Length", "follows from the endpoint's body"},
}

// headerNames are names of headers that are left aside.
type headerNames []string

func ignoring(further []string) headerNames {
	var names headerNames
	for _, varying := range varyingHeaders {
		names = append(names, varying.name)
	}
	for _, name := range further {
		names = append(names, http.CanonicalHeaderKey(name))
	}
	return names
}

func (names headerNames) has(name string) bool {
	return slices.ContainsFunc(names, func(pattern string) bool {
		matches, err := path.Match(pattern, http.CanonicalHeaderKey(name))
		return matches && err == nil
	})
}

// headerLine is the expectation of a header; "" when the case has none.
func (d *differ) headerLine(name string) string {
	for _, line := range d.expect.Header {
		if strings.EqualFold(line.Name, name) {
			return line.Value
		}
	}
	return ""
}

// headers compares the values of each name that either side has. Names have no case in HTTP.
func (d *differ) headers(local, deployed http.Header) {
	var all []string
	for _, header := range []http.Header{local, deployed} {
		for name := range header {
			all = append(all, name)
		}
	}
	slices.Sort(all)
	for _, name := range slices.Compact(all) {
		if !d.ignored.has(name) {
			d.texts("header", name, d.headerLine(name), joined(local, name), joined(deployed, name))
		}
	}
}

// spelling compares how names are written that both sides have, where it is known: HTTP doesn't tell.
func (d *differ) spelling(local trace.Header, deployed []string) {
	for _, field := range local {
		for _, name := range deployed {
			if strings.EqualFold(field.Name, name) && field.Name != name && !d.ignored.has(name) {
				d.both("header name", http.CanonicalHeaderKey(name), field.Name, name)
			}
		}
	}
}

// joined is nil for a header that is not there.
func joined(header http.Header, name string) *string {
	values, ok := header[name]
	if !ok {
		return nil
	}
	text := strings.Join(values, ", ")
	return &text
}
