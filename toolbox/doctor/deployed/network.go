package deployed

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/apigateway"
	"github.com/aws/aws-sdk-go-v2/service/apigatewayv2"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// readNetwork reads the state of the stacks' VPC links and target groups.
func (r *reader) readNetwork(ctx context.Context, o Options) error {
	first, second, balancers := apigateway.NewFromConfig(o.Config), apigatewayv2.NewFromConfig(o.Config), elbv2.NewFromConfig(o.Config)
	for _, kind := range []struct {
		rule, name, what string
		read             func(resource *cfn.Resource, id string) error
	}{
		{"link-state", "AWS::ApiGateway::VpcLink", "the VPC link's state", func(link *cfn.Resource, id string) error {
			answer, err := first.GetVpcLink(ctx, &apigateway.GetVpcLinkInput{VpcLinkId: &id})
			if err == nil {
				r.addLink(link, string(answer.Status), answer.StatusMessage)
			}
			return err
		}},
		{"link-state", "AWS::ApiGatewayV2::VpcLink", "the VPC link's state", func(link *cfn.Resource, id string) error {
			answer, err := second.GetVpcLink(ctx, &apigatewayv2.GetVpcLinkInput{VpcLinkId: &id})
			if err == nil {
				r.addLink(link, string(answer.VpcLinkStatus), answer.VpcLinkStatusMessage)
			}
			return err
		}},
		{"target-health", "AWS::ElasticLoadBalancingV2::TargetGroup", "the health of its targets", func(group *cfn.Resource, id string) error {
			answer, err := balancers.DescribeTargetHealth(ctx, &elbv2.DescribeTargetHealthInput{TargetGroupArn: &id})
			if err == nil {
				r.found.Groups = append(r.found.Groups, groupState(group, answer))
			}
			return err
		}},
	} {
		for _, resource := range r.assembly.Resources(kind.name) {
			id := r.physicalID(resource)
			if id == "" || id == "unknown" { // what LocalStack makes of types that it does not have
				r.skip(kind.rule, place(resource), kind.what+" can't be read: it has no ID there, so it was not made")
				continue
			}
			if err := kind.read(resource, id); err != nil {
				if err := r.missed(kind.rule, place(resource), kind.what, err); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func (r *reader) addLink(link *cfn.Resource, state string, message *string) {
	r.found.Links = append(r.found.Links, doctor.LinkState{Link: link, State: state, Message: aws.ToString(message)})
}

func groupState(group *cfn.Resource, answer *elbv2.DescribeTargetHealthOutput) doctor.GroupState {
	state := doctor.GroupState{Group: group}
	for _, d := range answer.TargetHealthDescriptions {
		t := doctor.TargetState{}
		if d.Target != nil {
			t.Target = fmt.Sprintf("%s:%d", aws.ToString(d.Target.Id), aws.ToInt32(d.Target.Port))
		}
		if d.TargetHealth != nil {
			t.State = string(d.TargetHealth.State)
			t.Reason = strings.TrimSpace(cmp.Or(aws.ToString(d.TargetHealth.Description), string(d.TargetHealth.Reason)))
		}
		state.Targets = append(state.Targets, t)
	}
	return state
}
