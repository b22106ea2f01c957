package emulator

import (
	"context"
	"time"
)

// functionCode is what a function is made of.
type functionCode struct {
	*Emulator
	name  string // of the function
	what  string
	tried string // sum of the inputs that were taken over, or were broken
}

func (f *functionCode) folders() []string {
	folders, _ := f.functions.Inputs(f.name)
	return folders
}

// follow builds again until nothing has changed meanwhile.
func (f *functionCode) follow(ctx context.Context) (changed bool) {
	for ctx.Err() == nil {
		noticed := time.Now()
		_, sum := f.functions.Inputs(f.name)
		if sum == f.tried {
			return changed
		}
		f.tried = sum
		isNew, err := f.functions.Reload(ctx, f.name)
		if ctx.Err() != nil {
			return false
		}
		if err != nil || isNew || f.isBroken(f.what) {
			f.tell(f.what, noticed, err)
		}
		changed = true
	}
	return false
}
