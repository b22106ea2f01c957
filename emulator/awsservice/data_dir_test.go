package awsservice

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestOpenDataDir(t *testing.T) {
	mark := func(text string) map[string]string { return map[string]string{dataMark: text} }
	tests := []struct {
		name  string
		files map[string]string
		want  string // of the error; "": there is none
	}{
		{"empty", nil, ""},
		{"known", mark(`{"format":1}`), ""},
		{"killed before its mark was written", mark(""), ""},
		{"somebody's", map[string]string{"thesis.txt": "…"}, "has other files and no apigw-data.json: name a data folder"},
		{"of a later version", mark(`{"format":2}`), "has format 2, this apigw reads format 1"},
		{"with a broken mark", mark(`{`), "apigw-data.json: unexpected end of JSON input"},
		{"without room for tables", map[string]string{dataMark: "", tablesFolder: "a file"}, "make the folder of the tables"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir := t.TempDir()
			for name, text := range test.files {
				if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			d, err := openDataDir(dir)
			if err == nil {
				d.close()
			}
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
}

func TestDataDirIsItsUsersOnly(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	d, err := openDataDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer d.close()
	for name, want := range map[string]os.FileMode{"": os.ModeDir | 0o700, tablesFolder: os.ModeDir | 0o700, dataMark: 0o600} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode() != want {
			t.Errorf("%q has mode %v, want %v", name, info.Mode(), want)
		}
	}
	if _, err := openDataDir(dir); err == nil || !strings.Contains(err.Error(), "in use by another apigw serve") {
		t.Errorf("opened twice: %v", err)
	}
	if _, err := openDataDir(filepath.Join(dir, dataMark)); err == nil || !strings.Contains(err.Error(), "make the data folder") {
		t.Errorf("a file in its place: %v", err)
	}
}

// runOn serves a template's text with the tables of a folder, until use returns,
// and gives the log.
func runOn(t *testing.T, dir, template string, use func(*Services)) string {
	t.Helper()
	var log logLines
	s, _ := New(Options{Assembly: loadText(t, template), Getenv: environment(nil), WorkDir: t.TempDir(), AllowFunctions: true, DataDir: dir, Log: slog.New(slog.NewTextHandler(&log, nil))})
	if err := s.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	use(s)
	if err := s.Close(context.Background()); err != nil {
		t.Error(err)
	}
	return log.String()
}

const (
	customersTable = `
  Customers:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: customers
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}, {AttributeName: city, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      GlobalSecondaryIndexes:
        - IndexName: byCity
          KeySchema: [{AttributeName: city, KeyType: HASH}]
          Projection: {ProjectionType: INCLUDE, NonKeyAttributes: [name, age]}
`
	invoicesTable = `
  Invoices:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: invoices
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
`
)

// TestTablesOfRunsBefore serves one folder with several templates, one after the
// other: each finds its tables as it left them.
func TestTablesOfRunsBefore(t *testing.T) {
	dir := t.TempDir()
	has := func(s *Services, table string) bool {
		status, answer := doJSON(t, s, "dynamodb:action/GetItem", `{"TableName":"`+table+`","Key":{"id":{"S":"7"}}}`)
		return status == 200 && answer["Item"] != nil
	}
	put := func(s *Services, table string) {
		if status, answer := doJSON(t, s, "dynamodb:action/PutItem", `{"TableName":"`+table+`","Item":{"id":{"S":"7"},"city":{"S":"Bern"}}}`); status != 200 {
			t.Errorf("put into %s: %d %v", table, status, answer)
		}
	}
	var logs []string
	run := func(template string, use func(*Services)) {
		logs = append(logs, runOn(t, dir, "Resources:\n"+template, use))
	}
	run(customersTable, func(s *Services) { put(s, "customers") })
	run(invoicesTable, func(s *Services) { put(s, "invoices") })
	reordered := strings.NewReplacer("[name, age]", "[age, name]").Replace(customersTable)
	run(reordered+invoicesTable, func(s *Services) {
		if !has(s, "customers") || !has(s, "invoices") {
			t.Error("an item of the runs before is gone")
		}
		_, answer := doJSON(t, s, "dynamodb:action/Query", `{"TableName":"customers","IndexName":"byCity","KeyConditionExpression":"city = :c","ExpressionAttributeValues":{":c":{"S":"Bern"}}}`)
		if answer["Count"] != 1.0 {
			t.Errorf("by the index: %v", answer)
		}
	})
	for i, log := range logs {
		if log != "" {
			t.Errorf("log of run %d: %s", i, log)
		}
	}
	log := runOn(t, dir, "Resources:\n"+strings.ReplaceAll(customersTable, "city", "town"), func(s *Services) {
		if !has(s, "customers") {
			t.Error("the changed table has lost its item")
		}
	})
	for _, want := range []string{"table customers has other keys or indexes now: it stays as it was in " + dir, "delete-table"} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q: %s", want, log)
		}
	}
}

// TestTableKilledInTheMaking finds a table in the state in which a kill leaves it
// between the two writes of CreateTable.
func TestTableKilledInTheMaking(t *testing.T) {
	dir := t.TempDir()
	var modules string
	runOn(t, dir, "Resources:\n"+customersTable, func(s *Services) {
		doJSON(t, s, "dynamodb:action/ListTables", "{}")
		modules = s.dynamoDB.config.NodeModules
	})
	script := `
const { Level } = require(process.argv[1] + '/level')
const db = new Level(process.argv[2], { valueEncoding: 'json' })
db.get('table~customers').then(async (table) => {
  table.TableStatus = table.GlobalSecondaryIndexes[0].IndexStatus = 'CREATING'
  await db.put('table~customers', table)
})`
	if output, err := exec.Command("node", "-e", script, modules, filepath.Join(dir, tablesFolder)).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, output)
	}
	log := runOn(t, dir, "Resources:\n"+customersTable, func(s *Services) {
		if status, answer := doJSON(t, s, "dynamodb:action/Scan", `{"TableName":"customers","IndexName":"byCity"}`); status != 200 {
			t.Errorf("scan: %d %v", status, answer)
		}
	})
	if log != "" {
		t.Errorf("log: %s", log)
	}
}

func TestKilledEnginesKeepTables(t *testing.T) {
	s, log, kill := engineFaults(t, Options{DataDir: t.TempDir()})
	doJSON(t, s, "dynamodb:action/PutItem", `{"TableName":"orders","Item":{"customerId":{"S":"c1"},"orderId":{"S":"o1"}}}`)
	kill()
	if status, answer := doJSON(t, s, "dynamodb:action/Scan", aTable); status != 200 || answer["Count"] != 1.0 {
		t.Errorf("after the restart: %d %v", status, answer)
	}
	if want := "started again: executions are lost"; !strings.Contains(log.String(), want) {
		t.Errorf("the log lacks %q: %s", want, log)
	}
}
