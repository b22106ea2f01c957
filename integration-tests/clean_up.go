package integrationtests

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/sfn"
	sfntypes "github.com/aws/aws-sdk-go-v2/service/sfn/types"
)

// tablesOf are the outputs that name a table, in the order in which the tables are cleared.
var tablesOf = []string{"NotificationsTableName", "OrdersTableName", "ProductsTableName"}

// Removed counts what a clean-up took away.
type Removed struct {
	Run               string
	Executions, Items int
}

// String tells what stays as well.
func (r Removed) String() string {
	return fmt.Sprintf("run %s: %d items deleted, %d executions stopped; "+
		"what can't be removed: ended executions (90 days), log lines, traces, dead letters (14 days)", r.Run, r.Items, r.Executions)
}

// CleanUp stops the executions that the run's cases started, then deletes their items: whatever carries the run's
// word. It does so again until nothing has turned up for quiet. An error names what is left.
//
// Cases wait for what they start, so quiet may be 0 after a run in which all of them passed. After another run a
// message or a task may still be on its way; what arrives later than quiet stays.
func (t *Target) CleanUp(ctx context.Context, quiet time.Duration) (Removed, error) {
	removed := Removed{Run: t.run}
	last := time.Now()
	for {
		executions, err := t.stopExecutions(ctx)
		items := 0
		for _, output := range tablesOf {
			n, failed := t.clear(ctx, output)
			items, err = items+n, errors.Join(err, failed)
		}
		removed.Executions += executions
		removed.Items += items
		if err != nil {
			return removed, fmt.Errorf("what run %s made is not all removed: %w", t.run, err)
		}
		if executions+items > 0 {
			last = time.Now()
		} else if time.Since(last) >= quiet {
			return removed, nil
		}
		select {
		case <-time.After(min(quiet, time.Second)):
		case <-ctx.Done():
			return removed, fmt.Errorf("clean-up of run %s: %w", t.run, ctx.Err())
		}
	}
}

// stopExecutions stops those of the run that have not ended. Executions can't be deleted.
func (t *Target) stopExecutions(ctx context.Context) (int, error) {
	machine, ok := t.Outputs.Find("OrderWorkflowArn")
	if !ok {
		return 0, nil
	}
	stopped := 0
	pages := sfn.NewListExecutionsPaginator(t.sfn, &sfn.ListExecutionsInput{
		StateMachineArn: &machine,
		StatusFilter:    sfntypes.ExecutionStatusRunning,
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return stopped, fmt.Errorf("executions of %s: %w", machine, err)
		}
		for _, execution := range page.Executions {
			ours, err := t.stopExecution(ctx, execution.ExecutionArn)
			if err != nil {
				return stopped, fmt.Errorf("execution %s: %w", aws.ToString(execution.ExecutionArn), err)
			}
			if ours {
				stopped++
			}
		}
	}
	return stopped, nil
}

// stopExecution stops an execution whose input carries the run's word.
func (t *Target) stopExecution(ctx context.Context, arn *string) (ours bool, err error) {
	execution, err := t.sfn.DescribeExecution(ctx, &sfn.DescribeExecutionInput{ExecutionArn: arn})
	if err != nil || !strings.Contains(aws.ToString(execution.Input), t.run) {
		return false, err
	}
	_, err = t.sfn.StopExecution(ctx, &sfn.StopExecutionInput{ExecutionArn: arn, Cause: aws.String("clean-up of integration tests")})
	return err == nil, err
}

// clear deletes the run's items from the table that an output names, if any does. It reads the whole table.
func (t *Target) clear(ctx context.Context, output string) (int, error) {
	table, ok := t.Outputs.Find(output)
	if !ok {
		return 0, nil
	}
	described, err := t.dynamodb.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: &table})
	if err != nil {
		return 0, fmt.Errorf("table %s: %w", table, err)
	}
	deleted := 0
	var left []error
	pages := dynamodb.NewScanPaginator(t.dynamodb, &dynamodb.ScanInput{TableName: &table, ConsistentRead: aws.Bool(true)})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return deleted, errors.Join(append(left, fmt.Errorf("table %s: %w", table, err))...)
		}
		for _, item := range page.Items {
			if !t.made(item) {
				continue
			}
			key := map[string]types.AttributeValue{}
			for _, attribute := range described.Table.KeySchema {
				key[*attribute.AttributeName] = item[*attribute.AttributeName]
			}
			if _, err := t.dynamodb.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &table, Key: key}); err != nil {
				left = append(left, fmt.Errorf("table %s, item %v: %w", table, plain(&types.AttributeValueMemberM{Value: key}), err))
				continue
			}
			deleted++
		}
	}
	return deleted, errors.Join(left...)
}

// made tells an item of the run by its word, which any text of the item may carry.
func (t *Target) made(item map[string]types.AttributeValue) bool {
	for _, value := range item {
		if text, ok := value.(*types.AttributeValueMemberS); ok && strings.Contains(text.Value, t.run) {
			return true
		}
	}
	return false
}
