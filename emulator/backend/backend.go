// Package backend answers integration requests: one file for each kind of
// integration, and one table that joins them.
package backend

import "github.com/apigw-integrations/apigw-integrations/emulator/gateway"

// Set is one backend for each kind of integration. A kind left nil is reported
// for every method that needs it.
type Set struct {
	Mock        gateway.Backend
	HTTP        gateway.Backend
	VPCLink     gateway.Backend
	Lambda      gateway.Backend
	LambdaProxy gateway.Backend
	AWSService  gateway.Backend
}

// Table is the set as the gateway wants it.
func (s Set) Table() gateway.Backends {
	table := gateway.Backends{}
	for kind, b := range map[gateway.Kind]gateway.Backend{
		gateway.KindMock:        s.Mock,
		gateway.KindHTTP:        s.HTTP,
		gateway.KindVPCLink:     s.VPCLink,
		gateway.KindLambda:      s.Lambda,
		gateway.KindLambdaProxy: s.LambdaProxy,
		gateway.KindAWSService:  s.AWSService,
	} {
		if b != nil {
			table[kind] = b
		}
	}
	return table
}

var (
	_ gateway.Backend = (*Mock)(nil)
	_ gateway.Backend = (*HTTP)(nil)
	_ gateway.Backend = (*VPCLink)(nil)
)
