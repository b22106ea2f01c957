package openapi

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

const integrationKey = "x-amazon-apigateway-integration"

// integrationProperties are the members of the extension and what CloudFormation
// calls them.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-integration.html
var integrationProperties = map[string]string{
	"cacheKeyParameters":   "CacheKeyParameters",
	"cacheNamespace":       "CacheNamespace",
	"connectionId":         "ConnectionId",
	"connectionType":       "ConnectionType",
	"contentHandling":      "ContentHandling",
	"credentials":          "Credentials",
	"httpMethod":           "IntegrationHttpMethod",
	"integrationTarget":    "IntegrationTarget",
	"passthroughBehavior":  "PassthroughBehavior",
	"requestParameters":    "RequestParameters",
	"requestTemplates":     "RequestTemplates",
	"responseTransferMode": "ResponseTransferMode",
	"timeoutInMillis":      "TimeoutInMillis",
	"type":                 "Type",
	"uri":                  "Uri",
}

// documentKey is the member that a property comes from.
func documentKey(property string) string {
	for key, name := range integrationProperties {
		if name == property {
			return key
		}
	}
	return strings.ToLower(property[:min(1, len(property))]) + property[min(1, len(property)):]
}

// words are values that documents write in any case.
var words = []string{"connectionType", "contentHandling", "httpMethod", "passthroughBehavior", "responseTransferMode", "type"}

// integration reads the operation's extension, nil when it has none.
func (i *importer) integration(o operation) any {
	extension := i.object(o.object[integrationKey])
	if extension == nil {
		return nil
	}
	at := o.at + "." + integrationKey
	integration := map[string]any{}
	for _, key := range sortedKeys(extension) {
		value := extension[key]
		property, known := integrationProperties[key]
		if !known || value == nil {
			continue
		}
		switch {
		case slices.Contains(words, key):
			value = upper(value)
		case key == "requestParameters" || key == "requestTemplates":
			value = i.strings(value, key, at)
		}
		integration[property] = value
	}
	if tls, ok := extension["tlsConfig"].(map[string]any); ok {
		integration["TlsConfig"] = map[string]any{"InsecureSkipVerification": tls["insecureSkipVerification"]}
	}
	if responses := i.integrationResponses(extension["responses"], at+".responses"); len(responses) > 0 {
		integration["IntegrationResponses"] = responses
	}
	return integration
}

func upper(v any) any {
	if s, ok := v.(string); ok {
		return strings.ToUpper(s)
	}
	return v
}

// strings reads an object of strings. Another value is left out with a warning,
// as the service does.
func (i *importer) strings(value any, key, at string) any {
	entries, ok := value.(map[string]any)
	if !ok {
		return value
	}
	kept := map[string]any{}
	for _, name := range sortedKeys(entries) {
		switch entries[name].(type) {
		case bool, json.Number, map[string]any, []any, nil:
			i.warn(at+"."+key+"."+name, "the service expects a string and leaves it out")
		default:
			kept[name] = entries[name]
		}
	}
	return kept
}

// integrationResponses are named by their selection pattern, "default" for none.
// The service keeps them by status.
func (i *importer) integrationResponses(value any, at string) []any {
	responses, _ := value.(map[string]any)
	var found []any
	for _, pattern := range sortedKeys(responses) {
		response := i.object(responses[pattern])
		if response == nil {
			i.misshapen(responses[pattern], at+"."+pattern, "it is no response")
			continue
		}
		made := map[string]any{
			"StatusCode":         response["statusCode"],
			"ContentHandling":    upper(response["contentHandling"]),
			"ResponseParameters": i.strings(response["responseParameters"], "responseParameters", at+"."+pattern),
			"ResponseTemplates":  i.strings(response["responseTemplates"], "responseTemplates", at+"."+pattern),
			"SelectionPattern":   pattern,
		}
		if pattern == "default" {
			delete(made, "SelectionPattern")
		}
		maps.DeleteFunc(made, func(_ string, v any) bool { return v == nil })
		found = append(found, made)
	}
	slices.SortStableFunc(found, func(a, b any) int { return strings.Compare(statusOf(a), statusOf(b)) })
	return found
}

func statusOf(response any) string { return fmt.Sprint(response.(map[string]any)["StatusCode"]) }
