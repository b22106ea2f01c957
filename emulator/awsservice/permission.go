package awsservice

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/internal/uuid"
)

// Permission is what the role of a call must allow. Resource is "" where the
// request does not name one; the action has nothing behind its colon where the
// request does not tell it, as with most services that speak REST.
type Permission struct {
	Action   string // "dynamodb:PutItem", with IAM's name of the service
	Resource string // ARN
}

// IsKnown says whether the request tells the action.
func (p Permission) IsKnown() bool { return !strings.HasSuffix(p.Action, ":") }

// iamNames are IAM's names of services that have another one in URIs.
var iamNames = map[string]string{"email": "ses", "iotdata": "iot", "monitoring": "cloudwatch"}

// Permissions reads from the request what IAM would be asked.
func (c *Call) Permissions() []Permission {
	operation, parameters := c.operation(), c.parameters()
	action := cmp.Or(iamNames[c.Service], c.Service) + ":" + operation
	var permissions []Permission
	for _, resource := range c.resources(operation, parameters) {
		permissions = append(permissions, Permission{action, resource})
	}
	if permissions == nil {
		permissions = []Permission{{Action: action}}
	}
	return permissions
}

// operation is the action's name, whichever way the call gives it.
func (c *Call) operation() string {
	if target := c.Header.Get("X-Amz-Target"); target != "" {
		return target[strings.LastIndex(target, ".")+1:]
	}
	if c.Action != "" {
		return c.Action
	}
	if c.Service == "s3" && len(c.Query) > 0 {
		return "" // of what a bucket or an object has beside its content
	}
	if c.Service == "s3" {
		bucket, key, _ := strings.Cut(c.s3Path(), "/")
		return s3Actions[bucket != ""][key != ""][c.Method]
	}
	name, _ := c.parameters()["Action"].(string)
	return name
}

// s3Actions are those of a request by method: whether it names a bucket, and a
// key in it. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html
var s3Actions = map[bool]map[bool]map[string]string{
	false: {false: {"GET": "ListAllMyBuckets"}},
	true: {
		false: {"GET": "ListBucket", "HEAD": "ListBucket", "PUT": "CreateBucket", "DELETE": "DeleteBucket"},
		true:  {"GET": "GetObject", "HEAD": "GetObject", "PUT": "PutObject", "DELETE": "DeleteObject"},
	},
}

// s3Path is "bucket/key", whichever way the call names the bucket.
func (c *Call) s3Path() string {
	path := strings.TrimLeft(c.Path, "/")
	if c.Subdomain != "" {
		return c.Subdomain + "/" + path
	}
	return path
}

// parameters are the members of a JSON input, or those of query and form: texts,
// and whatever else as its JSON.
func (c *Call) parameters() map[string]any {
	parameters := map[string]any{}
	var members map[string]json.RawMessage
	if json.Unmarshal(c.Body, &members) == nil {
		for name, value := range members {
			var text string
			parameters[name] = value
			if value[0] == '"' && json.Unmarshal(value, &text) == nil {
				parameters[name] = text
			}
		}
		return parameters
	}
	form, err := url.ParseQuery(string(c.Body))
	if err != nil {
		form = url.Values{}
	}
	for _, values := range []url.Values{c.Query, form} {
		for name := range values {
			parameters[name] = values.Get(name)
		}
	}
	return parameters
}

// resources are the ARNs that the input names.
func (c *Call) resources(operation string, input map[string]any) []string {
	text := func(name string) string { value, _ := input[name].(string); return value }
	switch c.Service {
	case "dynamodb":
		return c.tables(input)
	case "states":
		return present(text("executionArn"), text("stateMachineArn"))
	case "sns":
		return present(text("TopicArn"), text("TargetArn"))
	case "sqs":
		queue := text("QueueUrl")
		if queue == "" {
			queue = c.Path
		}
		return present(c.arn(queue[strings.LastIndex(queue, "/")+1:]))
	case "ssm":
		if name := text("Name"); name != "" {
			return present(c.arn("parameter/" + strings.TrimPrefix(name, "/")))
		}
	case "kinesis":
		if name := text("StreamName"); name != "" {
			return present(c.arn("stream/" + name))
		}
		return present(text("StreamARN"))
	case "s3":
		if path := strings.TrimSuffix(c.s3Path(), "/"); path != "" {
			return present("arn:aws:s3:::" + path)
		}
	}
	return nil
}

// tables are those of the input, or the index that a Query or Scan reads.
func (c *Call) tables(input map[string]any) []string {
	var resources []string
	if table, ok := input["TableName"].(string); ok {
		resource := c.table(table)
		if index, ok := input["IndexName"].(string); ok {
			resource += "/index/" + index
		}
		resources = append(resources, resource)
	}
	if items, ok := input["RequestItems"].(json.RawMessage); ok {
		var requests map[string]json.RawMessage
		_ = json.Unmarshal(items, &requests) // what is no object names no table
		for table := range requests {
			resources = append(resources, c.table(table))
		}
	}
	return resources
}

func (c *Call) table(name string) string {
	if strings.HasPrefix(name, "arn:") {
		return name
	}
	return c.arn("table/" + name)
}

// arn is that of a resource of the call's service; "" without its name.
func (c *Call) arn(resource string) string {
	if resource == "" {
		return ""
	}
	return fmt.Sprintf("arn:aws:%s:%s:%s:%s", c.Service, c.Region, c.AccountID, resource)
}

func present(texts ...string) []string {
	for _, text := range texts {
		if text != "" {
			return []string{text}
		}
	}
	return nil
}

// AccessDenied is the answer that the service gives a role that may not do
// what p says (rule 109; for other services than DynamoDB, not recorded).
func (c *Call) AccessDenied(role string, p Permission, explicit bool) *Answer {
	action, resource := p.Action, p.Resource
	if c.Service == "sns" {
		action = "SNS:" + strings.TrimPrefix(action, "sns:") // SNS writes its prefix so
	}
	if resource == "" {
		resource = "*"
	}
	reason := "because no identity-based policy allows the " + action + " action"
	if explicit {
		reason = "with an explicit deny in an identity-based policy"
	}
	message := fmt.Sprintf("User: arn:aws:sts::%s:assumed-role/%s/BackplaneAssumeRoleSession is not authorized to perform: %s on resource: %s %s",
		c.AccountID, role[strings.LastIndex(role, "/")+1:], action, resource, reason)

	header := http.Header{"X-Amzn-Requestid": {uuid.New()}}
	if target := lookUp(c.Service); target.target != "" || c.Header.Get("X-Amz-Target") != "" {
		header.Set("Content-Type", "application/x-amz-json-1.0")
		body, _ := json.Marshal(struct { // texts only
			Type    string `json:"__type"`
			Message string
		}{"com.amazon.coral.service#AccessDeniedException", message})
		return &Answer{http.StatusBadRequest, header, body}
	}
	code := "AccessDenied"
	if c.Service == "sns" {
		code = "AuthorizationError"
	}
	fault := &serviceError{http.StatusForbidden, code, message}
	contentType, body := fault.text(c.Header.Get("Accept"), header.Get("X-Amzn-Requestid"), snsNamespace)
	header.Set("Content-Type", contentType)
	return &Answer{fault.status, header, []byte(body)}
}
