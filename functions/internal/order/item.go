package order

import (
	"fmt"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/apigw-integrations/apigw-integrations/internal/money"
)

type attributes = map[string]types.AttributeValue

func key(customerID, orderID string) attributes {
	return attributes{"customerId": text(customerID), "orderId": text(orderID)}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// item is the form of the orders table, shared with the mapping templates that put and query orders without a function.
func (r Record) item() attributes {
	lines := make([]types.AttributeValue, len(r.Items))
	for i, item := range r.Items {
		lines[i] = &types.AttributeValueMemberM{Value: attributes{
			"sku":       text(item.SKU),
			"name":      text(item.Name),
			"quantity":  &types.AttributeValueMemberN{Value: strconv.Itoa(item.Quantity)},
			"unitPrice": text(item.UnitPrice.String()),
			"lineTotal": text(item.LineTotal.String()),
		}}
	}
	a := key(r.CustomerID, r.OrderID)
	a["createdAt"] = text(r.CreatedAt)
	a["createdAtOrderId"] = text(r.CreatedAt + "#" + r.OrderID)
	a["status"] = text(r.Status)
	a["items"] = &types.AttributeValueMemberL{Value: lines}
	a["total"] = text(r.Total.String())
	for name, value := range map[string]string{"source": r.Source, "requestId": r.RequestID, "bodyHash": r.BodyHash} {
		if value != "" {
			a[name] = text(value)
		}
	}
	return a
}

// fromItem computes the totals: an order that came without a function has none stored.
func fromItem(a attributes) (*Record, error) {
	draft := Draft{OrderID: read(a, "orderId"), CustomerID: read(a, "customerId")}
	list, ok := a["items"].(*types.AttributeValueMemberL)
	if !ok {
		return nil, fmt.Errorf("attribute items is %T, want a list", a["items"])
	}
	for i, element := range list.Value {
		line, err := fromLine(element)
		if err != nil {
			return nil, fmt.Errorf("items[%d]: %w", i, err)
		}
		draft.Items = append(draft.Items, line)
	}
	o := draft.Price()
	o.Status, o.CreatedAt = read(a, "status"), read(a, "createdAt")
	return &Record{o, read(a, "source"), read(a, "requestId"), read(a, "bodyHash")}, nil
}

func fromLine(element types.AttributeValue) (Line, error) {
	m, ok := element.(*types.AttributeValueMemberM)
	if !ok {
		return Line{}, fmt.Errorf("is %T, want a map", element)
	}
	number, ok := m.Value["quantity"].(*types.AttributeValueMemberN)
	if !ok {
		return Line{}, fmt.Errorf("quantity is %T, want a number", m.Value["quantity"])
	}
	quantity, err := strconv.Atoi(number.Value)
	if err != nil {
		return Line{}, fmt.Errorf("quantity: %w", err)
	}
	price, err := money.Parse(read(m.Value, "unitPrice"))
	if err != nil {
		return Line{}, fmt.Errorf("unitPrice %w", err)
	}
	return Line{read(m.Value, "sku"), read(m.Value, "name"), quantity, price}, nil
}

// read returns a string attribute, or "" where there is none.
func read(a attributes, name string) string {
	if s, ok := a[name].(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
