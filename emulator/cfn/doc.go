// Package cfn reads what CloudFormation would deploy: a CDK cloud assembly or
// one template, resolved to resources with plain values.
//
// A template's way: load.go finds the stacks and their order, template.go
// reads JSON or YAML, resolve.go walks the values, intrinsics.go names each
// function, attributes.go says what Ref and Fn::GetAtt give. Nothing is
// deployed, so physical names and ARNs are stand-ins: shaped as the service
// makes them, and the same at every load.
//
// What can't be resolved is never guessed. It stays in the properties as
// Unresolved and is noted, with its place, in the Problems of the resource that
// reads it; only who needs that resource has to report it.
package cfn
