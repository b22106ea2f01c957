package vpclink

import (
	"context"
	"reflect"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Serves says whether the network of this assembly is the one that runs.
func (n *Network) Serves(a *cfn.Assembly) bool {
	then, now := parts(n.options.Assembly), parts(a)
	return slices.EqualFunc(then, now, func(x, y *cfn.Resource) bool {
		return x.LogicalID == y.LogicalID && x.Stack.Name == y.Stack.Name && reflect.DeepEqual(x.Properties, y.Properties) &&
			reflect.DeepEqual(x.Metadata, y.Metadata)
	})
}

// parts are the resources that a network is made of.
func parts(a *cfn.Assembly) []*cfn.Resource {
	return a.Resources(linkV1, linkV2, loadBalancerType, listenerType, ruleType, targetGroupType, serviceType,
		"AWS::ECS::TaskDefinition", "AWS::EC2::Subnet")
}

// CheckContainers is CheckHealth for the groups whose targets this network runs.
func (n *Network) CheckContainers(ctx context.Context) []Health {
	return slices.DeleteFunc(n.CheckHealth(ctx), func(h Health) bool {
		return slices.ContainsFunc(n.groups, func(g *targetGroup) bool { return g.resource == h.Group && g.fixed != "" })
	})
}

// Sources are the folders of the containers' programs, relative to the
// project, and where the programs are built.
func (n *Network) Sources() map[string]string {
	sources := map[string]string{}
	for _, s := range n.services {
		sources[s.container.source] = s.container.program
	}
	return sources
}
