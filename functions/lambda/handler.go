package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/apigw-integrations/apigw-integrations/functions/internal/order"
)

// event is what the request template renders. A template can't refuse a request: what is wrong with it comes as Fault.
type event struct {
	RequestID string          `json:"requestId"`
	Format    string          `json:"format"` // "xml": every value of the order is a string
	Order     json.RawMessage `json:"order"`
	Fault     string          `json:"fault"`
}

// maxFault bounds what a client's text can put into an error.
const maxFault = 1000

type handler struct {
	store *order.Store
	log   *slog.Logger
	now   func() time.Time
	newID func() string
}

// handle returns errors that begin with [BadRequest] or [Conflict], which the selection patterns of the integration's
// responses look for. Any other error is a failure of ours and tells nothing.
func (h *handler) handle(ctx context.Context, e event) (*order.Order, error) {
	begin := h.now()
	created, err := h.create(ctx, e)
	level, attrs := slog.LevelInfo, []any{"requestId", e.RequestID, "format", e.Format}
	refused := (*refusal)(nil)
	switch {
	case errors.As(err, &refused):
		attrs, err = append(attrs, "refused", refused.tag), refused
	case err != nil:
		level, attrs = slog.LevelError, append(attrs, "error", err.Error())
		err = errors.New("the order could not be processed")
	default:
		attrs = append(attrs, "orderId", created.OrderID)
	}
	h.log.Log(ctx, level, "order", append(attrs, "durationMs", h.now().Sub(begin).Milliseconds())...)
	return created, err
}

func (h *handler) create(ctx context.Context, e event) (*order.Order, error) {
	if e.Fault != "" {
		return nil, &refusal{"BadRequest", fmt.Sprintf("%.*s", maxFault, e.Fault)}
	}
	draft, err := order.Decode(e.Order, order.Form{OrderID: true, Text: e.Format == "xml"})
	if err != nil {
		return nil, &refusal{"BadRequest", err.Error()}
	}
	draft.OrderID = cmp.Or(draft.OrderID, h.newID())
	stored, err := h.store.Create(ctx, order.Record{
		Order:     draft.Price().Stamp(order.Created, h.now()),
		Source:    "lambda",
		RequestID: e.RequestID,
	})
	if errors.Is(err, order.ErrExists) {
		return nil, &refusal{"Conflict", "order " + draft.OrderID + " exists"}
	}
	if err != nil {
		return nil, err
	}
	return &stored.Order, nil
}

// refusal is an error that the client caused.
type refusal struct{ tag, text string }

func (r *refusal) Error() string { return "[" + r.tag + "] " + r.text }
