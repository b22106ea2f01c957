package uuid

import (
	"regexp"
	"testing"
)

func TestNew(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	first, second := New(), New()
	if !form.MatchString(first) || first == second {
		t.Errorf("%s, then %s: want two random UUIDs of version 4", first, second)
	}
}
