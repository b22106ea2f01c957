package gateway

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// usagePlans are the plans of an assembly by ID: one plan may cover stages of
// several APIs, and counts their requests together.
type usagePlans map[string]*UsagePlan

func newUsagePlans(a *cfn.Assembly) (usagePlans, cfn.Problems) {
	plans := usagePlans{}
	var problems cfn.Problems
	for _, r := range a.Resources("AWS::ApiGateway::UsagePlan") {
		plan := &UsagePlan{Throttle: noThrottle, Methods: map[string]ThrottleSettings{}}
		report := func(property, message, hint string) {
			problems = append(problems, r.Problem(property, message, hint))
		}
		var err error
		if plan.Throttle, err = throttleSettings(r.Map("Throttle"), "RateLimit", "BurstLimit"); err != nil {
			report("Throttle", err.Error(), "")
		}
		for i := range r.List("ApiStages") {
			at := "ApiStages." + strconv.Itoa(i)
			for method, limits := range r.Map(at + ".Throttle") { // "/orders/{id}/GET"
				settings, _ := limits.(map[string]any)
				path, verb := splitMethod(method)
				key := stageKey(r.String(at+".ApiId"), r.String(at+".Stage"), verb, path)
				if plan.Methods[key], err = throttleSettings(settings, "RateLimit", "BurstLimit"); err != nil {
					report(at+".Throttle."+method, err.Error(), "")
				}
			}
		}
		if r.Has("Quota") {
			plan.Quota = &Quota{Limit: r.Int("Quota.Limit"), Offset: r.Int("Quota.Offset"), Period: r.String("Quota.Period")}
			if !slices.Contains([]string{"DAY", "WEEK", "MONTH"}, plan.Quota.Period) {
				report("Quota.Period", fmt.Sprintf("there is no period %q", plan.Quota.Period), "use DAY, WEEK or MONTH")
			}
		}
		problems = append(problems, r.Problems...)
		plans[r.Ref()] = plan
	}
	return plans, problems
}

// splitMethod takes a method's path and HTTP method apart, "/orders/{id}/GET".
func splitMethod(name string) (path, verb string) {
	slash := strings.LastIndex(name, "/")
	return "/" + strings.Trim(name[:slash+1], "/"), name[slash+1:]
}

// throttleSettings reads a rate and a burst by their names; nothing set gives
// noThrottle.
func throttleSettings(limits map[string]any, rate, burst string) (ThrottleSettings, error) {
	s := noThrottle
	for name, value := range limits {
		if name != rate && name != burst {
			continue
		}
		number, err := json.Number(fmt.Sprint(value)).Float64()
		switch {
		case err != nil:
			return noThrottle, fmt.Errorf("%s is %v, where a number is needed", name, value)
		case name == rate:
			s.RateLimit = number
		default:
			s.BurstLimit = int(number)
		}
	}
	return s, nil
}

// apiKeys are the keys of the usage plans that cover the stage. The service
// lets a key be in one such plan only.
func (b *builder) apiKeys(api *API) []*APIKey {
	var keys []*APIKey
	for _, plan := range b.assembly.Resources("AWS::ApiGateway::UsagePlan") {
		if !covers(plan, api) {
			continue
		}
		for _, link := range b.assembly.Resources("AWS::ApiGateway::UsagePlanKey") {
			r := b.assembly.ByRef(link.String("KeyId"))
			if link.String("UsagePlanId") != plan.Ref() || r == nil {
				continue
			}
			key := &APIKey{
				LogicalID: r.LogicalID, ID: r.Ref(), Value: r.String("Value"),
				Enabled: !r.Has("Enabled") || r.Bool("Enabled"), Plan: b.plans[plan.Ref()],
			}
			if !r.Has("Value") {
				key.Value, key.MadeUp = madeUpValue(r.Stack.Name, r.LogicalID), true
			}
			keys = append(keys, key)
		}
	}
	return keys
}

func covers(plan *cfn.Resource, api *API) bool {
	for i := range plan.List("ApiStages") {
		at := "ApiStages." + strconv.Itoa(i) + "."
		if plan.String(at+"ApiId") == api.ID && plan.String(at+"Stage") == api.Stage.Name {
			return true
		}
	}
	return false
}
