package integrationtests

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws/arn"
)

// Outputs are those of a deployment, by stack.
type Outputs map[string]map[string]string

// ReadOutputs reads what cdk deploy --outputs-file or apigw serve --outputs wrote.
func ReadOutputs(file string) (Outputs, error) {
	const remedy = "deploy the stacks (make deploy AUTH=iam), or name the file that holds their outputs"
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("there is no outputs file %s: %s", file, remedy)
	}
	if err != nil {
		return nil, fmt.Errorf("outputs file: %w", err)
	}
	var outputs Outputs
	if err := json.Unmarshal(data, &outputs); err != nil {
		return nil, fmt.Errorf("%s does not hold outputs by stack: %s: %w", file, remedy, err)
	}
	if len(outputs) == 0 {
		return nil, fmt.Errorf("%s holds no outputs, as after a deployment that failed: %s", file, remedy)
	}
	return outputs, nil
}

// Find finds an output in whichever stack has it.
func (o Outputs) Find(name string) (string, bool) {
	for _, stack := range o {
		if value, ok := stack[name]; ok {
			return value, true
		}
	}
	return "", false
}

// signed tells whether the API takes signed requests only.
func (o Outputs) signed() bool {
	auth, _ := o.Find("ApiAuth")
	return auth == "iam"
}

// place is the account and the Region that the outputs' ARNs name; both are empty when there is none.
func (o Outputs) place() (account, region string) {
	for _, stack := range slices.Sorted(maps.Keys(o)) {
		for _, name := range slices.Sorted(maps.Keys(o[stack])) {
			if found, err := arn.Parse(o[stack][name]); err == nil && found.AccountID != "" && found.Region != "" {
				return found.AccountID, found.Region
			}
		}
	}
	return "", ""
}
