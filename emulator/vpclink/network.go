package vpclink

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostbuild"
	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess"
)

// Options say what the network is made of. Only Assembly is needed.
type Options struct {
	Assembly *cfn.Assembly
	BuildDir string // programs of containers, below it by their source's path

	// AllowFunctions runs the programs of containers.
	AllowFunctions bool

	// Env gives further variables of the containers, such as the endpoints of
	// local engines. It is asked when a process starts and may wait.
	Env func(ctx context.Context) (map[string]string, error)

	Log    *slog.Logger // the network's own events; nil discards them
	Output io.Writer    // what containers print; nil discards it

	// Backends are what runs in place of containers and other targets, by the
	// logical ID of the target group, the ECS service or its task definition.
	Backends map[string]*url.URL

	build func(ctx context.Context, root, pkgDir, out string) error // tests build nothing
}

// Network is everything that the VPC links of an assembly lead to.
type Network struct {
	options   Options
	links     map[string]*cfn.Resource // by ID
	balancers map[string]*loadBalancer // by ARN
	groups    []*targetGroup           // but those of load balancers
	services  []*service
	launcher  *hostprocess.Launcher
	transport *http.Transport

	stopping context.Context // over when Close begins
	stop     context.CancelFunc
	cut      chan struct{} // closed when Close may wait no longer
	cutOnce  sync.Once
	running  sync.WaitGroup
}

// dialTimeout is how long an Application Load Balancer waits for a target's
// connection.
const dialTimeout = 10 * time.Second

// New reads the network that the API's methods and VPC links name. What of it
// can't be served is in the problems; the rest works.
func New(o Options) (*Network, cfn.Problems) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Output == nil {
		o.Output = io.Discard
	}
	if o.build == nil {
		o.build = hostbuild.Build
	}
	o.Output = hostprocess.Shared(o.Output)
	n := &Network{
		options:   o,
		links:     map[string]*cfn.Resource{},
		balancers: map[string]*loadBalancer{},
		transport: &http.Transport{
			DialContext:         (&net.Dialer{Timeout: dialTimeout}).DialContext,
			DisableCompression:  true,
			MaxIdleConnsPerHost: 128,
			IdleConnTimeout:     90 * time.Second,
		},
		cut: make(chan struct{}),
	}
	n.stopping, n.stop = context.WithCancel(context.Background())
	return n, n.read()
}

// Start starts the services and returns at once; requests for a service wait
// until its first task is healthy or has failed.
func (n *Network) Start(context.Context) error {
	if len(n.services) == 0 {
		return nil
	}
	n.launcher = hostprocess.NewLauncher()
	if err := n.launcher.Record(n.options.BuildDir); err != nil {
		return fmt.Errorf("record the processes of containers: %w", err)
	}
	for _, s := range n.services {
		n.running.Go(func() { s.run(n.stopping) })
	}
	return nil
}

// Check says why a link can't lead to the load balancer of targetARN, nil when
// it can. For a link of V1 the target is the link's own, and targetARN is empty.
// What is not part of the assembly is a problem of the backend alone.
func (n *Network) Check(connectionID, targetARN string) error {
	link := n.links[connectionID]
	if link == nil {
		return absent("Integration.ConnectionId", "%q is no VPC link of the template", connectionID)
	}
	if link.Type == linkV1 {
		if targetARN != "" {
			return fmt.Errorf("VPC link %s is of V1, which takes no IntegrationTarget; use an AWS::ApiGatewayV2::VpcLink", link.LogicalID)
		}
		targetARN = n.Target(connectionID)
	}
	if targetARN == "" {
		return fmt.Errorf("no IntegrationTarget; VPC link %s needs the ARN of a load balancer there", link.LogicalID)
	}
	balancer := n.balancers[targetARN]
	switch {
	case balancer == nil:
		return absent("Integration.IntegrationTarget", "%q is no load balancer of the template", targetARN)
	case link.Type == linkV1 && !balancer.network:
		return fmt.Errorf("VPC link %s is of V1, which takes network load balancers only; use an AWS::ApiGatewayV2::VpcLink", link.LogicalID)
	case len(balancer.listeners) == 0:
		return absent("Integration.IntegrationTarget", "load balancer %s has no listener", balancer.logicalID)
	}
	return nil
}

// absent is a problem of a method whose backend isn't part of the assembly.
func absent(property, format string, args ...any) error {
	return cfn.Problem{Property: property, Message: fmt.Sprintf(format, args...), Effect: cfn.NoBackend}
}

// Target is the load balancer's ARN that a link of V1 leads to, "" for others.
func (n *Network) Target(connectionID string) string {
	link := n.links[connectionID]
	if link == nil || link.Type != linkV1 {
		return ""
	}
	return link.String("TargetArns.0")
}

// RoundTrip sends a request through the load balancer of targetARN. As with a
// transport, an error means that there is no answer at all.
func (n *Network) RoundTrip(ctx context.Context, targetARN string, r *http.Request) (*http.Response, error) {
	balancer := n.balancers[targetARN]
	if balancer == nil {
		return nil, fmt.Errorf("%q is no load balancer of the assembly", targetARN)
	}
	response, err := balancer.roundTrip(r.WithContext(ctx))
	if err != nil && r.Body != nil {
		r.Body.Close()
	}
	return response, err
}

// Close ends the services: their processes are asked to end, and killed when
// their stop timeout or ctx is over. No process is left when it returns.
func (n *Network) Close(ctx context.Context) error {
	n.stop()
	ended := make(chan struct{})
	go func() {
		n.running.Wait()
		close(ended)
	}()
	var err error
	select {
	case <-ended:
	case <-ctx.Done():
		err = errors.New("containers were killed before they had stopped")
		n.cutOnce.Do(func() { close(n.cut) })
		<-ended
	}
	if n.launcher != nil {
		n.launcher.Close()
	}
	n.transport.CloseIdleConnections()
	return err
}
