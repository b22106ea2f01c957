package doctor

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

const securityGroupType = "AWS::EC2::SecurityGroup"

// networkInterfaces are what security groups stand around: those of a link, a
// load balancer or a service.
type networkInterfaces struct {
	groups   []*cfn.Resource
	blocks   []netip.Prefix // addresses that they are in, none when not known
	isAnyone bool           // a network load balancer without groups, which passes clients' addresses on
	unknown  string         // why the groups can't be judged, "" when they can
}

func (x *examination) interfaces(r *cfn.Resource, groups, subnets string) networkInterfaces {
	n := networkInterfaces{unknown: unclear(r)}
	for _, id := range r.Strings(groups) {
		group := x.resource(id)
		if group == nil || group.Type != securityGroupType {
			n.unknown = "the security group " + id + " of " + r.LogicalID + " is not in these templates"
			continue
		}
		n.groups = append(n.groups, group)
	}
	for _, id := range r.Strings(subnets) {
		subnet := x.resource(id)
		if subnet == nil {
			continue
		}
		if block, err := netip.ParsePrefix(subnet.String("CidrBlock")); err == nil {
			n.blocks = append(n.blocks, block)
		}
	}
	if len(n.groups) == 0 && n.unknown == "" && !(r.Type == loadBalancerType && r.String("Type") == "network") {
		n.unknown = r.LogicalID + " names no security group: that of its VPC or its instances counts, whose rules are not known"
	}
	return n
}

// path is a connection that security groups have to let through at both ends.
type path struct {
	at       Where
	port     int
	from, to networkInterfaces
}

// checkPath reports what the groups of either end cut.
func (x *examination) checkPath(p path, what string) {
	for _, unknown := range []string{p.from.unknown, p.to.unknown} {
		if unknown != "" {
			x.skip(p.at, "%s", unknown)
			return
		}
	}
	if len(p.from.groups) > 0 && !x.lets("Egress", p.from, p.to, p.port) {
		x.find(p.at, "", "%s: no egress rule of %s is for it", what, names(p.from.groups))
	}
	if len(p.to.groups) > 0 && !x.lets("Ingress", p.to, p.from, p.port) {
		x.find(p.at, "", "%s: no ingress rule of %s is for it", what, names(p.to.groups))
	}
}

// lets says whether a rule of that direction lets the port through between own
// and the peer. What a rule says of prefix lists, or of addresses that are not
// known, counts as letting through.
func (x *examination) lets(direction string, own, peer networkInterfaces, port int) bool {
	for _, group := range own.groups {
		rules := x.rulesOf(group, direction)
		if direction == "Egress" && len(rules) == 0 {
			return true // the rule that EC2 makes by itself
		}
		for _, r := range rules {
			if r.isFor(port) && r.leadsTo(peer) {
				return true
			}
		}
	}
	return false
}

// groupRule is one rule of a group, in the group itself or a resource of its own.
type groupRule struct {
	resource *cfn.Resource
	at       string // property path with its dot, "" in a resource of its own
}

func (x *examination) rulesOf(group *cfn.Resource, direction string) []groupRule {
	var rules []groupRule
	property := "SecurityGroup" + direction
	for i := range group.List(property) {
		rules = append(rules, groupRule{group, property + "." + itoa(i) + "."})
	}
	for _, r := range x.Assembly.Resources(securityGroupType + direction) {
		if r.String("GroupId") == group.Attribute("GroupId") {
			rules = append(rules, groupRule{r, ""})
		}
	}
	return rules
}

// isFor says whether the rule is for a TCP port.
func (r groupRule) isFor(port int) bool {
	switch protocol := r.resource.String(r.at + "IpProtocol"); strings.ToLower(protocol) {
	case "-1", "all", "":
		return true
	case "tcp", "6":
		from, to := r.resource.Int(r.at+"FromPort"), r.resource.Int(r.at+"ToPort")
		return !r.resource.Has(r.at+"FromPort") || from == -1 || from <= port && port <= to
	}
	return false
}

func (r groupRule) leadsTo(peer networkInterfaces) bool {
	if peer.isAnyone || unclear(r.resource) != "" {
		return true
	}
	for _, property := range []string{"SourceSecurityGroupId", "DestinationSecurityGroupId"} {
		if id := r.resource.String(r.at + property); id != "" {
			return slices.ContainsFunc(peer.groups, func(g *cfn.Resource) bool { return g.Attribute("GroupId") == id })
		}
	}
	block, err := netip.ParsePrefix(r.resource.String(r.at + "CidrIp"))
	if err != nil || len(peer.blocks) == 0 {
		// Also a prefix list, a group's name or IPv6: not known. An address of
		// one host is none of these interfaces: so the CDK closes a group.
		return err != nil || block.Bits() < 32
	}
	return slices.ContainsFunc(peer.blocks, block.Overlaps)
}

func names(groups []*cfn.Resource) string {
	all := make([]string, len(groups))
	for i, g := range groups {
		all[i] = g.LogicalID
	}
	return strings.Join(all, ", ")
}
