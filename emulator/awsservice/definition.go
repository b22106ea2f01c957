package awsservice

import (
	"encoding/json"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// checkDefinition lists what the embedded engine can't do of a state machine's
// definition, and what Step Functions would refuse; each text names its state.
func checkDefinition(text string) ([]string, error) {
	var definition map[string]any
	if err := json.Unmarshal([]byte(text), &definition); err != nil {
		return nil, fmt.Errorf("the definition is not JSON: %w", err)
	}
	c := &definitionCheck{seen: map[string]bool{}}
	c.machine("the state machine", definition)
	return c.faults, nil
}

type definitionCheck struct {
	faults []string
	seen   map[string]bool // names of states: one name, one state, parts included
}

func (c *definitionCheck) fault(place, format string, arguments ...any) {
	c.faults = append(c.faults, place+": "+fmt.Sprintf(format, arguments...))
}

// unsupported are the fields that the engine would overlook, by type of state;
// "" for every type.
var unsupported = map[string][]string{
	"":     {"Assign", "Output", "Arguments"},
	"Task": {"HeartbeatSeconds", "HeartbeatSecondsPath", "Credentials"},
	"Map": {"ItemReader", "ItemBatcher", "ResultWriter", "Items", "ToleratedFailureCount", "ToleratedFailureCountPath",
		"ToleratedFailurePercentage", "ToleratedFailurePercentagePath"},
}

// lambdaResource matches what a Task may name: a function, or the optimized integration.
var lambdaResource = regexp.MustCompile(`^arn:[^:]+:(lambda:[^:]*:[^:]*:function:.+|states:[^:]*:[^:]*:lambda:invoke)$`)

// machine checks a state machine, or a part of one in a Map or Parallel state.
func (c *definitionCheck) machine(place string, definition map[string]any) {
	states, _ := definition["States"].(map[string]any)
	if len(states) == 0 {
		c.fault(place, "it has no States")
		return
	}
	c.language(place, definition)
	c.leadsTo(place, "StartAt", definition["StartAt"], states)
	for _, name := range slices.Sorted(maps.Keys(states)) {
		place := fmt.Sprintf("state %q", name)
		state, ok := states[name].(map[string]any)
		if !ok {
			c.fault(place, "it is not an object")
			continue
		}
		if c.seen[name] {
			c.fault(place, "two states have this name")
		}
		c.seen[name] = true
		c.state(place, state, states)
	}
}

func (c *definitionCheck) language(place string, of map[string]any) {
	if language, set := of["QueryLanguage"]; set && language != "JSONPath" {
		c.fault(place, "the embedded engine has no query language %v", language)
	}
}

func (c *definitionCheck) leadsTo(place, field string, next any, states map[string]any) {
	if name, _ := next.(string); states[name] == nil {
		c.fault(place, "%s names no state: %v", field, next)
	}
}

func (c *definitionCheck) state(place string, state, states map[string]any) {
	kind, _ := state["Type"].(string)
	c.language(place, state)
	for _, field := range slices.Concat(unsupported[""], unsupported[kind]) {
		if _, set := state[field]; set {
			c.fault(place, "the embedded engine has no %s", field)
		}
	}
	c.contextPaths(place, state)
	switch kind {
	case "Task":
		if resource, _ := state["Resource"].(string); !lambdaResource.MatchString(resource) {
			c.fault(place, "the embedded engine runs Lambda functions only, not Resource %v", state["Resource"])
		}
	case "Map":
		c.iteration(place, state)
	case "Parallel":
		for i, branch := range items(state["Branches"]) {
			part, _ := branch.(map[string]any)
			c.machine(fmt.Sprintf("%s, branch %d", place, i), part)
		}
	case "Choice":
		if _, set := state["Default"]; set {
			c.leadsTo(place, "Default", state["Default"], states)
		}
		for _, choice := range items(state["Choices"]) {
			rule, _ := choice.(map[string]any)
			c.leadsTo(place, "Choices.Next", rule["Next"], states)
		}
	case "Pass", "Wait", "Succeed", "Fail":
	default:
		c.fault(place, "it has no known Type: %v", state["Type"])
	}
	c.transitions(place, kind, state, states)
}

func (c *definitionCheck) transitions(place, kind string, state, states map[string]any) {
	if slices.Contains([]string{"Task", "Map", "Parallel", "Pass", "Wait"}, kind) && state["End"] != true {
		c.leadsTo(place, "Next", state["Next"], states)
	}
	for _, catcher := range items(state["Catch"]) {
		rule, _ := catcher.(map[string]any)
		c.leadsTo(place, "Catch.Next", rule["Next"], states)
	}
}

func (c *definitionCheck) iteration(place string, state map[string]any) {
	processor, _ := state["ItemProcessor"].(map[string]any)
	if processor == nil {
		processor, _ = state["Iterator"].(map[string]any)
	}
	if config, _ := processor["ProcessorConfig"].(map[string]any); config["Mode"] == "DISTRIBUTED" {
		c.fault(place, "the embedded engine has no distributed Map")
	}
	c.machine(place+", its items", processor)
}

// contextPaths finds paths into the parts of the context object that the
// engine lacks, in the state's own fields, not those of nested states.
func (c *definitionCheck) contextPaths(place string, value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(value)) {
			if name != "Branches" && name != "ItemProcessor" && name != "Iterator" {
				c.contextPaths(place, value[name])
			}
		}
	case []any:
		for _, v := range value {
			c.contextPaths(place, v)
		}
	case string:
		for _, part := range []string{"$$.State", "$$.Task"} {
			if value == part || strings.HasPrefix(value, part+".") {
				c.fault(place, "the embedded engine's context object has no %s", value)
			}
		}
	}
}

// items reads a list; nil for anything else.
func items(value any) []any {
	list, _ := value.([]any)
	return list
}
