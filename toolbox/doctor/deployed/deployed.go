// Package deployed reads what is deployed of stacks back, as the doctor sees
// templates: the stacks' own templates with the physical IDs of their
// resources, and in them what the services say, where that may differ: methods,
// stages, gateway responses and authorizers of the APIs, the policies of the
// functions that they name, and their roles.
//
// A reading's way: Read below is the list of steps. stack.go reads the stacks,
// api.go, function.go and role.go what is behind them, assembly.go joins it to
// one assembly, stage.go and network.go find out what no template has.
//
// Nothing is changed in the account. What can't be read (a permission is
// missing, the endpoint does not offer the service) is noted as not checked, and
// what the template says of it stands.
package deployed

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/internal/account"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

// Options say what to read. Config and Stacks are needed.
type Options struct {
	Config aws.Config
	Stacks []string // by name
	// Next loads the templates that are at hand for these stacks, with the given
	// options; nil when none are.
	Next func(cfn.Options) (*cfn.Assembly, error)
}

// Read reads the stacks. Its errors say what to do; they are about the
// credentials, the endpoint, and stacks that are not deployed in full.
func Read(ctx context.Context, o Options) (*doctor.Subject, error) {
	caller, err := account.Identify(ctx, o.Config)
	if err != nil {
		return nil, err
	}
	r := &reader{config: o.Config, caller: caller, missing: map[doctor.NotChecked]bool{}}
	for _, step := range []func(context.Context, Options) error{
		r.readStacks, r.readExports, r.readAPIs, r.readFunctions, r.readRoles, r.load, r.readStages, r.readNetwork,
	} {
		if err := step(ctx, o); err != nil {
			return nil, err
		}
	}
	s := doctor.NewSubject(r.assembly)
	s.Deployed = &r.found
	return s, nil
}

// reader gathers what the steps find.
type reader struct {
	config aws.Config
	caller account.Identity

	stacks    []*stack
	exports   map[string]string // of other stacks
	apis      []*api
	functions map[string]*policy // by name, with its qualifier
	roles     map[string]*role   // by ARN

	assembly *cfn.Assembly
	found    doctor.Deployed
	missing  map[doctor.NotChecked]bool
}

// missed notes what an AWS call did not tell. An error that every other call
// would have too is returned.
func (r *reader) missed(rule string, where doctor.Where, what string, err error) error {
	var answer *awshttp.ResponseError
	if !errors.As(err, &answer) {
		return account.Explain(err)
	}
	var reason string
	if failed := smithy.APIError(nil); answer.HTTPStatusCode() == http.StatusNotImplemented {
		reason = "the endpoint does not offer the service"
	} else if !errors.As(err, &failed) {
		reason = fmt.Sprintf("the endpoint answers %d", answer.HTTPStatusCode())
	} else if fatal[failed.ErrorCode()] {
		return account.Explain(err)
	} else {
		reason = failed.ErrorCode() + ": " + failed.ErrorMessage()
	}
	r.skip(rule, where, what+" can't be read: "+reason)
	return nil
}

func (r *reader) skip(rule string, where doctor.Where, reason string) {
	n := doctor.NotChecked{Rule: rule, Where: where, Reason: reason}
	if !r.missing[n] {
		r.missing[n] = true
		r.found.NotChecked = append(r.found.NotChecked, n)
	}
}

// pages calls until there is no further page. The SDK's own paginators hold the
// client as an interface, beside which the linker can't leave out the calls that
// nobody makes: megabytes for each service.
func pages(call func(token *string) (next *string, err error)) error {
	var token *string
	for {
		next, err := call(token)
		if err != nil || aws.ToString(next) == "" {
			return err
		}
		token = next
	}
}

// fatal are the codes of errors that are the caller's, not one call's.
var fatal = map[string]bool{
	"ExpiredToken": true, "ExpiredTokenException": true, "InvalidClientTokenId": true,
	"UnrecognizedClientException": true, "SignatureDoesNotMatch": true, "RequestExpired": true,
}

// place is where a resource is, as findings name it.
func place(r *cfn.Resource) doctor.Where {
	return doctor.Where{Stack: r.Stack.Name, Resource: r.LogicalID}
}
