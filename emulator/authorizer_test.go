package emulator

import (
	"context"
	"io"
	"net/http"
	"testing"
)

// TestLambdaAuthorizer has a real function decide.
func TestLambdaAuthorizer(t *testing.T) {
	e, err := Start(t.Context(), Options{App: "testdata/authorizer.yaml", AllowFunctions: true})
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close(context.Background())
	if len(e.Problems()) > 0 {
		t.Fatal(e.Problems())
	}
	for _, test := range []struct {
		token  string
		status int
		body   string
	}{
		{"Allow", 200, "ada 3"},
		{"Deny", 403, `{"Message":"User is not authorized to access this resource with an explicit deny in an identity-based policy"}`},
		{"unknown", 401, `{"message":"Unauthorized"}`},
		{"", 401, `{"message":"Unauthorized"}`},
		{"Perhaps", 500, `{"message":null}`},
	} {
		t.Run(test.token, func(t *testing.T) {
			r, err := http.NewRequest(http.MethodGet, e.BaseURL()+"/", nil)
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Authorization", test.token)
			response, err := http.DefaultClient.Do(r)
			if err != nil {
				t.Fatal(err)
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			if err != nil || response.StatusCode != test.status || string(body) != test.body {
				t.Errorf("got %d %s (%v)", response.StatusCode, body, err)
			}
		})
	}
}
