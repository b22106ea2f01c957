package doctor

import (
	"cmp"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	"github.com/apigw-integrations/apigw-integrations/emulator/vpclink"
)

// Subject is what is examined: the resources of templates, and the REST APIs
// that they make.
type Subject struct {
	Assembly *cfn.Assembly
	APIs     []*gateway.API // one for each stage; two stages of one RestApi have methods of their own

	// Health is what the load balancers' health checks found of services that
	// were started for it; nil when none was.
	Health []vpclink.Health

	// Deployed is what only the account knows; nil when templates are examined.
	Deployed *Deployed

	resources map[[2]string]*cfn.Resource // by stack and logical ID
	places    map[string]*places          // by file
	unread    []NotChecked
}

// NewSubject reads the assembly. What can't be read is not checked, and said so.
func NewSubject(a *cfn.Assembly) *Subject {
	s := &Subject{
		Assembly:  a,
		resources: map[[2]string]*cfn.Resource{},
		places:    map[string]*places{},
	}
	for _, r := range a.Resources() {
		s.resources[[2]string{r.Stack.Name, r.LogicalID}] = r
	}
	var problems cfn.Problems
	s.APIs, problems = gateway.Build(a, nil)
	s.noteUnread(problems)
	// A stage whose name can't be resolved is noted.
	s.APIs = slices.DeleteFunc(s.APIs, func(api *gateway.API) bool { return api.Stage.Name == "" })
	return s
}

// noteUnread notes what of the APIs has values that can't be resolved, or that
// no API can have: problems of building them. Mapping templates have a rule.
func (s *Subject) noteUnread(building cfn.Problems) {
	for _, p := range s.Assembly.Problems {
		s.unread = append(s.unread, notRead(p, Where{Stack: p.Stack, Resource: p.LogicalID, Property: p.Property}))
	}
	for _, r := range s.Assembly.Resources() {
		if strings.HasPrefix(r.Type, "AWS::ApiGateway::") {
			for _, p := range r.Problems.Of(cfn.Unserved) {
				s.unread = append(s.unread, notRead(p, s.at(r.Stack, p)))
			}
		}
	}
	for _, p := range building.Of(cfn.Unserved) {
		if stack := s.stack(p.Stack); stack != nil && !strings.Contains(p.Property, "Templates.") {
			s.unread = append(s.unread, notRead(p, s.at(stack, p)))
		}
	}
}

func (s *Subject) stack(name string) *cfn.Stack {
	for _, stack := range s.Assembly.Stacks {
		if stack.Name == name {
			return stack
		}
	}
	return nil
}

func notRead(p cfn.Problem, where Where) NotChecked {
	reason := p.Message
	if p.Hint != "" {
		reason += "; " + p.Hint
	}
	return NotChecked{Where: where, Reason: reason}
}

// unclear says why a resource can't be judged: it has values that can't be
// resolved. "" when it can.
func unclear(r *cfn.Resource) string {
	problems := r.Problems.Of(cfn.Unserved)
	if len(problems) == 0 {
		return ""
	}
	return r.LogicalID + " can't be resolved: " + problems[0].Message
}

// method is a method in one stage, with the resource that defines it.
type method struct {
	*gateway.Method
	resource *cfn.Resource
}

// route is "GET /orders/{id}".
func (m method) route() string { return m.HTTPMethod + " " + m.Resource.Path }

// methods lists the API's methods by path, but for those with values that
// can't be resolved.
func (s *Subject) methods(api *gateway.API) []method {
	var all []method
	for _, resource := range api.Resources {
		for _, m := range resource.Methods {
			r := s.resources[[2]string{m.StackName, m.LogicalID}]
			if unclear(r) == "" {
				all = append(all, method{m, r})
			}
		}
	}
	slices.SortFunc(all, func(a, b method) int {
		return cmp.Or(cmp.Compare(a.Resource.Path, b.Resource.Path), cmp.Compare(a.HTTPMethod, b.HTTPMethod))
	})
	return all
}

// eachIntegration checks the methods of every API.
func eachIntegration(check func(x *examination, m method)) func(*examination) {
	return func(x *examination) {
		for _, api := range x.APIs {
			for _, m := range x.methods(api) {
				check(x, m)
			}
		}
	}
}

const authorizerType = "AWS::ApiGateway::Authorizer"

// of lists the resources of a type that belong to the API.
func (s *Subject) of(api *gateway.API, kind string) []*cfn.Resource {
	var found []*cfn.Resource
	for _, r := range s.Assembly.Resources(kind) {
		if id, _ := r.Value("RestApiId").(string); id == api.ID {
			found = append(found, r)
		}
	}
	return found
}

// rest is the API's own resource.
func (s *Subject) rest(api *gateway.API) *cfn.Resource {
	return s.resources[[2]string{api.StackName, api.LogicalID}]
}

// resource gives what a value refers to by Ref or ARN, nil when it is
// not in the templates.
func (s *Subject) resource(reference string) *cfn.Resource {
	if r := s.Assembly.ByRef(reference); r != nil {
		return r
	}
	return s.Assembly.ByARN(reference)
}

// where is the place of a property, as the template has it; "" for the whole
// resource.
func (s *Subject) where(r *cfn.Resource, property string) Where {
	return s.at(r.Stack, r.Problem(property, "", ""))
}

// at is the place of a problem in a stack's template.
func (s *Subject) at(stack *cfn.Stack, p cfn.Problem) Where {
	w := Where{Stack: p.Stack, Resource: p.LogicalID, Property: p.Property}
	if file, line := s.place(stack.File(), p.LogicalID, p.Property); line > 0 { // else it is gone, or can't be read so
		w.File, w.Line = file, line
	}
	return w
}

// isImported says whether the resource is a part of an OpenAPI document.
func isImported(r *cfn.Resource) bool { return r.Problem("", "", "").LogicalID != r.LogicalID }
