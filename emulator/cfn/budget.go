package cfn

import "sync/atomic"

// What functions may make of the templates of one assembly. Functions within
// functions and references to references multiply. CloudFormation takes a
// template of 1 MB.
const (
	maxCalls = 500      // within each other, over all references
	maxMade  = 64 << 20 // bytes of text
	callCost = 256      // bytes that a call counts for
)

// budget is what the functions of an assembly have used.
type budget struct{ calls, made atomic.Int64 }

// spend pays for n bytes; it gives what stands for the value when there is
// nothing left.
func (s scope) spend(n int) any {
	if s.stack.assembly.budget.made.Add(int64(n)) > maxMade {
		return s.fail("", "the functions of the template make more than 64 MB")
	}
	return nil
}

// enter pays for a call, which leave ends.
func (s scope) enter() any {
	if s.stack.assembly.budget.calls.Add(1) > maxCalls {
		return s.fail("", "functions and references are nested more than 500 deep")
	}
	return s.spend(callCost)
}

func (s scope) leave() { s.stack.assembly.budget.calls.Add(-1) }
