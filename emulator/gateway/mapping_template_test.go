package gateway

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

// mappingInput is what all templates of this file see.
func mappingInput() *TemplateInput {
	return &TemplateInput{
		Body: `{"name":"it's","list":[{"a":"/"}],"n":null}`,
		Params: Params{
			Path:        []Field{{"id", "p"}},
			Querystring: []Field{{"id", "q"}, {"q", "1"}, {"q", "2"}},
			Header:      []Field{{"X-Own", "h"}, {"Connection", "close"}, {"Via", "proxy"}},
		},
		Context: &ContextVariables{
			Stage: "prod", RequestTime: time.UnixMilli(1795498800123), HTTPMethod: "POST",
			Identity: Identity{SourceIP: "192.0.2.1"},
			More:     map[string]any{"authorizer": map[string]any{"claims": map[string]any{"sub": "s"}}, "isCanaryRequest": true},
		},
		StageVariables: map[string]string{"table": "Orders"},
		Overrides:      NewOverrides(),
	}
}

func TestMappingTemplate(t *testing.T) {
	for _, test := range []struct{ name, template, want string }{
		{"body", "$input.body.length() $input.json('$.list') $input.path('$.name') [$input.path('$.n')$input.path('$.x')]", "43 [{\"a\":\"/\"}] it's []"},
		{"missing json", "$input.json('$.x') $input.json('$.n')", `"" null`},
		{"property of the body", "[$input.body.name]", "[]"},
		{"params", "$input.params('id') $input.params('q') $input.params('X-Own') [$input.params('x-own')] $input.params().querystring", "p 2 h [] {id=q, q=2}"},
		{"hidden headers", "[$input.params('Connection')] $input.params('Via') $input.params().header", "[] proxy {X-Own=h, Via=proxy}"},
		{"context", "$context.stage $context.requestTimeEpoch $context.requestTime $context.identity.sourceIp [$context.identity.user]", "prod 1795498800123 24/Nov/2026:05:40:00 +0000 192.0.2.1 []"},
		{"maps of the context print nothing", "[$context.identity$context.authorizer] $context.authorizer.claims.sub $context.isCanaryRequest", "[] s true"},
		{"stage variables", "$stageVariables.table [$stageVariables.none]", "Orders []"},
		{"escapeJavaScript", "$util.escapeJavaScript($input.json('$')) $util.escapeJavaScript('é\"\t')", `{\"name\":\"it\'s\",\"list\":[{\"a\":\"\/\"}],\"n\":null} \u00E9\"\t`},
		{"urlEncode", "$util.urlEncode('a b&ü*~') $util.urlDecode('a+b%26%C3%BC') [$util.urlEncode($nope)]", "a+b%26%C3%BC*%7E a b&ü []"},
		{"base64", "$util.base64Encode('é') $util.base64Decode('w6k=')", "w6k= é"},
		{"parseJson", "#set($x = $util.parseJson('{\"a\":[1]}'))$x.a[0]", "1"},
		{"unknown function", "[$util.nope('x')]", "[]"},
		{"overrides print nothing", "[$context.requestOverride] $context.requestOverride.keySet() $context.responseOverride.keySet()", "[] [path, header, querystring] [header]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := renderMapping(t, test.template, mappingInput()); got != test.want {
				t.Fatalf("got  %s\nwant %s", got, test.want)
			}
		})
	}
}

func renderMapping(t testing.TB, text string, in *TemplateInput) string {
	template, err := ParseMappingTemplate("t.vtl", text)
	if err != nil {
		t.Fatal(err)
	}
	s, err := template.Render(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestMappingTemplateErrors(t *testing.T) {
	for _, test := range []struct{ template, want string }{
		{"a\n$input.path('$[')", "t.vtl:2:8: .path(): invalid JSONPath"},
		{"$input.path($nope)", "t.vtl:1:8: .path(): a JSONPath is empty"},
		{"$util.parseJson('{')", "t.vtl:1:7: .parseJson(): JSON ends too early"},
		{"$util.base64Decode('!')", "t.vtl:1:7: .base64Decode(): not Base64"},
		{"$util.urlDecode('%')", "t.vtl:1:7: .urlDecode(): not URL-encoded"},
	} {
		template, err := ParseMappingTemplate("t.vtl", test.template)
		if err != nil {
			t.Fatal(err)
		}
		_, err = template.Render(mappingInput())
		var e *vtl.Error
		if !errors.As(err, &e) || !strings.HasPrefix(err.Error(), test.want) {
			t.Errorf("%s: got %v, want %s", test.template, err, test.want)
		}
	}
}

// TestEmptyBody counts as {} (rule 81); what is no JSON has no paths.
func TestMappingTemplateEmptyBody(t *testing.T) {
	if got := renderMapping(t, "$input.body $input.json('$')", &TemplateInput{}); got != "{} {}" {
		t.Errorf("got %s", got)
	}
	in := &TemplateInput{Body: "{no"}
	if got := renderMapping(t, "$input.body [$input.path('$.a')]", in); got != "{no []" {
		t.Errorf("got %s", got)
	}
}

// TestContextMembers: a member of $context is the same whether a template asks
// for it or walks through all, and what a template changes within stays changed.
func TestContextMembers(t *testing.T) {
	const text = `#macro(all $m)#foreach($k in $m.keySet())$k=$!m.get($k) #end#end` +
		`$context.stage $!context.nope $!context.path|$context.size() #all($context)|$context.identity.size() #all($context.identity)|` +
		`#set($context.identity.user = 'me')#set($context.authorizer.a = 2)$context.put('stage', 'test')|` +
		`$context.identity.user $context.authorizer.a $context.stage|#foreach($v in $context.entrySet())#if($v.key == 'identity')$v.value.get('user')#end#end`
	in := &TemplateInput{Context: &ContextVariables{
		Stage: "prod", Identity: Identity{SourceIP: "192.0.2.7", APIKey: "k"}, More: map[string]any{"authorizer": map[string]any{"a": "1"}},
	}}
	const want = "prod  |5 requestOverride= stage=prod authorizer= identity= responseOverride= |" +
		"14 cognitoIdentityPoolId= cognitoIdentityId= principalOrgId= apiKey=k cognitoAuthenticationType= userArn= apiKeyId= userAgent= " +
		"accountId= caller= sourceIp=192.0.2.7 accessKey= cognitoAuthenticationProvider= user= |prod|me 2 test|me"
	if got := renderMapping(t, text, in); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	written := "#set($context.identity.user = 'me')$context.stage|#all($context.identity)"
	if got := renderMapping(t, text[:strings.Index(text, "$context")]+written, in); !strings.HasSuffix(got, "user=me ") {
		t.Errorf("got %s", got)
	}
}

// TestContextOrder: the keys of $context come in the order of Java's HashMap,
// as recorded.
func TestContextOrder(t *testing.T) {
	names := []string{"accountId", "apiId", "deploymentId", "domainName", "domainPrefix", "extendedRequestId", "httpMethod", "identity",
		"path", "protocol", "requestId", "requestOverride", "requestTime", "requestTimeEpoch", "resourceId", "resourcePath", "responseOverride", "stage"}
	var all contextMembers
	for _, name := range names {
		all = all.set(name, name)
	}
	var got []string
	last := int64(-1)
	for _, e := range all.ordered() {
		name := e.Key.(string)
		got = append(got, name)
		h := uint32(vtl.HashCode(name))
		bucket := int64((h ^ h>>16) & 31)
		if bucket < last {
			t.Errorf("%s is in bucket %d after %d", name, bucket, last)
		}
		last = bucket
	}
	if slices.Sort(got); !slices.Equal(got, names) {
		t.Errorf("got %v", got)
	}
}

func TestOverrides(t *testing.T) {
	in := mappingInput()
	renderMapping(t, `#set($context.requestOverride.header.X-Amz-Target = "T")#set($context.requestOverride.querystring["q"] = ["1", 2])
#set($context.requestOverride.path.id = $nope)$context.requestOverride.path.put("a", "b")#set($context.responseOverride.status = 202)
#set($context.responseOverride.header.X = "y")#set($context.responseOverride.own = "kept")`, in)
	o := in.Overrides
	if diff := cmp.Diff([]Field{{"X-Amz-Target", "T"}}, o.RequestHeader()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Field{{"q", "1"}, {"q", "2"}}, o.RequestQuerystring()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Field{{"a", "b"}}, o.RequestPath()); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]Field{{"X", "y"}}, o.ResponseHeader()); diff != "" {
		t.Error(diff)
	}
	if status, ok := o.ResponseStatus(); !ok || status != 202 {
		t.Errorf("got %d %v", status, ok)
	}
	if got := renderMapping(t, "$context.requestOverride.header.X-Amz-Target $context.responseOverride.own", in); got != "T kept" {
		t.Errorf("the response template sees %q", got)
	}
}

func TestOverridesStatus(t *testing.T) {
	for text, want := range map[string]int{"200": 200, "'404'": 404, "99": 0, "600": 0, "'x'": 0, "$nope": 0, "200.0": 0} {
		in := mappingInput()
		renderMapping(t, "#set($context.responseOverride.status = "+text+")", in)
		if got, ok := in.Overrides.ResponseStatus(); ok != (want != 0) || ok && got != want {
			t.Errorf("%s: got %d %v", text, got, ok)
		}
	}
	var none *Overrides
	if _, ok := none.ResponseStatus(); ok || none.RequestHeader() != nil {
		t.Error("no overrides are none")
	}
}

func TestContextLookup(t *testing.T) {
	c := mappingInput().Context
	for path, want := range map[string]string{"stage": "prod", "identity.sourceIp": "192.0.2.1", "requestTimeEpoch": "1795498800123", "authorizer.claims.sub": "s", "isCanaryRequest": "true"} {
		if got, ok := c.Lookup(path); !ok || got != want {
			t.Errorf("%s: got %q %v", path, got, ok)
		}
	}
	for _, path := range []string{"nope", "identity", "identity.user", "stage.x", ""} {
		if got, ok := c.Lookup(path); ok {
			t.Errorf("%s: got %q", path, got)
		}
	}
}

// BenchmarkMappingTemplate renders a prepared template, the body parsed anew
// each time.
func BenchmarkMappingTemplate(b *testing.B) {
	items := strings.Repeat(`{"id":1,"name":"item"},`, 100)
	for _, bench := range []struct{ name, template, body string }{
		{"mock", `{"statusCode": 200}`, `{"a":1}`},
		{"put-item", `{"TableName":"$stageVariables.table","Item":{"id":{"S":"$context.requestTimeEpoch"},` +
			`"name":{"S":"$util.escapeJavaScript($input.path('$.name')).replaceAll("\\'", "'")}}}`, `{"name":"Ann \"A\" O'Hara"}`},
		{"foreach", `#foreach($i in $input.path('$.items')){"id":$i.id,"name":"$i.name.toUpperCase()"}#if($foreach.hasNext),#end#end`,
			`{"items":[` + strings.TrimSuffix(items, ",") + `]}`},
	} {
		template, err := ParseMappingTemplate("t.vtl", bench.template)
		if err != nil {
			b.Fatal(err)
		}
		in := mappingInput()
		in.Body = bench.body
		b.Run(bench.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := template.Render(in); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(bench.name+"/observed", func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, _, err := template.Observe(in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
