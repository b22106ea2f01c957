package cfn

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// The environment of stacks that name none.
const (
	defaultRegion    = "us-east-1"
	defaultAccountID = "000000000000"
)

// Options say where the stacks would be deployed. The zero value serves.
type Options struct {
	Region    string // us-east-1 when empty
	AccountID string // 000000000000 when empty

	// Parameters by name, or by "Stack:Name" for one stack; what else only the
	// account knows as well, see Stack.given.
	Parameters map[string]string

	// FilesElsewhere lets templates name files outside of the assembly's folder.
	FilesElsewhere bool

	// PhysicalID gives the IDs of resources that are deployed: what Ref gives of
	// most types, and what names and ARNs follow from. "" for a stand-in.
	PhysicalID func(r *Resource) string

	// Attribute is asked before the table of stand-ins, for "Ref" too. The
	// resource's Properties may not be resolved yet.
	Attribute func(r *Resource, name string) (string, bool)
}

// Load reads a cloud assembly (the folder cdk.out) or one template file. An
// error means that there is nothing to serve; what else is wrong is in the
// Problems of the assembly and its resources.
func Load(path string, o Options) (*Assembly, error) {
	if o.Region == "" {
		o.Region = defaultRegion
	}
	if o.AccountID == "" {
		o.AccountID = defaultAccountID
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%w; run `cdk synth` first or name a template", err)
	}
	a := &Assembly{Dir: path, options: o, asked: map[string]bool{}, budget: &budget{}}
	if a.isCloudAssembly = info.IsDir(); a.isCloudAssembly {
		err = a.readManifest(path)
	} else {
		a.Dir, a.named = filepath.Dir(path), path
		name := strings.TrimSuffix(strings.TrimSuffix(filepath.Base(path), filepath.Ext(path)), ".template")
		_, err = a.addStack(path, &Stack{Name: name, Region: o.Region, AccountID: o.AccountID})
	}
	if err != nil {
		return nil, err
	}
	a.Root = projectRoot(a.Dir)
	a.resolve()
	a.index()
	a.checkGiven()
	return a, nil
}

// projectRoot finds the folder that source paths are relative to.
func projectRoot(dir string) string {
	for at := dir; ; at = filepath.Dir(at) {
		for _, mark := range []string{"cdk.json", "go.mod"} {
			if _, err := os.Stat(filepath.Join(at, mark)); err == nil {
				return at
			}
		}
		if at == filepath.Dir(at) {
			return dir
		}
	}
}

// manifest is manifest.json of a cloud assembly, as far as it is read.
type manifest struct {
	Artifacts map[string]artifact `json:"artifacts"`
}

type artifact struct {
	Type         string   `json:"type"`
	Environment  string   `json:"environment"` // aws://account/region
	Dependencies []string `json:"dependencies"`
	Properties   struct {
		TemplateFile  string            `json:"templateFile"`
		StackName     string            `json:"stackName"`
		Parameters    map[string]string `json:"parameters"`
		File          string            `json:"file"`          // of an asset manifest
		DirectoryName string            `json:"directoryName"` // of an assembly within
	} `json:"properties"`
}

func (a *Assembly) readManifest(dir string) error {
	text, err := a.readPart(filepath.Join(dir, "manifest.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is no cloud assembly: it has no manifest.json; run `cdk synth`", dir)
	}
	if err != nil {
		return err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		return fmt.Errorf("%s: %w", filepath.Join(dir, "manifest.json"), jsonPlace(text, err))
	}
	assets, err := a.readAssets(dir, m)
	if err != nil {
		return err
	}
	for _, id := range m.inOrder() {
		if err := a.addArtifact(dir, id, m.Artifacts[id], assets); err != nil {
			return err
		}
	}
	return nil
}

func (a *Assembly) addArtifact(dir, id string, artifact artifact, assets assetManifest) error {
	switch artifact.Type {
	case "cdk:cloud-assembly":
		within, err := inside(dir, artifact.Properties.DirectoryName)
		if err != nil {
			return err
		}
		return a.readManifest(within)
	case "aws:cloudformation:stack":
		file, err := inside(dir, artifact.Properties.TemplateFile)
		if err != nil {
			return err
		}
		s := &Stack{Name: artifact.Properties.StackName, parameters: artifact.Properties.Parameters, assets: assets}
		if s.Name == "" {
			s.Name = id
		}
		s.AccountID, s.Region = a.environment(artifact.Environment)
		_, err = a.addStack(file, s)
		return err
	}
	return nil
}

// environment reads "aws://account/region", where either may be unknown.
func (a *Assembly) environment(text string) (account, region string) {
	account, region, _ = strings.Cut(strings.TrimPrefix(text, "aws://"), "/")
	if account == "" || account == "unknown-account" {
		account = a.options.AccountID
	}
	if region == "" || region == "unknown-region" {
		region = a.options.Region
	}
	return account, region
}

// inside joins a file name of the manifest; what leads out of the assembly is refused.
func inside(dir, name string) (string, error) {
	if !filepath.IsLocal(name) {
		return "", fmt.Errorf("%s names %q, which is not inside the assembly", filepath.Join(dir, "manifest.json"), name)
	}
	return filepath.Join(dir, name), nil
}

// inOrder lists the artifacts, each after those it depends on.
func (m manifest) inOrder() []string {
	var order []string
	seen := map[string]bool{}
	var visit func(id string)
	visit = func(id string) {
		artifact, ok := m.Artifacts[id]
		if seen[id] || !ok {
			return
		}
		seen[id] = true
		for _, dependency := range slices.Sorted(slices.Values(artifact.Dependencies)) {
			visit(dependency)
		}
		order = append(order, id)
	}
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) {
		visit(id)
	}
	return order
}

// addStack reads a stack's template, and those of the stacks nested in it.
func (a *Assembly) addStack(file string, s *Stack) (*Stack, error) {
	content, err := a.readPart(file)
	if err != nil {
		return nil, err
	}
	s.assembly, s.file = a, file
	if err := s.read(content); err != nil {
		return nil, err
	}
	return s, a.addNestedStacks(filepath.Dir(file), s)
}

// placed is an error that begins with its line.
var placed = regexp.MustCompile(`^\d+:`)

// read takes the text of the stack's template, with its macros applied.
func (s *Stack) read(content []byte) error {
	file := Displayed(s.file)
	d, err := parseText(s.file, content)
	if err != nil {
		if placed.MatchString(err.Error()) {
			return fmt.Errorf("%s:%w", file, err)
		}
		return fmt.Errorf("%s: %w", file, err)
	}
	sections, ok := d.tree.(map[string]any)
	if ok && !s.assembly.isCloudAssembly { // the CDK writes stacks without resources
		_, ok = sections["Resources"]
	}
	if !ok {
		return fmt.Errorf("%s: a template is an object with the section Resources", file)
	}
	s.document = d
	s.applyMacros(sections)
	t, faults := readTemplate(sections)
	if len(faults) > 0 {
		return d.located(file, faults)
	}
	s.add(t)
	for _, path := range d.twice {
		s.assembly.Problems.add(Problem{Place: file + ":" + d.places[path], Stack: s.Name, Effect: Ignored,
			Message: path + " occurs twice; the last one counts"})
	}
	return nil
}

// add makes the stack's resources and outputs of its template.
func (s *Stack) add(t *template) {
	s.template, s.conditions = t, map[string]*outcome{}
	s.resources = make(map[string]*Resource, len(t.resources))
	s.outputs = make(map[string]*Output, len(t.outputs))
	for id, raw := range t.resources {
		s.resources[id] = &Resource{
			Stack: s, LogicalID: id, Type: raw.kind, Properties: map[string]any{}, Metadata: raw.metadata,
			DeletionPolicy: raw.deletionPolicy, raw: raw, states: map[string]state{}, references: map[*Resource]bool{},
		}
	}
	for id, raw := range t.outputs {
		s.outputs[id] = &Output{LogicalID: id, stack: s, raw: raw}
	}
	s.assembly.Stacks = append(s.assembly.Stacks, s)
}

// all gives resources whether resolved yet or not.
func (a *Assembly) all(kind string) []*Resource {
	var found []*Resource
	for _, s := range a.Stacks {
		for _, id := range slices.Sorted(maps.Keys(s.resources)) {
			if r := s.resources[id]; r.Type == kind && r.isIncluded() {
				found = append(found, r)
			}
		}
	}
	return found
}
