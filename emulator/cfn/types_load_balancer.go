package cfn

import "strings"

// loadBalancerTypes: Elastic Load Balancing v2. Listeners and rules take their
// ARN from the load balancer's, as the service does.
var loadBalancerTypes = map[string]standIns{
	"AWS::ElasticLoadBalancingV2::Listener": {
		ref:        "{arn}",
		attributes: map[string]string{"ListenerArn": "{arn}"},
		derived:    map[string]func(*Resource) any{"{arn}": childARN("LoadBalancerArn", ":loadbalancer/", ":listener/")},
	},
	"AWS::ElasticLoadBalancingV2::ListenerRule": {
		ref:        "{arn}",
		attributes: map[string]string{"RuleArn": "{arn}", "IsDefault": "false"},
		derived:    map[string]func(*Resource) any{"{arn}": childARN("ListenerArn", ":listener/", ":listener-rule/")},
	},
	"AWS::ElasticLoadBalancingV2::LoadBalancer": {
		name: "Name", limit: 32, ref: "{arn}",
		attributes: map[string]string{
			"CanonicalHostedZoneID": "Z35SXDOTRQ7X7K",
			"LoadBalancerArn":       "{arn}",
			"LoadBalancerName":      "{name}",
		},
		derived: map[string]func(*Resource) any{
			"{arn}":                loadBalancerARN,
			"DNSName":              loadBalancerDNSName,
			"LoadBalancerFullName": func(r *Resource) any { return r.standIn(loadBalancerFullName(r)) },
			"SecurityGroups":       func(r *Resource) any { return r.propertyAt("SecurityGroups") },
		},
	},
	"AWS::ElasticLoadBalancingV2::TargetGroup": {
		name: "Name", limit: 32, ref: "{arn}", arn: arn("elasticloadbalancing", "targetgroup/{name}/{hex:16}"),
		attributes: map[string]string{
			"TargetGroupArn":      "{arn}",
			"TargetGroupFullName": "targetgroup/{name}/{hex:16}",
			"TargetGroupName":     "{name}",
		},
		derived: map[string]func(*Resource) any{
			"LoadBalancerArns": targetGroupLoadBalancers,
		},
	},
}

func loadBalancerFullName(r *Resource) string {
	kind := "app"
	switch r.propertyText("Type") {
	case "network":
		kind = "net"
	case "gateway":
		kind = "gwy"
	}
	return kind + "/{name}/{hex:16}"
}

func loadBalancerARN(r *Resource) any {
	return r.standIn(arn("elasticloadbalancing", "loadbalancer/"+loadBalancerFullName(r)))
}

func loadBalancerDNSName(r *Resource) any {
	if r.propertyText("Type") == "network" {
		return r.standIn("{name}-{hex:16}.elb.{region}.{suffix}")
	}
	scheme := ""
	if r.propertyText("Scheme") == "internal" {
		scheme = "internal-"
	}
	return r.standIn(scheme + "{name}-{digits:10}.{region}.elb.{suffix}")
}

// childARN derives an ARN from that of the parent, which a property names.
func childARN(property, parent, child string) func(*Resource) any {
	return func(r *Resource) any {
		value := r.propertyAt(property)
		if failed(value) {
			return value
		}
		of, _ := scalar(value)
		return r.standIn(strings.Replace(of, parent, child, 1) + "/{hex:16}")
	}
}

// targetGroupLoadBalancers lists the load balancers whose listeners forward to
// the group by default.
func targetGroupLoadBalancers(r *Resource) any {
	arns := []any{}
	for _, listener := range r.Stack.assembly.all("AWS::ElasticLoadBalancingV2::Listener") {
		actions, _ := listener.property("DefaultActions").([]any)
		for _, action := range actions {
			if entry, _ := action.(map[string]any); entry["TargetGroupArn"] == r.ref() {
				arns = append(arns, listener.property("LoadBalancerArn"))
			}
		}
	}
	return arns
}
