package gateway

import (
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/wildcard"
)

// Role is an IAM role of the assembly with the statements of its inline and
// attached policies.
type Role struct {
	ARN        string
	LogicalID  string
	Trusted    []string // services that may assume it, "apigateway.amazonaws.com"
	Statements []Statement

	// Unread names attached policies whose text is not in the assembly (AWS
	// managed ones). What they allow is not known, so nothing is refused for
	// want of permission while there are any; an explicit deny still holds.
	Unread []string
}

// Statement is one statement of an IAM policy. Conditions are evaluated for
// authorizers only: of what a role is asked for, no request is known.
type Statement struct {
	Deny         bool
	Conditions   map[string]any // by operator
	Actions      []string       // "dynamodb:PutItem", wildcards * and ?
	NotActions   []string       // instead of Actions: all but these
	Resources    []string
	NotResources []string
}

// Decision is what a role's policies say of one action.
type Decision int

// The decisions, in IAM's words.
const (
	ImplicitDeny Decision = iota // no statement allows it
	ExplicitDeny                 // a statement denies it, whatever others allow
	Allowed
)

// Allows says whether the role may do action on resource. Resource "" means
// that it is not known: then any resource of the action will do.
func (r *Role) Allows(action, resource string) bool {
	return r.Decide(action, resource) == Allowed
}

// Decide evaluates the role's policies as IAM does: a deny wins over every
// allow, and what nothing allows is denied.
func (r *Role) Decide(action, resource string) Decision {
	decision := ImplicitDeny
	if len(r.Unread) > 0 {
		decision = Allowed
	}
	for _, s := range r.Statements {
		if !s.covers(action, resource) {
			continue
		}
		if s.Deny {
			return ExplicitDeny
		}
		decision = Allowed
	}
	return decision
}

// TrustedBy says whether service may assume the role.
func (r *Role) TrustedBy(service string) bool {
	return slices.Contains(r.Trusted, service) || slices.Contains(r.Trusted, "*")
}

// covers says whether the statement speaks of this action and resource. A deny
// speaks of an unknown resource only when it names every one.
func (s Statement) covers(action, resource string) bool {
	action = strings.ToLower(action) // IAM compares actions without case, resources with it
	matches := func(pattern string) bool { return wildcard.Match(strings.ToLower(pattern), action) }
	if !slices.ContainsFunc(s.Actions, matches) && (s.NotActions == nil || slices.ContainsFunc(s.NotActions, matches)) {
		return false
	}
	if resource == "" {
		return !s.Deny || slices.Contains(s.Resources, "*")
	}
	matches = func(pattern string) bool { return wildcard.Match(pattern, resource) }
	return slices.ContainsFunc(s.Resources, matches) ||
		s.NotResources != nil && !slices.ContainsFunc(s.NotResources, matches)
}

// RoleFromAssembly reads the role with this ARN and every policy that the
// assembly attaches to it; nil when the role is not part of the assembly.
func RoleFromAssembly(a *cfn.Assembly, arn string) *Role {
	resource := a.ByARN(arn)
	if resource == nil || resource.Type != "AWS::IAM::Role" {
		return nil
	}
	role := &Role{ARN: arn, LogicalID: resource.LogicalID, Trusted: trusted(resource.Properties["AssumeRolePolicyDocument"])}
	for _, inline := range list(resource.Properties["Policies"]) {
		role.add(member(inline, "PolicyDocument"))
	}
	for _, managed := range texts(resource.Properties["ManagedPolicyArns"]) {
		if policy := a.ByARN(managed); policy != nil {
			role.add(policy.Properties["PolicyDocument"])
		} else {
			role.Unread = append(role.Unread, managed)
		}
	}
	for _, policy := range a.Resources("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::RolePolicy") {
		if slices.Contains(append(texts(policy.Properties["Roles"]), texts(policy.Properties["RoleName"])...), resource.Ref()) {
			role.add(policy.Properties["PolicyDocument"])
		}
	}
	return role
}

// add appends the statements of a policy document.
func (r *Role) add(document any) {
	for _, s := range list(member(document, "Statement")) {
		r.Statements = append(r.Statements, Statement{
			Deny:         member(s, "Effect") == "Deny",
			Conditions:   conditions(member(s, "Condition")),
			Actions:      texts(member(s, "Action")),
			NotActions:   texts(member(s, "NotAction")),
			Resources:    texts(member(s, "Resource")),
			NotResources: texts(member(s, "NotResource")),
		})
	}
}

// conditions is nil for a statement without any.
func conditions(value any) map[string]any {
	object, _ := value.(map[string]any)
	return object
}

// trusted lists the services that a trust policy lets assume the role.
func trusted(document any) []string {
	var services []string
	for _, s := range list(member(document, "Statement")) {
		assumes := slices.ContainsFunc(texts(member(s, "Action")), func(action string) bool {
			return wildcard.Match(strings.ToLower(action), "sts:assumerole")
		})
		if member(s, "Effect") != "Allow" || !assumes {
			continue
		}
		principal := member(s, "Principal")
		services = append(services, texts(principal)...) // "*"
		services = append(services, texts(member(principal, "Service"))...)
	}
	return services
}

// member reads one member of a policy's object; nil when there is none.
func member(value any, name string) any {
	object, _ := value.(map[string]any)
	return object[name]
}

// list reads a value that IAM lets stand alone or in a list.
func list(value any) []any {
	switch value := value.(type) {
	case nil:
		return nil
	case []any:
		return value
	}
	return []any{value}
}

// texts reads the strings of such a value.
func texts(value any) []string {
	var found []string
	for _, v := range list(value) {
		if text, ok := v.(string); ok {
			found = append(found, text)
		}
	}
	return found
}
