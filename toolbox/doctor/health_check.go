package doctor

import (
	"cmp"
)

var healthCheckPath = Rule{
	ID:       "health-check-path",
	Severity: Error,
	Evidence: Documented,
	Title:    "A service does not answer its load balancer's health check",
	Why: "no target ever becomes healthy: requests get 503 or 504, ECS replaces the tasks again and again, " +
		"and the deployment of the stack fails in the end",
	Fix: "set HealthCheckPath and Matcher of the target group to what the service answers",
	Doc: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html",
	check: func(x *examination) {
		if x.Deployed != nil {
			return // target-health
		}
		for _, t := range x.targets() {
			at := x.where(t.group, "HealthCheckPath")
			switch err, asked := x.health(t); {
			case !asked:
				x.skip(at, "%s was not started, or can't be on this machine: --start-services with --allow-functions runs containers whose source is known, "+
					"and with --backend %s=URL asks one that runs already", t.service.LogicalID, t.service.LogicalID)
			case err != nil:
				x.find(at, "", "container %s does not answer GET %s as target group %s wants: %v",
					t.containerName, cmp.Or(t.group.String("HealthCheckPath"), "/"), t.group.LogicalID, err)
			}
		}
	},
}

// health is the outcome of the health check of the target's group.
func (x *examination) health(t serviceTarget) (err error, asked bool) {
	for _, h := range x.Health {
		if h.Group.LogicalID == t.group.LogicalID && h.Group.Stack.Name == t.group.Stack.Name {
			return h.Err, true
		}
	}
	return nil, false
}
