package vpclink

import (
	"context"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// service is an ECS service with a container behind a load balancer.
type service struct {
	network   *Network
	desired   int
	grace     time.Duration // in which failed health checks end no task
	container container
	groups    []*targetGroup
}

// container is what the task definition says of it.
type container struct {
	name        string
	source      string // folder of its Go program, relative to the project
	program     string
	arguments   []string
	environment map[string]string
	stopTimeout time.Duration
}

// service reads a service that is registered with one of the target groups.
// Containers beside the one behind the load balancer are not run.
func (b *builder) service(r *cfn.Resource) {
	s := &service{
		network: b.network,
		desired: 1,
		grace:   seconds(r.String("HealthCheckGracePeriodSeconds"), 0),
	}
	if r.Has("DesiredCount") {
		s.desired = r.Int("DesiredCount")
	}
	name, port := "", 0
	for i := range r.List("LoadBalancers") {
		at := "LoadBalancers." + strconv.Itoa(i)
		group := b.groups[r.String(at+".TargetGroupArn")]
		if group == nil {
			continue
		}
		if name != "" && (name != r.String(at+".ContainerName") || port != r.Int(at+".ContainerPort")) {
			b.fail(r, at, "only one port of one container can be served", "register the other one with a service of its own")
			continue
		}
		name, port = r.String(at+".ContainerName"), r.Int(at+".ContainerPort")
		s.groups = append(s.groups, group)
	}
	if len(s.groups) == 0 {
		return
	}
	if u := b.given(r); u != nil {
		for _, group := range s.groups {
			group.fix(u.Host)
		}
		return
	}
	b.note(r)
	if !b.container(r, name, &s.container) {
		s.settle()
		return
	}
	for _, group := range s.groups {
		group.served = true
	}
	b.network.services = append(b.network.services, s)
}

// given is what runs in place of the service's containers, nil when nothing does.
func (b *builder) given(r *cfn.Resource) *url.URL {
	backends := b.network.options.Backends
	if u := backends[r.LogicalID]; u != nil {
		return u
	}
	if task := b.assembly.ByRef(r.String("TaskDefinition")); task != nil {
		return backends[task.LogicalID]
	}
	return nil
}

// GiveBackend is the hint that names the flag for a backend that isn't there.
// Methods of an OpenAPI document have a space in their ID.
func GiveBackend(logicalID string) string {
	if strings.Contains(logicalID, " ") {
		return "give it: --backend '" + logicalID + "=URL'"
	}
	return "give it: --backend " + logicalID + "=URL"
}

// container reads the container of that name; false when it can't be run.
func (b *builder) container(r *cfn.Resource, name string, c *container) bool {
	task := b.assembly.ByRef(r.String("TaskDefinition"))
	if task == nil {
		b.fail(r, "TaskDefinition", "no task definition of the template", GiveBackend(r.LogicalID))
		return false
	}
	b.note(task)
	for i := range task.List("ContainerDefinitions") {
		at := "ContainerDefinitions." + strconv.Itoa(i)
		if task.String(at+".Name") != name {
			continue
		}
		*c = container{
			name:        name,
			source:      task.ContainerSources()[name],
			arguments:   task.Strings(at + ".Command"),
			environment: map[string]string{"AWS_REGION": task.Stack.Region, "AWS_DEFAULT_REGION": task.Stack.Region},
			stopTimeout: seconds(task.String(at+".StopTimeout"), 30*time.Second),
		}
		for i := range task.List(at + ".Environment") {
			item := at + ".Environment." + strconv.Itoa(i)
			c.environment[task.String(item+".Name")] = task.String(item + ".Value")
		}
		if task.Has(at + ".Secrets") {
			b.fail(task, at+".Secrets", "secrets can't be read without an account", "set the variable in Environment for local use")
		}
		if c.source == "" || !filepath.IsLocal(c.source) {
			b.fail(task, at+".Image", "images are not run", GiveBackend(r.LogicalID))
			return false
		}
		if !b.network.options.AllowFunctions {
			b.problems = append(b.problems, cfn.NotAllowed)
			return false
		}
		c.program = filepath.Join(b.network.options.BuildDir, c.source)
		return true
	}
	b.fail(r, "LoadBalancers", "the task definition has no container "+strconv.Quote(name), "")
	return false
}

// settle ends the waiting of requests for the service's deployment.
func (s *service) settle() {
	for _, group := range s.groups {
		group.settle()
	}
}

// abandon tells the target groups that no task will ever run.
func (s *service) abandon() {
	for _, group := range s.groups {
		group.abandoned.Store(true)
	}
	s.settle()
}

// run builds the container's program and keeps the desired count of tasks
// running until ctx ends; it returns when none runs any more.
func (s *service) run(ctx context.Context) {
	o := s.network.options
	if s.desired < 1 {
		s.abandon()
		return
	}
	if err := o.build(ctx, o.Assembly.Root, s.container.source, s.container.program); err != nil {
		if ctx.Err() == nil {
			o.Log.Error("container can't be built", "container", s.container.name, "source", s.container.source, "error", err)
		}
		s.abandon()
		return
	}
	var tasks sync.WaitGroup
	for number := range s.desired {
		tasks.Go(func() { s.keepRunning(ctx, number+1) })
	}
	tasks.Wait()
}
