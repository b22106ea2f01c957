package gateway

import (
	"fmt"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// noRouteError is why no method takes a request. The service's answer,
// "Missing Authentication Token", makes people look for the wrong thing.
type noRouteError struct{ x *Exchange }

func (e *noRouteError) Error() string {
	x := e.x
	message := fmt.Sprintf("no method takes %s %s", x.Request.Method, x.ResourcePath)
	var others []string
	for _, method := range httpMethods {
		if found, _ := x.routes.find(method, x.ResourcePath); found != nil {
			others = append(others, method)
		}
	}
	switch {
	case len(others) > 0:
		return message + ": the resource has " + strings.Join(others, ", ")
	case strings.HasPrefix(x.ResourcePath+"/", "/"+x.API.Stage.Name+"/"):
		return message + ": the stage is in the path twice"
	}
	return message + cfn.DidYouMean(x.ResourcePath, similar(x.API.Resources, x.ResourcePath))
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
