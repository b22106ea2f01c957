package emulator

import (
	"slices"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Reload is a change of files that is live, or could not be.
type Reload struct {
	Time time.Time `json:"time"` // when it was live, or given up
	// What has changed: the file of a mapping template, the folder of a function
	// or container, the assembly. A later reload of the same without an Error
	// says that an earlier one is repaired.
	What string `json:"what"`
	// Took is how long it took since the change was noticed.
	Took time.Duration `json:"tookNs"`
	// Error says why what was there before is still served: file:line:column and
	// a hint, over several lines when a compiler or the CDK speaks; "" when the
	// change is live.
	Error string `json:"error"`
	// Problems name what of a new assembly can't be served, and wasn't there before.
	Problems cfn.Problems `json:"problems"`
}

// keptReloads is how many reloads are remembered.
const keptReloads = 50

// reloads are the last ones, the oldest first.
type reloads struct {
	mu   sync.Mutex
	last []Reload
}

// Reloads are the last reloads, the oldest first.
func (e *Emulator) Reloads() []Reload {
	e.reloads.mu.Lock()
	defer e.reloads.mu.Unlock()
	return slices.Clone(e.reloads.last)
}

// tell remembers the outcome of a reload, and passes it on. One error is told
// once, as long as it is the same.
func (e *Emulator) tell(what string, noticed time.Time, err error, problems ...cfn.Problem) {
	r := Reload{Time: time.Now(), What: what, Took: time.Since(noticed), Problems: problems}
	if err != nil {
		r.Error = err.Error()
	}
	e.reloads.mu.Lock()
	defer e.reloads.mu.Unlock()
	if r.Error != "" && e.reloads.errorOf(what) == r.Error {
		return
	}
	e.reloads.last = append(e.reloads.last, r)
	e.reloads.last = e.reloads.last[max(0, len(e.reloads.last)-keptReloads):]
	if e.options.Reloaded != nil {
		e.options.Reloaded(r)
	}
}

// errorOf is why what is not live, "" when it is.
func (r *reloads) errorOf(what string) string {
	for _, earlier := range slices.Backward(r.last) {
		if earlier.What == what {
			return earlier.Error
		}
	}
	return ""
}

// isBroken says whether the last reload of what has failed.
func (e *Emulator) isBroken(what string) bool {
	e.reloads.mu.Lock()
	defer e.reloads.mu.Unlock()
	return e.reloads.errorOf(what) != ""
}
