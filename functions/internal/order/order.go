// Package order is the domain of the order functions: what an order is, what it costs and where it is kept. The
// functions are adapters around it, one for each way in.
package order

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"time"

	"github.com/apigw-integrations/apigw-integrations/internal/money"
)

// Status of an order.
const (
	Created  = "CREATED"
	Approved = "APPROVED"
	Review   = "REVIEW"
)

// timeLayout sorts as text in the order of time, so it serves in index keys.
const timeLayout = "2006-01-02T15:04:05.000Z"

// Draft is an order as a client asks for it.
type Draft struct {
	OrderID    string `json:"orderId,omitempty"` // empty: ours to choose
	CustomerID string `json:"customerId"`
	Items      []Line `json:"items"`
}

// Line asks for a quantity of one product.
type Line struct {
	SKU       string       `json:"sku"`
	Name      string       `json:"name"`
	Quantity  int          `json:"quantity"`
	UnitPrice money.Amount `json:"unitPrice"`
}

// Order is a priced order.
type Order struct {
	OrderID    string       `json:"orderId"`
	CustomerID string       `json:"customerId"`
	Status     string       `json:"status,omitempty"` // empty until stored
	CreatedAt  string       `json:"createdAt,omitempty"`
	Items      []Item       `json:"items"`
	Total      money.Amount `json:"total"`
}

// Item is a line with its price.
type Item struct {
	Line
	LineTotal money.Amount `json:"lineTotal"`
}

// Price computes line totals and the total.
func (d Draft) Price() Order {
	o := Order{OrderID: d.OrderID, CustomerID: d.CustomerID, Items: make([]Item, len(d.Items))}
	for i, line := range d.Items {
		o.Items[i] = Item{line, line.UnitPrice.Times(line.Quantity)}
		o.Total += o.Items[i].LineTotal
	}
	return o
}

// Stamp gives the order its status and its time.
func (o Order) Stamp(status string, at time.Time) Order {
	o.Status, o.CreatedAt = status, at.UTC().Format(timeLayout)
	return o
}

// Hash identifies what is asked for: drafts of equal content have equal hashes, however their documents were written.
func (d Draft) Hash() (string, error) {
	data, err := json.Marshal(d)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:]), nil
}

// NewID returns a random order ID of 128 bits.
func NewID() string { return rand.Text() }

var idEncoding = base32.StdEncoding.WithPadding(base32.NoPadding)

// DeriveID returns the order ID that follows from a customer and the customer's key, in the shape of NewID.
func DeriveID(customerID, key string) string {
	sum := sha256.Sum256([]byte(customerID + "\x00" + key))
	return idEncoding.EncodeToString(sum[:16])
}
