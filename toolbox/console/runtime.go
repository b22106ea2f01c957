package console

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
)

// runtimeView is what runs behind the API.
type runtimeView struct {
	Functions []lambdahost.Status `json:"functions"`
	Engines   []engineView        `json:"engines"`
	Problems  []problemView       `json:"problems"`
}

// engineView is an AWS service and where it is reached.
type engineView struct {
	Service  string `json:"service"`
	Variable string `json:"variable"`
	URL      string `json:"url"`
}

// problemView is what the template holds and the gateway can't serve.
type problemView struct {
	Effect string `json:"effect"`
	Text   string `json:"text"`
}

func (c *console) reloads(*http.Request) (any, error) {
	return append([]emulator.Reload{}, c.emulator.Reloads()...), nil
}

// latestReload is when the last change was live, or given up.
func (c *console) latestReload() time.Time {
	all := c.emulator.Reloads()
	if len(all) == 0 {
		return time.Time{}
	}
	return all[len(all)-1].Time
}

const endpointVariable = "AWS_ENDPOINT_URL_"

func (c *console) runtime(r *http.Request) (any, error) {
	env, err := c.emulator.Env(r.Context())
	if err != nil {
		return nil, err
	}
	view := runtimeView{Functions: c.emulator.Functions(), Engines: []engineView{}, Problems: []problemView{}}
	for _, name := range slices.Sorted(maps.Keys(env)) {
		if service, found := strings.CutPrefix(name, endpointVariable); found {
			view.Engines = append(view.Engines, engineView{strings.ReplaceAll(service, "_", " "), name, env[name]})
		}
	}
	for _, effect := range []struct {
		of   cfn.Effect
		text string
	}{{cfn.Unserved, "can't be served"}, {cfn.NoBackend, "backend not there"}, {cfn.Ignored, "ignored"}} {
		for _, p := range c.emulator.Problems().Of(effect.of) {
			view.Problems = append(view.Problems, problemView{effect.text, p.Error()})
		}
	}
	return view, nil
}
