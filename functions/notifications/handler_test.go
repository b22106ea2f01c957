package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// table fails for one message, and holds another already.
type table struct {
	fails, has string
	items      []map[string]types.AttributeValue
}

func (p *table) PutItem(_ context.Context, in *dynamodb.PutItemInput, _ ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error) {
	switch id := in.Item["messageId"].(*types.AttributeValueMemberS).Value; {
	case id == p.fails:
		return nil, errors.New("throttled")
	case id == p.has && in.ConditionExpression != nil:
		return nil, &types.ConditionalCheckFailedException{}
	}
	p.items = append(p.items, in.Item)
	return &dynamodb.PutItemOutput{}, nil
}

// event as SNS sends it; "hostile" is what it must carry unharmed.
const hostile = "\"\\\n\r\t</name>#set($x)$input ü😀'&amp;"

func event(t *testing.T, ids ...string) events.SNSEvent {
	var e events.SNSEvent
	for _, id := range ids {
		fields := map[string]any{
			"MessageId": id, "Subject": "Shipped", "Message": hostile, "Timestamp": "2026-11-24T05:40:00.000Z",
			"MessageAttributes": map[string]any{
				"orderId":   map[string]any{"Type": "String", "Value": "o-1"},
				"requestId": map[string]any{"Type": "String", "Value": "r-1"},
			},
		}
		data, err := json.Marshal(map[string]any{"EventSource": "aws:sns", "Sns": fields})
		if err != nil {
			t.Fatal(err)
		}
		var record events.SNSEventRecord
		if err := json.Unmarshal(data, &record); err != nil {
			t.Fatal(err)
		}
		e.Records = append(e.Records, record)
	}
	return e
}

func TestHandle(t *testing.T) {
	for _, test := range []struct {
		name   string
		table  table
		ids    []string
		stored string
		failed bool
	}{
		{"one", table{}, []string{"a"}, "a", false},
		{"several", table{}, []string{"a", "b"}, "a b", false},
		{"delivered again", table{has: "a"}, []string{"a"}, "", false},
		{"the others are stored although one fails", table{fails: "a"}, []string{"a", "b"}, "b", true},
		{"none", table{}, nil, "", false},
	} {
		t.Run(test.name, func(t *testing.T) {
			var log bytes.Buffer
			h := &handler{&test.table, "notifications", slog.New(slog.NewJSONHandler(&log, nil)), time.Now}
			if err := h.handle(t.Context(), event(t, test.ids...)); (err != nil) != test.failed {
				t.Errorf("error %v", err)
			}
			var stored []string
			for _, item := range test.table.items {
				stored = append(stored, item["messageId"].(*types.AttributeValueMemberS).Value)
			}
			if got := strings.Join(stored, " "); got != test.stored {
				t.Errorf("stored %q, want %q", got, test.stored)
			}
			if strings.Contains(log.String(), "name>") {
				t.Errorf("the log holds a message: %s", log.String())
			}
		})
	}
}

func TestItem(t *testing.T) {
	at := time.Date(2026, 11, 24, 5, 40, 0, 0, time.UTC)
	var stored table
	h := &handler{&stored, "notifications", slog.New(slog.DiscardHandler), func() time.Time { return at }}
	if err := h.handle(t.Context(), event(t, "m-1")); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"messageId": "m-1", "orderId": "o-1", "subject": "Shipped", "message": hostile, "requestId": "r-1",
		"receivedAt": "2026-11-24T05:40:00.000Z", "expiresAt": "1796103600",
	}
	for name, value := range stored.items[0] {
		got := ""
		switch v := value.(type) {
		case *types.AttributeValueMemberS:
			got = v.Value
		case *types.AttributeValueMemberN:
			got = v.Value
		}
		if got != want[name] {
			t.Errorf("%s = %q, want %q", name, got, want[name])
		}
		delete(want, name)
	}
	if len(want) != 0 {
		t.Errorf("missing: %v", want)
	}
}
