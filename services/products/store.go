package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
	"github.com/apigw-integrations/apigw-integrations/internal/money"
)

var (
	errExists   = errors.New("product exists")
	errNotFound = errors.New("product not found")
)

// products is where the service keeps them.
type products interface {
	list(ctx context.Context, limit int, next string) (pageOf, error)
	create(ctx context.Context, p product) error         // errExists
	get(ctx context.Context, id string) (product, error) // errNotFound
	remove(ctx context.Context, id string) error         // errNotFound
}

// pageOf is a part of the list, in no order. Next is the id behind which the list goes on, if it does.
type pageOf struct {
	Products []product `json:"products"`
	Next     string    `json:"next,omitempty"`
}

// store is the products table.
type store struct {
	client *dynamodb.Client
	table  string
}

type attributes = map[string]types.AttributeValue

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

func (s *store) list(ctx context.Context, limit int, next string) (pageOf, error) {
	in := &dynamodb.ScanInput{
		TableName:      &s.table,
		Limit:          aws.Int32(int32(limit)),
		ConsistentRead: aws.Bool(true),
	}
	if next != "" {
		in.ExclusiveStartKey = attributes{"id": text(next)}
	}
	out, err := s.client.Scan(ctx, in)
	if err != nil {
		return pageOf{}, fmt.Errorf("list products: %w", dynamo.Classify(err))
	}
	found := pageOf{Products: make([]product, len(out.Items)), Next: read(out.LastEvaluatedKey, "id")}
	for i, item := range out.Items {
		if found.Products[i], err = fromItem(item); err != nil {
			return pageOf{}, err
		}
	}
	return found, nil
}

func (s *store) create(ctx context.Context, p product) error {
	_, err := s.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &s.table,
		Item: attributes{
			"id":        text(p.ID),
			"sku":       text(p.SKU),
			"name":      text(p.Name),
			"unitPrice": text(p.UnitPrice.String()),
		},
		ConditionExpression: aws.String("attribute_not_exists(id)"),
	})
	if dynamo.ConditionFailed(err) {
		return errExists
	}
	if err != nil {
		return fmt.Errorf("put product: %w", dynamo.Classify(err))
	}
	return nil
}

func (s *store) get(ctx context.Context, id string) (product, error) {
	out, err := s.client.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &s.table,
		Key:            attributes{"id": text(id)},
		ConsistentRead: aws.Bool(true), // the task that created it need not be this one
	})
	if err != nil {
		return product{}, fmt.Errorf("get product: %w", dynamo.Classify(err))
	}
	if out.Item == nil {
		return product{}, errNotFound
	}
	return fromItem(out.Item)
}

func (s *store) remove(ctx context.Context, id string) error {
	_, err := s.client.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName:           &s.table,
		Key:                 attributes{"id": text(id)},
		ConditionExpression: aws.String("attribute_exists(id)"),
	})
	if dynamo.ConditionFailed(err) {
		return errNotFound
	}
	if err != nil {
		return fmt.Errorf("delete product: %w", dynamo.Classify(err))
	}
	return nil
}

func fromItem(item attributes) (product, error) {
	p := product{ID: read(item, "id"), SKU: read(item, "sku"), Name: read(item, "name")}
	price, err := money.Parse(read(item, "unitPrice"))
	if err != nil {
		return product{}, fmt.Errorf("stored product %s: unitPrice %w", p.ID, err)
	}
	p.UnitPrice = price
	return p, nil
}

// read returns a string attribute, or "" where there is none.
func read(item attributes, name string) string {
	if s, ok := item[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
