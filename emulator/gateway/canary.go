package gateway

import "math/rand/v2"

// Canary is the canary release of a stage, see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/canary-release.html
type Canary struct {
	DeploymentID   string
	PercentTraffic float64           // of the stage's requests, 0 to 100
	Variables      map[string]string // the stage's, with the canary's over them
	// Resources of the canary's deployment; nil: the stage's own. A template
	// tells of one state of the API only.
	Resources []*Resource
}

// toCanary decides by chance whether a request goes to the stage's canary.
func (s *Stage) toCanary() bool {
	return s.Canary != nil && rand.Float64()*100 < s.Canary.PercentTraffic
}
