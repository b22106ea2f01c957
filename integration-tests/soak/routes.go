package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
)

// route is a kind of request. All kinds are sent equally often.
type route struct {
	name   string // the integration's word, and what is done
	status int    // of every answer
	// request makes the request of a number. Those that read take what the ledger has.
	request func(l *ledger, n int64) request
	// answered takes from the answer what has to be there afterwards, or says how it is wrong; nil: the status says enough.
	answered func(l *ledger, n int64, body []byte) error
}

type request struct {
	method, path, contentType, body string

	contains string // of the answer's body
}

// routes are all integrations of the kit, with answers that are refusals among them.
var routes = []route{
	{name: "mock", status: 200, request: get("/mock", "This is a mock response")},
	{name: "mock, an error", status: 503, request: get("/mock/errors/503", "Service Unavailable")},
	{name: "no route", status: 403, request: get("/nowhere", "Missing Authentication Token")},
	{name: "http-proxy", status: 200, request: get("/http-proxy/weather?city=Zurich", `"Zurich"`)},
	{name: "http", status: 200, request: get("/http/weather?city=Zurich", `"Zurich"`)},
	{name: "lambda-proxy, order", status: 201, request: post("/lambda-proxy/orders", order), answered: acceptOrder("lambda-proxy", jsonOrderID)},
	{name: "lambda-proxy, bad order", status: 400, request: post("/lambda-proxy/orders", badOrder)},
	{name: "lambda-proxy, read", status: 200, request: func(l *ledger, n int64) request {
		o := l.someOrder()
		return request{method: "GET", path: "/lambda-proxy/orders/" + customer(o.number) + "/" + o.id, contains: sku(o.number)}
	}},
	{name: "lambda, XML order", status: 201, request: postXML("/lambda/orders"), answered: acceptOrder("lambda", xmlOrderID)},
	{name: "dynamodb, order", status: 201, request: post("/dynamodb/orders", order), answered: acceptOrder("dynamodb", jsonOrderID)},
	{name: "dynamodb, query", status: 200, request: func(l *ledger, n int64) request {
		o := l.someOrder()
		return request{method: "GET", path: "/dynamodb/orders/" + customer(o.number), contains: sku(o.number)}
	}},
	{name: "sns, notification", status: 202, request: post("/sns/notifications", notification), answered: acceptMessage},
	{name: "step-functions, order", status: 202, request: post("/step-functions/executions", order), answered: acceptExecution},
	{name: "step-functions, read", status: 200, request: func(l *ledger, n int64) request {
		return request{method: "GET", path: "/step-functions/executions/" + l.lateExecution(), contains: `"status"`}
	}},
	{name: "vpc-link, product", status: 201, request: post("/vpc-link/products", product)},
	{name: "vpc-link, list", status: 200, request: get("/vpc-link/products?limit=3", `"products"`)},
}

func get(path, contains string) func(*ledger, int64) request {
	return func(*ledger, int64) request { return request{method: "GET", path: path, contains: contains} }
}

func post(path string, body func(n int64) string) func(*ledger, int64) request {
	return func(_ *ledger, n int64) request {
		return request{method: "POST", path: path, contentType: "application/json", body: body(n)}
	}
}

func postXML(path string) func(*ledger, int64) request {
	return func(_ *ledger, n int64) request {
		return request{method: "POST", path: path, contentType: "application/xml", body: xmlOrder(n), contains: sku(n)}
	}
}

// What an order holds follows from its number, so that it can be told afterwards.

func customer(n int64) string { return fmt.Sprintf("soak-%d", n) }

func itemName(n int64) string { return fmt.Sprintf("Tasse № %d $input #set($x=1)", n) }

func sku(n int64) string { return fmt.Sprintf("CUP-%d", n) }

func quantity(n int64) int64 { return n%20 + 1 }

func order(n int64) string {
	return fmt.Sprintf(`{"customerId":%q,"items":[{"sku":%q,"name":%q,"quantity":%d,"unitPrice":"12.50"}]}`, customer(n), sku(n), itemName(n), quantity(n))
}

func xmlOrder(n int64) string {
	return fmt.Sprintf(`<order><customerId>%s</customerId><items><item><sku>%s</sku><name>%s</name><quantity>%d</quantity><unitPrice>12.50</unitPrice></item></items></order>`,
		customer(n), sku(n), itemName(n), quantity(n))
}

func badOrder(n int64) string { return strings.Replace(order(n), `"12.50"`, `"12.505"`, 1) }

func notification(n int64) string {
	return fmt.Sprintf(`{"orderId":%q,"subject":"Shipped & <on> its way","message":%q}`, customer(n), itemName(n))
}

func product(n int64) string {
	return fmt.Sprintf(`{"sku":%q,"name":%q,"unitPrice":"12.50"}`, sku(n), itemName(n))
}

func jsonOrderID(body []byte) string { return member(body, "orderId") }

func member(body []byte, name string) string {
	var members map[string]any
	json.Unmarshal(body, &members) // what is no JSON has no member
	text, _ := members[name].(string)
	return text
}

var orderIDElement = regexp.MustCompile(`<orderId>([^<]+)</orderId>`)

func xmlOrderID(body []byte) string {
	if found := orderIDElement.FindSubmatch(body); found != nil {
		return string(found[1])
	}
	return ""
}

func acceptOrder(source string, id func([]byte) string) func(*ledger, int64, []byte) error {
	return func(l *ledger, n int64, body []byte) error {
		if id(body) == "" {
			return fmt.Errorf("accepted an order without an ID: %.200s", body)
		}
		l.accept(accepted{n, id(body), source})
		return nil
	}
}

func acceptMessage(l *ledger, n int64, body []byte) error {
	id := member(body, "messageId")
	if id == "" {
		return fmt.Errorf("accepted a message without an ID: %.200s", body)
	}
	l.publish(id, n)
	return nil
}

// acceptExecution: an order's ID is its execution's where the client gives none.
func acceptExecution(l *ledger, n int64, body []byte) error {
	id := member(body, "executionId")
	if id == "" {
		return fmt.Errorf("started an execution without an ID: %.200s", body)
	}
	l.execute(accepted{n, id, "step-functions"})
	return nil
}
