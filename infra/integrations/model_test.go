package integrations

import (
	"fmt"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/apigw-integrations/apigw-integrations/infra/internal/templatetest"
)

// model compiles a model of the template as API Gateway does: draft 4.
func model(t *testing.T, id string) *jsonschema.Schema {
	t.Helper()
	for name, resource := range everything().resources("AWS::ApiGateway::Model") {
		if templatetest.PlainID(name) != id {
			continue
		}
		compiler := jsonschema.NewCompiler()
		if err := compiler.AddResource("model.json", resource["Properties"].(map[string]any)["Schema"]); err != nil {
			t.Fatal(err)
		}
		schema, err := compiler.Compile("model.json")
		if err != nil {
			t.Fatal(err)
		}
		if schema.DraftVersion != 4 {
			t.Errorf("model %s is of draft %d, want 4", id, schema.DraftVersion)
		}
		return schema
	}
	t.Fatalf("the template has no model %s", id)
	return nil
}

func checkModel(t *testing.T, schema *jsonschema.Schema, body string, want bool) {
	t.Helper()
	value, err := jsonschema.UnmarshalJSON(strings.NewReader(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	if err := schema.Validate(value); (err == nil) != want {
		t.Errorf("%s: %v, want valid %t", body, err, want)
	}
}

func TestOrderModels(t *testing.T) {
	order := func(change, to string) string {
		valid := `{"customerId":"c-1","items":[{"sku":"A.1","name":"Cup \"é\"","quantity":2,"unitPrice":"12.50"}]}`
		return strings.Replace(valid, change, to, 1)
	}
	items := func(n int) string {
		item := `{"sku":"A","name":"B","quantity":1,"unitPrice":"1"}`
		return fmt.Sprintf(`{"customerId":"c","items":[%s]}`, strings.TrimSuffix(strings.Repeat(item+",", n), ","))
	}
	tests := []struct {
		name             string
		body             string
		direct, function bool // valid for DynamoDB, valid for a function
	}{
		{"valid", order("", ""), true, true},
		{"own ID", order(`{`, `{"orderId":"o_1",`), true, true},
		{"bad own ID", order(`{`, `{"orderId":"o 1",`), false, false},
		{"no customer", `{"items":[]}`, false, false},
		{"empty body", `{}`, false, false},
		{"customer with a slash", order("c-1", "c/1"), false, false},
		{"customer of 65", order("c-1", strings.Repeat("c", 65)), false, false},
		{"sku with a space", order("A.1", "A 1"), false, false},
		{"no name", order(`"name":"Cup \"é\"",`, ""), false, false},
		{"empty name", order(`Cup \"é\"`, ""), false, false},
		{"name of 201", order(`Cup \"é\"`, strings.Repeat("é", 201)), false, false},
		{"quantity 0", order(":2", ":0"), false, false},
		{"quantity 10001", order(":2", ":10001"), false, false},
		{"half a quantity", order(":2", ":1.5"), false, false},
		{"quantity as text", order(":2", `:"2"`), false, false},
		{"one decimal place", order("12.50", "12.5"), true, true},
		{"three decimal places", order("12.50", "12.505"), false, false},
		{"largest price", order("12.50", "1000000.00"), true, true},
		{"price too large", order("12.50", "1000000.01"), false, false},
		{"negative price", order("12.50", "-1"), false, false},
		{"exponent", order("12.50", "1e3"), false, false},
		{"price as a number", order(`"12.50"`, "12.5"), false, true},
		{"number of three places", order(`"12.50"`, "12.505"), false, false},
		{"number too large", order(`"12.50"`, "1000000.01"), false, false},
		{"no items", items(0), false, false},
		{"100 items", items(100), true, true},
		{"101 items", items(101), false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkModel(t, model(t, "DynamoDbOrder"), test.body, test.direct)
			checkModel(t, model(t, "LambdaOrder"), test.body, test.function)
			checkModel(t, model(t, "StepFunctionsOrder"), test.body, test.function)
		})
	}
}

func TestNotificationModel(t *testing.T) {
	notification := func(subject, message string) string {
		return fmt.Sprintf(`{"orderId":"o-1","subject":%q,"message":%q}`, subject, message)
	}
	tests := []struct {
		name  string
		body  string
		valid bool
	}{
		{"valid", notification("Your order", "It's on \"its\" way\nto é"), true},
		{"no subject", `{"orderId":"o-1","message":"m"}`, false},
		{"subject of 99", notification(strings.Repeat("s", 99), "m"), true},
		{"subject of 100", notification(strings.Repeat("s", 100), "m"), false},
		{"subject of two lines", notification("a\nb", "m"), false},
		{"subject beyond ASCII", notification("é", "m"), false},
		{"subject with a space in front", notification(" a", "m"), false},
		{"empty message", notification("s", ""), false},
		{"message too long", notification("s", strings.Repeat("m", maxMessageLength+1)), false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			checkModel(t, model(t, "SnsNotification"), test.body, test.valid)
		})
	}
}
