package gateway

import (
	"context"
	"regexp"
	"slices"
	"testing"
)

func matches(pattern, text string) bool { return regexp.MustCompile(pattern).MatchString(text) }

func TestMatch(t *testing.T) {
	api := newTestAPI(
		[2]string{"GET", "/"}, [2]string{"POST", "/test"}, [2]string{"ANY", "/test/any"},
		[2]string{"GET", "/part1"}, [2]string{"GET", "/part1/hardcoded"}, [2]string{"GET", "/orders/{id}"},
		[2]string{"GET", "/orders/{id}/items/{item}"}, [2]string{"OPTIONS", "/{proxy+}"}, [2]string{"GET", "/{proxy+}"},
		[2]string{"GET", "/files/{path+}"},
	)
	tests := []struct {
		name, method, path string
		resource           string // "" when nothing matches
		parameters         []Field
	}{
		{"root", "GET", "/test/", "/", nil},
		{"root without slash", "GET", "/test", "/", nil},
		{"method only on the greedy sibling", "OPTIONS", "/test/test", "/{proxy+}", []Field{{"proxy", "test"}}},
		{"ANY on the literal beats the greedy method", "OPTIONS", "/test/test/any", "/test/any", nil},
		{"literal child", "GET", "/test/part1/hardcoded", "/part1/hardcoded", nil},
		{"no child fits", "GET", "/test/part1/random", "/{proxy+}", []Field{{"proxy", "part1/random"}}},
		{"parameter", "GET", "/test/orders/7", "/orders/{id}", []Field{{"id", "7"}}},
		{"two parameters in order", "GET", "/test/orders/7/items/9", "/orders/{id}/items/{item}", []Field{{"id", "7"}, {"item", "9"}}},
		{"below a parameter", "GET", "/test/orders/7/x", "/{proxy+}", []Field{{"proxy", "orders/7/x"}}},
		{"slashes before the stage", "GET", "///test/part1", "/part1", nil},
		{"slashes behind the stage", "GET", "/test//part1", "/part1", nil},
		{"slash at the end", "GET", "/test/part1/", "/part1", nil},
		{"slashes within a greedy value", "GET", "/test/files/a//b/", "/files/{path+}", []Field{{"path", "a//b"}}},
		{"nothing is decoded", "GET", "/test/files/a%2Bb+c@d", "/files/{path+}", []Field{{"path", "a%2Bb+c@d"}}},
		{"greedy needs a value", "DELETE", "/test/files/", "", nil},
		{"unknown method", "POST", "/test/part1", "", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := New(Options{API: api}).newExchange(&Request{Method: test.method, Path: test.path}, api)
			err := match(context.Background(), x)
			if test.resource == "" {
				wantFailure(t, err, MissingAuthenticationToken, "Missing Authentication Token")
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if x.Method.Resource.Path != test.resource || !slices.Equal(x.PathParameters, test.parameters) {
				t.Errorf("got %s %v, want %s %v", x.Method.Resource.Path, x.PathParameters, test.resource, test.parameters)
			}
			if got := MethodOf(api.Resources, test.method, x.ResourcePath); got != x.Method {
				t.Errorf("MethodOf gives %+v", got)
			}
		})
	}
}

func TestMatchPaths(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/{proxy+}"})
	tests := []struct{ name, path, resourcePath, contextPath string }{
		{"plain", "/test/a", "/a", "/test/a"},
		{"slash at the end", "/test/a/", "/a/", "/test/a/"},
		{"slash before the stage", "//test/a", "/a", "/test/a"},
		{"slash behind the stage", "/test//a", "/a", "/test//a"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			x := New(Options{API: api}).newExchange(&Request{Method: "GET", Path: test.path}, api)
			if err := match(context.Background(), x); err != nil {
				t.Fatal(err)
			}
			if x.ResourcePath != test.resourcePath || x.ContextVariables().Path != test.contextPath {
				t.Errorf("got %q %q, want %q %q", x.ResourcePath, x.ContextVariables().Path, test.resourcePath, test.contextPath)
			}
		})
	}
}

func TestMatchStage(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/a"})
	x := New(Options{API: api}).newExchange(&Request{Method: "GET", Path: "/other/a"}, api)
	wantFailure(t, match(context.Background(), x), InvalidAPIKey, "Forbidden")
}

func TestMethodOverride(t *testing.T) {
	g := New(Options{API: newTestAPI([2]string{"PATCH", "/a"})})
	for override, want := range map[string]int{"PATCH": 200, "patch": 200, "PUT": 403, "ANY": 403, "BREW": 403, "": 403} {
		r := &Request{Method: "POST", Path: "/test/a", Header: Header{{"x-http-method-override", override}}}
		if got := g.Handle(context.Background(), r); got.StatusCode != want {
			t.Errorf("%q: %d, want %d", override, got.StatusCode, want)
		}
	}
}

func TestNoRouteSaysWhatThereIs(t *testing.T) {
	for _, test := range []struct{ name, method, path, want string }{
		{"another method", "GET", "/test/orders", "no method takes GET /orders: the resource has DELETE, POST"},
		{"the stage twice", "POST", "/test/test/orders", "no method takes POST /test/orders: the first segment is the stage, leave it out"},
		{"nearly", "GET", "/test/order/7", "no method takes GET /order/7; did you mean /orders/7?"},
		{"nothing like it", "GET", "/test/weather", "no method takes GET /weather"},
	} {
		t.Run(test.name, func(t *testing.T) {
			api := newTestAPI([2]string{"POST", "/orders"}, [2]string{"DELETE", "/orders"}, [2]string{"GET", "/orders/{id}"})
			x := New(Options{API: api}).newExchange(&Request{Method: test.method, Path: test.path}, api)
			if f := failureOf(match(t.Context(), x)); f.Type != MissingAuthenticationToken || f.Cause.Error() != test.want {
				t.Errorf("got %v", f)
			}
		})
	}
}
