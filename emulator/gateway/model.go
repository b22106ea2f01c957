package gateway

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// Model is AWS::ApiGateway::Model: a JSON schema of draft 04.
type Model struct {
	Name       string
	schema     *jsonschema.Schema
	multiplies bool // see mayMultiply
}

// Schema is the compiled schema.
func (m *Model) Schema() *jsonschema.Schema { return m.schema }

// Validate says where body is not what the model asks for.
func (m *Model) Validate(body []byte) error {
	value, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("not JSON: %w", err)
	}
	if err := checkNumbers(value); err != nil {
		return err
	}
	if m.multiplies {
		if err := checkEffort(m.schema, value); err != nil {
			return err
		}
	}
	err = m.schema.Validate(value)
	if list, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		return &mismatchError{list, value}
	}
	return err
}

// mismatchError is a body that is not what its model asks for.
type mismatchError struct {
	*jsonschema.ValidationError
	body any
}

// Error tells where the faults are, which the service's words don't.
func (e *mismatchError) Error() string {
	_, list, _ := strings.Cut(e.ValidationError.Error(), "\n")
	var faults []string
	for line := range strings.SplitSeq(list, "\n") {
		faults = append(faults, strings.TrimPrefix(strings.TrimSpace(line), "- "))
	}
	return strings.Join(faults, "; ")
}

// Unwrap gives the places of the faults.
func (e *mismatchError) Unwrap() error { return e.ValidationError }

// maxNumber bounds the length of a number and its exponent, far beyond what any
// client computes with. The validator makes fractions of numbers: it panics at
// an exponent of a million, and is slow long before.
const maxNumber = 10_000

// checkNumbers finds a number that is too much for the validator.
func checkNumbers(value any) error {
	switch v := value.(type) {
	case json.Number:
		_, exponent, found := strings.Cut(strings.ToLower(v.String()), "e")
		n, err := strconv.Atoi(exponent)
		if len(v) > maxNumber || found && (err != nil || n > maxNumber || n < -maxNumber) {
			return errors.New("a number is too long, or its exponent is out of bounds")
		}
	case []any:
		for _, item := range v {
			if err := checkNumbers(item); err != nil {
				return err
			}
		}
	case map[string]any:
		for _, member := range v {
			if err := checkNumbers(member); err != nil {
				return err
			}
		}
	}
	return nil
}

// builtInModels are those that every API has.
var builtInModels = map[string]any{
	"Empty": map[string]any{},
	"Error": map[string]any{"type": "object", "properties": map[string]any{"message": map[string]any{"type": "string"}}},
}

// Models compiles the schemas of an API, by model name. Schemas may refer to
// each other by the models' absolute URLs, in circles too (rule 96); nothing
// else is ever loaded.
type Models struct {
	apiID    string
	compiler *jsonschema.Compiler
}

// NewModels takes the schemas of an API by model name, as decoded JSON.
func NewModels(apiID string, schemas map[string]any) (*Models, error) {
	c := jsonschema.NewCompiler()
	c.DefaultDraft(jsonschema.Draft4)
	c.UseLoader(noLoader{})
	c.UseRegexpEngine(compileSchemaPattern)
	for _, name := range unenforcedFormats {
		c.RegisterFormat(&jsonschema.Format{Name: name, Validate: func(any) error { return nil }})
	}
	m := &Models{apiID: apiID, compiler: c}
	all := maps.Clone(builtInModels)
	maps.Copy(all, schemas) // an API's own model goes before the built-in one
	for name, schema := range all {
		if err := c.AddResource(m.url(name), schema); err != nil {
			return nil, fmt.Errorf("model %s: %w", name, err)
		}
	}
	return m, nil
}

// Model compiles one model.
func (m *Models) Model(name string) (*Model, error) {
	schema, err := m.compiler.Compile(m.url(name))
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", name, err)
	}
	return &Model{Name: name, schema: schema, multiplies: mayMultiply(schema)}, nil
}

func (m *Models) url(name string) string {
	return "https://apigateway.amazonaws.com/restapis/" + m.apiID + "/models/" + name
}

// unenforcedFormats are the formats that the validator knows; the service
// checks none of them (rule 96).
var unenforcedFormats = []string{
	"date", "date-time", "duration", "email", "hostname", "idn-email", "idn-hostname", "ipv4", "ipv6", "iri",
	"iri-reference", "json-pointer", "period", "regex", "relative-json-pointer", "semver", "time", "uri",
	"uri-reference", "uri-template", "uuid",
}

// noLoader keeps schemas from reaching files or the network.
type noLoader struct{}

func (noLoader) Load(url string) (any, error) {
	return nil, fmt.Errorf("%s is no model of this API", url)
}
