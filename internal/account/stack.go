package account

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/cloudformation/types"
)

// Unfinished is what to do about a stack that is not deployed in full, and "" for one that is. The states are those of
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html.
func Unfinished(status types.StackStatus) string {
	switch status {
	case types.StackStatusCreateComplete, types.StackStatusUpdateComplete, types.StackStatusImportComplete,
		types.StackStatusUpdateCompleteCleanupInProgress: // only what the update replaced is still being removed
		return ""
	case types.StackStatusReviewInProgress: // the CDK was told not to go on, for example
		return "it was planned, and never deployed: deploy it"
	case types.StackStatusUpdateRollbackFailed:
		return "bring it back first (aws cloudformation continue-update-rollback), then deploy again"
	case types.StackStatusDeleteFailed, types.StackStatusDeleteInProgress, types.StackStatusDeleteComplete:
		return "it is being destroyed, or was in part: end that (make destroy), then deploy again"
	}
	if strings.HasSuffix(string(status), "_IN_PROGRESS") {
		return "wait until CloudFormation is done with it"
	}
	return "its last deployment failed: read the stack's events, repair the cause and deploy again"
}
