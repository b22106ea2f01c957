package console

import (
	"encoding/json"
	"errors"
	"net/http"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
	"github.com/apigw-integrations/apigw-integrations/toolbox/lint"
	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// rendering is a template to render, and what it can see.
type rendering struct {
	Name     string `json:"name"` // as problems have it
	Template string `json:"template"`
	render.Input
}

// rendered is what came of it, with what lint finds in the template.
type rendered struct {
	*render.Result
	Findings []doctor.Finding `json:"findings"`
}

// render renders and lints a template that is no part of the API, or not yet.
// One at a time: a template whose loops take long, asked for at every key, must
// not take the machine.
func (c *console) render(r *http.Request) (any, error) {
	var asked rendering
	if err := json.NewDecoder(r.Body).Decode(&asked); err != nil {
		return nil, &fault{http.StatusBadRequest, "no template to render: " + err.Error()}
	}
	select {
	case c.playing <- struct{}{}:
		defer func() { <-c.playing }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	template, err := render.Parse(asked.Name, asked.Template)
	if problem, ok := errors.AsType[*render.Problem](err); ok {
		return rendered{&render.Result{Problem: problem}, []doctor.Finding{}}, nil
	}
	findings := lint.Examine(lint.NewSubjectOfText(asked.Name, asked.Template)).Findings
	return rendered{template.Render(asked.Input), findings}, nil
}
