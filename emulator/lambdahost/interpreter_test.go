package lambdahost

import (
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

const interpretedTemplate = `
Resources:
  NodeInline:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Timeout: 10
      Code:
        ZipFile: |
          exports.handler = async (event, context) => {
            if (event.fail) throw new TypeError('no ' + event.fail);
            return { event, name: context.functionName.includes('NodeInline'), left: context.getRemainingTimeInMillis() > 0, stage: process.env.STAGE };
          };
      Environment: {Variables: {STAGE: test}}
  NodeFolder: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: src/app.handlers.read, Timeout: 10, Code: node}}
  NodeModule: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: module.handler, Timeout: 10, Code: node}}
  NodeStream: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: stream.handler, Timeout: 10, Code: node}}
  NodeBroken: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: broken.handler, Timeout: 10, Code: node}}
  NodeAbsent: {Type: AWS::Lambda::Function, Properties: {Runtime: nodejs20.x, Handler: absent.handler, Code: node}}
  PythonInline:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Timeout: 10
      Code:
        ZipFile: |
          def handler(event, context):
              if "fail" in event:
                  raise ValueError("no " + event["fail"])
              return {"event": event, "left": context.get_remaining_time_in_millis() > 0, "text": "é"}
  PythonFolder: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: orders.app.handler, Timeout: 10, Code: python}}
  PythonBroken: {Type: AWS::Lambda::Function, Properties: {Runtime: python3.12, Handler: broken.handler, Timeout: 10, Code: python}}
  Java: {Type: AWS::Lambda::Function, Properties: {Runtime: java21, Handler: A, Code: python}}
`

// TestInterpretedFunctions runs Node.js and Python functions of a template.
func TestInterpretedFunctions(t *testing.T) {
	for _, program := range []string{"node", "python3"} {
		if _, err := exec.LookPath(program); err != nil {
			t.Skipf("%s is not in the PATH", program)
		}
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"Stack.yaml":              interpretedTemplate,
		"node/src/app.js":         "module.exports.handlers = { read: (event, context, callback) => callback(null, 'read ' + event.id) };",
		"node/module.mjs":         "import { basename } from 'node:path'; export const handler = (event) => Promise.resolve(basename(event.path));",
		"node/stream.js":          "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream = awslambda.HttpResponseStream.from(stream, {statusCode: 201}); stream.write('a'); stream.end(event.b); });",
		"node/broken.js":          "throw new Error('no table');",
		"python/orders/app.py":    "from .prices import price\n\ndef handler(event, context):\n    print('called')\n    return price(event['id'])\n",
		"python/orders/prices.py": "def price(id):\n    return id * 2\n",
		"python/broken.py":        "import nowhere\n",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := cfn.Load(filepath.Join(dir, "Stack.yaml"), cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	functions, problems := FromAssembly(a, nil, true)
	h := start(t, Options{Functions: functions, BuildDir: filepath.Join(dir, "build")})

	for _, c := range []struct{ function, event, want, functionError string }{
		{"NodeInline", `{"a":1}`, `{"event":{"a":1},"name":true,"left":true,"stage":"test"}`, ""},
		{"NodeInline", `{"fail":"id"}`, `"errorType":"TypeError","errorMessage":"no id"`, "Unhandled"},
		{"NodeFolder", `{"id":7}`, `"read 7"`, ""},
		{"NodeModule", `{"path":"/a/b"}`, `"b"`, ""},
		{"NodeBroken", `{}`, `"errorMessage":"no table"`, "Unhandled"},
		{"PythonInline", `{"a":1}`, `{"event": {"a": 1}, "left": true, "text": "é"}`, ""},
		{"PythonInline", `{"fail":"id"}`, `"errorMessage": "no id", "errorType": "ValueError"`, "Unhandled"},
		{"PythonFolder", `{"id":21}`, `42`, ""},
		{"PythonBroken", `{}`, `"errorType": "ModuleNotFoundError"`, "Unhandled"},
		{"NodeAbsent", `{}`, "Runtime.NotFound", "Unhandled"},
	} {
		t.Run(c.function+" "+c.event, func(t *testing.T) {
			result, err := h.Invoke(t.Context(), a.Stacks[0].Resource(c.function).Ref(), []byte(c.event), InvokeOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(result.Payload), c.want) || result.FunctionError != c.functionError {
				t.Errorf("got %q %s, want %q %s", result.FunctionError, result.Payload, c.functionError, c.want)
			}
			if !json.Valid(result.Payload) {
				t.Errorf("%s is not JSON", result.Payload)
			}
		})
	}
	t.Run("streamed response", func(t *testing.T) {
		result, err := h.Invoke(t.Context(), a.Stacks[0].Resource("NodeStream").Ref(), []byte(`{"b":"b"}`), InvokeOptions{Stream: true})
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(result.Stream)
		if want := `{"statusCode":201}` + strings.Repeat("\x00", 8) + "ab"; err != nil || string(got) != want {
			t.Errorf("got %q (%v), want %q", got, err, want)
		}
	})
	want := "Stack/Java/Code: the runtime java21 is not run here; give it: --function Java=COMMAND, FOLDER or URL\n" +
		"Stack/NodeAbsent/Code: the folder " + filepath.Join(dir, "node") + " has no file absent.js for the handler absent.handler; give it: --function NodeAbsent=COMMAND, FOLDER or URL"
	if got := problems.Error(); got != want {
		t.Errorf("problems\n%s\nwant\n%s", got, want)
	}
}
