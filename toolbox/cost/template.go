package cost

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/awsservice"
	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// Routes reckons each method of an API, preflights left out. What the template tells goes before the workload: memory
// and architecture of functions, indexes of tables, types of workflows, what stands behind a VPC link.
func Routes(a *cfn.Assembly, api *gateway.API, w Workload) []Row {
	var rows []Row
	for _, resource := range api.Resources {
		for _, m := range resource.Methods {
			if m.HTTPMethod == "OPTIONS" || m.Integration == nil {
				continue
			}
			r := &route{assembly: a, method: m, workload: w, Row: Row{Name: m.HTTPMethod + " " + resource.Path, Parts: methodParts(m, w)}}
			if read := kinds[m.Integration.Kind]; read != nil {
				read(r)
			}
			rows = append(rows, r.Row)
		}
	}
	slices.SortFunc(rows, func(a, b Row) int {
		_, pathA, _ := strings.Cut(a.Name, " ")
		_, pathB, _ := strings.Cut(b.Name, " ")
		return strings.Compare(pathA+" "+a.Name, pathB+" "+b.Name)
	})
	return rows
}

// methodParts: a streamed answer is one request for each 10 MB, see
// https://aws-news.com/article/2025-11-19-building-responsive-apis-with-amazon-api-gateway-response-streaming
func methodParts(m *gateway.Method, w Workload) []Part {
	parts := apiParts(w)
	if m.Integration.Stream {
		parts[0].PerRequest = chunks(w.Response, 10*mb)
	}
	return parts
}

// route is a method whose row is made.
type route struct {
	Row
	assembly *cfn.Assembly
	method   *gateway.Method
	workload Workload
}

// kinds reads what a kind of integration costs beside the API; what is not here, MOCK, costs nothing.
var kinds = map[gateway.Kind]func(*route){
	gateway.KindHTTP:        func(r *route) { r.Besides = "the backend's own bill" },
	gateway.KindLambda:      (*route).invokes,
	gateway.KindLambdaProxy: (*route).invokes,
	gateway.KindAWSService:  (*route).calls,
	gateway.KindVPCLink:     (*route).private,
}

func (r *route) add(parts ...Part) { r.Parts = append(r.Parts, parts...) }

// tell names what was found, once.
func (r *route) tell(format string, args ...any) {
	if text := fmt.Sprintf(format, args...); !slices.Contains(r.Found, text) {
		r.Found = append(r.Found, text)
	}
}

func (r *route) invokes() {
	function := r.mentioned("AWS::Lambda::Function")
	if function == nil {
		r.tell("the function is not in the template: %s, %s", r.workload.Arch, r.workload.Memory)
		r.add(functionParts(r.workload)...)
		return
	}
	r.invoke(function)
}

// invoke adds one invocation of a function.
func (r *route) invoke(function *cfn.Resource) {
	w := r.workload
	w.Memory, w.Arch = 128*mb, "x86_64" // what Lambda takes without
	if memory := function.Int("MemorySize"); memory > 0 {
		w.Memory = Bytes(memory) * mb
	}
	if function.String("Architectures.0") == "arm64" {
		w.Arch = "arm64"
	}
	r.tell("%s: %s, %s", function.LogicalID, w.Arch, w.Memory)
	r.add(functionParts(w)...)
}

// services: service of an integration → what an action there costs.
var services = map[string]func(r *route, action string){
	"dynamodb": (*route).dynamoDB,
	"sns":      (*route).sns,
	"sqs":      (*route).sqs,
	"states":   (*route).stepFunctions,
}

func (r *route) calls() {
	target, err := awsservice.ParseURI(r.method.Integration.URI)
	if err != nil {
		r.Besides = "what is called: " + err.Error()
		return
	}
	if read := services[target.Service]; read != nil {
		read(r, target.Action)
		return
	}
	r.Besides = "the bill of " + target.Service
}

func (r *route) dynamoDB(action string) {
	w := r.workload
	table := r.mentioned("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
	switch action {
	case "PutItem", "UpdateItem", "DeleteItem":
		if table == nil {
			r.tell("the table is not in the template")
		} else {
			w.Indexes = len(table.List("LocalSecondaryIndexes")) + len(table.List("GlobalSecondaryIndexes"))
			r.tell("%s, copies in indexes: %d", table.LogicalID, w.Indexes)
		}
		r.add(writeParts(w)...)
	case "GetItem", "Query", "Scan":
		if action == "GetItem" {
			w.Items = 1
		}
		w.ConsistentRead = w.ConsistentRead || consistent.MatchString(r.text())
		if w.ConsistentRead {
			r.tell("ConsistentRead")
		}
		r.add(readParts(w)...)
	default:
		r.Besides = "the units of " + action
	}
	if table != nil && table.String("BillingMode") != "PAY_PER_REQUEST" {
		r.Besides = table.LogicalID + " has provisioned capacity, this is on demand"
	}
}

var consistent = regexp.MustCompile(`"ConsistentRead"\s*:\s*true`)

// sns: deliveries to functions and queues are free, by HTTP they are not.
func (r *route) sns(string) {
	r.add(publishParts(r.workload)...)
	topic := r.mentioned("AWS::SNS::Topic")
	if topic == nil {
		r.Besides = "what is subscribed; the topic is not in the template"
		return
	}
	for _, s := range r.assembly.Resources("AWS::SNS::Subscription") {
		if s.String("TopicArn") != topic.Ref() {
			continue
		}
		switch protocol := s.String("Protocol"); protocol {
		case "lambda":
			if function := r.assembly.ByARN(s.String("Endpoint")); function != nil {
				r.invoke(function)
			}
		case "http", "https":
			r.tell("delivered by %s", protocol)
			r.add(PerRequest("sns-http-deliveries", Whole(1)))
		default:
			r.tell("delivered by %s", protocol)
		}
	}
}

func (r *route) sqs(string) {
	price := "sqs-requests"
	if queue := r.mentioned("AWS::SQS::Queue"); queue != nil && queue.Bool("FifoQueue") {
		price = "sqs-fifo-requests"
	}
	r.add(PerRequest(price, chunks(r.workload.Payload, 64*kb)))
	r.Besides = "who reads the queue"
}

// text is all that tells what the method calls, its stage variables filled in.
func (r *route) text() string {
	i := r.method.Integration
	text := i.URI
	for _, t := range i.RequestTemplates {
		text += "\n" + t.Text()
	}
	for _, mapped := range i.RequestParameters {
		text += "\n" + mapped
	}
	return stageVariable.ReplaceAllStringFunc(text, func(reference string) string {
		match := stageVariable.FindStringSubmatch(reference)
		return r.method.API.Stage.Variables[match[1]+match[2]]
	})
}

var stageVariable = regexp.MustCompile(`\$!?\{?stageVariables(?:\.(\w+)|(?:\.get\(|\[)["'](\w+)["'][)\]])\}?`)

// mentioned is the resource of these types that the method names by ARN, Ref or name; of several, the one whose name is
// longest, since a name may be part of an ARN.
func (r *route) mentioned(types ...string) *cfn.Resource {
	var found *cfn.Resource
	longest, text := 0, r.text()
	for _, resource := range r.assembly.Resources(types...) {
		for _, name := range []string{resource.ARN(), resource.Ref(), resource.Name()} {
			if len(name) > longest && hasName(text, name) {
				found, longest = resource, len(name)
			}
		}
	}
	return found
}

// hasName says whether the text has the name, and not only as a part of another.
func hasName(text, name string) bool {
	for {
		before, after, found := strings.Cut(text, name)
		if !found {
			return false
		}
		if !endsInName.MatchString(before) && !beginsInName.MatchString(after) {
			return true
		}
		text = after
	}
}

var (
	endsInName   = regexp.MustCompile(`[A-Za-z0-9_.-]$`)
	beginsInName = regexp.MustCompile(`^[A-Za-z0-9_.-]`)
)
