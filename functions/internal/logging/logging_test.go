package logging

import (
	"log"
	"os"
	"strings"
	"testing"
)

func TestRuntimeLines(t *testing.T) {
	t.Cleanup(func() { log.SetOutput(os.Stderr); log.SetFlags(log.LstdFlags) })
	for _, test := range []struct{ name, line, want, never string }{
		{"error of a handler", `{"errorMessage":"[BadRequest] #/secret is not a known member","errorType":"refusal"}`,
			`"msg":"error returned","errorType":"refusal"`, "secret"},
		{"panic", `{"errorMessage":"index out of range","errorType":"boundsError","stackTrace":[{"path":"x.go","line":1}]}`,
			`"msg":"panic","error":"index out of range","stack":[{"path":"x.go","line":1}]`, "boundsError"},
		{"anything else", `client failed`, `"msg":"runtime","line":"client failed\n"`, "panic"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var out strings.Builder
			New(&out)
			log.Print(test.line)
			if !strings.Contains(out.String(), test.want) || strings.Contains(out.String(), test.never) {
				t.Errorf("got %s", out.String())
			}
		})
	}
}
