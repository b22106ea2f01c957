package doctor

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

const securityGroupPage = "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-update-security-groups.html"

var securityGroupLink = Rule{
	ID:       "security-group-link",
	Severity: Error,
	Evidence: Documented,
	Title:    "Security groups cut a VPC link from its load balancer",
	Why:      `requests wait until the integration's timeout, then get 504 or 500; the load balancer never sees them`,
	Fix:      "let the link's group out to the load balancer's on the listener's port, and the load balancer's in from the link's",
	Doc:      apigatewayGuide + "apigateway-vpc-links-v2.html",
	check: func(x *examination) {
		for _, route := range x.privateRoutes() {
			link := x.resource(route.linkID)
			if link == nil || link.Type != "AWS::ApiGatewayV2::VpcLink" {
				continue // a link of V1 reaches its load balancer past these groups
			}
			x.checkPath(path{
				at: x.where(route.method.resource, "Integration.IntegrationTarget"), port: route.port,
				from: x.interfaces(link, "SecurityGroupIds", "SubnetIds"), to: x.interfaces(route.balancer, "SecurityGroups", "Subnets"),
			}, fmt.Sprintf("%s: VPC link %s can't reach load balancer %s on port %d", route.method.route(), link.LogicalID, route.balancer.LogicalID, route.port))
		}
	},
}

var securityGroupTarget = Rule{
	ID:       "security-group-target",
	Severity: Error,
	Evidence: Documented,
	Title:    "Security groups cut a load balancer from its service",
	Why:      "health checks fail and no target is ever healthy: requests get 503 or 504",
	Fix:      "let the load balancer's group out to the service's on the container's port, and the service's in from the load balancer's",
	Doc:      securityGroupPage,
	check: func(x *examination) {
		for _, t := range x.targets() {
			balancer := x.interfaces(t.balancer, "SecurityGroups", "Subnets")
			if t.isNetwork() && len(balancer.groups) == 0 {
				balancer.isAnyone = true
			}
			const awsvpc = "NetworkConfiguration.AwsvpcConfiguration."
			for _, port := range t.ports() {
				x.checkPath(path{
					at: x.where(t.service, awsvpc+"SecurityGroups"), port: port,
					from: balancer, to: x.interfaces(t.service, awsvpc+"SecurityGroups", awsvpc+"Subnets"),
				}, fmt.Sprintf("load balancer %s can't reach service %s on port %d", t.balancer.LogicalID, t.service.LogicalID, port))
			}
		}
	},
}

// privateRoute is a method behind a VPC link.
type privateRoute struct {
	method   method
	linkID   string
	balancer *cfn.Resource
	port     int // of the listener
}

// privateRoutes are those of all APIs, a method of two stages once.
func (x *examination) privateRoutes() []privateRoute {
	var routes []privateRoute
	for _, api := range x.APIs {
		for _, m := range x.methods(api) {
			i := m.Integration
			if i.ConnectionType != "VPC_LINK" {
				continue
			}
			r := privateRoute{method: m, linkID: FillStageVariables(i.ConnectionID, api.Stage.Variables)}
			target := FillStageVariables(i.Target, api.Stage.Variables)
			if link := x.resource(r.linkID); link != nil && target == "" {
				target = link.String("TargetArns.0")
			}
			if at := x.resource(target); at != nil && at.Type == loadBalancerType {
				r.balancer = at
			}
			r.port = portOf(i.URI)
			known := slices.ContainsFunc(routes, func(other privateRoute) bool { return other.method.resource == m.resource })
			switch {
			case known:
			case r.balancer == nil:
				x.skip(x.where(m.resource, "Integration.ConnectionId"), "the load balancer behind the VPC link is not in these templates")
			default:
				routes = append(routes, r)
			}
		}
	}
	return routes
}

func portOf(uri string) int {
	address, err := url.Parse(pathParameter.ReplaceAllString(variableInText.ReplaceAllString(uri, "value"), "value"))
	if err != nil {
		return 0
	}
	if port, err := strconv.Atoi(address.Port()); err == nil {
		return port
	}
	if address.Scheme == "https" {
		return 443
	}
	return 80
}

const (
	loadBalancerType = "AWS::ElasticLoadBalancingV2::LoadBalancer"
	listenerType     = "AWS::ElasticLoadBalancingV2::Listener"
	listenerRuleType = "AWS::ElasticLoadBalancingV2::ListenerRule"
	targetGroupType  = "AWS::ElasticLoadBalancingV2::TargetGroup"
	ecsServiceType   = "AWS::ECS::Service"
)

// serviceTarget is an ECS service in a target group of a load balancer.
type serviceTarget struct {
	balancer, group, service *cfn.Resource
	containerName            string
	containerPort            int
}

func (t serviceTarget) isNetwork() bool { return t.balancer.String("Type") == "network" }

// ports are those that the load balancer has to reach: the container's, and
// that of the health check if it has one of its own.
func (t serviceTarget) ports() []int {
	ports := []int{t.containerPort}
	if port := t.group.Int("HealthCheckPort"); t.group.String("HealthCheckPort") != "traffic-port" && port != 0 {
		ports = append(ports, port)
	}
	return slices.Compact(ports)
}

// targets are the services behind the load balancers that methods lead to.
func (x *examination) targets() []serviceTarget {
	var found []serviceTarget
	seen := map[*cfn.Resource]bool{}
	for _, route := range x.privateRoutes() {
		if seen[route.balancer] {
			continue
		}
		seen[route.balancer] = true
		for _, group := range x.targetGroups(route.balancer) {
			for _, service := range x.Assembly.Resources(ecsServiceType) {
				for i := range service.List("LoadBalancers") {
					at := "LoadBalancers." + itoa(i) + "."
					if service.String(at+"TargetGroupArn") == group.Ref() {
						found = append(found, serviceTarget{route.balancer, group, service,
							service.String(at + "ContainerName"), service.Int(at + "ContainerPort")})
					}
				}
			}
		}
	}
	return found
}

// targetGroups are those that the load balancer's listeners and their rules
// forward to.
func (x *examination) targetGroups(balancer *cfn.Resource) []*cfn.Resource {
	var groups []*cfn.Resource
	add := func(arn string) {
		if group := x.resource(arn); group != nil && group.Type == targetGroupType && !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
	}
	forwards := func(r *cfn.Resource, property string) {
		for i := range r.List(property) {
			at := property + "." + itoa(i) + "."
			add(r.String(at + "TargetGroupArn"))
			for n := range r.List(at + "ForwardConfig.TargetGroups") {
				add(r.String(at + "ForwardConfig.TargetGroups." + itoa(n) + ".TargetGroupArn"))
			}
		}
	}
	for _, listener := range x.Assembly.Resources(listenerType) {
		if listener.String("LoadBalancerArn") != balancer.Ref() {
			continue
		}
		forwards(listener, "DefaultActions")
		for _, rule := range x.Assembly.Resources(listenerRuleType) {
			if rule.String("ListenerArn") == listener.Ref() {
				forwards(rule, "Actions")
			}
		}
	}
	return groups
}
