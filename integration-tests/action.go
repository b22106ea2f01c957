package integrationtests

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

func (p *Player) act(ctx context.Context, step Step) (*Answer, error) {
	switch step.Verb {
	case "request":
		return p.request(ctx, step)
	case "item":
		return p.item(ctx, step)
	}
	return p.execution(ctx, step)
}

func (p *Player) request(ctx context.Context, step Step) (*Answer, error) {
	method, path, _ := strings.Cut(step.Argument, " ")
	at, err := p.url(path)
	if err != nil {
		return nil, err
	}
	r, err := http.NewRequestWithContext(ctx, method, at.String(), strings.NewReader(step.Body))
	if err != nil {
		return nil, err
	}
	for _, line := range step.Header {
		r.Header.Add(line.Name, line.Value)
	}
	p.last = at
	response, err := p.target.Do(r, step.Body)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return nil, err
	}
	return &Answer{response.StatusCode, response.Header, body}, nil
}

// url keeps the path as the case writes it: a double slash or an escape may be what the case is about.
func (p *Player) url(path string) (*url.URL, error) {
	if reference, ok := strings.CutPrefix(path, "url:"); ok {
		return p.last.Parse(reference)
	}
	return url.Parse(p.target.BaseURL.String() + path)
}

// item answers 200 and the item as plain JSON, or 404.
func (p *Player) item(ctx context.Context, step Step) (*Answer, error) {
	table, err := p.target.Output(step.Argument)
	if err != nil {
		return nil, err
	}
	var texts map[string]string
	if err := json.Unmarshal([]byte(step.Body), &texts); err != nil {
		return nil, fmt.Errorf("key: %w", err)
	}
	key := map[string]types.AttributeValue{}
	for name, text := range texts {
		key[name] = &types.AttributeValueMemberS{Value: text}
	}
	out, err := p.target.dynamodb.GetItem(ctx, &dynamodb.GetItemInput{TableName: &table, Key: key, ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, err
	}
	if out.Item == nil {
		return &Answer{Status: http.StatusNotFound}, nil
	}
	body, err := json.Marshal(plain(&types.AttributeValueMemberM{Value: out.Item}))
	return &Answer{Status: http.StatusOK, Body: body}, err
}

// plain turns the attribute types of the kit's tables into JSON's.
func plain(value types.AttributeValue) any {
	switch value := value.(type) {
	case *types.AttributeValueMemberS:
		return value.Value
	case *types.AttributeValueMemberN:
		return json.Number(value.Value)
	case *types.AttributeValueMemberL:
		list := make([]any, len(value.Value))
		for i, element := range value.Value {
			list[i] = plain(element)
		}
		return list
	case *types.AttributeValueMemberM:
		object := map[string]any{}
		for name, member := range value.Value {
			object[name] = plain(member)
		}
		return object
	}
	return fmt.Sprintf("%T", value)
}

// execution answers 200 and {"status","output","error"}, or 404.
func (p *Player) execution(ctx context.Context, step Step) (*Answer, error) {
	machine, err := p.target.Output("OrderWorkflowArn")
	if err != nil {
		return nil, err
	}
	arn := strings.Replace(machine, ":stateMachine:", ":execution:", 1) + ":" + step.Argument
	out, err := p.target.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: &arn})
	if unknown := (*sfntypes.ExecutionDoesNotExist)(nil); errors.As(err, &unknown) {
		return &Answer{Status: http.StatusNotFound}, nil
	}
	if err != nil {
		return nil, err
	}
	result := map[string]any{"status": out.Status}
	if out.Output != nil {
		result["output"] = json.RawMessage(*out.Output)
	}
	if out.Error != nil {
		result["error"] = *out.Error
	}
	body, err := json.Marshal(result)
	return &Answer{Status: http.StatusOK, Body: body}, err
}
