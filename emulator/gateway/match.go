package gateway

import (
	"context"
	"errors"
	"strings"
)

// match finds the method that serves the request (rules 1–9).
func match(_ context.Context, x *Exchange) error {
	if x.test != nil {
		return matchTest(x)
	}
	if err := checkPrivate(x); err != nil {
		return err
	}
	stage, rest, _ := strings.Cut(strings.TrimLeft(x.Request.Path, "/"), "/")
	if stage != x.API.Stage.Name {
		// The service's answer has the bytes of a refused key (unverified).
		return &Failure{Type: InvalidAPIKey, Cause: errors.New("no such stage in the path")}
	}
	x.ResourcePath = "/" + strings.TrimLeft(rest, "/")
	method, parameters := x.routes.find(x.Request.Method, x.ResourcePath)
	if method == nil {
		// An authorization that is no signature is refused as such even where
		// there is nothing to authorize (reported by users of the service).
		if _, err := readSignature(x.Request); err != nil && failureOf(err).Type != MissingAuthenticationToken {
			return err
		}
		return &Failure{Type: MissingAuthenticationToken, Cause: NoRoute(x.API, x.Request.Method, x.ResourcePath)}
	}
	x.Method, x.PathParameters = method, parameters
	return nil
}

// MethodOf returns the method that serves a path below the stage, as match
// finds it; nil when there is none.
func MethodOf(resources []*Resource, httpMethod, path string) *Method {
	method, _ := newRoutes(resources).find(httpMethod, path)
	return method
}

// node is a place in the tree of resources.
type node struct {
	resource *Resource
	literal  map[string]*node
	param    *node
	greedy   *node
	name     string // of the parameter that leads here
}

func newRoutes(resources []*Resource) *node {
	root := &node{}
	for _, r := range resources {
		n := root
		for segment := range strings.SplitSeq(strings.Trim(r.Path, "/"), "/") {
			if segment != "" {
				n = n.child(segment)
			}
		}
		n.resource = r
	}
	return root
}

// child returns the node below n for a segment of a resource's path, made if
// there is none yet.
func (n *node) child(segment string) *node {
	name, isParam := strings.CutPrefix(segment, "{")
	name = strings.TrimSuffix(name, "}")
	slot := &n.param
	switch {
	case !isParam:
		if n.literal == nil {
			n.literal = map[string]*node{}
		}
		if n.literal[segment] == nil {
			n.literal[segment] = &node{}
		}
		return n.literal[segment]
	case strings.HasSuffix(name, "+"):
		name, slot = strings.TrimSuffix(name, "+"), &n.greedy
	}
	if *slot == nil {
		*slot = &node{name: name}
	}
	return *slot
}

// find returns the method for a path below the stage. At every level a literal
// goes before a parameter and a parameter before a greedy one; a resource
// without the method is as good as absent (rules 2–4).
func (n *node) find(method, path string) (*Method, []Field) {
	// A slash at the end changes nothing and is no part of a greedy value (rule 6).
	return n.descend(method, strings.TrimRight(path[1:], "/"), nil)
}

func (n *node) descend(method, rest string, parameters []Field) (*Method, []Field) {
	if rest == "" {
		return n.method(method), parameters
	}
	segment, below, _ := strings.Cut(rest, "/")
	if child := n.literal[segment]; child != nil {
		if m, found := child.descend(method, below, parameters); m != nil {
			return m, found
		}
	}
	if n.param != nil && segment != "" {
		m, found := n.param.descend(method, below, with(parameters, n.param.name, segment))
		if m != nil {
			return m, found
		}
	}
	if n.greedy != nil {
		if m := n.greedy.method(method); m != nil {
			return m, with(parameters, n.greedy.name, rest)
		}
	}
	return nil, nil
}

// method returns the node's method; a specific one goes before ANY.
func (n *node) method(name string) *Method {
	if n.resource == nil {
		return nil
	}
	if m := n.resource.Methods[name]; m != nil {
		return m
	}
	return n.resource.Methods["ANY"]
}

// with appends without touching what other branches of the search hold.
func with(parameters []Field, name, value string) []Field {
	return append(parameters[:len(parameters):len(parameters)], Field{name, value})
}
