package cost

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// stepFunctions: a workflow is paid by the way through it that has most states, and by the functions on that way.
// Questions about executions cost nothing beside the API.
func (r *route) stepFunctions(action string) {
	if action != "StartExecution" && action != "StartSyncExecution" {
		return
	}
	w := r.workload
	machine := r.mentioned("AWS::StepFunctions::StateMachine")
	if machine == nil {
		r.tell("the workflow is not in the template: Standard, %d transitions", w.Transitions)
		r.add(standardParts(w)...)
		return
	}
	way := definitionOf(machine).longest()
	if machine.String("StateMachineType") == "EXPRESS" {
		r.tell("%s: Express, %s, %s", machine.LogicalID, w.ExpressMemory, w.ExpressDuration)
		r.add(expressParts(w)...)
	} else {
		if len(way) > 0 {
			w.Transitions = len(way) + 2
		}
		r.tell("%s: Standard, %d states, %d transitions with start and end (unverified)", machine.LogicalID, len(way), w.Transitions)
		r.add(standardParts(w)...)
	}
	for _, s := range way {
		for _, function := range r.assembly.Resources("AWS::Lambda::Function") {
			if s.calls(function) {
				r.invoke(function)
			}
		}
		if s.Type == "Map" || s.Type == "Parallel" {
			r.Besides = "the states within Map and Parallel"
		}
	}
}

// definition is the part of a workflow in Amazon States Language that tells which state follows which, see
// https://states-language.net/spec.html
type definition struct {
	StartAt string
	States  map[string]state
}

type state struct {
	Type, Next, Default string
	Resource            string
	Parameters          map[string]any
	Arguments           any
	Choices             []struct{ Next string }
}

// definitionOf is empty for a workflow whose text is not in the template.
func definitionOf(machine *cfn.Resource) definition {
	text := []byte(machine.String("DefinitionString"))
	if machine.Has("Definition") {
		text, _ = json.Marshal(machine.Value("Definition"))
	}
	var d definition
	if json.Unmarshal(text, &d) != nil {
		return definition{}
	}
	return d
}

// longest is the way from the start to an end that has most states, none of them twice. Errors that are caught lead
// elsewhere, on ways that are not taken here.
func (d definition) longest() []state {
	w := ways{d, map[string]int{}, map[string]string{}}
	w.from(d.StartAt)
	var all []state
	for name := d.StartAt; w.length[name] > 0; name = w.then[name] {
		all = append(all, d.States[name])
	}
	return all
}

// ways has for each state that was looked at how many are on its longest way to an end, and which is the next.
type ways struct {
	definition
	length map[string]int // 0 also while one is on its ways, so that none leads back
	then   map[string]string
}

func (w ways) from(name string) int {
	if n, ok := w.length[name]; ok {
		return n
	}
	s, ok := w.States[name]
	if !ok {
		return 0
	}
	w.length[name] = 0
	next, rest := s.next(), 0
	for _, follower := range next {
		if n := w.from(follower); n > rest {
			rest, w.then[name] = n, follower
		}
	}
	if len(next) == 0 || rest > 0 {
		w.length[name] = 1 + rest
	}
	return w.length[name]
}

// next are the names of the states that may follow; none for an end.
func (s state) next() []string {
	all := []string{s.Next, s.Default}
	for _, choice := range s.Choices {
		all = append(all, choice.Next)
	}
	slices.Sort(all)
	return slices.DeleteFunc(slices.Compact(all), func(name string) bool { return name == "" })
}

// calls says whether the state is a task of the function: its ARN stands there alone, or as FunctionName.
func (s state) calls(function *cfn.Resource) bool {
	if s.Type != "Task" {
		return false
	}
	named, _ := json.Marshal([]any{s.Resource, s.Parameters["FunctionName"], s.Arguments})
	return strings.Contains(string(named), function.ARN()) || s.Parameters["FunctionName"] == function.Ref()
}
