package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
)

// task is the input of a state: what to do, and the order as it came in (validate) or as validate returned it.
type task struct {
	Action    string          `json:"action"`
	RequestID string          `json:"requestId"`
	Order     json.RawMessage `json:"order"`
}

// validated is the result of validate. The choice between approve and review needs a number, hence cents.
type validated struct {
	TotalCents int64       `json:"totalCents"`
	Order      order.Order `json:"order"`
}

// OrderInvalid is the error that the workflow catches by this name, and the only one not worth a retry.
type OrderInvalid struct{ reason string }

func (o OrderInvalid) Error() string { return o.reason }

type handler struct {
	store *order.Store
	log   *slog.Logger
	now   func() time.Time
}

// statuses: action that stores the order → the status that it gets.
var statuses = map[string]string{"approve": order.Approved, "review": order.Review}

func (h *handler) handle(ctx context.Context, t task) (any, error) {
	result, err := h.do(ctx, t)
	attrs := []any{"requestId", t.RequestID, "action", t.Action}
	switch invalid := (OrderInvalid{}); {
	case errors.As(err, &invalid):
		h.log.InfoContext(ctx, "task refused", attrs...)
		return nil, invalid
	case err != nil:
		h.log.ErrorContext(ctx, "task failed", append(attrs, "error", err.Error())...)
		return nil, errors.New("the task could not be done") // the input may stand in the cause
	}
	h.log.InfoContext(ctx, "task done", attrs...)
	return result, nil
}

func (h *handler) do(ctx context.Context, t task) (any, error) {
	status, stores := statuses[t.Action]
	if t.Action != "validate" && !stores {
		return nil, fmt.Errorf("action %q is not known: use validate, approve or review", t.Action)
	}
	draft, err := order.Decode(t.Order, order.Form{OrderID: true, Priced: stores})
	if err != nil {
		return nil, OrderInvalid{err.Error()}
	}
	if draft.OrderID == "" {
		draft.OrderID = orderID(t.RequestID, draft.CustomerID)
	}
	priced := draft.Price()
	if !stores {
		return validated{int64(priced.Total), priced}, nil
	}
	stored, err := h.store.Create(ctx, order.Record{
		Order:     priced.Stamp(status, h.now()),
		Source:    "step-functions",
		RequestID: t.RequestID,
	})
	switch {
	case errors.Is(err, order.ErrExists):
		return nil, OrderInvalid{"order " + draft.OrderID + " exists"}
	case err != nil:
		return nil, err
	}
	return stored.Order, nil
}

// orderID is the same at every attempt of a task, so that a retry stores no second order.
func orderID(requestID, customerID string) string {
	if order.ValidID(requestID) {
		return requestID
	}
	return order.DeriveID(customerID, requestID)
}
