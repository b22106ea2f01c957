package cfn

import (
	"net"
	"net/url"
	"strings"
)

// ByHost gives the resource that a host name or address stands for: a load
// balancer's DNS name, an instance's address. nil when it is none of these; a
// loopback address, as a function URL has here, answers on this machine.
func (a *Assembly) ByHost(host string) *Resource {
	if a.hosts == nil {
		a.hosts = map[string]*Resource{}
		for _, r := range a.Resources() {
			a.addHosts(r)
		}
	}
	return a.hosts[strings.ToLower(host)]
}

func (a *Assembly) addHosts(r *Resource) {
	values := []string{r.Ref()}
	for _, name := range r.attributeNames() {
		values = append(values, r.Attribute(name))
	}
	for _, value := range values {
		if u, err := url.Parse(value); err == nil && u.Host != "" {
			value = u.Hostname()
		}
		if ip := net.ParseIP(value); ip != nil && ip.IsLoopback() {
			continue
		}
		if strings.Contains(value, ".") && !strings.ContainsAny(value, "/: ") {
			a.hosts[strings.ToLower(value)] = r
		}
	}
}
