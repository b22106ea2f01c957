package gateway

import (
	"fmt"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// noRouteError is why no method takes a request. The service's answer,
// "Missing Authentication Token", makes people look for the wrong thing.
type noRouteError struct {
	api          *API
	method, path string // path below the stage
}

// NoRoute says why no method of api takes a request, and what would be taken.
func NoRoute(api *API, httpMethod, path string) error { return &noRouteError{api, httpMethod, path} }

func (e *noRouteError) Error() string {
	message := fmt.Sprintf("no method takes %s %s", e.method, e.path)
	routes := newRoutes(e.api.Resources)
	var others []string
	for _, method := range httpMethods {
		if found, _ := routes.find(method, e.path); found != nil {
			others = append(others, method)
		}
	}
	switch {
	case len(others) > 0:
		return message + ": the resource has " + strings.Join(others, ", ")
	case strings.HasPrefix(e.path+"/", "/"+e.api.Stage.Name+"/"):
		return message + ": the first segment is the stage, leave it out"
	}
	return message + cfn.DidYouMean(e.path, similar(e.api.Resources, e.path))
}

// similar are the paths of resources with as many segments, their parameters
// replaced by what the path has there.
func similar(resources []*Resource, path string) []string {
	var all []string
	segments := strings.Split(path, "/")
	for _, r := range resources {
		known := strings.Split(r.Path, "/")
		if len(known) != len(segments) || len(r.Methods) == 0 {
			continue
		}
		for i, segment := range known {
			if strings.HasPrefix(segment, "{") {
				known[i] = segments[i]
			}
		}
		all = append(all, strings.Join(known, "/"))
	}
	return all
}
