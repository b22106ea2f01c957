// Package ordertest has an orders table in memory, for tests of the functions.
package ordertest

import (
	"context"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Table answers as DynamoDB does to what order.Store asks.
type Table struct {
	// Err, if set, is the answer to everything.
	Err error
	// Lost, if set, is the answer to a put that was carried out all the same.
	Lost error

	mu    sync.Mutex
	items map[string]map[string]types.AttributeValue
}

// PutItem stores an item under "customerId/orderId", which the condition of order.Store keeps from being overwritten.
func (t *Table) PutItem(_ context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Err != nil {
		return nil, t.Err
	}
	key := keyOf(in.Item)
	if _, taken := t.items[key]; taken && strings.Contains(aws.ToString(in.ConditionExpression), "attribute_not_exists") {
		return nil, &types.ConditionalCheckFailedException{Message: aws.String("The conditional request failed")}
	}
	if t.items == nil {
		t.items = map[string]map[string]types.AttributeValue{}
	}
	t.items[key] = in.Item
	if t.Lost != nil {
		return nil, t.Lost
	}
	return &dynamodb.PutItemOutput{}, nil
}

// GetItem returns a stored item.
func (t *Table) GetItem(_ context.Context, in *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.Err != nil {
		return nil, t.Err
	}
	return &dynamodb.GetItemOutput{Item: t.items[keyOf(in.Key)]}, nil
}

// Item returns what is stored under "customerId/orderId", or nil.
func (t *Table) Item(key string) map[string]types.AttributeValue {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.items[key]
}

// Len returns the number of stored items.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.items)
}

func keyOf(item map[string]types.AttributeValue) string {
	customer, _ := item["customerId"].(*types.AttributeValueMemberS)
	order, _ := item["orderId"].(*types.AttributeValueMemberS)
	if customer == nil || order == nil {
		return ""
	}
	return customer.Value + "/" + order.Value
}
