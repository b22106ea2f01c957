package deployed

import (
	"context"
	"encoding/json"
	"net/url"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// role is a role of the account with all of its policies written out.
type role struct {
	name, path string
	trust      any
	policies   []any // {PolicyName, PolicyDocument}
}

// readRoles reads the roles that the APIs name.
func (r *reader) readRoles(ctx context.Context, o Options) error {
	r.roles = map[string]*role{}
	client := iam.NewFromConfig(o.Config)
	for _, a := range r.apis {
		for _, arn := range a.roles() {
			if r.roles[arn] != nil {
				continue
			}
			found, err := readRole(ctx, client, arn)
			if err != nil {
				if err := r.missed("role-action", doctor.Where{}, "the role "+arn, err); err != nil {
					return err
				}
				continue
			}
			r.roles[arn] = found
		}
	}
	return nil
}

func readRole(ctx context.Context, client *iam.Client, arn string) (*role, error) {
	name := arn[strings.LastIndex(arn, "/")+1:]
	answer, err := client.GetRole(ctx, &iam.GetRoleInput{RoleName: &name})
	if err != nil {
		return nil, err
	}
	found := &role{name: name, path: aws.ToString(answer.Role.Path)}
	if found.trust, err = document(answer.Role.AssumeRolePolicyDocument); err != nil {
		return nil, err
	}
	if err := found.readInline(ctx, client); err != nil {
		return nil, err
	}
	return found, found.readAttached(ctx, client)
}

func (r *role) readInline(ctx context.Context, client *iam.Client) error {
	return pages(func(token *string) (*string, error) {
		page, err := client.ListRolePolicies(ctx, &iam.ListRolePoliciesInput{RoleName: &r.name, Marker: token})
		if err != nil {
			return nil, err
		}
		for _, name := range page.PolicyNames {
			policy, err := client.GetRolePolicy(ctx, &iam.GetRolePolicyInput{RoleName: &r.name, PolicyName: &name})
			if err != nil {
				return nil, err
			}
			if err := r.add(name, policy.PolicyDocument); err != nil {
				return nil, err
			}
		}
		return page.Marker, nil
	})
}

// readAttached reads managed policies too, AWS's own among them.
func (r *role) readAttached(ctx context.Context, client *iam.Client) error {
	return pages(func(token *string) (*string, error) {
		page, err := client.ListAttachedRolePolicies(ctx, &iam.ListAttachedRolePoliciesInput{RoleName: &r.name, Marker: token})
		if err != nil {
			return nil, err
		}
		for _, attached := range page.AttachedPolicies {
			policy, err := client.GetPolicy(ctx, &iam.GetPolicyInput{PolicyArn: attached.PolicyArn})
			if err != nil {
				return nil, err
			}
			version, err := client.GetPolicyVersion(ctx, &iam.GetPolicyVersionInput{
				PolicyArn: attached.PolicyArn, VersionId: policy.Policy.DefaultVersionId,
			})
			if err != nil {
				return nil, err
			}
			if err := r.add(aws.ToString(attached.PolicyName), version.PolicyVersion.Document); err != nil {
				return nil, err
			}
		}
		return page.Marker, nil
	})
}

func (r *role) add(name string, text *string) error {
	d, err := document(text)
	r.policies = append(r.policies, map[string]any{"PolicyName": name, "PolicyDocument": d})
	return err
}

// document is a policy's: IAM gives it as JSON that is URL-encoded.
func document(text *string) (any, error) {
	decoded, err := url.PathUnescape(aws.ToString(text))
	if err != nil {
		return nil, err
	}
	var d any
	return d, json.Unmarshal([]byte(decoded), &d)
}
