package integrationtests

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator"
)

// serve starts a gateway with its engines, and leads this process's AWS clients to them.
func serve(t *testing.T, app string) *emulator.Emulator {
	t.Helper()
	gateway, err := emulator.Start(t.Context(), emulator.Options{App: app, AllowFunctions: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := gateway.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	env, err := gateway.Env(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range env {
		t.Setenv(name, value)
	}
	return gateway
}

// recorder notes what is stopped and deleted, in its order.
type recorder struct{ calls []string }

func (r *recorder) Do(request *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(request.Body)
	if err != nil {
		return nil, err
	}
	request.Body = io.NopCloser(bytes.NewReader(body))
	var input struct{ TableName string }
	_ = json.Unmarshal(body, &input)
	switch _, action, _ := strings.Cut(request.Header.Get("X-Amz-Target"), "."); action {
	case "StopExecution", "DeleteItem":
		r.calls = append(r.calls, strings.TrimSpace(action+" "+input.TableName))
	}
	return http.DefaultClient.Do(request)
}

func TestCleanUp(t *testing.T) {
	gateway := serve(t, "testdata/waiting.yaml")
	cfg, err := config.LoadDefaultConfig(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	calls := &recorder{}
	cfg.HTTPClient = calls
	base, err := url.Parse(gateway.BaseURL())
	if err != nil {
		t.Fatal(err)
	}
	target := Running(Local, base, gateway.Outputs(), cfg)
	put(t, target, "OrdersTableName", map[string]string{"customerId": target.run + "abcdef", "orderId": "o-1"})
	put(t, target, "OrdersTableName", map[string]string{"customerId": "alice", "orderId": "o-" + target.run})
	put(t, target, "OrdersTableName", map[string]string{"customerId": "alice", "orderId": "o-1"})
	put(t, target, "NotificationsTableName", map[string]string{"messageId": "m-1", "orderId": "o-" + target.run + "abcdef"})
	put(t, target, "NotificationsTableName", map[string]string{"messageId": "m-2", "orderId": "o-1"})
	ours := start(t, target, `{"customerId":"`+target.run+`abcdef"}`)
	theirs := start(t, target, `{"customerId":"alice"}`)

	removed, err := target.CleanUp(t.Context(), 0)
	if err != nil {
		t.Fatal(err)
	}
	if want := (Removed{Run: target.run, Items: 3, Executions: 1}); removed != want {
		t.Errorf("got %+v, want %+v", removed, want)
	}
	orders, _ := target.Outputs.Find("OrdersTableName")
	notifications, _ := target.Outputs.Find("NotificationsTableName")
	order := []string{"StopExecution", "DeleteItem " + notifications, "DeleteItem " + orders, "DeleteItem " + orders}
	if diff := cmp.Diff(order, calls.calls); diff != "" {
		t.Errorf("order of the calls (-want +got):\n%s", diff)
	}
	if got := status(t, target, ours); got != sfntypes.ExecutionStatusAborted {
		t.Errorf("the run's execution is %s", got)
	}
	if got := status(t, target, theirs); got != sfntypes.ExecutionStatusRunning {
		t.Errorf("the other execution is %s", got)
	}
	left := []map[string]string{{"customerId": "alice", "orderId": "o-1"}}
	if diff := cmp.Diff(left, scan(t, target, "OrdersTableName")); diff != "" {
		t.Errorf("orders (-want +got):\n%s", diff)
	}
	left = []map[string]string{{"messageId": "m-2", "orderId": "o-1"}}
	if diff := cmp.Diff(left, scan(t, target, "NotificationsTableName")); diff != "" {
		t.Errorf("notifications (-want +got):\n%s", diff)
	}

	target.Outputs["IntegrationsOther"] = map[string]string{"ProductsTableName": "gone"}
	if _, err := target.CleanUp(t.Context(), 0); err == nil || !strings.Contains(err.Error(), "what run "+target.run+" made is not all removed: table gone: ") {
		t.Errorf("got %v, want an error that names the table and the run", err)
	}
}

func put(t *testing.T, target *Target, output string, texts map[string]string) {
	t.Helper()
	table, err := target.Output(output)
	if err != nil {
		t.Fatal(err)
	}
	item := map[string]types.AttributeValue{}
	for name, text := range texts {
		item[name] = &types.AttributeValueMemberS{Value: text}
	}
	if _, err := target.dynamodb.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: &table, Item: item}); err != nil {
		t.Fatal(err)
	}
}

// scan returns the texts of a table's items.
func scan(t *testing.T, target *Target, output string) []map[string]string {
	t.Helper()
	table, err := target.Output(output)
	if err != nil {
		t.Fatal(err)
	}
	out, err := target.dynamodb.Scan(t.Context(), &dynamodb.ScanInput{TableName: &table})
	if err != nil {
		t.Fatal(err)
	}
	var items []map[string]string
	for _, item := range out.Items {
		texts := map[string]string{}
		for name, value := range item {
			if text, ok := value.(*types.AttributeValueMemberS); ok {
				texts[name] = text.Value
			}
		}
		items = append(items, texts)
	}
	return items
}

func start(t *testing.T, target *Target, input string) *string {
	t.Helper()
	machine, err := target.Output("OrderWorkflowArn")
	if err != nil {
		t.Fatal(err)
	}
	out, err := target.sfn.StartExecution(t.Context(), &sfn.StartExecutionInput{StateMachineArn: &machine, Input: &input})
	if err != nil {
		t.Fatal(err)
	}
	return out.ExecutionArn
}

func status(t *testing.T, target *Target, arn *string) sfntypes.ExecutionStatus {
	t.Helper()
	out, err := target.sfn.DescribeExecution(t.Context(), &sfn.DescribeExecutionInput{ExecutionArn: arn})
	if err != nil {
		t.Fatal(err)
	}
	return out.Status
}
