package gateway

import (
	"strconv"
	"strings"
)

// reportIgnored names what the template asks for and requests to the stage are
// served without.
func (b *builder) reportIgnored(stage deployed) {
	if policy := b.rest.Value("Policy"); policy != nil && policy != "" {
		b.ignore(b.rest, "Policy", "a resource policy is not evaluated: everybody may call the API", "")
	}
	if b.rest.Bool("DisableExecuteApiEndpoint") {
		b.ignore(b.rest, "DisableExecuteApiEndpoint", "the default endpoint is served all the same; the service answers only at a custom domain name", "")
	}
	b.reportStage(stage)
	if b.isCaching(stage) {
		b.reportCacheKeys()
	}
	b.reportFirewalls(stage)
}

func (b *builder) reportStage(d deployed) {
	r, at := d.resource, d.properties
	if r.Bool(at + "CacheClusterEnabled") {
		b.ignore(r, at+"CacheClusterEnabled", "there is no cache: every request reaches its backend", "")
	}
	for _, property := range d.cachingSettings() {
		if r.Bool(property) {
			b.ignore(r, property, "responses are not cached: every request reaches its backend", "")
		}
	}
	if r.Has(at + "ClientCertificateId") {
		b.ignore(r, at+"ClientCertificateId", "HTTP backends are called without a client certificate", "")
	}
}

// cachingSettings are the properties of the stage that turn caching on: for
// single methods, and in a StageDescription for all.
func (d deployed) cachingSettings() []string {
	var properties []string
	if d.properties != "" {
		properties = append(properties, d.properties+"CachingEnabled")
	}
	for i := range d.resource.List(d.properties + "MethodSettings") {
		properties = append(properties, d.properties+"MethodSettings."+strconv.Itoa(i)+".CachingEnabled")
	}
	return properties
}

// isCaching says whether the service would cache responses: it needs a cache
// and a method that uses it.
func (b *builder) isCaching(d deployed) bool {
	if !d.resource.Bool(d.properties + "CacheClusterEnabled") {
		return false
	}
	for _, property := range d.cachingSettings() {
		if d.resource.Bool(property) {
			return true
		}
	}
	return false
}

func (b *builder) reportCacheKeys() {
	for _, m := range b.of("Method") {
		for _, property := range []string{"Integration.CacheKeyParameters", "Integration.CacheNamespace"} {
			if m.Has(property) {
				b.ignore(m, property, "responses are not cached", "")
			}
		}
	}
}

// reportFirewalls names the web ACLs of the stage.
func (b *builder) reportFirewalls(stage deployed) {
	for _, r := range b.assembly.Resources("AWS::WAFv2::WebACLAssociation") {
		if strings.HasSuffix(r.String("ResourceArn"), "/restapis/"+b.rest.Ref()+"/stages/"+stage.name) {
			b.ignore(r, "ResourceArn", "the rules of a web ACL are not evaluated: no request is blocked", "")
		}
	}
}
