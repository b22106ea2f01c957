package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/functions/internal/order/ordertest"
)

func newHandler(table *ordertest.Table) *handler {
	return &handler{
		store: order.NewStore(table, "orders"),
		log:   slog.New(slog.NewJSONHandler(&bytes.Buffer{}, nil)),
		now:   func() time.Time { return time.Date(2026, 11, 24, 5, 40, 0, 0, time.UTC) },
	}
}

func TestHandle(t *testing.T) {
	const draft = `{"customerId":"c","items":[{"sku":"A","name":"Cup","quantity":3,"unitPrice":"0.35"}]}`
	const items = `"items":[{"sku":"A","name":"Cup","quantity":3,"unitPrice":"0.35","lineTotal":"1.05"}],"total":"1.05"}`
	for _, test := range []struct {
		name, task string
		table      *ordertest.Table
		want       string
		invalid    string // reason of OrderInvalid
		err        string // any other error
	}{
		{name: "validate", task: `{"action":"validate","requestId":"r-1","order":` + draft + `}`,
			want: `{"totalCents":105,"order":{"orderId":"r-1","customerId":"c",` + items + `}`},
		{name: "validate keeps the client's ID", task: `{"action":"validate","requestId":"r-1","order":` + strings.Replace(draft, "{", `{"orderId":"o",`, 1) + `}`,
			want: `{"totalCents":105,"order":{"orderId":"o","customerId":"c",` + items + `}`},
		{name: "approve what validate returned", task: `{"action":"approve","requestId":"r-1","totalCents":105,"order":{"orderId":"r-1","customerId":"c",` + items + `}`,
			want: `{"orderId":"r-1","customerId":"c","status":"APPROVED","createdAt":"2026-11-24T05:40:00.000Z",` + items},
		{name: "review", task: `{"action":"review","requestId":"r-1","order":{"orderId":"r-1","customerId":"c",` + items + `}`,
			want: `{"orderId":"r-1","customerId":"c","status":"REVIEW","createdAt":"2026-11-24T05:40:00.000Z",` + items},
		{name: "totals are not believed", task: `{"action":"approve","requestId":"r-1","order":{"orderId":"r-1","customerId":"c",` +
			strings.ReplaceAll(items, "1.05", "0.01") + `}`,
			want: `{"orderId":"r-1","customerId":"c","status":"APPROVED","createdAt":"2026-11-24T05:40:00.000Z",` + items},
		{name: "invalid", task: `{"action":"validate","requestId":"r-1","order":{"customerId":"c","items":[]}}`,
			invalid: "#/items must hold 1 to 100 elements"},
		{name: "no order", task: `{"action":"validate","requestId":"r-1"}`, invalid: "body is not well-formed JSON: it is empty"},
		{name: "failure", task: `{"action":"approve","requestId":"r-1","order":` + draft + `}`,
			table: &ordertest.Table{Err: errors.New("internal detail")}, err: "the task could not be done"},
		{name: "unknown action", task: `{"action":"ship","requestId":"r-1","order":` + draft + `}`, err: "the task could not be done"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if test.table == nil {
				test.table = &ordertest.Table{}
			}
			got, err := do(t, newHandler(test.table), test.task)
			var invalid OrderInvalid
			switch {
			case test.invalid != "":
				if !errors.As(err, &invalid) || invalid.reason != test.invalid {
					t.Errorf("error = %v, want OrderInvalid %q", err, test.invalid)
				}
			case test.err != "":
				if err == nil || err.Error() != test.err {
					t.Errorf("error = %v, want %q", err, test.err)
				}
			case err != nil || got != test.want:
				t.Errorf("got  %s, %v\nwant %s", got, err, test.want)
			}
		})
	}
}

func TestRetryStoresOneOrder(t *testing.T) {
	const task = `{"action":"approve","requestId":"%","order":{"customerId":"c","orderId":"o","items":[{"sku":"A","name":"Cup","quantity":1,"unitPrice":1}]}}`
	table := &ordertest.Table{}
	h := newHandler(table)
	first, err := do(t, h, strings.Replace(task, "%", "r-1", 1))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := do(t, h, strings.Replace(task, "%", "r-1", 1)); err != nil || again != first || table.Len() != 1 {
		t.Errorf("retry: %s, %v, %d orders", again, err, table.Len())
	}
	var invalid OrderInvalid
	if _, err := do(t, h, strings.Replace(task, "%", "r-2", 1)); !errors.As(err, &invalid) {
		t.Errorf("another execution took the same ID: %v", err)
	}
}

// The runtime takes the error's name from the type itself, so the handler must not wrap it.
func TestErrorNameIsTheTypes(t *testing.T) {
	_, err := do(t, newHandler(&ordertest.Table{}), `{"action":"validate","order":{}}`)
	if name := reflect.TypeOf(err).Name(); name != "OrderInvalid" {
		t.Errorf("error type %q", name)
	}
}

func do(t *testing.T, h *handler, text string) (string, error) {
	var in task
	if err := json.Unmarshal([]byte(text), &in); err != nil {
		t.Fatal(err)
	}
	result, err := h.handle(t.Context(), in)
	data, marshalErr := json.Marshal(result)
	if marshalErr != nil {
		t.Fatal(marshalErr)
	}
	return string(data), err
}
