// Package integrations holds one construct for each way in which API Gateway
// reaches a backend.
//
// A construct adds its routes below a resource of a REST API (usually the
// root), with models, validators, mapping templates, responses and the role
// that the integration needs. What it connects to (a function, a table, a
// topic) comes in by its properties, so each file can be read, and taken over,
// by itself. The mapping templates are files; see Mappings.
package integrations
