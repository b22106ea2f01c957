package main

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestAPIURL(t *testing.T) {
	for output, want := range map[string]string{
		"https://abc.execute-api.localhost.localstack.cloud:4566/prod/": "https://abc.execute-api.localhost.localstack.cloud:4566/prod",
		"https://abc.execute-api.us-east-1.amazonaws.com/prod":          "https://abc.execute-api.us-east-1.amazonaws.com/prod",
		"http://127.0.0.1:4566/restapis/abc/prod":                       "",
		"https://abc.execute-api.localhost/":                            "",
		"":                                                              "",
	} {
		t.Run(output, func(t *testing.T) {
			u, err := apiURL(outputs{"IntegrationsApi": {"ApiUrl": output}})
			switch {
			case want == "" && (err == nil || !strings.Contains(err.Error(), "output ApiUrl is")):
				t.Errorf("got %v, %v", u, err)
			case want != "" && (err != nil || u.String() != want):
				t.Errorf("got %v, %v", u, err)
			}
		})
	}
}

func TestSettle(t *testing.T) {
	for name, test := range map[string]struct {
		stacks []string // in progress, at each time that it asks
		fails  bool
	}{
		"nothing goes on":           {[]string{""}, false},
		"a deployment goes on":      {[]string{"IntegrationsApi", "IntegrationsApi", ""}, false},
		"another's stack goes on":   {[]string{"Shop"}, false},
		"it goes on without an end": {[]string{"IntegrationsApi"}, true},
	} {
		t.Run(name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.FormValue("Action") != "ListStacks" || r.FormValue("StackStatusFilter.member.1") != "CREATE_IN_PROGRESS" {
					t.Errorf("got %v", r.Form)
				}
				stack := test.stacks[min(asked, len(test.stacks)-1)]
				asked++
				if stack != "" {
					stack = "<member><StackName>" + stack + "</StackName><StackStatus>CREATE_IN_PROGRESS</StackStatus></member>"
				}
				io.WriteString(w, "<ListStacksResponse><ListStacksResult><StackSummaries>"+stack+"</StackSummaries></ListStacksResult></ListStacksResponse>")
				if test.fails && asked > 1 {
					cancel()
				}
			}))
			defer server.Close()
			err := (&session{endpoint: server.URL}).settle(ctx)
			if (err != nil) != test.fails || !test.fails && asked != len(test.stacks) {
				t.Errorf("got %v after %d questions", err, asked)
			}
		})
	}
}

func TestDoorPassesRequestsOnAsTheyCame(t *testing.T) {
	behind := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		io.WriteString(w, r.Method+" "+r.Host+" "+r.RequestURI+" "+r.Header.Get("X-Forwarded-For")+r.Header.Get("Accept-Encoding")+"|"+string(body))
	}))
	defer behind.Close()
	s := &session{endpoint: behind.URL, outputs: outputs{"IntegrationsApi": {"ApiUrl": "https://abc.execute-api.localhost:4566/prod/"}}}
	if err := s.openDoor(t.Context()); err != nil {
		t.Fatal(err)
	}
	request, err := http.NewRequest("POST", s.baseURL+"/a%2Fb//c?x=1&x=;%zz", strings.NewReader("body"))
	if err != nil {
		t.Fatal(err)
	}
	client := http.Client{Transport: &http.Transport{DisableCompression: true, DisableKeepAlives: true}}
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	got, err := io.ReadAll(response.Body)
	if want := "POST abc.execute-api.localhost:4566 /prod/a%2Fb//c?x=1&x=;%zz |body"; err != nil || string(got) != want {
		t.Errorf("got  %q, %v\nwant %q", got, err, want)
	}
	for _, stop := range s.stops {
		if err := stop(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if _, err := client.Get(s.baseURL); err == nil {
		t.Error("it answers after its end")
	}
}
