package cfn

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// loadFiles loads Stack.yaml of some files in one folder.
func loadFiles(t *testing.T, files map[string]string, o Options) *Assembly {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	a, err := Load(filepath.Join(dir, "Stack.yaml"), o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// properties are those of all resources, as JSON.
func properties(t *testing.T, a *Assembly) string {
	t.Helper()
	var lines []string
	for _, r := range a.Resources() {
		text, err := json.Marshal(r.Properties)
		if err != nil {
			t.Fatal(err)
		}
		lines = append(lines, r.LogicalID+" "+string(text))
	}
	return strings.Join(lines, "\n")
}

func TestMacros(t *testing.T) {
	tests := []struct {
		name, template, want, problems string
	}{
		{"loop over a list", `
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::Queues:
    - Name
    - [a-b, c]
    - "Queue&{Name}": {Type: AWS::SQS::Queue, Properties: {QueueName: !Ref Name, X: !Sub "${Name}-${AWS::Region}", "${Name}": 1}}`,
			`Queueab {"QueueName":"a-b","X":"a-b-us-east-1","a-b":1}` + "\n" + `Queuec {"QueueName":"c","X":"c-us-east-1","c":1}`, ""},
		{"loops in a loop, over a parameter and a mapping", `
Transform: [AWS::LanguageExtensions]
Parameters: {Names: {Type: CommaDelimitedList, Default: "x,y"}}
Mappings: {M: {K: {V: [1]}}}
Resources:
  Fn::ForEach::Outer:
    - A
    - !Ref Names
    - Fn::ForEach::Inner:
        - B
        - !FindInMap [M, K, V]
        - "R${A}${B}": {Type: T, Properties: {P: "${A}"}}`,
			`Rx1 {"P":"x"}` + "\n" + `Ry1 {"P":"y"}`, ""},
		{"loop in properties", `
Transform: AWS::LanguageExtensions
Resources:
  R: {Type: T, Properties: {Fn::ForEach::P: [N, [a], {"${N}": 1}]}}`, `R {"a":1}`, ""},
		{"loop without a list", `
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::P: [N, text, {a: b}]`, ``, "Stack/Resources.Fn::ForEach::P: Fn::ForEach::P needs a name, a list and an object; write [identifier, collection, {key: value}]"},
		{"loop without arguments", `
Transform: AWS::LanguageExtensions
Resources: {Fn::ForEach::P: {a: b}}`, ``, "Stack/Resources.Fn::ForEach::P: Fn::ForEach::P has the wrong arguments; write [identifier, collection, {key: value}]"},
		{"included value", `
Resources:
  R: {Type: T, Properties: {A: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}}}}`, `R {"A":{"B":"us-east-1","C":"file"}}`, ""},
		{"included beside other keys", `
Resources:
  R:
    Type: T
    Properties:
      C: own
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: part.yaml}}`, `R {"B":"us-east-1","C":"own"}`, ""},
		{"included sections", `
Transform: {Name: AWS::Include, Parameters: {Location: sections.json}}
Resources: {R: {Type: T}}`, `I {"A":1}` + "\n" + `R {}`, ""},
		{"included file that includes itself", `
Resources:
  R: {Type: T, Properties: {A: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: circle.yaml}}}}}`, `R {"A":{"N":{"N":{"N":{"N":{"N":{"N":{"N":{"N":{"Reason":{"stack":"Stack","resource":"R","property":"A.N.N.N.N.N.N.N.N","message":"the file circle.yaml is not on this machine","hint":"name it by its path from the template","effect":"unserved"}}}}}}}}}}}`, ""},
		{"SAM", `
Transform: AWS::Serverless-2016-10-31
Resources: {R: {Type: AWS::Serverless::SimpleTable}}`, `R {"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`, ""},
		{"SAM that is not declared", `
Resources: {R: {Type: AWS::Serverless::SimpleTable}}`, `R {"AttributeDefinitions":[{"AttributeName":"id","AttributeType":"S"}],"BillingMode":"PAY_PER_REQUEST","KeySchema":[{"AttributeName":"id","KeyType":"HASH"}]}`, "Stack/R/Type: CloudFormation has no type AWS::Serverless::SimpleTable; declare Transform: AWS::Serverless-2016-10-31"},
		{"fault that SAM finds", `
Transform: AWS::Serverless-2016-10-31
Resources: {F: {Type: AWS::Serverless::Function, Properties: {Role: r, Events: {E: {Type: Api}}}}}`, "", "Stack/F/Events.E: Path and Method must be texts that are known before the deployment"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			a := loadFiles(t, map[string]string{
				"Stack.yaml":    test.template,
				"part.yaml":     "B: {Ref: AWS::Region}\nC: file",
				"sections.json": `{"Resources": {"I": {"Type": "T", "Properties": {"A": 1}}}}`,
				"circle.yaml":   "N: {Fn::Transform: {Name: AWS::Include, Parameters: {Location: circle.yaml}}}",
			}, Options{})
			if got := properties(t, a); test.want != "" && got != test.want {
				t.Errorf("resources\n%s\nwant\n%s", got, test.want)
			}
			if got := a.Problems.Error(); got != test.problems {
				t.Errorf("problems\n%s\nwant\n%s", got, test.problems)
			}
		})
	}
}

// TestPlaces finds where problems stand, in YAML and in JSON.
func TestPlaces(t *testing.T) {
	const yamlText = `Resources:
  R:
    Type: T
    Properties:
      A:
        - !Ref Absent
      A.b: {C: !GetAtt R.X}
      D: 1
      D: 2
  S: {Type: AWS::Lambda::Function, DependsOn: Absent}
Outputs:
  O: {Value: !Ref Absent}
`
	const jsonText = `{
  "Resources": {
    "R": {"Type": "T",
      "Properties": {"A": [ {"Ref": "Absent"} ], "A.b": {"C": {"Ref": "Absent"}},
        "D": 1, "D": 2}},
    "S": {"Type": "T", "DependsOn": "Absent"}
  },
  "Outputs": {"O": {"Value": {"Ref": "Absent"}}}
}`
	for _, c := range []struct {
		name, file, text string
		want             map[string]string // property → line:column
	}{
		{"YAML", "Stack.yaml", yamlText, map[string]string{
			"A.0": "6:11", "A.b.C": "7:13", "A.b.C.deeper": "7:13", "Nowhere": "4:5", "DependsOn": "10:36", "": "9:7",
		}},
		{"JSON", "Stack.json", jsonText, map[string]string{
			"A.0": "4:29", "A.b.C": "4:58", "A.b.C.deeper": "4:58", "Nowhere": "4:7", "DependsOn": "6:24", "": "5:17",
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), c.file)
			if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			a, err := Load(path, Options{})
			if err != nil {
				t.Fatal(err)
			}
			for property, want := range c.want {
				id := map[bool]string{true: "S", false: "R"}[property == "DependsOn"]
				if property == "" { // a key that stands twice
					if got := a.Problems.Error(); got != path+":"+want+": Stack: Resources.R.Properties.D occurs twice; the last one counts" {
						t.Errorf("twice: %s", got)
					}
					continue
				}
				p := a.Located(Problems{a.Stacks[0].Resource(id).Problem(property, "", "")})[0]
				if p.Place != path+":"+want {
					t.Errorf("%s: place %s, want %s", property, p.Place, want)
				}
			}
			if p := a.Located(a.Stacks[0].Outputs[0].Problems)[0]; !strings.HasPrefix(p.Place, path+":") {
				t.Errorf("output: place %q", p.Place)
			}
		})
	}
}
