package dynamo

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

func TestErrors(t *testing.T) {
	for _, test := range []struct {
		name, body                   string
		status                       int
		unavailable, conditionFailed bool
	}{
		{"throttled", `{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}`, 400, true, false},
		{"throttled by the account", `{"__type":"com.amazon.coral.availability#ThrottlingException"}`, 400, true, false},
		{"fault of the service", `{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}`, 500, true, false},
		{"no JSON", `<html>`, 503, true, false},
		{"no such table", `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}`, 400, false, false},
		{"not allowed", `{"__type":"com.amazon.coral.service#AccessDeniedException"}`, 400, false, false},
		{"condition", `{"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException"}`, 400, false, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			err := getItem(t, func(w http.ResponseWriter, r *http.Request) {
				w.WriteHeader(test.status)
				io.WriteString(w, test.body)
			})
			if got := ConditionFailed(err); got != test.conditionFailed {
				t.Errorf("ConditionFailed = %v for %v", got, err)
			}
			if got := errors.Is(Classify(err), ErrUnavailable); got != test.unavailable {
				t.Errorf("unavailable = %v for %v", got, err)
			}
		})
	}
}

func TestNoAnswerIsUnavailable(t *testing.T) {
	err := getItem(t, func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) })
	if !errors.Is(Classify(err), ErrUnavailable) {
		t.Errorf("got %v", err)
	}
}

func getItem(t *testing.T, answer http.HandlerFunc) error {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	t.Setenv("AWS_ENDPOINT_URL_DYNAMODB", server.URL)
	t.Setenv("AWS_REGION", "us-east-1")
	t.Setenv("AWS_ACCESS_KEY_ID", "test")
	t.Setenv("AWS_SECRET_ACCESS_KEY", "test")
	client, err := NewClient(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.GetItem(t.Context(), &dynamodb.GetItemInput{
		TableName: aws.String("orders"),
		Key:       map[string]types.AttributeValue{"id": &types.AttributeValueMemberS{Value: "1"}},
	},
		func(o *dynamodb.Options) { o.RetryMaxAttempts = 1 })
	if err == nil {
		t.Fatal("want an error")
	}
	return err
}
