package gateway

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strconv"
	"strings"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/santhosh-tekuri/jsonschema/v6/kind"
)

// validationText is the list of faults as the execution log and
// $context.error.validationErrorString have it. The words are those of the Java
// library json-schema-validator, which users of the service see in its answers;
// their order among several faults is unverified.
func validationText(err error) string {
	var faults []string
	if mismatch, ok := errors.AsType[*mismatchError](err); ok {
		for _, fault := range leaves(mismatch.ValidationError) {
			faults = append(faults, faultText(fault, mismatch.body))
		}
	} else {
		faults = []string{err.Error()}
	}
	return "[" + strings.Join(faults, ", ") + "]"
}

// insideQuotes is text as it stands inside a JSON string.
func insideQuotes(text string) string {
	quoted := compactJSON(text)
	return quoted[1 : len(quoted)-1]
}

// leaves are the faults below one that only groups them, those of one value in
// the order of their keywords, then those of the values within.
func leaves(e *jsonschema.ValidationError) []*jsonschema.ValidationError {
	switch e.ErrorKind.(type) {
	case *kind.Schema, *kind.Group, *kind.Reference, *kind.AllOf:
	default:
		return []*jsonschema.ValidationError{e}
	}
	var all []*jsonschema.ValidationError
	for _, cause := range e.Causes {
		all = append(all, leaves(cause)...)
	}
	slices.SortStableFunc(all, func(a, b *jsonschema.ValidationError) int {
		return cmp.Or(
			slices.Compare(a.InstanceLocation, b.InstanceLocation),
			slices.Compare(a.ErrorKind.KeywordPath(), b.ErrorKind.KeywordPath()))
	})
	return all
}

// faultText words one fault of the body; of a keyword that draft 04 doesn't
// have, the validator's own text.
func faultText(e *jsonschema.ValidationError, body any) string {
	found := valueAt(body, e.InstanceLocation)
	switch k := e.ErrorKind.(type) {
	case *kind.Type:
		return fmt.Sprintf("instance type (%s) does not match any allowed primitive type (allowed: %s)", typeOf(found), sorted(allowedTypes(k.Want)))
	case *kind.Required:
		return fmt.Sprintf("object has missing required properties (%s)", sorted(k.Missing))
	case *kind.AdditionalProperties:
		return "object instance has properties which are not allowed by the schema: " + sorted(k.Properties)
	case *kind.Enum:
		return fmt.Sprintf("instance value (%s) not found in enum (possible values: %s)", compactJSON(found), compactJSON(k.Want))
	case *kind.Pattern:
		return fmt.Sprintf("ECMA 262 regex %s does not match input string %s", compactJSON(k.Want), compactJSON(k.Got))
	case *kind.MinLength:
		return fmt.Sprintf("string %s is too short (length: %d, required minimum: %d)", compactJSON(found), k.Got, k.Want)
	case *kind.MaxLength:
		return fmt.Sprintf("string %s is too long (length: %d, maximum allowed: %d)", compactJSON(found), k.Got, k.Want)
	case *kind.Minimum:
		return fmt.Sprintf("numeric instance is lower than the required minimum (minimum: %s, found: %s)", decimal(k.Want), compactJSON(found))
	case *kind.Maximum:
		return fmt.Sprintf("numeric instance is greater than the required maximum (maximum: %s, found: %s)", decimal(k.Want), compactJSON(found))
	case *kind.ExclusiveMinimum:
		return "numeric instance is not strictly greater than the required minimum " + decimal(k.Want)
	case *kind.ExclusiveMaximum:
		return "numeric instance is not strictly lower than the required maximum " + decimal(k.Want)
	case *kind.MultipleOf:
		return fmt.Sprintf("remainder of division is not zero (%s / %s)", compactJSON(found), decimal(k.Want))
	case *kind.MinItems:
		return fmt.Sprintf("array is too short: must have at least %d elements but instance has %d elements", k.Want, k.Got)
	case *kind.MaxItems:
		return fmt.Sprintf("array is too long: must have at most %d elements but instance has %d elements", k.Want, k.Got)
	case *kind.UniqueItems:
		return "array must not contain duplicate elements"
	case *kind.MinProperties:
		return fmt.Sprintf("object has too few properties (found %d but schema requires at least %d)", k.Got, k.Want)
	case *kind.MaxProperties:
		return fmt.Sprintf("object has too many properties (found %d but schema requires at most %d)", k.Got, k.Want)
	case *kind.Not:
		return "instance matched a schema which it should not have"
	case *kind.AnyOf:
		return fmt.Sprintf("instance failed to match at least one required schema among %d", len(e.Causes))
	case *kind.OneOf:
		return fmt.Sprintf("instance failed to match exactly one schema (matched %d out of %d)", len(k.Subschemas), max(len(e.Causes), len(k.Subschemas)))
	case *kind.Dependency:
		return fmt.Sprintf("property %s of object has missing property dependencies (missing: %s)", compactJSON(k.Prop), sorted(k.Missing))
	}
	return (&mismatchError{e, body}).Error()
}

// valueAt is the value of a body at a location.
func valueAt(value any, location []string) any {
	for _, token := range location {
		switch v := value.(type) {
		case map[string]any:
			value = v[token]
		case []any:
			i, err := strconv.Atoi(token)
			if err != nil || i >= len(v) {
				return nil
			}
			value = v[i]
		}
	}
	return value
}

// typeOf names the type of a value as JSON schema does; a number without a
// fraction is an integer.
func typeOf(value any) string {
	switch v := value.(type) {
	case nil:
		return "null"
	case bool:
		return "boolean"
	case string:
		return "string"
	case []any:
		return "array"
	case json.Number:
		if n, ok := new(big.Rat).SetString(v.String()); ok && n.IsInt() {
			return "integer"
		}
		return "number"
	}
	return "object"
}

// allowedTypes has the integers that a number may be as well.
func allowedTypes(types []string) []string {
	if slices.Contains(types, "number") && !slices.Contains(types, "integer") {
		return append(slices.Clone(types), "integer")
	}
	return types
}

// sorted is the names as a JSON list, in order.
func sorted(names []string) string {
	return compactJSON(slices.Sorted(slices.Values(names)))
}

// decimal is a number of a schema as it is written.
func decimal(n *big.Rat) string {
	if n.IsInt() {
		return n.Num().String()
	}
	f, _ := n.Float64()
	return strconv.FormatFloat(f, 'f', -1, 64)
}
