package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// environment is what is measured: the gateway as it is shipped, and the
// programs that it is compared with, each a process of its own.
type environment struct {
	app      *cfn.Assembly
	program  string // apigw
	build    string // folder of what is built for this host
	launcher *hostprocess.Launcher

	gateway   *process
	base      string            // URL of the stage
	addresses map[string]string // of the limits, by Limit.At
	vars      map[string]string // outputs of the stacks, and ${run}
	engines   []string          // variables that lead a function to the engines

	mu        sync.Mutex
	processes []*process
}

// process is a program that runs until it is stopped.
type process struct {
	cmd    *exec.Cmd
	input  io.Closer
	exited chan struct{}
}

// gatewayFlags leave validation on, and throttling and tracing out.
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
		line, err := e.launch(ctx, exec.Command(baseline, args...), env, func(line string) bool { return true })
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
	if err := e.startGateway(ctx, e.backends(products)); err != nil {
		return err
	}
	for _, name := range []string{"lambda-proxy", "lambda"} {
		function := filepath.Join(e.build, "functions", name, name)
		if err := hostbuild.Build(ctx, filepath.Join(e.app.Root, "functions", name), ".", function); err != nil {
			return err
		}
		if err := limit(name, append(e.engines, "ORDERS_TABLE="+e.vars["OrdersTableName"]), "function", function); err != nil {
			return err
		}
	}
	return nil
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
	line, err := e.launch(ctx, exec.Command(program), []string{"PORT=0", "AWS_REGION=us-east-1"}, func(line string) bool { return strings.Contains(line, sign) })
	_, address, _ := strings.Cut(line, sign)
	address, _, _ = strings.Cut(address, `"`)
	return "http://" + address, err
}

// startGateway serves on a free port, and reads where from what it prints.
func (e *environment) startGateway(ctx context.Context, flags []string) error {
	folder, err := os.MkdirTemp("", "apigw-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	outputs := filepath.Join(folder, "outputs.json")
	args := slices.Concat(gatewayFlags, []string{"--app", e.app.Dir, "--port", "0", "--outputs", outputs}, flags)
	_, err = e.launch(ctx, exec.Command(e.program, args...), nil, func(line string) bool {
		if variable, ok := strings.CutPrefix(line, "  export "); ok {
			e.engines = append(e.engines, variable)
			name, value, _ := strings.Cut(variable, "=")
			if at, ok := engineLimits[name]; ok {
				e.addresses[at] = value
			}
		}
		return strings.HasPrefix(line, "Ctrl-C")
	})
	if err != nil {
		return err
	}
	e.gateway = e.processes[len(e.processes)-1]
	text, err := os.ReadFile(outputs)
	if err != nil {
		return err
	}
	var stacks map[string]map[string]string
	if err := json.Unmarshal(text, &stacks); err != nil {
		return err
	}
	for _, outputs := range stacks {
		maps.Copy(e.vars, outputs)
	}
	e.base = strings.TrimSuffix(e.vars["ApiUrl"], "/")
	return nil
}

// engineLimits are the variables whose endpoints are limits themselves.
var engineLimits = map[string]string{
	"AWS_ENDPOINT_URL_DYNAMODB": "dynamodb", "AWS_ENDPOINT_URL_SNS": "sns", "AWS_ENDPOINT_URL_SFN": "states",
}

// launch starts the program, and gives the first line of its output that ready
// accepts. The program stays until stop.
func (e *environment) launch(ctx context.Context, cmd *exec.Cmd, env []string, ready func(line string) bool) (line string, err error) {
	p := &process{cmd: cmd, exited: make(chan struct{})}
	cmd.Env, cmd.Stderr, cmd.Dir = append(os.Environ(), env...), os.Stderr, e.app.Root
	if p.input, err = cmd.StdinPipe(); err != nil {
		return "", err
	}
	output, err := cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := e.launcher.Start(cmd); err != nil {
		return "", fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	e.mu.Lock()
	e.processes = append(e.processes, p)
	e.mu.Unlock()
	found := make(chan string, 1)
	go func() {
		defer close(p.exited)
		defer cmd.Wait()
		waiting := true
		for lines := bufio.NewScanner(output); lines.Scan(); {
			if waiting && ready(lines.Text()) {
				found <- lines.Text()
				waiting = false
			}
		}
	}()
	select {
	case line := <-found:
		return line, nil
	case <-p.exited:
		return "", fmt.Errorf("%s has ended before it was ready: %s", cmd, cmd.ProcessState)
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// grace is how long a program may take to end.
const grace = 10 * time.Second

// stop ends every process, the last started first.
func (e *environment) stop() {
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, p := range slices.Backward(e.processes) {
		p.stop()
	}
	e.processes = nil
	e.launcher.Close()
}

func (p *process) stop() {
	p.input.Close()
	hostprocess.Terminate(p.cmd)
	select {
	case <-p.exited:
	case <-time.After(grace):
		hostprocess.Kill(p.cmd)
		<-p.exited
	}
}
