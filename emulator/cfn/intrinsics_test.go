package cfn

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// loadText loads one template called Test.
func loadText(t *testing.T, text string, o Options) *Assembly {
	t.Helper()
	name := "Test.template.json"
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		name = "Test.yaml"
	}
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := Load(path, o)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// around puts an expression into the property Value of the resource Probe.
const around = `{
"Parameters": {
  "Name": {"Type": "String", "Default": "orders"},
  "Size": {"Type": "Number", "Default": 30},
  "Zones": {"Type": "CommaDelimitedList", "Default": "a, b,c"},
  "Missing": {"Type": "String"},
  "Chosen": {"Type": "String", "Default": "red", "AllowedValues": ["green", "blue"]},
  "Stored": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/team/color"},
  "StoredElsewhere": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/other"},
  "Image": {"Type": "AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>", "Default": "/aws/service/ami"}
},
"Mappings": {"Sizes": {"prod": {"memory": 512, "zones": ["a", "b"]}}},
"Conditions": {
  "Yes": {"Fn::Equals": [{"Ref": "Name"}, "orders"]},
  "No": {"Fn::Not": [{"Condition": "Yes"}]},
  "Both": {"Fn::And": [{"Condition": "Yes"}, {"Condition": "No"}]},
  "Either": {"Fn::Or": [{"Condition": "Yes"}, {"Condition": "No"}]},
  "Round": {"Fn::Not": [{"Condition": "Round"}]},
  "Text": "yes"
},
"Resources": {
  "Table": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": "t1"}},
  "Absent": {"Type": "AWS::SNS::Topic", "Condition": "No"},
  "Color": {"Type": "AWS::SSM::Parameter", "Properties": {"Name": "/team/color", "Type": "String", "Value": "teal"}},
  "Nameless": {"Type": "AWS::DynamoDB::Table", "Properties": {"TableName": {"Ref": "Missing"}}},
  "Probe": {"Type": "AWS::S3::Bucket", "Properties": {"Value": EXPRESSION}}
}}`

func TestIntrinsics(t *testing.T) {
	const tableARN = "arn:aws:dynamodb:us-east-1:000000000000:table/t1"
	tests := []struct{ name, expression, want string }{
		{"ref of a parameter", `{"Ref": "Name"}`, `"orders"`},
		{"ref of a number parameter is text", `{"Ref": "Size"}`, `"30"`},
		{"ref of a list parameter", `{"Ref": "Zones"}`, `["a","b","c"]`},
		{"ref of a stored parameter that the assembly has", `{"Ref": "Stored"}`, `"teal"`},
		{"ref of a resource", `{"Ref": "Table"}`, `"t1"`},
		{"region", `{"Ref": "AWS::Region"}`, `"us-east-1"`},
		{"account", `{"Ref": "AWS::AccountId"}`, `"000000000000"`},
		{"partition", `{"Ref": "AWS::Partition"}`, `"aws"`},
		{"URL suffix", `{"Ref": "AWS::URLSuffix"}`, `"amazonaws.com"`},
		{"stack name", `{"Ref": "AWS::StackName"}`, `"Test"`},
		{"notification ARNs", `{"Ref": "AWS::NotificationARNs"}`, `[]`},
		{"no value removes the key", `{"a": 1, "b": {"Ref": "AWS::NoValue"}}`, `{"a":1}`},
		{"no value removes the item", `[1, {"Ref": "AWS::NoValue"}, 2]`, `[1,2]`},
		{"attribute", `{"Fn::GetAtt": ["Table", "Arn"]}`, `"` + tableARN + `"`},
		{"attribute as text", `{"Fn::GetAtt": "Table.Arn"}`, `"` + tableARN + `"`},
		{"join", `{"Fn::Join": ["-", ["a", {"Ref": "Name"}, 1, true]]}`, `"a-orders-1-true"`},
		{"join of a list", `{"Fn::Join": ["", {"Ref": "Zones"}]}`, `"abc"`},
		{"join of nothing", `{"Fn::Join": [",", []]}`, `""`},
		{"sub", `{"Fn::Sub": "${Name}/${Table.Arn}/${AWS::Region}"}`, `"orders/` + tableARN + `/us-east-1"`},
		{"sub keeps literals", `{"Fn::Sub": "${!Name} $Name $${Name} ${"}`, `"${Name} $Name $orders ${"`},
		{"sub with variables", `{"Fn::Sub": ["${x}-${Name}", {"x": {"Ref": "Size"}, "Name": "mine"}]}`, `"30-mine"`},
		{"select", `{"Fn::Select": ["1", ["a", "b"]]}`, `"b"`},
		{"select of a split", `{"Fn::Select": [3, {"Fn::Split": [":", {"Fn::GetAtt": ["Table", "Arn"]}]}]}`, `"us-east-1"`},
		{"split", `{"Fn::Split": ["|", "a||b"]}`, `["a","","b"]`},
		{"if", `{"Fn::If": ["Yes", "then", {"Ref": "Nowhere"}]}`, `"then"`},
		{"else", `{"Fn::If": ["Both", {"Ref": "Nowhere"}, "else"]}`, `"else"`},
		{"or", `{"Fn::If": ["Either", 1, 2]}`, `1`},
		{"if without a value", `{"a": {"Fn::If": ["No", 1, {"Ref": "AWS::NoValue"}]}}`, `{}`},
		{"data called Condition", `{"Condition": "Yes"}`, `{"Condition":"Yes"}`},
		{"data called Ref beside others", `{"Ref": "x", "other": 1}`, `{"Ref":"x","other":1}`},
		{"find in map", `{"Fn::FindInMap": ["Sizes", "prod", "memory"]}`, `512`},
		{"find a list in a map", `{"Fn::FindInMap": ["Sizes", "prod", "zones"]}`, `["a","b"]`},
		{"find the default", `{"Fn::FindInMap": ["Sizes", "dev", "memory", {"DefaultValue": 128}]}`, `128`},
		{"base64", `{"Fn::Base64": "a b"}`, `"YSBi"`},
		{"zones", `{"Fn::GetAZs": ""}`, `["us-east-1a","us-east-1b","us-east-1c"]`},
		{"zones of another region", `{"Fn::GetAZs": "eu-west-1"}`, `["eu-west-1a","eu-west-1b","eu-west-1c"]`},
		{"cidr", `{"Fn::Cidr": ["10.0.0.0/16", 3, 8]}`, `["10.0.0.0/24","10.0.1.0/24","10.0.2.0/24"]`},
		{"cidr of IPv6", `{"Fn::Cidr": ["fd00::/56", "2", 64]}`, `["fd00::/64","fd00:0:0:1::/64"]`},
		{"cidr up to the last block", `{"Fn::Cidr": ["10.0.0.0/24", 2, 7]}`, `["10.0.0.0/25","10.0.0.128/25"]`},
		{"JSON text", `{"Fn::ToJsonString": {"b": "<x>", "a": [1, {"Ref": "Name"}]}}`, `"{\"a\":[1,\"orders\"],\"b\":\"<x>\"}"`},
		{"length", `{"Fn::Length": {"Ref": "Zones"}}`, `3`},
		{"numbers keep their spelling", `[1.0, 12345678901234567890]`, `[1.0,12345678901234567890]`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := loadText(t, strings.Replace(around, "EXPRESSION", test.expression, 1), Options{}).Stacks[0].Resource("Probe")
			got, err := marshal(r.Value("Value"))
			if err != nil || got != test.want {
				t.Errorf("got %s (%v), want %s", got, err, test.want)
			}
			if len(r.Problems) > 0 {
				t.Errorf("problems: %v", r.Problems)
			}
		})
	}
}

// marshal writes JSON with sorted keys and nothing escaped.
func marshal(v any) (string, error) {
	var out strings.Builder
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return strings.TrimSpace(out.String()), err
}

func TestIntrinsicProblems(t *testing.T) {
	tests := []struct{ name, expression, want string }{
		{"unknown name", `{"Ref": "Tabel"}`, `Test/Probe/Value: no resource or parameter Tabel in this template; did you mean Table?`},
		{"ref of no name", `{"Ref": ["Table"]}`, `Test/Probe/Value: Ref needs a name, not a list`},
		{"place within the property", `{"a": [1, {"b": {"Ref": "Nowhere"}}]}`, `Test/Probe/Value.a.1.b: no resource or parameter Nowhere in this template`},
		{"place is the property, not the argument", `{"Fn::Join": ["", [{"Ref": "Nowhere"}]]}`, `Test/Probe/Value: no resource or parameter Nowhere in this template`},
		{"resource that is not created", `{"Ref": "Absent"}`, `Test/Probe/Value: the condition of Absent is false, it is not created; put the reference under the same condition`},
		{"resource whose name is not known", `{"Ref": "Nameless"}`, `Test/Probe/Value: the name of Nameless can't be resolved: the parameter Missing has no value; give it: --parameter Missing=VALUE`},
		{"parameter without a value", `{"Ref": "Missing"}`, `Test/Probe/Value: the parameter Missing has no value; give it: --parameter Missing=VALUE`},
		{"parameter with another value", `{"Ref": "Chosen"}`, `Test/Probe/Value: "red" is no allowed value of the parameter Chosen`},
		{"parameter of the account", `{"Ref": "StoredElsewhere"}`, `Test/Probe/Value: the parameter StoredElsewhere reads /other from the account's parameter store; give it: --parameter StoredElsewhere=VALUE`},
		{"dynamic reference", `"{{resolve:ssm:/x}}"`, `Test/Probe/Value: the dynamic reference {{resolve:ssm:/x}} can't be read without an account; give it: --parameter 'resolve:ssm:/x=VALUE'`},
		{"unknown attribute", `{"Fn::GetAtt": ["Table", "ARN"]}`, `Test/Probe/Value: ARN of Table (AWS::DynamoDB::Table) is not known; did you mean Arn?`},
		{"attribute without a name", `{"Fn::GetAtt": ["Table"]}`, `Test/Probe/Value: Fn::GetAtt has the wrong arguments; write {"Fn::GetAtt": [logical ID, attribute]}`},
		{"join of an object", `{"Fn::Join": ["", ["a", {"b": 1}]]}`, `Test/Probe/Value: Fn::Join joins strings; value 1 is an object`},
		{"join without a list", `{"Fn::Join": ["", "a"]}`, `Test/Probe/Value: Fn::Join needs a delimiter and a list, not a string and a string`},
		{"join without arguments", `{"Fn::Join": "a"}`, `Test/Probe/Value: Fn::Join has the wrong arguments; write {"Fn::Join": [delimiter, [values]]}`},
		{"sub of a list", `{"Fn::Sub": "${Zones}"}`, `Test/Probe/Value: Fn::Sub: ${Zones} is a list, not a string`},
		{"sub of an unknown name", `{"Fn::Sub": "${Nam}"}`, `Test/Probe/Value: no resource or parameter Nam in this template; did you mean Name?`},
		{"sub of an object", `{"Fn::Sub": {}}`, `Test/Probe/Value: Fn::Sub has the wrong arguments; write {"Fn::Sub": string} or {"Fn::Sub": [string, {name: value}]}`},
		{"select out of range", `{"Fn::Select": [2, ["a", "b"]]}`, `Test/Probe/Value: Fn::Select has no value 2: the list has 2`},
		{"select without an index", `{"Fn::Select": ["x", ["a"]]}`, `Test/Probe/Value: Fn::Select needs an index and a list, not a string and a list`},
		{"split without a delimiter", `{"Fn::Split": ["", "a"]}`, `Test/Probe/Value: Fn::Split needs a delimiter and a string, not a string and a string`},
		{"unknown condition", `{"Fn::If": ["Yess", 1, 2]}`, `Test/Probe/Value: no condition Yess in this template; did you mean Yes?`},
		{"condition that is text", `{"Fn::If": ["Text", 1, 2]}`, `Test/Probe/Value: the condition Text is a string, not a condition function`},
		{"circle of conditions", `{"Fn::If": ["Round", 1, 2]}`, `Test/Probe/Value: the condition Round depends on itself; break the circle of conditions`},
		{"map without the key", `{"Fn::FindInMap": ["Sizes", "dev", "memory"]}`, `Test/Probe/Value: the mapping Sizes has no dev, memory`},
		{"import of nothing", `{"Fn::ImportValue": "Other:Name"}`, `Test/Probe/Value: no stack exports Other:Name; give it: --parameter 'Other:Name=VALUE'`},
		{"output of no stack", `{"Fn::GetStackOutput": {"StackName": "Other", "OutputName": "X"}}`, `Test/Probe/Value: no stack Other in us-east-1; load that stack as well`},
		{"output without a name", `{"Fn::GetStackOutput": {"StackName": "Other"}}`, `Test/Probe/Value: Fn::GetStackOutput needs StackName and OutputName`},
		{"base64 of a list", `{"Fn::Base64": []}`, `Test/Probe/Value: Fn::Base64 needs a string, not a list`},
		{"cidr of no block", `{"Fn::Cidr": ["10.0.0.0", 1, 8]}`, `Test/Probe/Value: Fn::Cidr: "10.0.0.0" is no address block`},
		{"cidr without room", `{"Fn::Cidr": ["10.0.0.0/24", 3, 7]}`, `Test/Probe/Value: Fn::Cidr: 10.0.0.0/24 has no room for 3 blocks of 7 host bits`},
		{"too many blocks", `{"Fn::Cidr": ["10.0.0.0/8", 257, 8]}`, `Test/Probe/Value: Fn::Cidr makes 1 to 256 blocks`},
		{"JSON of a text", `{"Fn::ToJsonString": "x"}`, `Test/Probe/Value: Fn::ToJsonString needs an object or a list, not a string`},
		{"length of a text", `{"Fn::Length": "x"}`, `Test/Probe/Value: Fn::Length counts a list, not a string`},
		{"macro", `{"Fn::Transform": {"Name": "M"}}`, `Test/Probe/Value: the macro M runs in the account; serve the template that it makes: aws cloudformation get-template --template-stage Processed`},
		{"unknown function", `{"Fn::Joint": []}`, `Test/Probe/Value: Fn::Joint is not supported; did you mean Fn::Join?`},
		{"function beside data", `{"Fn::Join": ["", []], "a": 1}`, `Test/Probe/Value: Fn::Join stands beside other keys`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := loadText(t, strings.Replace(around, "EXPRESSION", test.expression, 1), Options{}).Stacks[0].Resource("Probe")
			if got := r.Problems.Error(); got != test.want {
				t.Errorf("got  %s\nwant %s", got, test.want)
			}
			if _, found := firstFailed(r.Value("Value")); !found {
				t.Errorf("%v is no Unresolved", r.Value("Value"))
			}
		})
	}
}
