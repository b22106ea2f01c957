package lambdahost

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// initTimeout is how long a process may take until its first poll: Lambda's
// limit of the init phase.
const initTimeout = 10 * time.Second

// pipeGrace is how long output is read on after a process's end, in case that
// a child of it still holds the pipe.
const pipeGrace = time.Second

// process is one execution environment of a function.
type process struct {
	function   *Function
	generation int // of the program, see environments
	api        *runtimeAPI
	cmd        *exec.Cmd
	exited     chan struct{} // closed when the process has ended
	exitErr    error         // valid then
}

// startProcess runs command and waits until it polls for an invocation. When
// it does not come that far, the result is what the invocation gets. What it
// prints goes to printed as well as to the host's output.
func (h *Host) startProcess(ctx context.Context, f *Function, command []string, printed *tail) (*process, *Result, error) {
	p := &process{function: f, exited: make(chan struct{})}
	p.api = &runtimeAPI{
		deliver:    make(chan *invocation),
		polled:     make(chan struct{}, 1),
		initFailed: make(chan []byte, 1),
	}
	extra, err := h.extraEnv(ctx)
	if err != nil {
		return nil, nil, err
	}
	if err := p.api.listen(); err != nil {
		return nil, nil, fmt.Errorf("runtime API of function %s: %w", f.Name, err)
	}
	output := hostprocess.NewLines(io.MultiWriter(h.options.Output, printed), f.label())
	p.cmd = exec.Command(command[0], command[1:]...)
	p.cmd.Dir = f.TaskRoot
	p.cmd.Env = f.environment(extra, p.api.address)
	p.cmd.Stdout, p.cmd.Stderr = output, output
	p.cmd.WaitDelay = pipeGrace
	if err := h.launcher.Start(p.cmd); err != nil {
		p.api.close()
		return nil, nil, fmt.Errorf("start function %s: %w", f.Name, err)
	}
	go func() {
		p.exitErr = p.cmd.Wait()
		hostprocess.Kill(p.cmd) // children that it left behind
		output.Flush()
		p.api.close()
		close(p.exited)
	}()
	if failure := p.initialize(ctx); failure != nil {
		p.kill()
		return nil, failure, nil
	}
	return p, nil, nil
}

func (h *Host) extraEnv(ctx context.Context) (map[string]string, error) {
	if h.options.Env == nil {
		return nil, nil
	}
	extra, err := h.options.Env(ctx)
	if err != nil {
		return nil, fmt.Errorf("environment of functions: %w", err)
	}
	return extra, nil
}

// initialize waits for the first poll; nil when it came. It is given up when
// the host closes.
func (p *process) initialize(ctx context.Context) *Result {
	timer := time.NewTimer(initTimeout)
	defer timer.Stop()
	select {
	case <-p.api.polled:
		return nil
	case payload := <-p.api.initFailed:
		return &Result{StatusCode: 200, Payload: payload, FunctionError: unhandled}
	case <-p.exited:
		select {
		case payload := <-p.api.initFailed:
			return &Result{StatusCode: 200, Payload: payload, FunctionError: unhandled}
		default:
			return functionError("Runtime.ExitError", "Error: "+p.exitReason())
		}
	case <-ctx.Done():
		return functionError("Runtime.ExitError", "Error: the host was closed")
	case <-timer.C:
		return functionError("Sandbox.Timedout",
			fmt.Sprintf("Error: Task timed out after %.2f seconds", initTimeout.Seconds()))
	}
}

// run has the process answer i. delivered is false when the process had ended
// before it took i; reusable says whether it waits for another one.
func (p *process) run(i *invocation) (result *Result, delivered, reusable bool) {
	if p.hasExited() {
		return nil, false, false
	}
	select {
	case p.api.deliver <- i:
	case <-p.exited:
		return nil, false, false
	}
	timer := time.NewTimer(i.timeout)
	defer timer.Stop()
	select {
	case result = <-i.answer:
	case <-p.exited:
		select {
		case result = <-i.answer: // its last word
		default:
			result = functionError("Runtime.ExitError", fmt.Sprintf("RequestId: %s Error: %s", i.id, p.exitReason()))
		}
		return result, true, false
	case <-timer.C:
		p.kill()
		return functionError("Sandbox.Timedout",
			fmt.Sprintf("RequestId: %s Error: Task timed out after %.2f seconds", i.id, i.timeout.Seconds())), true, false
	}
	select {
	case <-p.api.polled:
		return result, true, true
	case <-p.exited:
	case <-timer.C:
		p.kill()
	}
	return result, true, false
}

// exitReason is how Lambda words the end of a process.
func (p *process) exitReason() string {
	var exit *exec.ExitError
	if errors.As(p.exitErr, &exit) {
		return "Runtime exited with error: " + exit.Error()
	}
	return "Runtime exited without providing a reason"
}

// kill ends the process and its children, and waits until it has ended.
func (p *process) kill() {
	if !p.hasExited() {
		hostprocess.Kill(p.cmd)
		<-p.exited
	}
}

func (p *process) hasExited() bool {
	select {
	case <-p.exited:
		return true
	default:
		return false
	}
}

// defaults are Lambda's own variables that the template may set, see
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
var defaults = map[string]string{"LANG": "en_US.UTF-8", "PATH": "/usr/local/bin:/usr/bin/:/bin:/opt/bin", "TZ": ":UTC"}

// environment lists the variables of the function's processes. What Lambda
// reserves can't be set by the template; endpoints of local engines go before
// the template's.
func (f *Function) environment(extra map[string]string, runtimeAPI string) []string {
	return hostprocess.Environment(defaults, f.Shell, f.Environment, extra, map[string]string{
		"_HANDLER":                        f.Handler,
		"AWS_DEFAULT_REGION":              f.Region,
		"AWS_EXECUTION_ENV":               "AWS_Lambda_" + f.Runtime,
		"AWS_LAMBDA_FUNCTION_MEMORY_SIZE": strconv.Itoa(f.MemorySize),
		"AWS_LAMBDA_FUNCTION_NAME":        f.Name,
		"AWS_LAMBDA_FUNCTION_VERSION":     "$LATEST",
		"AWS_LAMBDA_INITIALIZATION_TYPE":  "on-demand",
		"AWS_LAMBDA_LOG_GROUP_NAME":       "/aws/lambda/" + f.Name,
		"AWS_LAMBDA_LOG_STREAM_NAME":      time.Now().UTC().Format("2006/01/02/[$LATEST]") + strings.ReplaceAll(uuid.New(), "-", ""),
		"AWS_LAMBDA_RUNTIME_API":          runtimeAPI,
		"AWS_REGION":                      f.Region,
		"LAMBDA_TASK_ROOT":                f.TaskRoot,
	})
}
