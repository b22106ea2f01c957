package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// environment is what is measured: the gateway as it is shipped, and the
// programs that it is compared with, each a process of its own.
type environment struct {
	app      *cfn.Assembly
	program  string // apigw
	build    string // folder of what is built for this host
	launcher *hostprocess.Launcher

	kit       *gatewayProcess
	addresses map[string]string // of the limits, by Limit.At
	vars      map[string]string // outputs of the stacks, and ${run}
	processes []*process
}

// process is a program that runs until it is stopped.
type process struct {
	cmd    *exec.Cmd
	input  io.Closer
	said   bytes.Buffer // on stderr, complete when it has exited
	exited chan struct{}
	grace  time.Duration // that it may take to end
}

// gatewayFlags leave validation on, and throttling and tracing out; the kit's functions may run.
var gatewayFlags = []string{"serve", "--allow-functions", "--no-throttle", "--no-trace", "--quiet", "--no-console", "--no-watch"}

func newEnvironment(app *cfn.Assembly, program string) *environment {
	return &environment{
		app: app, program: program, build: filepath.Join(app.Root, ".build", "host"), launcher: hostprocess.NewLauncher(),
		addresses: map[string]string{}, vars: map[string]string{},
	}
}

// start starts everything: upstreams first, then the gateway, which has the
// engines, then what needs these.
func (e *environment) start(ctx context.Context) error {
	baseline := filepath.Join(e.build, "baseline")
	if err := hostbuild.Build(ctx, filepath.Join(e.app.Root, "toolbox", "bench", "baseline"), ".", baseline); err != nil {
		return fmt.Errorf("build the baseline: %w", err)
	}
	limit := func(at string, env []string, args ...string) error {
		_, line, err := e.launch(ctx, exec.Command(baseline, args...), env, func(string) bool { return true })
		e.addresses[at] = line
		return err
	}
	products, err := e.startProducts(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(limit("constant", nil, "constant"), limit("weather", nil, "weather")); err != nil {
		return err
	}
	if err := errors.Join(limit("weather-proxy", nil, "proxy", e.addresses["weather"]), limit("products-proxy", nil, "proxy", products)); err != nil {
		return err
	}
	if err := e.startKit(ctx, e.backends(products)); err != nil {
		return err
	}
	for _, name := range []string{"lambda-proxy", "lambda"} {
		function, err := e.function(ctx, name)
		if err != nil {
			return err
		}
		if err := limit(name, append(slices.Clone(e.kit.exports), "ORDERS_TABLE="+e.vars["OrdersTableName"]), "function", function); err != nil {
			return err
		}
	}
	return nil
}

// function is the program that the gateway runs for one of the kit's functions.
func (e *environment) function(ctx context.Context, name string) (program string, err error) {
	program = filepath.Join(e.build, "functions", name, name)
	return program, hostbuild.Build(ctx, filepath.Join(e.app.Root, "functions", name), ".", program)
}

// backends has the kit's HTTP integrations call the weather upstream, and its
// load balancer the one products service, as their limits do.
func (e *environment) backends(products string) (flags []string) {
	for _, r := range e.app.Resources("AWS::ApiGateway::Method") {
		if strings.HasPrefix(r.String("Integration.Type"), "HTTP") && r.String("Integration.ConnectionType") != "VPC_LINK" {
			flags = append(flags, "--backend", r.LogicalID+"="+e.addresses["weather"])
		}
	}
	for _, r := range e.app.Resources("AWS::ECS::Service") {
		flags = append(flags, "--backend", r.LogicalID+"="+products)
	}
	return flags
}

func (e *environment) startProducts(ctx context.Context) (url string, err error) {
	program := filepath.Join(e.build, "services", "products")
	if err := hostbuild.Build(ctx, e.app.Root, "services/products", program); err != nil {
		return "", err
	}
	const sign = `"address":"`
	_, line, err := e.launch(ctx, exec.Command(program), []string{"PORT=0", "AWS_REGION=us-east-1"}, func(line string) bool { return strings.Contains(line, sign) })
	_, address, _ := strings.Cut(line, sign)
	address, _, _ = strings.Cut(address, `"`)
	return "http://" + address, err
}

// gatewayProcess is a running apigw serve.
type gatewayProcess struct {
	*process
	base    string   // URL of the stage
	exports []string // variables that lead a program to the engines
}

// baseURL is in the line that tells where the first API is served.
var baseURL = regexp.MustCompile(`: (http://\S+) \(ready in`)

// serve starts a gateway, and reads where it serves from what it prints.
func (e *environment) serve(ctx context.Context, args ...string) (*gatewayProcess, error) {
	g := &gatewayProcess{}
	var err error
	g.process, _, err = e.launch(ctx, exec.Command(e.program, slices.Concat(gatewayFlags, []string{"--port", "0"}, args)...), nil, func(line string) bool {
		if found := baseURL.FindStringSubmatch(line); found != nil && g.base == "" {
			g.base = found[1]
		}
		if variable, ok := strings.CutPrefix(line, "  export "); ok {
			g.exports = append(g.exports, variable)
		}
		return strings.HasPrefix(line, "Ctrl-C")
	})
	return g, err
}

// startKit serves the kit, with the same backends as the limits have.
func (e *environment) startKit(ctx context.Context, backends []string) error {
	folder, err := os.MkdirTemp("", "apigw-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	outputs := filepath.Join(folder, "outputs.json")
	e.kit, err = e.serve(ctx, slices.Concat([]string{"--app", e.app.Dir, "--outputs", outputs}, backends)...)
	if err != nil {
		return err
	}
	for _, variable := range e.kit.exports {
		name, value, _ := strings.Cut(variable, "=")
		if at, ok := engineLimits[name]; ok {
			e.addresses[at] = value
		}
	}
	stacks, err := integrationtests.ReadOutputs(outputs)
	for _, values := range stacks {
		maps.Copy(e.vars, values)
	}
	return err
}

// engineLimits are the variables whose endpoints are limits themselves.
var engineLimits = map[string]string{
	"AWS_ENDPOINT_URL_DYNAMODB": "dynamodb", "AWS_ENDPOINT_URL_SNS": "sns", "AWS_ENDPOINT_URL_SFN": "states",
}

// launch starts the program, and gives the first line of its output that ready
// accepts. The program stays until stop.
func (e *environment) launch(ctx context.Context, cmd *exec.Cmd, env []string, ready func(line string) bool) (p *process, line string, err error) {
	found := make(chan string, 1)
	waiting := true
	p, err = e.begin(cmd, env, func(line string) {
		if waiting && ready(line) {
			found <- line
			waiting = false
		}
	})
	if err != nil {
		return nil, "", err
	}
	select {
	case line := <-found:
		return p, line, nil
	case <-p.exited:
		return nil, "", p.ended()
	case <-ctx.Done():
		return nil, "", ctx.Err()
	}
}

// begin starts the program, and hands over each line of its output.
func (e *environment) begin(cmd *exec.Cmd, env []string, each func(line string)) (*process, error) {
	p := &process{cmd: cmd, exited: make(chan struct{}), grace: grace}
	cmd.Env, cmd.Stderr, cmd.Dir, cmd.WaitDelay = append(os.Environ(), env...), &p.said, e.app.Root, grace
	var err error
	if p.input, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := e.launcher.Start(cmd); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	e.processes = append(e.processes, p)
	go func() {
		defer close(p.exited)
		defer cmd.Wait()
		for lines := bufio.NewScanner(output); lines.Scan(); {
			each(lines.Text())
		}
	}()
	return p, nil
}

// ended says why a program is gone that should run.
func (p *process) ended() error {
	return fmt.Errorf("%s has ended: %s: %s", filepath.Base(p.cmd.Path), p.cmd.ProcessState, bytes.TrimSpace(p.said.Bytes()))
}

// grace is how long most programs may take to end.
const grace = 10 * time.Second

// stop ends every process, the last started first.
func (e *environment) stop() {
	for _, p := range slices.Backward(e.processes) {
		p.stop()
	}
	e.processes = nil
	e.launcher.Close()
}

func (p *process) pid() int { return p.cmd.Process.Pid }

func (p *process) stop() {
	select {
	case <-p.exited:
		return
	default:
	}
	p.input.Close()
	hostprocess.Terminate(p.cmd)
	select {
	case <-p.exited:
	case <-time.After(p.grace):
		hostprocess.Kill(p.cmd)
		<-p.exited
	}
}
