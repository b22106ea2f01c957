package gateway

import (
	"context"
	"slices"
	"testing"
	"time"
)

func TestAPIKey(t *testing.T) {
	keys := []*APIKey{{ID: "k1", Value: "right", Enabled: true}, {ID: "k2", Value: "disabled"}}
	tests := []struct {
		name, sent string
		want       ResponseType
	}{
		{"right", "right", ""}, {"missing", "", InvalidAPIKey}, {"wrong", "wrong", InvalidAPIKey}, {"disabled", "disabled", InvalidAPIKey},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := &Request{}
			if test.sent != "" {
				r.Header.Add("X-API-Key", test.sent)
			}
			x := newTestExchange(r, func(m *Method) { m.APIKeyRequired, m.API.APIKeys = true, keys })
			wantFailure(t, methodRequest(context.Background(), x), test.want, "")
			if test.want == "" && x.ContextVariables().Identity.APIKeyID != "k1" {
				t.Error("the key is not in $context.identity")
			}
		})
	}
}

// planOf is a plan with one limit each of a kind.
func planOf(throttle, method ThrottleSettings, quota *Quota) *UsagePlan {
	return &UsagePlan{
		Throttle: throttle, Quota: quota,
		Methods: map[string]ThrottleSettings{stageKey("api1", "test", "GET", "/slow"): method},
	}
}

func TestUsagePlanLimits(t *testing.T) {
	api := newTestAPI([2]string{"GET", "/slow"}, [2]string{"GET", "/a"})
	slow, a := api.Resources[0].Methods["GET"], api.Resources[1].Methods["GET"]
	first, second := &APIKey{ID: "first"}, &APIKey{ID: "second"}
	perSecond := func(burst int) ThrottleSettings { return ThrottleSettings{RateLimit: 1, BurstLimit: burst} }
	saturday := time.Date(2026, 11, 28, 23, 0, 0, 0, time.UTC)
	type step struct {
		key    *APIKey
		method *Method
		after  time.Duration
		want   ResponseType
	}
	tests := []struct {
		name  string
		plan  *UsagePlan
		steps []step
	}{
		{"none", planOf(noThrottle, noThrottle, nil), []step{{first, slow, 0, ""}, {first, slow, 0, ""}}},
		{"each key has the plan's rate over all methods", planOf(perSecond(2), noThrottle, nil), []step{
			{first, slow, 0, ""}, {first, a, 0, ""}, {first, a, 0, Throttled}, {second, a, 0, ""}, {first, a, time.Second, ""},
		}},
		{"a method's rate is beside the plan's", planOf(perSecond(3), perSecond(1), nil), []step{
			{first, slow, 0, ""}, {first, slow, 0, Throttled}, {second, slow, 0, ""}, {first, a, 0, ""}, {first, a, 0, ""}, {first, a, 0, Throttled},
		}},
		{"quota of a day", planOf(noThrottle, noThrottle, &Quota{Limit: 2, Period: "DAY"}), []step{
			{first, a, 0, ""}, {first, slow, 0, ""}, {first, a, 59 * time.Minute, QuotaExceeded}, {second, a, 0, ""}, {first, a, time.Hour, ""},
		}},
		{"quota of a week that ends", planOf(noThrottle, noThrottle, &Quota{Limit: 1, Period: "WEEK"}), []step{
			{first, a, -6 * 24 * time.Hour, ""}, {first, a, 0, QuotaExceeded}, {first, a, time.Hour, ""}, {first, a, 2 * time.Hour, QuotaExceeded},
		}},
		{"quota of a month", planOf(noThrottle, noThrottle, &Quota{Limit: 1, Period: "MONTH"}), []step{
			{first, a, -27 * 24 * time.Hour, ""}, {first, a, 48 * time.Hour, QuotaExceeded}, {first, a, 49 * time.Hour, ""},
		}},
		{"the offset is of the first period", planOf(noThrottle, noThrottle, &Quota{Limit: 2, Offset: 1, Period: "DAY"}), []step{
			{first, a, 0, ""}, {first, a, 0, QuotaExceeded}, {first, a, time.Hour, ""}, {first, a, time.Hour, ""}, {first, a, time.Hour, QuotaExceeded},
		}},
		{"what is throttled uses no quota", planOf(perSecond(1), noThrottle, &Quota{Limit: 2, Period: "DAY"}), []step{
			{first, a, 0, ""}, {first, a, 0, Throttled}, {first, a, 5 * time.Second, ""}, {first, a, 10 * time.Second, QuotaExceeded},
		}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, s := range test.steps {
				wantFailure(t, test.plan.admit(s.key, s.method, saturday.Add(s.after)), s.want, "")
			}
		})
	}
}

// TestUsagePlanIsSharedByStages builds two stages of one plan, which count
// together, and reads limits from the template.
func TestUsagePlanIsSharedByStages(t *testing.T) {
	apis, problems := buildTemplate(t, method("      ApiKeyRequired: true\n      Integration: {Type: MOCK, IntegrationResponses: [{StatusCode: 200}]}")+`
  Beta: {Type: AWS::ApiGateway::Stage, Properties: {RestApiId: !Ref Api, DeploymentId: !Ref Deployment, StageName: beta}}
  Key: {Type: AWS::ApiGateway::ApiKey, Properties: {Enabled: true}}
  Plan:
    Type: AWS::ApiGateway::UsagePlan
    Properties:
      ApiStages:
        - {ApiId: !Ref Api, Stage: !Ref Prod, Throttle: {"/orders/{id}/GET": {RateLimit: 100, BurstLimit: 1}}}
        - {ApiId: !Ref Api, Stage: !Ref Beta}
      Throttle: {RateLimit: 100, BurstLimit: 2}
      Quota: {Limit: 3, Period: MONTH}
  Link: {Type: AWS::ApiGateway::UsagePlanKey, Properties: {KeyId: !Ref Key, KeyType: API_KEY, UsagePlanId: !Ref Plan}}
`)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	now := time.Date(2026, 11, 28, 0, 0, 0, 0, time.UTC)
	gateways := map[string]*Gateway{}
	for _, api := range apis {
		gateways[api.Stage.Name] = New(Options{API: api, Now: func() time.Time { return now }})
	}
	get := func(stage string) int {
		return gateways[stage].Handle(context.Background(), &Request{
			Method: "GET", Path: "/" + stage + "/orders/1", Header: Header{{"x-api-key", apis[0].APIKeys[0].Value}},
		}).StatusCode
	}
	var got []int
	for _, stage := range []string{"prod", "prod", "beta", "beta"} { // prod's method has one, the plan two
		got = append(got, get(stage))
	}
	now = now.Add(time.Minute)
	got = append(got, get("beta"), get("beta")) // a third is in the quota
	if want := []int{200, 429, 200, 429, 200, 429}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
