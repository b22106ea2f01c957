package awsservice

import (
	"encoding/json"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// worker is the function of the test's state machine: busy as often as told,
// then it validates or approves.
func worker(busy *atomic.Int32) func(string, map[string]any) (any, bool) {
	return func(name string, payload map[string]any) (any, bool) {
		if busy.Add(-1) >= 0 {
			return map[string]string{"errorType": "Busy", "errorMessage": "try again"}, true
		}
		order, _ := payload["order"].(map[string]any)
		switch {
		case payload["action"] == "approve":
			return map[string]any{"status": "APPROVED", "execution": payload["execution"], "function": name}, false
		case order["total"] == nil:
			return map[string]string{"errorType": "OrderInvalid", "errorMessage": "total is missing"}, true
		}
		return map[string]any{"totalCents": order["total"]}, false
	}
}

// run starts an execution and waits until it has ended.
func run(t *testing.T, s *Services, machine, name, input string) map[string]any {
	t.Helper()
	start, _ := json.Marshal(map[string]string{"stateMachineArn": machineARN + machine, "name": name, "input": input})
	if status, answer := doJSON(t, s, "states:action/StartExecution", string(start)); status != 200 || answer["executionArn"] != runARN+machine+":"+name {
		t.Fatalf("StartExecution: %d %v", status, answer)
	}
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		_, answer := doJSON(t, s, "states:action/DescribeExecution", `{"executionArn":"`+runARN+machine+":"+name+`"}`)
		if answer["status"] != "RUNNING" {
			return answer
		}
	}
	t.Fatalf("execution %s is still running", name)
	return nil
}

func TestStateMachine(t *testing.T) {
	tests := []struct {
		name, machine, input  string
		busy                  int32
		status, output        string
		failure, causeHolding string
	}{
		{"approve", "workflow", `{"order":{"total":1000}}`, 0, "SUCCEEDED", `{"execution":"approve","function":"subscriber","status":"APPROVED"}`, "", ""},
		{"review", "workflow", `{"order":{"total":100001}}`, 0, "SUCCEEDED", `{"status":"REVIEW"}`, "", ""},
		{"retry", "workflow", `{"order":{"total":100001}}`, 2, "SUCCEEDED", `{"status":"REVIEW"}`, "", ""},
		{"retries-used-up", "workflow", `{"order":{"total":1}}`, 3, "FAILED", "", "Busy", `"errorMessage":"try again"`},
		{"catch", "workflow", `{"order":{}}`, 0, "FAILED", "", "OrderInvalid", `"errorMessage":"total is missing"`},
		{"bad-path", "workflow", `{}`, 0, "FAILED", "", "States.Runtime", "$.order"},
		{"adapted", "adapted", `{}`, 0, "SUCCEEDED", `0`, "", ""},
		{"map-and-parallel", "fan", `{"orders":[{"total":1},{"total":2}]}`, 0, "SUCCEEDED", `[1,{"totalCents":2}]`, "", ""},
		{"map-fails", "fan", `{"orders":[{"total":1},{},{}]}`, 0, "FAILED", "", "OrderInvalid", "total is missing"},
		{"branch-fails", "fan", `{"orders":[{"total":1}]}`, 0, "FAILED", "", "States.Runtime", "$.orders[1]"},
		{"time-is-up", "slow", `{}`, 0, "TIMED_OUT", "", "", ""},
		{"plain-fail", "adapted", `{"name":1}`, 0, "FAILED", "", "", ""},
	}
	var busy atomic.Int32
	s := startServices(t, Options{LambdaEndpoint: fakeLambda(t, worker(&busy))})
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			busy.Store(test.busy)
			answer := run(t, s, test.machine, test.name, test.input)
			text := func(name string) string { value, _ := answer[name].(string); return value }
			if text("status") != test.status || text("output") != test.output || text("error") != test.failure || !strings.Contains(text("cause"), test.causeHolding) {
				t.Errorf("got %v", answer)
			}
			for _, name := range []string{"startDate", "stopDate"} {
				if seconds, ok := answer[name].(float64); !ok || seconds < 1.7e9 || seconds > 1e11 {
					t.Errorf("%s = %v, want epoch seconds", name, answer[name])
				}
			}
			if text("input") != test.input || text("name") != test.name || text("stateMachineArn") != machineARN+test.machine {
				t.Errorf("input, name or stateMachineArn is wrong: %v", answer)
			}
		})
	}
}

func TestStepFunctionsRefusals(t *testing.T) {
	const swf = "com.amazonaws.swf.service.v2.model#"
	s := startServices(t, Options{})
	start := func(members string) string { return `{"stateMachineArn":"` + machineARN + `waiting",` + members + `}` }
	if status, answer := doJSON(t, s, "states:action/StartExecution", start(`"name":"taken","input":"{\"a\":1}"`)); status != 200 {
		t.Fatalf("StartExecution: %d %v", status, answer)
	}
	tests := []struct {
		name, action, input string
		status              int
		fault, message      string
	}{
		{"same name and input", "StartExecution", start(`"name":"taken","input":"{\"a\":1}"`), 200, "", ""},
		{"same name, other input", "StartExecution", start(`"name":"taken","input":"{}"`), 400, swf + "ExecutionAlreadyExists", "Execution Already Exists: '" + runARN + "waiting:taken'"},
		{"name with a blank", "StartExecution", start(`"name":"a b"`), 400, swf + "InvalidName", "Invalid Name: 'a b'"},
		{"name too long", "StartExecution", start(`"name":"` + strings.Repeat("a", 81) + `"`), 400, swf + "InvalidName", "Invalid Name: '" + strings.Repeat("a", 81) + "'"},
		{"input is not JSON", "StartExecution", start(`"input":"{"`), 400, swf + "InvalidExecutionInput", "Invalid State Machine Execution Input: '{'"},
		{"input too long", "StartExecution", start(`"input":"[` + strings.Repeat("1", 1<<18) + `]"`), 400, "com.amazon.coral.validate#ValidationException", ""},
		{"input with too many bytes", "StartExecution", start(`"input":"[\"` + strings.Repeat("ü", 1<<17) + `\"]"`), 400, swf + "InvalidExecutionInput", ""},
		{"no such machine", "StartExecution", `{"stateMachineArn":"` + machineARN + `none"}`, 400, swf + "StateMachineDoesNotExist", "State Machine Does Not Exist: '" + machineARN + "none'"},
		{"machine that can't be served", "StartExecution", `{"stateMachineArn":"` + machineARN + `unserved"}`, 500, swf + "NotServedLocally", ""},
		{"no such execution", "DescribeExecution", `{"executionArn":"` + runARN + `waiting:none"}`, 400, swf + "ExecutionDoesNotExist", "Execution Does Not Exist: '" + runARN + "waiting:none'"},
		{"not an ARN", "DescribeExecution", `{"executionArn":"none"}`, 400, swf + "InvalidArn", "Invalid Arn: 'Invalid ARN prefix: none'"},
		{"ARN of a machine", "DescribeExecution", `{"executionArn":"` + machineARN + `waiting"}`, 400, swf + "InvalidArn", "Invalid Arn: 'Resource type not valid in this context: stateMachine'"},
		{"ARN is missing", "DescribeExecution", `{}`, 400, "com.amazon.coral.validate#ValidationException", ""},
		{"standard machine run at once", "StartSyncExecution", start(`"input":"{}"`), 400, swf + "StateMachineTypeNotSupported", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, answer := doJSON(t, s, "states:action/"+test.action, test.input)
			fault, _ := answer["__type"].(string)
			if status != test.status || fault != test.fault || test.message != "" && answer["message"] != test.message {
				t.Errorf("got %d %v", status, answer)
			}
		})
	}
}

func TestStopExecution(t *testing.T) {
	s := startServices(t, Options{})
	_, started := doJSON(t, s, "states:action/StartExecution", `{"stateMachineArn":"`+machineARN+`waiting","name":"long"}`)
	arn := `{"executionArn":"` + runARN + `waiting:long"`
	if _, answer := doJSON(t, s, "states:action/DescribeExecution", arn+"}"); answer["status"] != "RUNNING" || answer["stopDate"] != nil || answer["startDate"] != started["startDate"] {
		t.Errorf("while running: %v", answer)
	}
	if status, answer := doJSON(t, s, "states:action/StopExecution", arn+`,"error":"Enough","cause":"tired"}`); status != 200 || answer["stopDate"] == nil {
		t.Errorf("StopExecution: %d %v", status, answer)
	}
	if _, answer := doJSON(t, s, "states:action/DescribeExecution", arn+"}"); answer["status"] != "ABORTED" || answer["error"] != "Enough" || answer["cause"] != "tired" {
		t.Errorf("afterwards: %v", answer)
	}
}

func TestStartSyncExecution(t *testing.T) {
	s := startServices(t, Options{})
	status, answer := doJSON(t, s, "states:action/StartSyncExecution", `{"stateMachineArn":"`+machineARN+`express","input":"{}"}`)
	if status != 200 || answer["status"] != "SUCCEEDED" || answer["output"] != `{"name":"express"}` {
		t.Errorf("got %d %v", status, answer)
	}
}

func TestDefinitionFaultsNameTheirState(t *testing.T) {
	tests := []struct{ name, definition, fault string }{
		{"a service other than Lambda", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::sqs:sendMessage","End":true}}}`,
			`state "A": the embedded engine runs Lambda functions only, not Resource arn:aws:states:::sqs:sendMessage`},
		{"task token", `{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"arn:aws:states:::lambda:invoke.waitForTaskToken","End":true}}}`,
			`state "A": the embedded engine runs Lambda functions only, not Resource arn:aws:states:::lambda:invoke.waitForTaskToken`},
		{"JSONata", `{"QueryLanguage":"JSONata","StartAt":"A","States":{"A":{"Type":"Succeed"}}}`, `the state machine: the embedded engine has no query language JSONata`},
		{"variables", `{"StartAt":"A","States":{"A":{"Type":"Pass","Assign":{"x":1},"End":true}}}`, `state "A": the embedded engine has no Assign`},
		{"distributed map", `{"StartAt":"A","States":{"A":{"Type":"Map","End":true,"ItemProcessor":{"ProcessorConfig":{"Mode":"DISTRIBUTED"},"StartAt":"B","States":{"B":{"Type":"Succeed"}}}}}}`,
			`state "A": the embedded engine has no distributed Map`},
		{"in a branch", `{"StartAt":"A","States":{"A":{"Type":"Parallel","End":true,"Branches":[{"StartAt":"B","States":{"B":{"Type":"Task","Resource":"x","End":true}}}]}}}`,
			`state "B": the embedded engine runs Lambda functions only, not Resource x`},
		{"context object", `{"StartAt":"A","States":{"A":{"Type":"Pass","Parameters":{"x.$":"$$.State.Name"},"End":true}}}`,
			`state "A": the embedded engine's context object has no $$.State.Name`},
		{"nowhere to go", `{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"B"}}}`, `state "A": Next names no state: B`},
		{"no such type", `{"StartAt":"A","States":{"A":{"Type":"Loop"}}}`, `state "A": it has no known Type: Loop`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			faults, err := checkDefinition(test.definition)
			if err != nil || len(faults) != 1 || faults[0] != test.fault {
				t.Errorf("got %q, %v", faults, err)
			}
		})
	}
}

func TestUnservedMachineIsReported(t *testing.T) {
	_, problems := New(Options{Assembly: load(t, "services.yaml"), Getenv: environment(nil), WorkDir: t.TempDir(), AllowFunctions: true})
	if len(problems) != 1 || problems[0].LogicalID != "Unserved" || !strings.Contains(problems[0].Message, `state "Put"`) {
		t.Errorf("got %v", problems)
	}
}
