package bench

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// api is what a template is made of to see how costs grow: a route each.
type api []growthRoute

// growthRoute is a route of one resource below the root.
type growthRoute struct {
	Path string // "/name"

	Answer   string // the response template of a mock
	Function string // the logical ID of a function
	Type     string // HTTP or HTTP_PROXY, to the constant answer
}

func mockRoutes(n int) api {
	var a api
	for i := range n {
		a = append(a, growthRoute{Path: routeOf(i).Path, Answer: `{"route":` + strconv.Itoa(i) + `}`})
	}
	return a
}

func routeOf(i int) Request {
	return Request{Method: "GET", Path: fmt.Sprintf("/route%d", i), Status: 200, Want: `{"route":` + strconv.Itoa(i) + `}`}
}

func passing(int) api {
	return api{{Path: "/passed", Type: "HTTP_PROXY"}, {Path: "/mapped", Type: "HTTP"}}
}

// posted is a request with a JSON body of that size.
func posted(path string, kilobytes int) Request {
	var b strings.Builder
	b.WriteString(`{"rows":[`)
	for i := 0; b.Len() < kilobytes*1000-70; i++ {
		fmt.Fprintf(&b, `{"no":%08d,"title":"some row of a table"},`, 10000000+i)
	}
	b.WriteString(`{}]}`)
	return Request{Method: "POST", Path: path, Header: jsonType, Body: b.String(), Status: 200, Want: Routes[0].Limit.Request.Want}
}

func functionRoutes(n int) api {
	var a api
	for i := range n {
		a = append(a, growthRoute{Path: functionOf(i).Path, Function: fmt.Sprintf("Function%d", i)})
	}
	return a
}

// functionOf asks the kit's weather function, which needs nothing else. It is
// not asked through its URL, and says so.
func functionOf(i int) Request {
	return Request{Method: "GET", Path: fmt.Sprintf("/function%d", i), Status: 200, Want: `{"statusCode":404,*}`}
}

// standIns are the flags that give what the template only names.
func (e *environment) standIns(ctx context.Context, a api) (flags []string, err error) {
	program, err := e.function(ctx, "weather")
	for _, r := range a {
		switch {
		case r.Function != "":
			flags = append(flags, "--function", r.Function+"="+program)
		case r.Type != "":
			flags = append(flags, "--backend", "Api="+e.addresses["constant"])
		}
	}
	return flags, err
}

type object = map[string]any

// write writes a CloudFormation template of the API.
func (a api) write(folder string) (file string, err error) {
	resources := object{
		"Api":        object{"Type": "AWS::ApiGateway::RestApi", "Properties": object{"Name": "growth"}},
		"Deployment": object{"Type": "AWS::ApiGateway::Deployment", "Properties": object{"RestApiId": object{"Ref": "Api"}}},
		"Stage": object{"Type": "AWS::ApiGateway::Stage", "Properties": object{
			"RestApiId": object{"Ref": "Api"}, "DeploymentId": object{"Ref": "Deployment"}, "StageName": "prod",
		}},
	}
	for i, r := range a {
		id := strconv.Itoa(i)
		resources["Resource"+id] = object{"Type": "AWS::ApiGateway::Resource", "Properties": object{
			"RestApiId": object{"Ref": "Api"}, "ParentId": object{"Fn::GetAtt": []string{"Api", "RootResourceId"}}, "PathPart": r.Path[1:],
		}}
		resources["Method"+id] = object{"Type": "AWS::ApiGateway::Method", "Properties": object{
			"RestApiId": object{"Ref": "Api"}, "ResourceId": object{"Ref": "Resource" + id}, "HttpMethod": "ANY", "AuthorizationType": "NONE",
			"MethodResponses": []any{object{"StatusCode": "200"}}, "Integration": r.integration(),
		}}
		if r.Function != "" {
			resources[r.Function] = object{"Type": "AWS::Lambda::Function", "Properties": object{
				"Runtime": "provided.al2023", "Handler": "bootstrap", "Code": object{"ZipFile": "given by a flag"},
			}}
			resources["Permission"+id] = object{"Type": "AWS::Lambda::Permission", "Properties": object{
				"Action": "lambda:InvokeFunction", "FunctionName": object{"Ref": r.Function}, "Principal": "apigateway.amazonaws.com",
			}}
		}
	}
	text, err := json.Marshal(object{"Resources": resources})
	if err != nil {
		return "", err
	}
	f, err := os.CreateTemp(folder, "*.json")
	if err != nil {
		return "", err
	}
	defer f.Close()
	_, err = f.Write(text)
	return f.Name(), err
}

func (r growthRoute) integration() object {
	switch {
	case r.Function != "":
		return object{
			"Type": "AWS", "IntegrationHttpMethod": "POST",
			"Uri":                  object{"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/2015-03-31/functions/${" + r.Function + ".Arn}/invocations"},
			"IntegrationResponses": []any{object{"StatusCode": "200"}},
		}
	case r.Type == "HTTP_PROXY":
		return object{"Type": r.Type, "IntegrationHttpMethod": "POST", "Uri": "http://upstream.example/"}
	case r.Type == "HTTP":
		return object{
			"Type": r.Type, "IntegrationHttpMethod": "POST", "Uri": "http://upstream.example/",
			"RequestTemplates":     object{"application/json": "$input.json('$')"},
			"IntegrationResponses": []any{object{"StatusCode": "200"}},
		}
	}
	return object{
		"Type": "MOCK", "RequestTemplates": object{"application/json": `{"statusCode": 200}`},
		"IntegrationResponses": []any{object{"StatusCode": "200", "ResponseTemplates": object{"application/json": r.Answer}}},
	}
}
