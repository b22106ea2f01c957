package vpclink

import (
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

// TestUnhealthyTask plays a service whose health path does not exist. Its task
// gets no request at first; then the load balancer fails open, unless ECS
// replaces the task.
func TestUnhealthyTask(t *testing.T) {
	sick := strings.NewReplacer(
		"HealthCheckPath: /health, HealthCheckIntervalSeconds: 10",
		"HealthCheckPath: /nowhere, HealthCheckIntervalSeconds: 1, UnhealthyThresholdCount: 1",
	).Replace(privateStack("yes", 1, ""))

	t.Run("is replaced", func(t *testing.T) {
		output := &buffer{}
		n, s := network(t, sick, Options{Output: output})
		start(t, n)
		if status, _, _ := get(t, n, s, "/pid"); status != 503 {
			t.Errorf("a task that was never healthy answered %d", status)
		}
		processtest.Eventually(t, "ECS stops the task", func() bool { return strings.Contains(output.String(), "stops in order") })
	})

	t.Run("is kept in the grace period", func(t *testing.T) {
		patient := strings.Replace(sick, "DesiredCount: 1", "DesiredCount: 1\n      HealthCheckGracePeriodSeconds: 600", 1)
		output := &buffer{}
		n, s := network(t, patient, Options{Output: output})
		start(t, n)
		processtest.Eventually(t, "the load balancer fails open", func() bool {
			status, _, _ := get(t, n, s, "/pid")
			return status == 200
		})
		if got := output.String(); got != "" {
			t.Errorf("the task printed %q", got)
		}
	})
}
