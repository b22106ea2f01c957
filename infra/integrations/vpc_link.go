package integrations

import (
	"github.com/aws/aws-cdk-go/awscdk/v2/awsapigateway"
	"github.com/aws/constructs-go/constructs/v10"
	"github.com/aws/jsii-runtime-go"
)

// VpcLinkProps say what VpcLink reaches.
type VpcLinkProps struct {
	Parent awsapigateway.IResource
	// LinkID of a VPC link of the second kind (AWS::ApiGatewayV2::VpcLink).
	LinkID *string
	// LoadBalancerArn is the target of the link: an application or network load
	// balancer. Without it the template is fit for emulators only; API Gateway
	// refuses it.
	LoadBalancerArn *string
	// URL that the load balancer serves, without a closing slash.
	URL *string
}

// VpcLink passes requests into a VPC: ANY /vpc-link/{proxy+}.
type VpcLink struct {
	constructs.Construct
	Proxy awsapigateway.Method
}

// NewVpcLink adds the private integration below the parent.
func NewVpcLink(scope constructs.Construct, id string, props *VpcLinkProps) *VpcLink {
	v := &VpcLink{Construct: constructs.NewConstruct(scope, jsii.String(id))}
	integration := awsapigateway.NewHttpIntegration(jsii.Sprintf("%s/{proxy}", *props.URL), &awsapigateway.HttpIntegrationProps{
		HttpMethod: jsii.String("ANY"),
		Proxy:      jsii.Bool(true),
		Options: &awsapigateway.IntegrationOptions{
			ConnectionType: awsapigateway.ConnectionType_VPC_LINK,
			// The L2 integration knows links of the first kind only, but asks
			// nothing of them beyond the ID.
			VpcLink: awsapigateway.VpcLink_FromVpcLinkId(v.Construct, jsii.String("Link"), props.LinkID),
			RequestParameters: &map[string]*string{
				"integration.request.path.proxy": jsii.String("method.request.path.proxy"),
				requestIDHeader:                  jsii.String(requestID),
			},
		},
	})
	proxy := props.Parent.AddResource(jsii.String("vpc-link"), nil).AddResource(jsii.String("{proxy+}"), nil)
	v.Proxy = proxy.AddMethod(jsii.String("ANY"), integration, &awsapigateway.MethodOptions{
		RequestParameters: required("method.request.path.proxy"),
	})
	example{method: "GET", path: "/vpc-link/products"}.record(v.Proxy)
	if props.LoadBalancerArn != nil {
		setIntegrationTarget(v.Proxy, props.LoadBalancerArn)
	}
	return v
}

// setIntegrationTarget sets the property that L2 integrations lack. An override
// is not part of the hash that names the deployment, so the target is added to
// it; without that, a changed target would never reach the stage.
func setIntegrationTarget(method awsapigateway.Method, target *string) {
	method.Node().DefaultChild().(awsapigateway.CfnMethod).
		AddPropertyOverride(jsii.String("Integration.IntegrationTarget"), target)
	method.Api().LatestDeployment().AddToLogicalId(map[string]any{"vpcLinkTarget": target})
}
