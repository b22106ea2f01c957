package order

import (
	"regexp"
	"strconv"

	"github.com/apigw-integrations/apigw-integrations/internal/document"
	"github.com/apigw-integrations/apigw-integrations/internal/money"
)

// Limits of an order. The models of the API state the same ones.
const (
	MaxItems    = 100
	MaxQuantity = 10_000
	maxName     = 200
	idRule      = "must be 1 to 64 letters, digits, - or _"
	skuRule     = "must be 1 to 64 letters, digits, -, _ or ."
)

var (
	idForm       = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	skuForm      = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
	quantityForm = regexp.MustCompile(`^[1-9][0-9]{0,4}$`)
)

// ValidID tells whether text can be the ID of a customer or an order.
func ValidID(text string) bool { return idForm.MatchString(text) }

// Form says what a document may look like beyond the plain order {"customerId","items":[…]}.
type Form struct {
	OrderID bool // the client may name the order
	Text    bool // every value is a string, as it comes out of an XML element
	Priced  bool // totals may stand in it; they are computed anew, not believed
}

// Decode reads an order and reports every fault at once: its error is a *document.Malformed or document.Faults.
//
// Money is a number or a decimal string; a quantity is a number, and a string only in a Text document.
func Decode(data []byte, form Form) (Draft, error) {
	doc, err := document.Parse(data)
	if err != nil {
		return Draft{}, err
	}
	known, knownInItem := []string{"customerId", "items"}, []string{"sku", "name", "quantity", "unitPrice"}
	if form.OrderID {
		known = append(known, "orderId")
	}
	if form.Priced {
		known, knownInItem = append(known, "total"), append(knownInItem, "lineTotal")
	}

	root := doc.Root().Object(known...)
	draft := Draft{CustomerID: root.Required("customerId").Match(idForm, idRule)}
	if form.OrderID {
		draft.OrderID = root.Optional("orderId").Match(idForm, idRule)
	}
	for _, element := range root.Required("items").Array(1, MaxItems) {
		item := element.Object(knownInItem...)
		draft.Items = append(draft.Items, Line{
			SKU:       item.Required("sku").Match(skuForm, skuRule),
			Name:      item.Required("name").Text(1, maxName),
			Quantity:  quantity(item.Required("quantity"), form.Text),
			UnitPrice: money.Read(item.Required("unitPrice")),
		})
	}
	if err := doc.Err(); err != nil {
		return Draft{}, err
	}
	return draft, nil
}

// quantity takes digits only, not 2.0 or 2e0, which a model's integer may allow.
func quantity(v document.Value, text bool) int {
	digits, ok := v.Number()
	if !ok && text {
		digits, ok = v.String()
	}
	n, _ := strconv.Atoi(digits)
	if !ok || !quantityForm.MatchString(digits) || n > MaxQuantity {
		v.Fault("must be a whole number from 1 to %d", MaxQuantity)
		return 0
	}
	return n
}
