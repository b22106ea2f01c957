package awsservice

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// dynamoDBActions are what dynalite serves.
var dynamoDBActions = []string{
	"BatchGetItem", "BatchWriteItem", "CreateTable", "DeleteItem", "DeleteTable", "DescribeTable",
	"DescribeTimeToLive", "GetItem", "ListTables", "ListTagsOfResource", "PutItem", "Query", "Scan",
	"TagResource", "UntagResource", "UpdateItem", "UpdateTable",
}

// dynamoDB is dynalite in the sidecar, with the tables of the template.
type dynamoDB struct {
	services *Services
	config   dynamoDBConfig
	missing  error // why the engine can't start

	mu     sync.Mutex
	tables []map[string]any // input of CreateTable
}

// dynamoDBConfig is what engine/main.cjs starts dynalite with.
type dynamoDBConfig struct {
	NodeModules string `json:"nodeModules"`
	Path        string `json:"path,omitempty"` // of the tables; "": in memory
}

// newDynamoDB reads the tables of the template.
func newDynamoDB(s *Services) (*dynamoDB, cfn.Problems) {
	engine := &dynamoDB{services: s}
	engine.config.NodeModules, engine.missing = s.findPackage("dynalite")
	var problems cfn.Problems
	for i, r := range s.options.Assembly.Resources("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable") {
		if engine.missing != nil && i == 0 {
			problems = append(problems, r.Problem("", engine.missing.Error(), "or set AWS_ENDPOINT_URL_DYNAMODB"))
		}
		if faults := faultsOf(r, "TableName", "AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes", "GlobalSecondaryIndexes"); faults != nil {
			problems = append(problems, faults...)
			continue
		}
		engine.tables = append(engine.tables, tableOf(r))
	}
	if s.options.DataDir != "" {
		engine.config.Path = filepath.Join(s.options.DataDir, tablesFolder)
	}
	return engine, problems
}

// faultsOf are the resource's problems in these properties.
func faultsOf(r *cfn.Resource, properties ...string) (found cfn.Problems) {
	for _, p := range r.Problems {
		property, _, _ := strings.Cut(p.Property, ".")
		if slices.Contains(properties, property) {
			found = append(found, p)
		}
	}
	return found
}

// tableOf keeps what dynalite knows of a table. Capacity is left out: nothing
// here throttles.
func tableOf(r *cfn.Resource) map[string]any {
	table := map[string]any{"TableName": r.Name(), "BillingMode": "PAY_PER_REQUEST"}
	for _, name := range []string{"AttributeDefinitions", "KeySchema", "LocalSecondaryIndexes"} {
		if value := r.Properties[name]; value != nil {
			table[name] = value
		}
	}
	var indexes []any
	for _, index := range items(r.Properties["GlobalSecondaryIndexes"]) {
		properties, _ := index.(map[string]any)
		kept := map[string]any{}
		for _, name := range []string{"IndexName", "KeySchema", "Projection"} {
			kept[name] = properties[name]
		}
		indexes = append(indexes, kept)
	}
	if indexes != nil {
		table["GlobalSecondaryIndexes"] = indexes
	}
	return table
}

func (d *dynamoDB) check(action string) error {
	if d.missing != nil {
		return d.missing
	}
	if action != "" && !slices.Contains(dynamoDBActions, action) {
		return fmt.Errorf("the embedded DynamoDB engine (dynalite) has no action %s: use another", action)
	}
	return nil
}

// url waits for the tables.
func (d *dynamoDB) url(ctx context.Context) (*url.URL, error) {
	if d.missing != nil {
		return nil, d.missing
	}
	if !d.services.sidecar.has("dynamodb") {
		return nil, errors.New("the embedded DynamoDB engine was not started")
	}
	port, err := d.services.sidecar.port(ctx, "dynamodb")
	if err != nil && ctx.Err() != nil {
		return nil, fmt.Errorf("wait for the tables of the embedded DynamoDB engine: %w", ctx.Err())
	}
	return atPort(port), err
}

// prepare makes the tables in an engine that has begun to listen.
func (d *dynamoDB) prepare(ctx context.Context, port int) error {
	d.mu.Lock()
	tables := d.tables
	d.mu.Unlock()
	endpoint := atPort(port).String()
	errs := make([]error, len(tables))
	var wg sync.WaitGroup
	for i, table := range tables {
		wg.Go(func() { errs[i] = d.create(ctx, endpoint, table) })
	}
	wg.Wait()
	err := errors.Join(errs...)
	if err != nil && ctx.Err() == nil {
		d.services.options.Log.Error("embedded DynamoDB has not got its tables", "error", err)
	}
	return err
}

// create makes one table, unless a run before left it, and waits until it is
// active. One that was left stays as it is, with its items.
func (d *dynamoDB) create(ctx context.Context, endpoint string, table map[string]any) error {
	_, err := d.post(ctx, endpoint, "CreateTable", table)
	if refused, ok := errors.AsType[*engineRefusal](err); err != nil && !(ok && refused.is("ResourceInUseException")) {
		return fmt.Errorf("create table %s: %w", table["TableName"], err)
	}
	for {
		answer, err := d.post(ctx, endpoint, "DescribeTable", map[string]any{"TableName": table["TableName"]})
		if err != nil {
			return fmt.Errorf("describe table %s: %w", table["TableName"], err)
		}
		if answer.Table.TableStatus == "ACTIVE" {
			if !answer.Table.defines(table) {
				d.services.options.Log.Error("table was left by a run before with other keys or indexes", "error", d.changed(table))
			}
			return nil
		}
		select {
		case <-time.After(time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("wait for table %s: %w", table["TableName"], ctx.Err())
		}
	}
}

// changed says what becomes of a table that the template defines otherwise now.
func (d *dynamoDB) changed(table map[string]any) error {
	hint := "restart to have it made anew, without its items"
	if dir := d.services.options.DataDir; dir != "" {
		hint = "it stays as it was in " + dir + "; to have it made anew, delete it (aws dynamodb delete-table) and restart, or name another --data-dir"
	}
	return fmt.Errorf("table %s has other keys or indexes now: %s", table["TableName"], hint)
}

type tableAnswer struct {
	Table struct {
		TableStatus string
		tableDefinition
	}
}

// engineRefusal is an answer of the engine that is no success.
type engineRefusal struct {
	status int
	text   []byte
}

func (r *engineRefusal) Error() string { return fmt.Sprintf("status %d: %s", r.status, r.text) }

// is says whether the refusal has this error code.
func (r *engineRefusal) is(code string) bool {
	var body struct {
		Type string `json:"__type"`
	}
	return json.Unmarshal(r.text, &body) == nil && strings.HasSuffix(body.Type, "#"+code)
}

func (d *dynamoDB) post(ctx context.Context, endpoint, action string, input any) (*tableAnswer, error) {
	body, err := json.Marshal(input)
	if err != nil {
		return nil, err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, endpoint, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	target := lookUp("dynamodb")
	request.Header.Set("Content-Type", target.content)
	request.Header.Set("X-Amz-Target", target.target+"."+action)
	if err := d.services.sign(ctx, request, body, target, "us-east-1", time.Now()); err != nil {
		return nil, err
	}
	response, err := d.services.client.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		return nil, &engineRefusal{response.StatusCode, text}
	}
	var answer tableAnswer
	return &answer, json.Unmarshal(text, &answer)
}
