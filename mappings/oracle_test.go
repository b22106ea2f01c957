package mappings_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// TestOracle plays the cases by Apache Velocity 1.7, so that what our engine
// takes, the real one takes too. VTL_ORACLE names a command that reads a case a
// line from its standard input and writes {"output","overrides"} or {"error"}.
func TestOracle(t *testing.T) {
	command := os.Getenv("VTL_ORACLE")
	if command == "" {
		t.Skip("VTL_ORACLE is not set: the cases were played by our own engine only")
	}
	cases := readCases(t)
	results, err := renderByOracle(command, cases)
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		rewrite(t, cases, results)
	}
	for i, c := range cases {
		t.Run(c.file+"/"+c.name, func(t *testing.T) {
			c.check(t, results[i])
		})
	}
}

func renderByOracle(command string, cases []*testCase) ([]result, error) {
	var in bytes.Buffer
	for _, c := range cases {
		line, err := json.Marshal(map[string]any{
			"id":             c.file + "/" + c.name,
			"template":       c.template,
			"body":           c.input.Body,
			"params":         c.input.Params,
			"stageVariables": c.input.StageVariables,
			"context": map[string]any{
				"requestId":        requestID,
				"requestTime":      requestTime.Format("02/Jan/2006:15:04:05 -0700"),
				"requestTimeEpoch": requestTime.UnixMilli(),
			},
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
	var results []result
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
		results = append(results, result{answer.Output, answer.Overrides})
	}
	if len(results) != len(cases) {
		return nil, errors.New("the oracle left cases unanswered")
	}
	return results, nil
}

// rewrite puts the results into the case files.
func rewrite(t *testing.T, cases []*testCase, results []result) {
	t.Helper()
	for i, c := range cases {
		archive, err := txtar.ParseFile(c.file)
		if err != nil {
			t.Fatal(err)
		}
		for j := range archive.Files {
			section := &archive.Files[j]
			switch strings.TrimSuffix(section.Name, path.Ext(section.Name)) {
			case c.name + "/output":
				section.Data = []byte(withLineBreak(results[i].output))
				c.output = string(section.Data)
			case c.name + "/overrides":
				data, err := json.Marshal(results[i].overrides)
				if err != nil {
					t.Fatal(err)
				}
				section.Data = append(data, '\n')
				c.overrides = results[i].overrides
			}
		}
		if err := os.WriteFile(c.file, txtar.Format(archive), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
