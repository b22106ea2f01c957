package main

import (
	"crypto/rand"
	"regexp"

	"github.com/apigw-integrations/apigw-integrations/internal/document"
	"github.com/apigw-integrations/apigw-integrations/internal/money"
)

type product struct {
	ID        string       `json:"id"`
	SKU       string       `json:"sku"`
	Name      string       `json:"name"`
	UnitPrice money.Amount `json:"unitPrice"`
}

var (
	idForm  = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
	skuForm = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)
)

// decode reads {"sku","name","unitPrice"} with an optional "id". Its error is a *document.Malformed or document.Faults.
func decode(body []byte) (product, error) {
	doc, err := document.Parse(body)
	if err != nil {
		return product{}, err
	}
	root := doc.Root().Object("id", "sku", "name", "unitPrice")
	p := product{
		ID:        root.Optional("id").Match(idForm, "must be 1 to 64 letters, digits, - or _"),
		SKU:       root.Required("sku").Match(skuForm, "must be 1 to 64 letters, digits, -, _ or ."),
		Name:      root.Required("name").Text(1, 200),
		UnitPrice: money.Read(root.Required("unitPrice")),
	}
	if err := doc.Err(); err != nil {
		return product{}, err
	}
	if p.ID == "" {
		p.ID = rand.Text()
	}
	return p, nil
}
