package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// findings are what is there afterwards of what was accepted.
type findings struct {
	capacity float64 // requests a second

	orders, messages kept
	readBack         kept // orders, through the API
	running          int  // executions that have not ended
}

type kept struct {
	accepted, found int
	faults          []string // each says what is missing, differs, or is there too often
}

func (k *kept) fault(format string, args ...any) {
	k.faults = append(k.faults, fmt.Sprintf(format, args...))
}

const (
	settleTime = time.Minute // for executions and deliveries that were under way
	readsBack  = 500         // orders that are read through the API, spread over the run
)

func (s *soak) check(ctx context.Context) error {
	if err := s.settle(ctx); err != nil {
		return err
	}
	return errors.Join(s.checkOrders(ctx), s.checkMessages(ctx), s.readOrders(ctx), ctx.Err())
}

// settle waits until no execution runs and every message is delivered, or settleTime is over.
func (s *soak) settle(ctx context.Context) error {
	for until := time.Now().Add(settleTime); ; {
		running, err := s.gateway.states.ListExecutions(ctx, &sfn.ListExecutionsInput{
			StateMachineArn: aws.String(s.gateway.outputs["OrderWorkflowArn"]), StatusFilter: sfntypes.ExecutionStatusRunning,
		})
		if err != nil {
			return err
		}
		messages, err := s.scan(ctx, "NotificationsTableName")
		if err != nil {
			return err
		}
		s.found.running = len(running.Executions)
		if s.found.running == 0 && len(messages) >= len(s.ledger.messages) || time.Now().After(until) {
			return nil
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

type item map[string]types.AttributeValue

func (i item) text(name string) string {
	switch value := i[name].(type) {
	case *types.AttributeValueMemberS:
		return value.Value
	case *types.AttributeValueMemberN:
		return value.Value
	}
	return ""
}

// scan reads the table that an output names.
func (s *soak) scan(ctx context.Context, output string) (items []item, err error) {
	pages := dynamodb.NewScanPaginator(s.gateway.tables, &dynamodb.ScanInput{TableName: aws.String(s.gateway.outputs[output])})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("read table %s: %w", s.gateway.outputs[output], err)
		}
		for _, one := range page.Items {
			items = append(items, one)
		}
	}
	return items, nil
}

func (s *soak) checkOrders(ctx context.Context) error {
	items, err := s.scan(ctx, "OrdersTableName")
	if err == nil {
		s.found.orders = s.ledger.compare(items, s.load.failedOrders())
	}
	return err
}

// compare looks for each accepted order in the table. Each has a customer of its own, so that one which was stored twice,
// under two IDs, is noticed. Of requests that failed some may have stored theirs.
func (l *ledger) compare(items []item, failed int) (found kept) {
	stored := map[string][]item{}
	for _, one := range items {
		stored[one.text("customerId")] = append(stored[one.text("customerId")], one)
	}
	for _, o := range slices.Concat(l.orders, l.executions) {
		found.accepted++
		mine := stored[customer(o.number)]
		delete(stored, customer(o.number))
		switch {
		case len(mine) == 0:
			found.fault("order %s of %s (%s) is missing", o.id, customer(o.number), o.source)
		case len(mine) > 1:
			found.fault("order %s of %s (%s) is there %d times", o.id, customer(o.number), o.source, len(mine))
		case describe(mine[0]) != o.describe():
			found.fault("order of %s differs: %s, want %s", customer(o.number), describe(mine[0]), o.describe())
		default:
			found.found++
		}
	}
	if len(stored) > failed {
		found.fault("%d orders are there that were not accepted, of %d requests that failed", len(stored), failed)
	}
	return found
}

// describe puts in one line what has to be right of a stored order.
func describe(stored item) string {
	text := fmt.Sprintf("%s %s %s %s", stored.text("orderId"), stored.text("source"), stored.text("status"), stored.text("total"))
	if stored.text("createdAtOrderId") != stored.text("createdAt")+"#"+stored.text("orderId") {
		text += " createdAtOrderId=" + stored.text("createdAtOrderId")
	}
	lines, _ := stored["items"].(*types.AttributeValueMemberL)
	if lines == nil {
		return text
	}
	for _, line := range lines.Value {
		if m, ok := line.(*types.AttributeValueMemberM); ok {
			l := item(m.Value)
			text += fmt.Sprintf("; %s %q %s × %s = %s", l.text("sku"), l.text("name"), l.text("quantity"), l.text("unitPrice"), l.text("lineTotal"))
		}
	}
	return text
}

// describe is the same of what was accepted. Who puts an order without a function computes nothing.
func (o accepted) describe() string {
	cents := 1250 * quantity(o.number)
	total, status := fmt.Sprintf("%d.%02d", cents/100, cents%100), "CREATED"
	switch o.source {
	case "dynamodb":
		total = ""
	case "step-functions":
		status = "APPROVED"
	}
	return fmt.Sprintf("%s %s %s %s; %s %q %d × 12.50 = %s", o.id, o.source, status, total, sku(o.number), itemName(o.number), quantity(o.number), total)
}

// checkMessages looks for each message that was published. Its ID is the key, so that a second delivery, which SNS
// allows, is not seen.
func (s *soak) checkMessages(ctx context.Context) error {
	items, err := s.scan(ctx, "NotificationsTableName")
	if err != nil {
		return err
	}
	delivered := map[string]item{}
	for _, one := range items {
		delivered[one.text("messageId")] = one
	}
	found := &s.found.messages
	for id, n := range s.ledger.messages {
		found.accepted++
		one := delivered[id]
		switch {
		case one == nil:
			found.fault("message %s about %s was not delivered", id, customer(n))
		case one.text("message") != itemName(n) || one.text("orderId") != customer(n):
			found.fault("message %s differs: %q about %s", id, one.text("message"), one.text("orderId"))
		default:
			found.found++
		}
	}
	return nil
}

// readOrders reads orders of the whole run through the API.
func (s *soak) readOrders(ctx context.Context) error {
	all := slices.Concat(s.ledger.orders, s.ledger.executions)
	found := &s.found.readBack
	reader := route{status: 200}
	for i := 0; i < len(all) && ctx.Err() == nil; i += max(1, len(all)/readsBack) {
		o := all[i]
		found.accepted++
		reader.request = func(*ledger, int64) request {
			return request{
				method: "GET", path: "/lambda-proxy/orders/" + customer(o.number) + "/" + o.id,
				contains: `"` + sku(o.number) + `"`,
			}
		}
		if err := s.load.exchange(ctx, &reader, o.number); err != nil {
			found.fault("order %s of %s: %v", o.id, customer(o.number), err)
			continue
		}
		found.found++
	}
	return ctx.Err()
}

// failedOrders is how many requests failed that may have stored an order all the same.
func (l *load) failedOrders() (n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	n = l.unsure
	for i := range routes {
		if strings.HasSuffix(routes[i].name, "order") {
			n += l.results[i].failed()
		}
	}
	return n
}
