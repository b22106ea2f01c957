package retained

import (
	"cmp"
	"fmt"
	"io"
)

// Print writes the list, stack by stack.
func Print(w io.Writer, all []Remainder) {
	if len(all) == 0 {
		fmt.Fprintln(w, "Nothing stays after the stacks are destroyed.")
		return
	}
	fmt.Fprintln(w, "After the stacks are destroyed this stays, with its cost a month (list prices of us-east-1, no free tier):")
	stack := "none yet"
	for _, r := range all {
		if r.Stack != stack {
			stack = r.Stack
			fmt.Fprintf(w, "\n%s\n", cmp.Or(stack, "outside the stacks"))
		}
		fmt.Fprintf(w, "  %s\n    why     %s\n    costs   %s\n    remove  %s\n", r.Thing, r.Why, r.Costs, r.Remove)
	}
}
