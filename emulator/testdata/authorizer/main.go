// Command authorizer is a Lambda authorizer that admits those whose token names
// the effect of its policy.
package main

import (
	"context"
	"errors"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-lambda-go/lambda"
)

func main() { lambda.Start(authorize) }

func authorize(_ context.Context, r events.APIGatewayCustomAuthorizerRequest) (events.APIGatewayCustomAuthorizerResponse, error) {
	if r.AuthorizationToken == "unknown" {
		return events.APIGatewayCustomAuthorizerResponse{}, errors.New("Unauthorized") // the word that API Gateway waits for
	}
	return events.APIGatewayCustomAuthorizerResponse{
		PrincipalID: "ada",
		PolicyDocument: events.APIGatewayCustomAuthorizerPolicy{Version: "2012-10-17", Statement: []events.IAMPolicyStatement{{
			Action: []string{"execute-api:Invoke"}, Effect: r.AuthorizationToken, Resource: []string{r.MethodArn},
		}}},
		Context: map[string]any{"visits": 3},
	}, nil
}
