package cfn

import (
	"reflect"
	"testing"
)

func TestParseYAML(t *testing.T) {
	tests := []struct{ name, yaml, json string }{
		{"ref", `!Ref A`, `{"Ref": "A"}`},
		{"attribute", `!GetAtt A.B.C`, `{"Fn::GetAtt": ["A", "B.C"]}`},
		{"attribute as a list", `!GetAtt [A, B]`, `{"Fn::GetAtt": ["A", "B"]}`},
		{"sub", `!Sub "${A}"`, `{"Fn::Sub": "${A}"}`},
		{"sub with variables", `!Sub ["${a}", {a: !Ref B}]`, `{"Fn::Sub": ["${a}", {"a": {"Ref": "B"}}]}`},
		{"nested functions", `!Join ["", [!Ref A, !Select [0, !GetAZs ""]]]`, `{"Fn::Join": ["", [{"Ref": "A"}, {"Fn::Select": [0, {"Fn::GetAZs": ""}]}]]}`},
		{"long form", `{"Fn::If": [C, !Ref A, 1]}`, `{"Fn::If": ["C", {"Ref": "A"}, 1]}`},
		{"conditions", `!And [!Condition A, !Not [!Equals [a, b]]]`, `{"Fn::And": [{"Condition": "A"}, {"Fn::Not": [{"Fn::Equals": ["a", "b"]}]}]}`},
		{"import", `!ImportValue "a:b"`, `{"Fn::ImportValue": "a:b"}`},
		{"a tag keeps text", `!Sub 012`, `{"Fn::Sub": "012"}`},
		{"date is text", `Version: 2012-10-17`, `{"Version": "2012-10-17"}`},
		{"account ID with a zero is text", `a: 012345678901`, `{"a": "012345678901"}`},
		{"numbers", `[1, -2.5, 1e3, 0x10]`, `[1, -2.5, 1e3, 16]`},
		{"booleans", `[true, False, yes]`, `[true, false, "yes"]`},
		{"null", `[~, null, ""]`, `[null, null, ""]`},
		{"block text", "|\n  a\n  b\n", `"a\nb\n"`},
		{"merged object", `[&a {b: 1, c: 2}, {<<: *a, b: 3}, {d: 4, <<: [*a, {c: 5, e: 6}]}]`, `[{"b": 1, "c": 2}, {"b": 3, "c": 2}, {"d": 4, "b": 1, "c": 2, "e": 6}]`},
		{"alias", `[&a {b: 1}, *a]`, `[{"b": 1}, {"b": 1}]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, err := parseYAML([]byte(test.yaml))
			if err != nil {
				t.Fatal(err)
			}
			want, err := parseJSON([]byte(test.json))
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got.tree, want.tree) {
				t.Errorf("got %#v, want %#v", got.tree, want.tree)
			}
		})
	}
}

func TestProblemsOfWholeTemplates(t *testing.T) {
	tests := []struct{ name, template, want string }{
		{"macro", "Transform: Mine\nResources: {}", "Test/Transform: the macro Mine runs in the account; serve the template that it makes: aws cloudformation get-template --template-stage Processed"},
		{"file elsewhere", "Transform: [{Name: AWS::Include, Parameters: {Location: s3://b/k}}]\nResources: {}", "Test/Transform: the macro AWS::Include runs in the account; serve the template that it makes: aws cloudformation get-template --template-stage Processed"},
		{"SAM", "Transform: AWS::Serverless-2016-10-31\nResources: {}", ""},
		{"language extensions", "Transform: AWS::LanguageExtensions\nResources: {}", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if got := loadText(t, test.template, Options{}).Problems.Error(); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

func TestProblemsOfResources(t *testing.T) {
	tests := []struct{ name, resources, want string }{
		{"circle", `
  A: {Type: AWS::SNS::Topic, Properties: {X: !Ref B}}
  B: {Type: AWS::SNS::Topic, DependsOn: C}
  C: {Type: AWS::SNS::Topic, Properties: {X: !GetAtt A.TopicName}}
  D: {Type: AWS::SNS::Topic, Properties: {X: !Ref A}}`,
			`Test/A: circular dependency between resources: A, B, C; let one of them be named without a reference
Test/B: circular dependency between resources: A, B, C; let one of them be named without a reference
Test/C: circular dependency between resources: A, B, C; let one of them be named without a reference`},
		{"reference to itself", `
  A: {Type: AWS::SNS::Topic, Properties: {X: !Ref A}}`,
			`Test/A: circular dependency between resources: A; let one of them be named without a reference`},
		{"name that depends on itself", `
  A: {Type: AWS::SNS::Topic, Properties: {TopicName: !GetAtt A.TopicName}}`,
			`Test/A/TopicName: the value depends on itself; break the circle of references
Test/A/TopicName: TopicName of A can't be resolved: the value depends on itself; break the circle of references
Test/A: circular dependency between resources: A; let one of them be named without a reference`},
		{"depends on nothing", `
  Alpha: {Type: AWS::SNS::Topic, DependsOn: [Alhpa]}`,
			`Test/Alpha/DependsOn: no resource Alhpa in this template; did you mean Alpha?`},
		{"unknown condition", `
  A: {Type: AWS::SNS::Topic, Condition: Nowhere}`,
			`Test/A/Condition: no condition Nowhere in this template`},
		{"nested template elsewhere", `
  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: "https://example.com/t.json"}}`,
			`Test/A/TemplateURL: the nested template is not on this machine: what it holds is left out; name it by its path from the template, or serve it alone`},
		{"nested template that is itself", `
  A: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: Test.yaml}}`,
			`TemplateURL: the nested template is not on this machine: what it holds is left out; name it by its path from the template, or serve it alone`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var all Problems
			for _, r := range loadText(t, "Resources:"+test.resources, Options{}).Resources() {
				all = append(all, r.Problems...)
			}
			got := all.Error()
			if test.name == "nested template that is itself" && len(all) == 1 {
				got = all[0].Property + ": " + all[0].Message + "; " + all[0].Hint
			}
			if got != test.want {
				t.Errorf("got\n%s\nwant\n%s", got, test.want)
			}
		})
	}
}

func TestParametersGiven(t *testing.T) {
	const template = `
Parameters:
  A: {Type: String}
  B: {Type: String, Default: b}
Resources: {R: {Type: T, Properties: {A: !Ref A, B: !Ref B}}}`
	a := loadText(t, template, Options{Parameters: map[string]string{"A": "1", "B": "2", "Test:B": "3"}})
	r := a.Resources()[0]
	if r.String("A") != "1" || r.String("B") != "3" {
		t.Errorf("A = %q, B = %q, want 1 and 3", r.String("A"), r.String("B"))
	}
}

// TestGivenValues gives what only the account knows, beside parameters.
func TestGivenValues(t *testing.T) {
	const template = `
Resources:
  C: {Type: Custom::Sizes}
  R:
    Type: T
    Properties:
      Attribute: !GetAtt C.Small
      InText: !Sub "a ${C.Small}"
      Import: !ImportValue Net:Vpc
      Secret: "user {{resolve:secretsmanager:db:SecretString:user}} of {{resolve:ssm:/host}}"`
	a := loadText(t, template, Options{Parameters: map[string]string{
		"Test:C.Small": "1", "Net:Vpc": "vpc-1", "resolve:secretsmanager:db:SecretString:user": "ada", "resolve:ssm:/host": "h",
	}})
	r := a.Stacks[0].Resource("R")
	for property, want := range map[string]string{"Attribute": "1", "InText": "a 1", "Import": "vpc-1", "Secret": "user ada of h"} {
		if got := r.String(property); got != want {
			t.Errorf("%s = %q, want %q; %s", property, got, want, r.Problems.Error())
		}
	}
}

func TestGivenValuesThatNothingAsksFor(t *testing.T) {
	a := loadText(t, "Parameters: {Name: {Type: String}}\nResources: {}", Options{Parameters: map[string]string{"Naem": "1", "Name": "2"}})
	if got, want := a.Problems.Error(), "nothing asks for the value of Naem; did you mean Name?"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("t.yaml", "Resources: {A: {Type: AWS::SNS::Topic, Properties: {X: !Sub '${A.TopicName}'}}}")
	f.Add("t.yaml", "Resources: &r {A: {Type: T, DependsOn: [A], Properties: {X: *r}}}")
	f.Add("t.json", `{"Resources": {"A": {"Type": "T", "Properties": {"X": {"Fn::Select": [0, {"Fn::Cidr": ["10.0.0.0/8", 2, 9]}]}}}}}`)
	f.Add("t.json", `{"Conditions": {"C": {"Fn::Not": [{"Condition": "C"}]}}, "Resources": {"A": {"Type": "T", "Condition": "C"}}}`)
	f.Add("t.json", `{"Resources": {"A": {"Type": "AWS::Lambda::Version", "Properties": {"FunctionName": {"Ref": "A"}}}}, "Outputs": {"O": {"Value": {"Fn::ImportValue": "x"}, "Export": {"Name": {"Fn::ImportValue": "x"}}}}}`)
	f.Fuzz(func(t *testing.T, name, text string) {
		a := &Assembly{asked: map[string]bool{}, budget: &budget{}}
		s := &Stack{Name: "Fuzz", Region: "us-east-1", AccountID: "000000000000", assembly: a, file: name}
		if s.read([]byte(text)) != nil {
			return
		}
		a.resolve()
		a.index()
		if _, err := a.OutputsJSON(); err != nil {
			t.Error(err)
		}
	})
}
