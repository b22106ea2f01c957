// Package vpclink is the private network behind a VPC link: load balancers with
// their listeners and rules, target groups with health checks, and the ECS
// services of the template as processes of this machine.
//
// A request's way: network.go → load_balancer.go (listener by port) → rule.go
// (conditions, by priority) → action.go (forward, fixed response, redirect) →
// target_group.go (a healthy target) → the task's process. A service's way:
// build.go → service.go (build, desired count) → task.go (process, restart).
//
// A container runs as its own Go source, built for this host, with PORT set to
// a free port of the loopback interface: the program must honour PORT, and the
// template's container port leads to it. Containers beside the one behind the
// load balancer are not run, security groups and subnets are not enforced, and
// sticky sessions are not kept. Behaviour follows the user guides of Elastic Load Balancing and ECS
// ("documented"); none of it was recorded against the service.
package vpclink
