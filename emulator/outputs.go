package emulator

import (
	"fmt"
	"slices"
	"strings"
)

// BaseURL is where the first API's stage answers, without a slash at its end.
func (e *Emulator) BaseURL() string { return e.BaseURLOf(0) }

// BaseURLOf is the base URL of the API at place i of APIs.
func (e *Emulator) BaseURLOf(i int) string {
	return e.current.Load().baseURL(i)
}

func (s *served) baseURL(i int) string {
	return "http://" + s.listeners[i].Addr() + "/" + s.apis[i].Stage.Name
}

// Outputs are the stacks' outputs in the shape of `cdk deploy --outputs-file`,
// with the APIs' own addresses replaced by the local ones.
func (e *Emulator) Outputs() map[string]map[string]string {
	now := e.current.Load()
	outputs := now.assembly.Outputs()
	for _, stack := range outputs {
		for name, value := range stack {
			stack[name] = now.localURL(value)
		}
	}
	return outputs
}

// localURL puts the listener's address in place of an API's host; of an API's
// stages the one that the path names has it, else the first. Another value
// stays.
func (s *served) localURL(value string) string {
	local := value
	for i, api := range slices.Backward(s.apis) {
		host := fmt.Sprintf("https://%s.execute-api.%s.", api.ID, api.Region)
		rest, found := strings.CutPrefix(value, host)
		if !found {
			continue
		}
		_, path, _ := strings.Cut(rest, "/")
		local = "http://" + s.listeners[i].Addr() + "/" + path
		if stage, _, _ := strings.Cut(path, "/"); stage == api.Stage.Name {
			break
		}
	}
	return local
}
