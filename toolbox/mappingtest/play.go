package mappingtest

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"reflect"
	"strings"

	"github.com/rogpeppe/go-internal/diff"

	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

// Failure is what a case is not as it expects to be.
type Failure struct {
	Part    string `json:"part"`    // "output", "overrides", or "template" where it can't be rendered
	Message string `json:"message"` // may have several lines; a diff of expected and got
}

// Check compares what a rendering made with what the case expects.
func (c *Case) Check(got *render.Result) []Failure {
	if got.Problem != nil {
		return []Failure{{"template", got.Problem.Error()}}
	}
	if c.Output == nil {
		return []Failure{{"output", "the case has no output section; write it by --update"}}
	}
	var failures []Failure
	if text := withLineBreak(got.Output); text != *c.Output {
		failures = append(failures, Failure{"output", difference(*c.Output, text)})
	}
	if !reflect.DeepEqual(c.Overrides, got.Overrides) {
		failures = append(failures, Failure{"overrides", difference(indented(c.Overrides), indented(got.Overrides))})
	}
	if err := wellFormed(c.Form, got.Output); err != nil {
		failures = append(failures, Failure{"output", fmt.Sprintf("no well-formed %s: %v", strings.ToUpper(c.Form[1:]), err)})
	}
	return failures
}

func difference(want, got string) string {
	_, text, _ := strings.Cut(string(diff.Diff("expected", []byte(want), "got", []byte(got))), "\n") // "diff expected got"
	return strings.TrimSuffix(text, "\n")
}

// withLineBreak is text as a section can hold it.
func withLineBreak(text string) string { return strings.TrimSuffix(text, "\n") + "\n" }

func indented(overrides map[string]any) string {
	if overrides == nil {
		return ""
	}
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	_ = encoder.Encode(overrides) // texts, numbers, lists and objects
	return b.String()
}

func wellFormed(form, text string) error {
	switch form {
	case ".json":
		var v any
		return json.Unmarshal([]byte(text), &v)
	case ".xml":
		for d := xml.NewDecoder(strings.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				return nil
			} else if err != nil {
				return err
			}
		}
	}
	return nil
}
