package lambdahost

import (
	"errors"
	"testing"
)

// TestUpdate has one function stay, one change, one come and one go.
func TestUpdate(t *testing.T) {
	stays, changes, goes := testFunction("stays"), testFunction("changes"), testFunction("goes")
	h := start(t, Options{Functions: []Function{stays, changes, goes}})
	before := map[string]int{}
	for _, name := range []string{"stays", "changes", "goes"} {
		before[name] = tell(t, h, name, call{Do: "pid"}).PID
	}

	stays.Permissions = []Permission{{Action: "lambda:InvokeFunction", Principal: "sns.amazonaws.com"}}
	changes.MemorySize++
	finish, err := h.Update(t.Context(), []Function{stays, changes, testFunction("comes")})
	if err != nil {
		t.Fatal(err)
	}
	if now := tell(t, h, "stays", call{Do: "pid"}).PID; now != before["stays"] {
		t.Error("the process of a function that is the same has changed")
	}
	if f, _ := h.Function("stays"); len(f.Permissions) != 1 || f.Permissions[0].Principal != "sns.amazonaws.com" {
		t.Errorf("its permissions are %v", f.Permissions)
	}
	if now := tell(t, h, "changes", call{Do: "pid"}).PID; now == before["changes"] {
		t.Error("the process of a function that has changed is the same")
	}
	tell(t, h, "comes", call{Do: "pid"})
	if now := tell(t, h, "goes", call{Do: "pid"}).PID; now != before["goes"] {
		t.Error("a function that goes is called in another process while it may be")
	}
	finish()
	_, err = h.Invoke(t.Context(), "goes", nil, InvokeOptions{})
	if refusal, ok := errors.AsType[*Error](err); !ok || refusal.Type != "ResourceNotFoundException" {
		t.Errorf("a function that is gone: %v", err)
	}
}
