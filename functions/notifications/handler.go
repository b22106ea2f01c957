package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/apigw-integrations/apigw-integrations/internal/dynamo"
)

// keep is how long a record stays before the table's time to live removes it.
const keep = 7 * 24 * time.Hour

type putter interface {
	PutItem(context.Context, *dynamodb.PutItemInput, ...func(*dynamodb.Options)) (*dynamodb.PutItemOutput, error)
}

type handler struct {
	client putter
	table  string
	log    *slog.Logger
	now    func() time.Time
}

// handle records every message. An error makes SNS deliver again, and in the end to the dead-letter queue, so all
// messages are tried before one is returned.
func (h *handler) handle(ctx context.Context, e events.SNSEvent) error {
	var failures []error
	for _, record := range e.Records {
		attrs := []any{"requestId", attribute(record.SNS, "requestId"), "messageId", record.SNS.MessageID}
		if err := h.store(ctx, record.SNS); err != nil {
			h.log.ErrorContext(ctx, "notification failed", append(attrs, "error", err.Error())...)
			failures = append(failures, fmt.Errorf("store message %s: %w", record.SNS.MessageID, err))
			continue
		}
		h.log.InfoContext(ctx, "notification stored", attrs...)
	}
	return errors.Join(failures...)
}

// store keeps what the first delivery of a message stored: SNS may deliver more than once.
func (h *handler) store(ctx context.Context, message events.SNSEntity) error {
	now := h.now().UTC()
	item := map[string]types.AttributeValue{
		"expiresAt": &types.AttributeValueMemberN{Value: strconv.FormatInt(now.Add(keep).Unix(), 10)},
	}
	for name, value := range map[string]string{
		"messageId":  message.MessageID,
		"orderId":    attribute(message, "orderId"),
		"subject":    message.Subject,
		"message":    message.Message,
		"requestId":  attribute(message, "requestId"),
		"receivedAt": now.Format("2006-01-02T15:04:05.000Z"),
	} {
		if value != "" {
			item[name] = &types.AttributeValueMemberS{Value: value}
		}
	}
	_, err := h.client.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:           &h.table,
		Item:                item,
		ConditionExpression: aws.String("attribute_not_exists(messageId)"),
	})
	if dynamo.ConditionFailed(err) {
		return nil
	}
	return err
}

// attribute returns a message attribute, or "" where there is none.
func attribute(message events.SNSEntity, name string) string {
	fields, _ := message.MessageAttributes[name].(map[string]any)
	value, _ := fields["Value"].(string)
	return value
}
