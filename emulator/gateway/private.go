package gateway

import (
	"errors"
	"regexp"
	"strings"
)

// A private API is reached through a VPC endpoint, by one of three host names
// (rule 9), see
// https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-private-api-test-invoke-url.html
// Here any other host leads to it as well.

// checkPrivate refuses a request that asks the endpoint for another API.
func checkPrivate(x *Exchange) error {
	id := x.Request.Header.Get("x-apigw-api-id")
	if x.API.Private && id != "" && id != x.API.ID {
		return &Failure{Type: InvalidAPIKey, Cause: errors.New("x-apigw-api-id names another API")} // the bytes of "Forbidden" (unverified)
	}
	return nil
}

// vpcEndpoint is the ID of a VPC endpoint in a host name: behind the API's, or
// at the beginning of the endpoint's own.
var vpcEndpoint = regexp.MustCompile(`(?:^|-)(vpce-[0-9a-z]+)[-.]`)

// vpcEndpointID is $context.identity.vpceId; "" when the host names none.
func (x *Exchange) vpcEndpointID() string {
	if !x.API.Private {
		return ""
	}
	if match := vpcEndpoint.FindStringSubmatch(x.Request.Host); match != nil {
		return match[1]
	}
	return ""
}

// domainPrefix is the first label of the service's host names; where this
// gateway's own stands, the one that the service would have.
func (x *Exchange) domainPrefix() string {
	if prefix, _, found := strings.Cut(x.Request.Host, ".execute-api."); found {
		return prefix
	}
	return x.API.ID
}
