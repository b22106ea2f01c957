package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
	"github.com/apigw-integrations/apigw-integrations/functions/internal/order/ordertest"
)

func TestHandle(t *testing.T) {
	const items = `"items":[{"sku":"A","name":"Secret cup","quantity":2,"unitPrice":12.5}]`
	const created = `{"orderId":"new","customerId":"c","status":"CREATED","createdAt":"2026-11-24T05:40:00.000Z","items":[` +
		`{"sku":"A","name":"Secret cup","quantity":2,"unitPrice":"12.50","lineTotal":"25.00"}],"total":"25.00"}`
	for _, test := range []struct {
		name, event string
		table       *ordertest.Table
		want, err   string
	}{
		{name: "JSON", event: `{"requestId":"r-1","format":"json","order":{"customerId":"c",` + items + `}}`, want: created},
		{name: "XML", event: `{"requestId":"r-1","format":"xml","order":{"customerId":"c","items":[` +
			`{"sku":"A","name":"Secret cup","quantity":"2","unitPrice":"12.5"}]}}`, want: created},
		{name: "own ID", event: `{"requestId":"r-1","format":"json","order":{"orderId":"o","customerId":"c",` + items + `}}`,
			want: strings.Replace(created, "new", "o", 1)},
		{name: "ID taken", event: `{"requestId":"r-1","format":"json","order":{"orderId":"taken","customerId":"c",` + items + `}}`,
			err: "[Conflict] order taken exists"},
		{name: "fault of the template", event: `{"requestId":"r-1","format":"xml","fault":"<items> is not closed"}`,
			err: "[BadRequest] <items> is not closed"},
		{name: "fault without end", event: `{"requestId":"r-1","format":"xml","fault":"` + strings.Repeat("ü", 5000) + `"}`,
			err: "[BadRequest] " + strings.Repeat("ü", 1000)},
		{name: "faults of the order", event: `{"requestId":"r-1","format":"json","order":{"customerId":"","items":[]}}`,
			err: "[BadRequest] #/customerId must be 1 to 64 letters, digits, - or _; #/items must hold 1 to 100 elements"},
		{name: "no order", event: `{"requestId":"r-1","format":"json"}`,
			err: "[BadRequest] body is not well-formed JSON: it is empty"},
		{name: "order null", event: `{"requestId":"r-1","format":"json","order":null}`,
			err: "[BadRequest] # must be an object"},
		{name: "text is no number in JSON", event: `{"requestId":"r-1","format":"json","order":{"customerId":"c",` + strings.Replace(items, "2", `"2"`, 1) + `}}`,
			err: "[BadRequest] #/items/0/quantity must be a whole number from 1 to 10000"},
		{name: "failure", event: `{"requestId":"r-1","format":"json","order":{"customerId":"c",` + items + `}}`,
			table: &ordertest.Table{Err: errors.New("internal detail")}, err: "the order could not be processed"},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h := newHandler(t, test.table, &log)
			got, err := h.handle(t.Context(), parse(t, test.event))
			if message(err) != test.err {
				t.Errorf("error = %q, want %q", message(err), test.err)
			}
			if err == nil {
				if data, _ := json.Marshal(got); string(data) != test.want {
					t.Errorf("got  %s\nwant %s", data, test.want)
				}
			}
			if !strings.Contains(log.String(), `"requestId":"r-1"`) || strings.Contains(log.String(), "Secret") {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

// newHandler returns a handler, on a table with the order c/taken unless there is one given.
func newHandler(t *testing.T, table *ordertest.Table, log *bytes.Buffer) *handler {
	h := &handler{
		log:   slog.New(slog.NewJSONHandler(log, nil)),
		now:   func() time.Time { return time.Date(2026, 11, 24, 5, 40, 0, 0, time.UTC) },
		newID: func() string { return "new" },
	}
	if table != nil {
		h.store = order.NewStore(table, "orders")
		return h
	}
	h.store = order.NewStore(&ordertest.Table{}, "orders")
	_, err := h.store.Create(t.Context(), order.Record{Order: order.Order{OrderID: "taken", CustomerID: "c"}, RequestID: "r-0"})
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func parse(t *testing.T, text string) event {
	var e event
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatal(err)
	}
	return e
}

func message(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
