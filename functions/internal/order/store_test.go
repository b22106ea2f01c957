package order_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/functions/internal/order/ordertest"
	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

func record(t *testing.T, requestID string) order.Record {
	draft, err := order.Decode([]byte(`{"orderId":"o-1","customerId":"c-1","items":[
		{"sku":"A","name":"Cup","quantity":3,"unitPrice":"0.10"},
		{"sku":"B","name":"Jug","quantity":10000,"unitPrice":1000000}]}`), order.Form{OrderID: true})
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 24, 6, 40, 0, 123_999_999, time.FixedZone("", 3600))
	return order.Record{Order: draft.Price().Stamp(order.Created, at), Source: "lambda", RequestID: requestID}
}

func TestPricing(t *testing.T) {
	data, err := json.Marshal(record(t, "r").Order)
	if err != nil {
		t.Fatal(err)
	}
	const want = `{"orderId":"o-1","customerId":"c-1","status":"CREATED","createdAt":"2026-11-24T05:40:00.123Z","items":[` +
		`{"sku":"A","name":"Cup","quantity":3,"unitPrice":"0.10","lineTotal":"0.30"},` +
		`{"sku":"B","name":"Jug","quantity":10000,"unitPrice":"1000000.00","lineTotal":"10000000000.00"}],"total":"10000000000.30"}`
	if string(data) != want {
		t.Errorf("got  %s\nwant %s", data, want)
	}
}

func TestStoreCreate(t *testing.T) {
	lost := errors.New("connection reset")
	conditionFailed := &types.ConditionalCheckFailedException{}
	for _, test := range []struct {
		name          string
		table         *ordertest.Table
		before, after string // request IDs of a first order and of the one under test
		want          error
		wantRequestID string
	}{
		{"new", &ordertest.Table{}, "", "r-1", nil, "r-1"},
		{"ID taken by another request", &ordertest.Table{}, "r-0", "r-1", order.ErrExists, "r-0"},
		{"ID taken by the same request", &ordertest.Table{}, "r-1", "r-1", nil, "r-1"},
		{"stored by the attempt whose answer was lost", &ordertest.Table{Lost: conditionFailed}, "", "r-1", nil, "r-1"},
		{"failure", &ordertest.Table{Err: lost}, "", "r-1", lost, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			store := order.NewStore(test.table, "orders")
			if test.before != "" {
				if _, err := store.Create(t.Context(), record(t, test.before)); err != nil {
					t.Fatal(err)
				}
			}
			got, err := store.Create(t.Context(), record(t, test.after))
			if !errors.Is(err, test.want) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			if test.wantRequestID != "" && got.RequestID != test.wantRequestID {
				t.Errorf("got the order of request %s, want %s", got.RequestID, test.wantRequestID)
			}
		})
	}
}

func TestStoreGoneAgainIsUnavailable(t *testing.T) {
	store := order.NewStore(&ordertest.Table{}, "orders")
	refusing := order.NewStore(refusal{}, "orders")
	if _, err := refusing.Create(t.Context(), record(t, "r")); !errors.Is(err, dynamo.ErrUnavailable) {
		t.Errorf("got %v", err)
	}
	if _, err := store.Get(t.Context(), "c-1", "o-1"); !errors.Is(err, order.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

// refusal fails every condition and holds nothing.
type refusal struct{ *ordertest.Table }

func (refusal) PutItem(_ context.Context, _ *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	return nil, &types.ConditionalCheckFailedException{}
}

func (refusal) GetItem(_ context.Context, _ *dynamodb.GetItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.GetItemOutput, error) {
	return &dynamodb.GetItemOutput{}, nil
}

func TestStoreGet(t *testing.T) {
	str := func(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }
	line := func(quantity types.AttributeValue, price string) types.AttributeValue {
		return &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{
			Value: map[string]types.AttributeValue{"sku": str("A"), "name": str("Cup"), "quantity": quantity, "unitPrice": str(price)}}}}
	}
	two := &types.AttributeValueMemberN{Value: "2"}
	for _, test := range []struct {
		name  string
		items types.AttributeValue
		total string // "" = an error
	}{
		{"put without a function, one place", line(two, "12.5"), "25.00"},
		{"price damaged", line(two, "free"), ""},
		{"quantity of another type", line(str("2"), "1.00"), ""},
		{"items of another type", str("none"), ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			table := &ordertest.Table{}
			_, err := table.PutItem(t.Context(), &dynamodb.PutItemInput{Item: map[string]types.AttributeValue{
				"customerId": str("c-1"), "orderId": str("o-1"), "items": test.items}})
			if err != nil {
				t.Fatal(err)
			}
			got, err := order.NewStore(table, "orders").Get(t.Context(), "c-1", "o-1")
			if (err != nil) != (test.total == "") || err == nil && got.Total.String() != test.total {
				t.Errorf("got %+v, %v", got, err)
			}
		})
	}
}

func TestStoredItem(t *testing.T) {
	table := &ordertest.Table{}
	if _, err := order.NewStore(table, "orders").Create(t.Context(), record(t, "r-1")); err != nil {
		t.Fatal(err)
	}
	item := table.Item("c-1/o-1")
	for name, want := range map[string]string{
		"createdAtOrderId": "2026-11-24T05:40:00.123Z#o-1", "createdAt": "2026-11-24T05:40:00.123Z",
		"status": "CREATED", "total": "10000000000.30", "source": "lambda", "requestId": "r-1",
	} {
		if got, _ := item[name].(*types.AttributeValueMemberS); got == nil || got.Value != want {
			t.Errorf("%s = %v, want %q", name, item[name], want)
		}
	}
	if _, ok := item["bodyHash"]; ok {
		t.Error("bodyHash is stored without a key")
	}
}

func TestIDs(t *testing.T) {
	if a, b := order.NewID(), order.NewID(); a == b || !order.ValidID(a) {
		t.Errorf("random IDs %q, %q", a, b)
	}
	// Stored orders are found again by it, so it must never change.
	if id := order.DeriveID("c", "k"); id != "3N4YHHIAKTWW2ZHZZXEYJLMSHU" || !order.ValidID(id) {
		t.Errorf("derived ID %q", id)
	}
	if order.DeriveID("c1", "k") == order.DeriveID("c", "1k") {
		t.Error("customer and key run into each other")
	}
}
