package vpclink

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// TestMain lets the test binary be the container's program, too.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_CONTAINER") != "" {
		runContainer()
		return
	}
	os.Exit(m.Run())
}

// runContainer is a service that does what its paths say.
func runContainer() {
	if os.Getenv("TEST_CONTAINER") == "broken" {
		os.Exit(3)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/health", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/pid", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, os.Getpid()) })
	mux.HandleFunc("/crash", func(http.ResponseWriter, *http.Request) { os.Exit(7) })
	mux.HandleFunc("/hang", func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/env/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, os.Getenv(r.PathValue("name"))) })
	mux.HandleFunc("/header/{name}", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.Header.Get(r.PathValue("name"))) })
	mux.HandleFunc("/child", func(w http.ResponseWriter, _ *http.Request) {
		child := exec.Command("sleep", "600")
		if err := child.Start(); err != nil {
			http.Error(w, err.Error(), 500)
			return
		}
		fmt.Fprint(w, child.Process.Pid)
	})
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	if os.Getenv("TEST_CONTAINER") == "deaf" {
		signal.Ignore(syscall.SIGTERM)
		ctx = context.Background()
	}
	server := http.Server{Addr: net.JoinHostPort(os.Getenv("HOST"), os.Getenv("PORT")), Handler: mux}
	go func() {
		<-ctx.Done()
		fmt.Println("stops in order")
		server.Close()
	}()
	fmt.Println(server.ListenAndServe())
}

// private is a stack with a load balancer and a service; each test adds to it.
const private = `
Resources:
  Subnet: {Type: AWS::EC2::Subnet, Properties: {CidrBlock: 10.0.1.0/24}}
  Link: {Type: AWS::ApiGatewayV2::VpcLink, Properties: {Name: link}}
  Alb:
    Type: AWS::ElasticLoadBalancingV2::LoadBalancer
    Properties: {Name: alb, Scheme: internal, Subnets: [!Ref Subnet], LoadBalancerAttributes: [{Key: idle_timeout.timeout_seconds, Value: "1"}]}
  Listener:
    Type: AWS::ElasticLoadBalancingV2::Listener
    Properties: {LoadBalancerArn: !Ref Alb, Port: 80, Protocol: HTTP, DefaultActions: [{Type: forward, TargetGroupArn: !Ref Group}]}
  Group:
    Type: AWS::ElasticLoadBalancingV2::TargetGroup
    Properties: {Name: group, Port: 8080, Protocol: HTTP, TargetType: ip, HealthCheckPath: /health, HealthCheckIntervalSeconds: 10}
  Service:
    Type: AWS::ECS::Service
    Properties:
      DesiredCount: COUNT
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: products, ContainerPort: 8080, TargetGroupArn: !Ref Group}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: products
          Image: products
          StopTimeout: 20
          Environment: [{Name: TEST_CONTAINER, Value: MODE}, {Name: PORT, Value: "8080"}, {Name: TABLE, Value: !Ref Table}]
    Metadata: {"apigw:source": {products: services/products}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: products-table}}
  Method: {Type: AWS::ApiGateway::Method, Properties: {Integration: {IntegrationTarget: !Ref Alb}}}
`

func privateStack(mode string, count int, more string) string {
	return strings.NewReplacer("MODE", mode, "COUNT", fmt.Sprint(count)).Replace(private) + more
}

func load(t testing.TB, template string) *cfn.Assembly {
	t.Helper()
	file := filepath.Join(t.TempDir(), "Private.yaml")
	if err := os.WriteFile(file, []byte(template), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := cfn.Load(file, cfn.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// network makes a network of the template whose containers are this test.
func network(t testing.TB, template string, o Options) (*Network, *cfn.Stack) {
	t.Helper()
	o.Assembly = load(t, template)
	o.BuildDir, o.AllowFunctions = t.TempDir(), true
	if o.build == nil {
		o.build = linkTestBinary
	}
	n, problems := New(o)
	if len(problems) > 0 {
		t.Fatalf("problems: %v", problems)
	}
	return n, o.Assembly.Stacks[0]
}

func linkTestBinary(_ context.Context, _, _, out string) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	return os.Symlink(program, out)
}

// start starts the network until the test ends.
func start(t testing.TB, n *Network) {
	t.Helper()
	if err := n.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closeSoon(t, n) })
}

func closeSoon(t testing.TB, n *Network) {
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	if err := n.Close(ctx); err != nil {
		t.Error(err)
	}
}
