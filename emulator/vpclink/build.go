package vpclink

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// The types of resources that are read here.
const (
	linkV1           = "AWS::ApiGateway::VpcLink"
	linkV2           = "AWS::ApiGatewayV2::VpcLink"
	loadBalancerType = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	listenerType     = "AWS::ElasticLoadBalancingV2::Listener"
	ruleType         = "AWS::ElasticLoadBalancingV2::ListenerRule"
	targetGroupType  = "AWS::ElasticLoadBalancingV2::TargetGroup"
	serviceType      = "AWS::ECS::Service"
)

// builder makes the network from resources. It reads only what a method or a
// link of V1 leads to: the rest has no influence on the API.
type builder struct {
	network  *Network
	assembly *cfn.Assembly
	groups   map[string]*targetGroup // by ARN; nil for one that can't be served
	read     []*cfn.Resource         // whose problems concern the API
	problems cfn.Problems
}

func (n *Network) read() cfn.Problems {
	b := &builder{network: n, assembly: n.options.Assembly, groups: map[string]*targetGroup{}}
	for _, link := range b.assembly.Resources(linkV1, linkV2) {
		n.links[link.Ref()] = link
	}
	for _, arn := range b.targets() {
		b.loadBalancer(arn)
	}
	for _, r := range b.assembly.Resources(serviceType) {
		b.service(r)
	}
	for _, r := range b.read {
		b.problems = append(b.problems, r.Problems...)
	}
	return b.problems
}

// targets lists the ARNs of the load balancers that requests can be sent to.
func (b *builder) targets() []string {
	var arns []string
	for _, method := range b.assembly.Resources("AWS::ApiGateway::Method") {
		if arn, ok := method.Value("Integration.IntegrationTarget").(string); ok {
			arns = append(arns, arn)
		}
	}
	for _, link := range b.assembly.Resources(linkV1) {
		arns = append(arns, link.Strings("TargetArns")...)
	}
	slices.Sort(arns)
	return slices.Compact(arns)
}

// note keeps a resource whose own problems are to be reported.
func (b *builder) note(r *cfn.Resource) {
	if !slices.Contains(b.read, r) {
		b.read = append(b.read, r)
	}
}

func (b *builder) fail(r *cfn.Resource, property, message, hint string) {
	b.problems = append(b.problems, r.Problem(property, message, hint))
}

// loadBalancer reads a load balancer with its listeners and rules; nil when the
// assembly has none of that ARN, which Check reports.
func (b *builder) loadBalancer(arn string) *loadBalancer {
	if balancer := b.network.balancers[arn]; balancer != nil {
		return balancer
	}
	r := b.assembly.ByARN(arn)
	if r == nil || r.Type != loadBalancerType {
		return nil
	}
	b.note(r)
	attributes := attributesOf(r, "LoadBalancerAttributes")
	balancer := &loadBalancer{
		logicalID:     r.LogicalID,
		network:       r.String("Type") == "network",
		transport:     b.network.transport,
		source:        b.address(r),
		idleTimeout:   seconds(attributes["idle_timeout.timeout_seconds"], 60*time.Second),
		forwardedFor:  attributes["routing.http.xff_header_processing.mode"],
		withoutServer: attributes["routing.http.response.server.enabled"] == "false",
	}
	b.network.balancers[arn] = balancer
	for _, l := range b.assembly.Resources(listenerType) {
		if l.String("LoadBalancerArn") == arn {
			balancer.listeners = append(balancer.listeners, b.listener(l, balancer))
		}
	}
	return balancer
}

func (b *builder) listener(r *cfn.Resource, balancer *loadBalancer) *listener {
	b.note(r)
	l := &listener{
		port:   r.Int("Port"),
		secure: r.String("Protocol") == "HTTPS" || r.String("Protocol") == "TLS",
	}
	if !balancer.network {
		for _, rule := range b.assembly.Resources(ruleType) {
			if rule.String("ListenerArn") == r.ARN() {
				l.rules = append(l.rules, b.rule(rule))
			}
		}
		slices.SortStableFunc(l.rules, func(a, b *rule) int { return a.priority - b.priority })
	}
	l.rules = append(l.rules, &rule{action: b.action(r, "DefaultActions")})
	return l
}

// targetGroup reads a target group; nil for one that can't be served.
func (b *builder) targetGroup(from *cfn.Resource, property, arn string) *targetGroup {
	if group, known := b.groups[arn]; known {
		return group
	}
	r := b.assembly.ByARN(arn)
	if r == nil || r.Type != targetGroupType {
		b.fail(from, property, strconv.Quote(arn)+" is no target group of the assembly", "load the stack that has it")
		return nil
	}
	b.note(r)
	b.groups[arn] = nil
	switch kind := r.String("TargetType"); kind {
	case "", "ip", "instance":
		if r.Has("Targets") && b.network.options.Backends[r.LogicalID] == nil {
			b.fail(r, "Targets", "fixed targets are not on this machine", GiveBackend(r.LogicalID))
		}
	case "alb":
		b.groups[arn] = b.balancerGroup(r)
		return b.groups[arn]
	default:
		b.fail(r, "TargetType", "targets of type "+kind+" are not supported", "use ip targets of an AWS::ECS::Service")
		return nil
	}
	if version := r.String("ProtocolVersion"); version != "" && version != "HTTP1" {
		b.fail(r, "ProtocolVersion", version+" is not supported", "use HTTP1")
		return nil
	}
	check, err := readHealthCheck(r)
	if err != nil {
		b.fail(r, "Matcher", err.Error(), "write codes and ranges such as 200,204 or 200-299")
		return nil
	}
	group := newTargetGroup(r.Name(), check, b.network.transport)
	group.resource = r
	if u := b.network.options.Backends[r.LogicalID]; u != nil {
		group.fix(u.Host)
	}
	b.groups[arn] = group
	b.network.groups = append(b.network.groups, group)
	return group
}

// balancerGroup is a target group of a network load balancer whose target is an
// application load balancer.
func (b *builder) balancerGroup(r *cfn.Resource) *targetGroup {
	balancer := b.loadBalancer(r.String("Targets.0.Id"))
	if balancer == nil {
		b.fail(r, "Targets", "no load balancer of the assembly", "load the stack that has it")
		return nil
	}
	port := r.Int("Targets.0.Port")
	if port == 0 {
		port = r.Int("Port")
	}
	return &targetGroup{name: r.Name(), balancer: balancer, port: port, deployed: closed()}
}

// address stands for the link's network interface: the tenth address of the
// load balancer's first subnet, which rules by source-ip expect to lie there.
func (b *builder) address(r *cfn.Resource) string {
	subnets := r.List("Subnets")
	if len(subnets) > 0 {
		id, _ := subnets[0].(string)
		if subnet := b.assembly.ByRef(id); subnet != nil {
			if address, ok := tenthAddress(subnet.String("CidrBlock")); ok {
				return address
			}
		}
	}
	return "127.0.0.1"
}

// attributesOf reads a list of {Key, Value}.
func attributesOf(r *cfn.Resource, property string) map[string]string {
	attributes := map[string]string{}
	for i := range r.List(property) {
		at := property + "." + strconv.Itoa(i)
		attributes[r.String(at+".Key")] = r.String(at + ".Value")
	}
	return attributes
}

func seconds(text string, def time.Duration) time.Duration {
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n <= 0 {
		return def
	}
	return time.Duration(n) * time.Second
}

func closed() chan struct{} {
	c := make(chan struct{})
	close(c)
	return c
}
