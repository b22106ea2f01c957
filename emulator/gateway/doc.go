// Package gateway answers requests as an Amazon API Gateway REST API (v1) does.
//
// A request's way is the ordered list of steps in gateway.go: match → method
// request → integration request → integration → integration response → method
// response. Every failure leaves through gateway_response.go.
//
// "Rule N" in comments of this package names a behaviour of the real service;
// docs/fidelity.md lists them with their evidence.
package gateway
