package main

import (
	"maps"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func text(value string) types.AttributeValue { return &types.AttributeValueMemberS{Value: value} }

// stored is order 3 as dynamodb stores it, with some attributes otherwise.
func stored(otherwise item) item {
	line := item{"sku": text("CUP-3"), "name": text(itemName(3)), "quantity": &types.AttributeValueMemberN{Value: "4"}, "unitPrice": text("12.50")}
	order := item{
		"customerId": text("soak-3"), "orderId": text("o-3"), "createdAt": text("2026-11-24T05:40:00.123Z"), "createdAtOrderId": text("2026-11-24T05:40:00.123Z#o-3"),
		"status": text("CREATED"), "source": text("dynamodb"), "items": &types.AttributeValueMemberL{Value: []types.AttributeValue{&types.AttributeValueMemberM{Value: line}}},
	}
	maps.Copy(order, otherwise)
	return order
}

func TestCompare(t *testing.T) {
	tests := []struct {
		name   string
		items  []item
		failed int    // requests
		want   string // of the fault; "": there is none
	}{
		{"there", []item{stored(nil)}, 0, ""},
		{"missing", nil, 0, "order o-3 of soak-3 (dynamodb) is missing"},
		{"twice", []item{stored(nil), stored(item{"orderId": text("o-4")})}, 0, "is there 2 times"},
		{"with another status", []item{stored(item{"status": text("REVIEW")})}, 0, "order of soak-3 differs"},
		{"with another ID", []item{stored(item{"orderId": text("o-4")})}, 0, "order of soak-3 differs"},
		{"without lines", []item{stored(item{"items": text("")})}, 0, "order of soak-3 differs"},
		{"and one that nobody knows", []item{stored(nil), stored(item{"customerId": text("soak-4")})}, 0, "1 orders are there that were not accepted"},
		{"and one whose request failed", []item{stored(nil), stored(item{"customerId": text("soak-4")})}, 1, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			l := newLedger()
			l.accept(accepted{3, "o-3", "dynamodb"})
			found := l.compare(test.items, test.failed)
			if got := strings.Join(found.faults, "; "); test.want == "" && got != "" || !strings.Contains(got, test.want) {
				t.Errorf("faults %q, want %q", got, test.want)
			}
		})
	}
}
