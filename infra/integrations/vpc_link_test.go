package integrations

import (
	"testing"

	"github.com/aws/aws-cdk-go/awscdk/v2"
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
)

func TestVpcLink(t *testing.T) {
	checkMethod(t, "ANY", "/vpc-link/{proxy+}", `
		Type: HTTP_PROXY
		IntegrationHttpMethod: ANY
		Uri: http://internal.example/{proxy}
		ConnectionType: VPC_LINK
		ConnectionId: link
		IntegrationTarget: arn:aws:elasticloadbalancing:…:loadbalancer/app/one
		mapped integration.request.header.X-Request-Id: context.requestId
		mapped integration.request.path.proxy: method.request.path.proxy
		parameter method.request.path.proxy: true`)
}

// A deployment is a snapshot: only a new one, which is one of another logical
// ID, carries a change to the stage.
func TestDeploymentFollowsTarget(t *testing.T) {
	deployment := func(target string) string {
		return synthesize(newTestAPI(func(stack awscdk.Stack, root awsapigateway.IResource) {
			NewVpcLink(stack, "VpcLink", testVpcLink(root, target))
		})).deploymentID(t)
	}
	one, again, other := deployment("arn:one"), deployment("arn:one"), deployment("arn:other")
	if one != again {
		t.Errorf("the same target gives deployments %s and %s", one, again)
	}
	if one == other {
		t.Errorf("another target gives the same deployment %s", one)
	}
}
