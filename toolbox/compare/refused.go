package compare

import (
	"fmt"
	"net/http"
	"sync"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// answers watches whether the deployed API answers anything but one and the same refusal.
type answers struct {
	mutex  sync.Mutex
	count  int
	first  string
	varied bool
}

func (a *answers) add(answer *integrationtests.Answer) {
	a.mutex.Lock()
	defer a.mutex.Unlock()
	text := fmt.Sprintf("%d %s", answer.Status, answer.Body)
	if a.count == 0 {
		a.first = text
	}
	refusal := answer.Status == http.StatusForbidden || answer.Status == http.StatusNotFound
	a.varied = a.varied || text != a.first || !refusal
	a.count++
}

// enough is from how many equal refusals on there is no API behind the address.
const enough = 3

// refused is an error if no request got through to a method.
func (a *answers) refused() error {
	if a.varied || a.count < enough {
		return nil
	}
	return fmt.Errorf("the deployed API answers every request with %s: "+
		"check that the URL ends with a stage that is deployed, and whether the API wants signed requests (--sign) or an API key", a.first)
}
