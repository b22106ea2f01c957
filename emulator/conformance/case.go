// Package conformance plays recorded cases of the real service against the
// whole gateway: each case becomes a template, is loaded, built and served on
// loopback with real backends, and its answer is compared with the recording.
package conformance

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// File is one file of cases.
type File struct {
	Name  string
	Cases []*Case
}

// Case is one recorded case. What the recordings hold as JSON stays decoded
// JSON: numbers are json.Number.
type Case struct {
	ID             string            `json:"id"`
	Recorded       Recorded          `json:"recorded"`
	Kind           string            `json:"kind"` // "gateway-response-definition" or ""
	Method         map[string]any    `json:"method"`
	Path           string            `json:"path"`
	Methods        []Route           `json:"methods"` // instead of Method and Path
	Stage          string            `json:"stage"`
	StageVariables map[string]string `json:"stageVariables"`
	API            map[string]any    `json:"api"`
	Backend        *Backend          `json:"backend"`
	Request        Request           `json:"request"`
	Expect         map[string]any    `json:"expect"`

	// A case of a mapping template alone.
	Template *string       `json:"template"`
	Input    TemplateInput `json:"input"`
}

// Recorded tells where the expectation comes from.
type Recorded struct {
	// Evidence is "snapshot" where the whole answer was stored. Of an "assertion"
	// only what it names is known.
	Evidence string `json:"evidence"`
}

// Route is a method at a path.
type Route struct {
	Path   string         `json:"path"`
	Method map[string]any `json:"method"`
}

// Backend is what stands behind the integration.
type Backend struct {
	Kind      string          `json:"kind"`
	Style     string          `json:"style"`     // of an http-echo
	Responds  Answer          `json:"responds"`  // of http and s3
	Behaviour string          `json:"behaviour"` // of a lambda: "echo", "proxy-echo", …
	Returns   json.RawMessage `json:"returns"`   // of a lambda
	Raises    json.RawMessage `json:"raises"`    // of a lambda

	Table      map[string]any    `json:"table"`      // of dynamodb: properties of the table
	Items      []any             `json:"items"`      // of dynamodb: what is in it before
	Parameters map[string]string `json:"parameters"` // of ssm
}

// Answer is a fixed answer of a backend.
type Answer struct {
	Status     int               `json:"status"`
	Headers    map[string]string `json:"headers"`
	Body       string            `json:"body"`
	BodyBase64 []byte            `json:"bodyBase64"`
}

// Request is what the client sends.
type Request struct {
	Method     string         `json:"method"`
	Path       string         `json:"path"`    // below the stage
	RawPath    string         `json:"rawPath"` // with the stage, as it goes over the wire
	URL        string         `json:"url"`     // of a private API
	Headers    map[string]any `json:"headers"` // text or list of texts
	Body       string         `json:"body"`
	BodyBase64 []byte         `json:"bodyBase64"`
	TestInvoke *TestInvoke    `json:"testInvoke"`
}

// TemplateInput is what a case gives a mapping template.
type TemplateInput struct {
	Body           string                    `json:"body"`
	Params         map[string]map[string]any `json:"params"`
	Context        map[string]any            `json:"context"`
	StageVariables map[string]string         `json:"stageVariables"`
}

// Load reads all case files of a folder, JSON or YAML.
func Load(dir string) ([]File, error) {
	var paths []string
	for _, pattern := range []string{"*.json", "*.yaml"} {
		found, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return nil, err
		}
		paths = append(paths, found...)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("%s: no case files (*.json, *.yaml)", dir)
	}
	slices.Sort(paths)
	var files []File
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if strings.HasSuffix(path, ".yaml") {
			if text, err = fromYAML(text); err != nil {
				return nil, fmt.Errorf("%s: %w", path, err)
			}
		}
		var content struct{ Cases []*Case }
		if err := decode(text, &content); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		files = append(files, File{Name: filepath.Base(path), Cases: content.Cases})
	}
	return files, nil
}

// fromYAML is the document as JSON.
func fromYAML(text []byte) ([]byte, error) {
	var document any
	if err := yaml.Unmarshal(text, &document); err != nil {
		return nil, err
	}
	return json.Marshal(document)
}

func decode(text []byte, into any) error {
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.UseNumber()
	return decoder.Decode(into)
}
