package cfn

import (
	"maps"
	"slices"
	"strings"
)

// checkCircles notes a problem on each resource of a circle of Ref, Fn::GetAtt
// and DependsOn: CloudFormation refuses such a template, even where the values
// would not need each other.
func (a *Assembly) checkCircles() {
	search := circleSearch{order: map[*Resource]int{}, low: map[*Resource]int{}, onPath: map[*Resource]bool{}}
	for _, r := range a.Resources() {
		if search.order[r] == 0 {
			search.visit(r)
		}
	}
}

// circleSearch finds strongly connected resources with Tarjan's algorithm.
type circleSearch struct {
	order, low map[*Resource]int
	path       []*Resource
	onPath     map[*Resource]bool
}

func (c *circleSearch) visit(r *Resource) {
	c.order[r] = len(c.order) + 1
	c.low[r] = c.order[r]
	c.path = append(c.path, r)
	c.onPath[r] = true
	for next := range r.references {
		if c.order[next] == 0 {
			c.visit(next)
			c.low[r] = min(c.low[r], c.low[next])
		} else if c.onPath[next] {
			c.low[r] = min(c.low[r], c.order[next])
		}
	}
	if c.low[r] != c.order[r] {
		return
	}
	start := slices.Index(c.path, r)
	circle := slices.Clone(c.path[start:])
	c.path = c.path[:start]
	for _, member := range circle {
		delete(c.onPath, member)
	}
	if len(circle) > 1 || r.references[r] {
		noteCircle(circle)
	}
}

func noteCircle(circle []*Resource) {
	names := map[string]bool{}
	for _, member := range circle {
		names[member.LogicalID] = true
	}
	message := "circular dependency between resources: " + strings.Join(slices.Sorted(maps.Keys(names)), ", ")
	for _, member := range circle {
		member.Problems.add(member.Problem("", message, "let one of them be named without a reference"))
	}
}
