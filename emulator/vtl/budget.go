package vtl

import (
	"errors"
	"time"
)

// maxTime is how long a rendering may take, and what its last method call
// takes beyond that. The service waits 29 seconds for a whole integration.
var maxTime = 10 * time.Second // only tests change it

// Costs of a rendering are counted in bytes read or made, about a nanosecond each.
const (
	stepCost  = 64      // of a statement, a method call or an argument of a macro
	clockCost = 1 << 16 // between two looks at the clock
	itemSize  = 16      // bytes of an element of a list or a map
)

var (
	errTooSlow = errors.New("the rendering takes longer than 10 seconds")
	errTooMuch = errors.New("the texts and lists of the rendering take more than 256 MB")
)

// budget is what a rendering has used.
type budget struct {
	begun time.Time // zero until the first look at the clock
	cost  int       // since the last one
	made  int       // bytes
}

// spend pays a step that reads n bytes.
func (b *budget) spend(n int) error {
	if b.cost += stepCost + n; b.cost < clockCost {
		return nil
	}
	return b.look()
}

// look looks at the clock.
func (b *budget) look() error {
	b.cost = 0
	now := time.Now()
	if b.begun.IsZero() {
		b.begun = now
	}
	if now.Sub(b.begun) > maxTime {
		return errTooSlow
	}
	return nil
}

// make pays a text or a collection of n bytes.
func (b *budget) make(n int) error {
	if b.made += n; b.made > MaxMade {
		return errTooMuch
	}
	return b.spend(n)
}

// pay pays a method call by what it read and what it made. What a collection
// gives was there before, unless it is a collection itself.
func (b *budget) pay(receiver, result Value, args []Value) error {
	made := 0
	for _, a := range args {
		if _, isText := a.(string); !isText {
			made += sizeOf(a) // it may be added to the receiver
		}
	}
	switch receiver.(type) {
	case *Map, *List, *Entry, *iterator:
		if _, isText := result.(string); isText {
			result = nil
		}
	}
	made += sizeOf(result)
	if b.made += made; b.made > MaxMade {
		return errTooMuch
	}
	return b.spend(made + sizeOf(receiver))
}

// sizeOf is what a text or a collection itself takes, in bytes.
func sizeOf(v Value) int {
	switch v := v.(type) {
	case string:
		return len(v)
	case *List:
		return itemSize * v.Len()
	case *Map:
		return itemSize * len(v.entries) // Len would make those of $context
	}
	return 0
}
