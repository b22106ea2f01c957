package awsservice

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
)

// Update reads what another assembly has for these engines. apply has them serve
// it from then on: they keep running with what they hold. New tables and queues
// are made, those that are gone stay; state machines, topics and subscriptions
// are those of the assembly.
func (s *Services) Update(a *cfn.Assembly) (apply func(context.Context) error, problems cfn.Problems) {
	o := s.options
	o.Assembly = a
	next, problems := newServices(o, s.sqs)
	return func(ctx context.Context) error { return s.adopt(ctx, next) }, problems
}

func (s *Services) adopt(ctx context.Context, next *Services) error {
	s.delivery.settings.Store(next.delivery.settings.Load())
	next.sns.delivery, next.sns.server, next.sqs.server = s.delivery, s.sns.server, s.sqs.server
	s.sns, s.sqs = next.sns, next.sqs
	s.sns.server.serve(s.sns)
	s.sqs.server.serve(s.sqs)

	var config sidecarConfig
	if !s.sidecar.has("dynamodb") && s.runs("dynamodb", len(next.dynamoDB.tables)) {
		s.dynamoDB.have(next.dynamoDB.tables...)
		config.DynamoDB = &s.dynamoDB.config
	}
	machines := next.states.config.Machines
	if !reflect.DeepEqual(machines, s.states.config.Machines) || !s.sidecar.has("states") {
		s.states.config.Machines = machines
		if s.sidecar.has("states") || s.runs("states", len(machines)) {
			config.States = &s.states.config
		}
	}
	if err := s.sidecar.configure(config); err != nil {
		return err
	}
	if config.DynamoDB != nil {
		return nil // its tables are made when it listens
	}
	return s.dynamoDB.add(ctx, next.dynamoDB.tables)
}

// add makes the tables that are not there yet. One that has changed stays as it
// is, with its items.
func (d *dynamoDB) add(ctx context.Context, tables []map[string]any) error {
	if !d.services.sidecar.has("dynamodb") {
		return nil
	}
	known := d.known()
	var errs []error
	for _, table := range tables {
		name := table["TableName"]
		switch earlier := known[name]; {
		case earlier == nil:
			endpoint, err := d.url(ctx)
			if err == nil {
				err = d.create(ctx, endpoint.String(), table)
			}
			if err == nil {
				d.have(table)
			}
			errs = append(errs, err)
		case !reflect.DeepEqual(earlier, table):
			errs = append(errs, d.changed(table))
		}
	}
	return errors.Join(errs...)
}

// known are the tables that the engine is to have, by name.
func (d *dynamoDB) known() map[any]map[string]any {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := map[any]map[string]any{}
	for _, table := range d.tables {
		known[table["TableName"]] = table
	}
	return known
}

// have adds tables to those that the engine is to have.
func (d *dynamoDB) have(tables ...map[string]any) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tables = slices.Concat(d.tables, tables)
}
