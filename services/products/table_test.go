package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

// table speaks as much of DynamoDB's protocol as the store needs.
type table struct {
	fault string // if set, the error type that answers everything
	mu    sync.Mutex
	items map[string]map[string]any
}

// newStore returns a store on a new table.
func newStore(t *testing.T, fault string) *store {
	server := httptest.NewServer(&table{fault: fault, items: map[string]map[string]any{}})
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	client, err := dynamo.NewClient(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return &store{client, "products"}
}

func (b *table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	var in struct {
		TableName, ConditionExpression string
		Item                           map[string]any
		Key, ExclusiveStartKey         map[string]struct{ S string }
		Limit                          int
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.TableName != "products" {
		http.Error(w, "unexpected input", http.StatusBadRequest)
		return
	}
	id := in.Key["id"].S
	if in.Item != nil {
		id = in.Item["id"].(map[string]any)["S"].(string)
	}
	_, exists := b.items[id]
	out := map[string]any{}
	switch _, operation, _ := strings.Cut(r.Header.Get("X-Amz-Target"), "."); {
	case b.fault != "":
		b.fail(w, b.fault)
		return
	case in.ConditionExpression == "attribute_not_exists(id)" && exists,
		in.ConditionExpression == "attribute_exists(id)" && !exists:
		b.fail(w, "ConditionalCheckFailedException")
		return
	case operation == "PutItem":
		b.items[id] = in.Item
	case operation == "DeleteItem":
		delete(b.items, id)
	case operation == "GetItem" && exists:
		out["Item"] = b.items[id]
	case operation == "Scan":
		out = b.scan(in.Limit, in.ExclusiveStartKey["id"].S)
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (b *table) scan(limit int, after string) map[string]any {
	var ids []string
	for id := range b.items {
		if id > after {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	out := map[string]any{}
	if len(ids) > limit {
		ids = ids[:limit]
		out["LastEvaluatedKey"] = map[string]any{"id": map[string]string{"S": ids[limit-1]}}
	}
	items := make([]any, len(ids))
	for i, id := range ids {
		items[i] = b.items[id]
	}
	out["Items"] = items
	return out
}

func (b *table) fail(w http.ResponseWriter, name string) {
	w.WriteHeader(http.StatusBadRequest)
	_, _ = io.WriteString(w, `{"__type":"com.amazonaws.dynamodb.v20120810#`+name+`","message":"internal detail"}`)
}
