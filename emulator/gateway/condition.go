package gateway

import (
	"cmp"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/wildcard"
)

// holds evaluates the statement's conditions against a request: all operators
// and keys must hold, of several values one, and none of those that are negated.
// An operator or key that is not known is an error, see
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
func (s Statement) holds(x *Exchange) (bool, error) {
	for _, name := range sortedKeys(s.Conditions) {
		keys, ok := s.Conditions[name].(map[string]any)
		if !ok {
			return false, authorizerError(fmt.Errorf("the condition %s of the policy has no keys", name))
		}
		for _, key := range sortedKeys(keys) {
			held, err := condition(x, name, key, scalars(keys[key]))
			if err != nil || !held {
				return false, err
			}
		}
	}
	return true, nil
}

// condition is one operator with one key.
func condition(x *Exchange, name, key string, values []string) (bool, error) {
	of, known := conditionKeys[strings.ToLower(key)]
	if !known {
		return false, &unservableError{fmt.Errorf("the condition key %s of the authorizer's policy is not evaluated here", key)}
	}
	got := of(x)
	if name == "Null" {
		return len(values) == 1 && strings.EqualFold(values[0], strconv.FormatBool(got == "")), nil
	}
	base, ifExists := strings.CutSuffix(name, "IfExists")
	operator, known := conditionOperators[base]
	switch {
	case !known:
		return false, &unservableError{fmt.Errorf("the condition operator %s of the authorizer's policy is not evaluated here", name)}
	case got == "":
		return operator.negated || ifExists, nil
	}
	for _, wanted := range values {
		if strings.Contains(wanted, "${") {
			return false, &unservableError{fmt.Errorf("the variable in %q of the authorizer's policy is not evaluated here", wanted)}
		}
		matches, err := operator.matches(got, wanted)
		if err != nil {
			return false, authorizerError(fmt.Errorf("condition %s of %s: %w", name, key, err))
		}
		if matches {
			return !operator.negated, nil
		}
	}
	return operator.negated, nil
}

// conditionKeys give what of a request they stand for, "" when it has none.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policy-whitelist-attributes.html
var conditionKeys = map[string]func(*Exchange) string{
	"aws:currenttime":     func(x *Exchange) string { return x.Time.UTC().Format(time.RFC3339) },
	"aws:epochtime":       func(x *Exchange) string { return strconv.FormatInt(x.Time.Unix(), 10) },
	"aws:referer":         func(x *Exchange) string { return x.Request.Header.Get("Referer") },
	"aws:securetransport": func(*Exchange) string { return "true" }, // the service takes nothing else
	"aws:sourceip":        func(x *Exchange) string { return x.Request.RemoteAddr },
	"aws:sourcevpce":      (*Exchange).vpcEndpointID,
	"aws:useragent":       func(x *Exchange) string { return x.Request.Header.Get("User-Agent") },
}

// conditionOperator compares a value of the request with one of the policy.
type conditionOperator struct {
	negated bool
	matches func(got, wanted string) (bool, error)
}

var conditionOperators = map[string]conditionOperator{
	"StringEquals":              {false, sure(equal)},
	"StringNotEquals":           {true, sure(equal)},
	"StringEqualsIgnoreCase":    {false, sure(strings.EqualFold)},
	"StringNotEqualsIgnoreCase": {true, sure(strings.EqualFold)},
	"StringLike":                {false, sure(like)},
	"StringNotLike":             {true, sure(like)},

	"ArnEquals":    {false, sure(like)},
	"ArnLike":      {false, sure(like)},
	"ArnNotEquals": {true, sure(like)},
	"ArnNotLike":   {true, sure(like)},

	"NumericEquals":            {false, ordered(number, 0)},
	"NumericNotEquals":         {true, ordered(number, 0)},
	"NumericLessThan":          {false, ordered(number, -1)},
	"NumericLessThanEquals":    {false, ordered(number, -1, 0)},
	"NumericGreaterThan":       {false, ordered(number, 1)},
	"NumericGreaterThanEquals": {false, ordered(number, 1, 0)},

	"DateEquals":            {false, ordered(moment, 0)},
	"DateNotEquals":         {true, ordered(moment, 0)},
	"DateLessThan":          {false, ordered(moment, -1)},
	"DateLessThanEquals":    {false, ordered(moment, -1, 0)},
	"DateGreaterThan":       {false, ordered(moment, 1)},
	"DateGreaterThanEquals": {false, ordered(moment, 1, 0)},

	"Bool":         {false, sure(strings.EqualFold)},
	"IpAddress":    {false, inNetwork},
	"NotIpAddress": {true, inNetwork},
}

func equal(got, wanted string) bool { return got == wanted }

func like(got, wanted string) bool { return wildcard.Match(wanted, got) }

// sure is for comparisons that can't go wrong.
func sure(matches func(got, wanted string) bool) func(got, wanted string) (bool, error) {
	return func(got, wanted string) (bool, error) { return matches(got, wanted), nil }
}

// ordered compares what read makes of the two; the order must be one of these.
func ordered(read func(string) (float64, error), orders ...int) func(got, wanted string) (bool, error) {
	return func(got, wanted string) (bool, error) {
		limit, err := read(wanted)
		if err != nil {
			return false, err
		}
		value, err := read(got)
		if err != nil {
			return false, nil // the request's value is of another kind
		}
		for _, order := range orders {
			if cmp.Compare(value, limit) == order {
				return true, nil
			}
		}
		return false, nil
	}
}

func number(text string) (float64, error) { return strconv.ParseFloat(text, 64) }

// moment reads a date of ISO 8601, or seconds since 1970.
func moment(text string) (float64, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if t, err := time.Parse(layout, text); err == nil {
			return float64(t.UnixMilli()) / 1000, nil
		}
	}
	seconds, err := number(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no date: write 2026-01-31T12:00:00Z", text)
	}
	return seconds, nil
}

// inNetwork reads an address, or a network in CIDR notation.
func inNetwork(got, wanted string) (bool, error) {
	network, err := netip.ParsePrefix(wanted)
	if err != nil {
		address, err := netip.ParseAddr(wanted)
		if err != nil {
			return false, fmt.Errorf("%q is neither an address nor a network", wanted)
		}
		network = netip.PrefixFrom(address, address.BitLen())
	}
	address, err := netip.ParseAddr(got)
	return err == nil && network.Contains(address.Unmap()), nil
}

// scalars are the values of a condition as text: policies hold booleans and
// numbers with or without quotes.
func scalars(value any) []string {
	var found []string
	for _, v := range list(value) {
		found = append(found, fmt.Sprint(v))
	}
	return found
}
