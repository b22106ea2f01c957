package mappings_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// rendering is one that the oracle is asked for.
type rendering struct {
	name     string
	template *render.Template
	input    render.Input
}

// TestOracle plays the cases by Apache Velocity 1.7, so that what our engine
// takes, the real one takes too. VTL_ORACLE names a command that reads a case a
// line from its standard input and writes {"output","overrides"} or {"error"}.
func TestOracle(t *testing.T) {
	command := oracleCommand(t)
	files := readFiles(t)
	var renderings []rendering
	for _, f := range files {
		for _, c := range f.Cases {
			renderings = append(renderings, rendering{f.Name + "/" + c.Name, f.Template, c.Input})
		}
	}
	results, err := renderByOracle(command, renderings)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		for _, c := range f.Cases {
			got := results[0]
			results = results[1:]
			if *update {
				if err := f.Update(c, got); err != nil {
					t.Fatal(err)
				}
			}
			t.Run(f.Name+"/"+c.Name, func(t *testing.T) { check(t, c, got) })
		}
		if *update {
			if err := f.Write(); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func renderByOracle(command string, renderings []rendering) ([]*render.Result, error) {
	var in bytes.Buffer
	for _, r := range renderings {
		template := r.template.Text
		if before := r.input.Before; before != nil {
			template = before.Text + template
		}
		line, err := json.Marshal(map[string]any{
			"id":             r.name,
			"template":       template,
			"body":           r.input.Body,
			"params":         r.input.Params,
			"stageVariables": r.input.StageVariables,
			"context":        r.input.WholeContext(),
		})
		if err != nil {
			return nil, err
		}
		in.Write(append(line, '\n'))
	}
	cmd := exec.Command(command, "17", "--aws")
	cmd.Stdin, cmd.Stderr = &in, os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", command, err)
	}
	var results []*render.Result
	for decoder := json.NewDecoder(bytes.NewReader(out)); decoder.More(); {
		var answer struct {
			ID, Output, Error string
			Overrides         map[string]any
		}
		if err := decoder.Decode(&answer); err != nil {
			return nil, err
		}
		if answer.Error != "" {
			return nil, fmt.Errorf("%s: %s", answer.ID, answer.Error)
		}
		results = append(results, &render.Result{Output: answer.Output, Overrides: answer.Overrides})
	}
	if len(results) != len(renderings) {
		return nil, errors.New("the oracle left cases unanswered")
	}
	return results, nil
}
