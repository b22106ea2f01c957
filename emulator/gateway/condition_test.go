package gateway

import (
	"encoding/json"
	"errors"
	"testing"
)

func TestConditions(t *testing.T) {
	tests := []struct {
		name, condition string
		want            bool
	}{
		{"none", `{}`, true},
		{"equal", `{"StringEquals": {"aws:UserAgent": "curl/8"}}`, true},
		{"key in another case", `{"StringEquals": {"AWS:useragent": "curl/8"}}`, true},
		{"one of several values", `{"StringEquals": {"aws:UserAgent": ["wget", "curl/8"]}}`, true},
		{"none of several values", `{"StringNotEquals": {"aws:UserAgent": ["wget", "curl/8"]}}`, false},
		{"case counts", `{"StringEquals": {"aws:UserAgent": "Curl/8"}}`, false},
		{"case does not count", `{"StringEqualsIgnoreCase": {"aws:UserAgent": "Curl/8"}}`, true},
		{"wildcards", `{"StringLike": {"aws:UserAgent": "c?rl/*"}}`, true},
		{"no wildcards", `{"StringEquals": {"aws:UserAgent": "curl/*"}}`, false},
		{"all keys", `{"StringLike": {"aws:UserAgent": "curl/*", "aws:Referer": "*"}}`, false},
		{"all operators", `{"StringLike": {"aws:UserAgent": "curl/*"}, "IpAddress": {"aws:SourceIp": "10.0.0.0/8"}}`, false},
		{"network", `{"IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "192.0.2.0/24"]}}`, true},
		{"address", `{"IpAddress": {"aws:SourceIp": "192.0.2.7"}}`, true},
		{"network of version 6", `{"IpAddress": {"aws:SourceIp": "2001:db8::/32"}}`, false},
		{"outside of a network", `{"NotIpAddress": {"aws:SourceIp": "192.0.2.0/24"}}`, false},
		{"date to come", `{"DateLessThan": {"aws:CurrentTime": "2023-11-14T22:13:21Z"}}`, true},
		{"that very date", `{"DateLessThanEquals": {"aws:CurrentTime": "2023-11-14T22:13:20Z"}}`, true},
		{"date in seconds", `{"DateGreaterThan": {"aws:EpochTime": 1700000000}}`, false},
		{"day", `{"DateGreaterThan": {"aws:CurrentTime": "2023-11-14"}}`, true},
		{"number", `{"NumericGreaterThanEquals": {"aws:EpochTime": "1700000000"}}`, true},
		{"number of a text", `{"NumericNotEquals": {"aws:UserAgent": 8}}`, true},
		{"boolean", `{"Bool": {"aws:SecureTransport": true}}`, true},
		{"boolean as text", `{"Bool": {"aws:SecureTransport": "false"}}`, false},
		{"missing", `{"StringEquals": {"aws:Referer": "a"}}`, false},
		{"missing, negated", `{"StringNotLike": {"aws:Referer": "*"}}`, true},
		{"missing, if it exists", `{"StringEqualsIfExists": {"aws:Referer": "a"}}`, true},
		{"there, if it exists", `{"StringEqualsIfExists": {"aws:UserAgent": "a"}}`, false},
		{"is missing", `{"Null": {"aws:SourceVpce": "true"}}`, true},
		{"is there", `{"Null": {"aws:UserAgent": false}}`, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			held, err := holds(t, test.condition)
			if err != nil || held != test.want {
				t.Errorf("got %v, %v", held, err)
			}
		})
	}
}

// TestConditionsThatAreNotKnown: they are no reason to let anybody in.
func TestConditionsThatAreNotKnown(t *testing.T) {
	for name, test := range map[string]struct {
		condition  string
		unservable bool
	}{
		"key":       {`{"StringEquals": {"aws:PrincipalOrgID": "o-1"}}`, true},
		"operator":  {`{"BinaryEquals": {"aws:UserAgent": "YQ=="}}`, true},
		"set":       {`{"ForAnyValue:StringEquals": {"aws:UserAgent": "a"}}`, true},
		"variable":  {`{"StringEquals": {"aws:UserAgent": "${aws:Referer}"}}`, true},
		"network":   {`{"IpAddress": {"aws:SourceIp": "10.0.0/8"}}`, false},
		"date":      {`{"DateLessThan": {"aws:CurrentTime": "tomorrow"}}`, false},
		"no keys":   {`{"Bool": true}`, false},
		"no number": {`{"NumericEquals": {"aws:EpochTime": "one"}}`, false},
	} {
		t.Run(name, func(t *testing.T) {
			held, err := holds(t, test.condition)
			if _, unservable := errors.AsType[*unservableError](err); held || err == nil || unservable != test.unservable {
				t.Errorf("got %v, %v", held, err)
			}
		})
	}
}

func holds(t *testing.T, condition string) (bool, error) {
	t.Helper()
	var s Statement
	if err := json.Unmarshal([]byte(condition), &s.Conditions); err != nil {
		t.Fatal(err)
	}
	return s.holds(newTestExchange(&Request{RemoteAddr: "192.0.2.7", Header: Header{{"User-Agent", "curl/8"}}}, nil))
}
