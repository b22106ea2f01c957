package cfn

import (
	"encoding/json"
	"fmt"
	"slices"
)

// Assembly is everything that one CDK app, or one template, would deploy.
type Assembly struct {
	Dir  string // folder of the manifest or template
	Root string // project folder: nearest ancestor of Dir with cdk.json or go.mod, else Dir

	Stacks   []*Stack // dependency order; a nested stack follows its parent
	Problems Problems // faults of templates as a whole, of no one resource

	// Mappings are texts that go before those of the templates, by the mapping
	// template's source file; nil for none.
	Mappings map[string]string

	options         Options
	named           string   // the template that Load was given, "" for a folder
	files           []string // that were read
	isCloudAssembly bool
	asked           map[string]bool // names of values that may be given
	refs            map[string]*Resource
	arns            map[string]*Resource
	hosts           map[string]*Resource
	exports         map[exportKey]*Output
	budget          *budget
}

// Stack is one CloudFormation stack.
type Stack struct {
	Name      string
	Region    string
	AccountID string
	Resources []*Resource // by logical ID; without those whose condition is false
	Outputs   []*Output   // by logical ID; without those whose condition is false
	Parent    *Resource   // AWS::CloudFormation::Stack of a nested stack, else nil

	assembly   *Assembly
	file       string // of the template
	document   *document
	template   *template
	parameters map[string]string // given by the manifest
	assets     assetManifest
	resources  map[string]*Resource
	outputs    map[string]*Output
	conditions map[string]*outcome
}

// Output is one entry of a template's Outputs.
type Output struct {
	LogicalID  string
	ExportName string // "" when not exported
	Value      any
	Problems   Problems

	stack *Stack
	raw   rawOutput
	state state
}

// Files are all that the assembly was read from: manifests, templates, documents;
// of equal assemblies in equal order.
func (a *Assembly) Files() []string { return a.files }

// Resources gives the resources of these types, in stack order; all without types.
func (a *Assembly) Resources(types ...string) []*Resource {
	var found []*Resource
	for _, s := range a.Stacks {
		for _, r := range s.Resources {
			if len(types) == 0 || slices.Contains(types, r.Type) {
				found = append(found, r)
			}
		}
	}
	return found
}

// ByRef gives the resource whose Ref is value, nil when there is none.
func (a *Assembly) ByRef(value string) *Resource { return a.refs[value] }

// ByARN gives the resource with this ARN, nil when there is none.
func (a *Assembly) ByARN(arn string) *Resource { return a.arns[arn] }

// CheckLogicalID says that no resource has this logical ID, nil when one has.
func (a *Assembly) CheckLogicalID(id string) error {
	var known []string
	for _, r := range a.Resources() {
		if r.LogicalID == id {
			return nil
		}
		known = append(known, r.LogicalID)
	}
	return fmt.Errorf("no resource of this logical ID%s", DidYouMean(id, known))
}

// File is the file of the stack's template.
func (s *Stack) File() string { return s.file }

// Resource gives the stack's resource of that logical ID, nil when there is none.
func (s *Stack) Resource(logicalID string) *Resource {
	if r := s.resources[logicalID]; r != nil && r.isIncluded() {
		return r
	}
	return nil
}

// Outputs gives stack name → logical ID → value, nested stacks and values that
// could not be resolved left out.
func (a *Assembly) Outputs() map[string]map[string]string {
	all := map[string]map[string]string{}
	for _, s := range a.Stacks {
		if s.Parent != nil {
			continue
		}
		outputs := map[string]string{}
		for _, o := range s.Outputs {
			if text, ok := scalar(o.Value); ok {
				outputs[o.LogicalID] = text
			}
		}
		all[s.Name] = outputs
	}
	return all
}

// OutputsJSON is Outputs as `cdk deploy --outputs-file` writes it.
func (a *Assembly) OutputsJSON() ([]byte, error) {
	text, err := json.MarshalIndent(a.Outputs(), "", "  ")
	if err != nil {
		return nil, err
	}
	return append(text, '\n'), nil
}

// index fills the look-up tables; the first resource of an equal Ref wins.
func (a *Assembly) index() {
	a.refs, a.arns = map[string]*Resource{}, map[string]*Resource{}
	for _, r := range a.Resources() {
		if ref := r.Ref(); ref != "" && a.refs[ref] == nil {
			a.refs[ref] = r
		}
		if arn := r.ARN(); arn != "" && a.arns[arn] == nil {
			a.arns[arn] = r
		}
	}
}
