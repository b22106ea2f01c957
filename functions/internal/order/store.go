package order

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

var (
	// ErrExists says that the customer has an order of that ID.
	ErrExists = errors.New("order exists")
	// ErrNotFound says that the customer has none.
	ErrNotFound = errors.New("order not found")
)

// DynamoDB is what Store needs of the client.
type DynamoDB interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
	GetItem(context.Context, *dynamodb.GetItemInput, ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error)
}

// Record is an order as stored, with where it came from.
type Record struct {
	Order
	Source    string // the integration that stored it
	RequestID string
	BodyHash  string // of a draft that came with a key; empty otherwise
}

// Store keeps orders in a DynamoDB table.
type Store struct {
	client DynamoDB
	table  string
}

// NewStore returns the store on a table.
func NewStore(client DynamoDB, table string) *Store { return &Store{client, table} }

// Create stores a new order and returns it. If the ID is taken, it returns what is stored there, and ErrExists.
//
// A record that the same request stored before is no conflict: the answer to an earlier attempt, of the client library or of the
// workflow's Retry, was lost.
func (s *Store) Create(ctx context.Context, r Record) (*Record, error) {
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &s.table,
		Item:                r.item(),
		ConditionExpression: aws.String("attribute_not_exists(orderId)"),
	})
	if err == nil {
		return &r, nil
	}
	if !dynamo.ConditionFailed(err) {
		return nil, fmt.Errorf("put order: %w", dynamo.Classify(err))
	}
	stored, err := s.Get(ctx, r.CustomerID, r.OrderID)
	switch {
	case errors.Is(err, ErrNotFound): // deleted in between
		return nil, fmt.Errorf("put order: %w: the order with its ID is gone again", dynamo.ErrUnavailable)
	case err != nil:
		return nil, err
	case stored.RequestID == r.RequestID && r.RequestID != "":
		return stored, nil
	}
	return stored, ErrExists
}

// Get returns a stored order, the effect of every earlier Create included, or ErrNotFound.
func (s *Store) Get(ctx context.Context, customerID, orderID string) (*Record, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            key(customerID, orderID),
		ConsistentRead: aws.Bool(true),
	})
	if err != nil {
		return nil, fmt.Errorf("get order: %w", dynamo.Classify(err))
	}
	if out.Item == nil {
		return nil, ErrNotFound
	}
	record, err := fromItem(out.Item)
	if err != nil {
		return nil, fmt.Errorf("read stored order: %w", err)
	}
	return record, nil
}
