package cost

import (
	"fmt"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/plural"
)

// private reads what stands behind a VPC link: the load balancer, the Fargate services that it leads to, and the
// interface endpoints and NAT gateways of its VPC. They may serve others too; here they count whole.
func (r *route) private() {
	balancer := r.balancer()
	if balancer == nil {
		r.Besides = "the load balancer and what stands behind it, which are not in the template"
		return
	}
	w := r.workload
	w.Private = Private{NetworkBalancer: balancer.String("Type") == "network"}
	kind, _ := w.Private.balancer()
	r.tell("%s: %s", balancer.LogicalID, kind)
	for _, service := range r.assembly.Resources("AWS::ECS::Service") {
		if r.leadsTo(balancer, service) {
			r.add(r.tasks(service)...)
		}
	}
	var endpoints int
	endpoints, w.Private.EndpointZones, w.Private.NATs = r.network(balancer)
	if endpoints > 0 {
		r.tell("%s, %d in all zones", plural.Of(endpoints, "interface endpoint"), w.Private.EndpointZones)
	}
	if n := w.Private.NATs; n > 0 {
		r.tell("%s", plural.Of(n, "NAT gateway"))
	}
	r.add(w.Private.standing(w)...)
	r.add(linkPart(w))
}

func (r *route) balancer() *cfn.Resource {
	i := r.method.Integration
	arn := i.Target
	if link := r.assembly.ByRef(i.ConnectionID); arn == "" && link != nil {
		arn = link.String("TargetArns.0") // of V1
	}
	if found := r.assembly.ByARN(arn); found != nil && found.Type == "AWS::ElasticLoadBalancingV2::LoadBalancer" {
		return found
	}
	return nil
}

// leadsTo says whether a listener, or a rule of one, sends the balancer's requests to the service.
func (r *route) leadsTo(balancer, service *cfn.Resource) bool {
	for n := range service.List("LoadBalancers") {
		group := r.assembly.ByARN(service.String(fmt.Sprintf("LoadBalancers.%d.TargetGroupArn", n)))
		if group == nil {
			continue
		}
		for _, l := range r.assembly.Resources("AWS::ElasticLoadBalancingV2::Listener", "AWS::ElasticLoadBalancingV2::ListenerRule") {
			if l.Needs(balancer) && l.Needs(group) {
				return true
			}
		}
	}
	return false
}

// tasks are those of a service on Fargate; of another, what they run on has its own bill.
func (r *route) tasks(service *cfn.Resource) []Part {
	definition := r.assembly.ByRef(service.String("TaskDefinition"))
	if definition == nil || service.String("LaunchType") == "EC2" || definition.Int("Cpu") <= 0 || definition.Int("Memory") <= 0 {
		r.Besides = "what " + service.LogicalID + " runs on"
		return nil
	}
	tasks, arch := 1, "x86_64" // what ECS takes without
	if service.Has("DesiredCount") {
		tasks = max(0, service.Int("DesiredCount"))
	}
	if definition.String("RuntimePlatform.CpuArchitecture") == "ARM64" {
		arch = "arm64"
	}
	cpu, memory := Whole(definition.Int("Cpu")).Over(Whole(1024)), Bytes(definition.Int("Memory"))*mb
	r.tell("%s: %d × %s vCPU, %s, %s", service.LogicalID, tasks, cpu, memory, arch)
	hours := r.workload.Hours.times(Whole(tasks))
	return []Part{
		PerMonth("fargate-vcpu-hours-"+arch, cpu.times(hours)),
		PerMonth("fargate-gb-hours-"+arch, memory.in(gb).times(hours)),
	}
}

// network counts what the balancer's VPC has to pay by the hour.
func (r *route) network(balancer *cfn.Resource) (endpoints, endpointZones, nats int) {
	vpcOf := func(subnet string) string {
		if s := r.assembly.ByRef(subnet); s != nil {
			return s.String("VpcId")
		}
		return ""
	}
	vpc := vpcOf(balancer.String("Subnets.0"))
	if vpc == "" {
		return 0, 0, 0
	}
	for _, e := range r.assembly.Resources("AWS::EC2::VPCEndpoint") {
		if e.String("VpcId") == vpc && e.String("VpcEndpointType") == "Interface" {
			endpoints++
			endpointZones += len(e.List("SubnetIds"))
		}
	}
	for _, nat := range r.assembly.Resources("AWS::EC2::NatGateway") {
		if vpcOf(nat.String("SubnetId")) == vpc {
			nats++
		}
	}
	return endpoints, endpointZones, nats
}
