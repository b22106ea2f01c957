package compare

import (
	"sync"

	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// exchanges keeps what the local gateway did with each request until the answer is looked at.
type exchanges struct {
	mutex sync.Mutex
	byID  map[string]*gateway.Exchange // by request ID
}

func (e *exchanges) add(x *gateway.Exchange) {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	if e.byID == nil {
		e.byID = map[string]*gateway.Exchange{}
	}
	e.byID[x.RequestID] = x
}

// of returns the exchange that gave an answer; nil for an answer of another service.
func (e *exchanges) of(answer *integrationtests.Answer) *gateway.Exchange {
	e.mutex.Lock()
	defer e.mutex.Unlock()
	return e.byID[answer.Header.Get("x-amzn-RequestId")]
}
