package gateway

// Role is an IAM role of the assembly with the statements of its inline and
// attached policies.
type Role struct {
	ARN        string
	LogicalID  string
	Trusted    []string // services that may assume it, "apigateway.amazonaws.com"
	Statements []Statement
}

// Statement is one statement of an IAM policy; conditions are not evaluated.
type Statement struct {
	Deny      bool
	Actions   []string // "dynamodb:PutItem", wildcards * and ?
	Resources []string
}
