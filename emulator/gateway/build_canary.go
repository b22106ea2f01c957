package gateway

import (
	"fmt"
	"maps"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// deploymentCanary is the property that makes a Deployment the canary of the
// stage that it names.
const deploymentCanary = "DeploymentCanarySettings"

// canary is the canary release of a stage: what the stage says of one, or a
// Deployment that is made as one.
func (b *builder) canary(d deployed, s *Stage) *Canary {
	for _, r := range b.of("Deployment") {
		if r.String("StageName") == d.name && r.Has(deploymentCanary) {
			return b.newCanary(r, deploymentCanary, r.Ref(), d, s)
		}
	}
	if at := d.properties + "CanarySetting"; d.resource.Has(at) {
		deployment := d.resource.String(at + ".DeploymentId")
		if deployment == "" {
			deployment = d.deployment
		}
		return b.newCanary(d.resource, at, deployment, d, s)
	}
	return nil
}

func (b *builder) newCanary(r *cfn.Resource, at, deployment string, d deployed, s *Stage) *Canary {
	c := &Canary{DeploymentID: deployment, PercentTraffic: r.Float(at + ".PercentTraffic"), Variables: maps.Clone(s.Variables)}
	if c.PercentTraffic < 0 || c.PercentTraffic > 100 {
		b.report(r, at+".PercentTraffic", fmt.Sprintf("%v is no percentage", c.PercentTraffic), "")
	}
	for name, value := range r.StringMap(at + ".StageVariableOverrides") {
		if c.Variables == nil {
			c.Variables = map[string]string{}
		}
		c.Variables[name] = value
	}
	if deployment != d.deployment {
		b.ignore(r, at, "the stage and its canary have the same methods here: a template tells of one state of the API only", "")
	}
	return c
}
