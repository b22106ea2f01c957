package main

import (
	"bufio"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/hostprocess/processtest"
)

const watched = `
Resources:
  Api: {Type: AWS::ApiGateway::RestApi, Properties: {Name: api}}
  Get:
    Type: AWS::ApiGateway::Method
    Metadata: {"apigw:mappings": {"Integration/IntegrationResponses/0/ResponseTemplates/application/json": response.vtl}}
    Properties:
      RestApiId: !Ref Api
      ResourceId: !GetAtt Api.RootResourceId
      HttpMethod: GET
      AuthorizationType: NONE
      MethodResponses: [{StatusCode: "200"}]
      Integration:
        Type: MOCK
        RequestTemplates: {application/json: '{"statusCode": 200}'}
        IntegrationResponses: [{StatusCode: "200", ResponseTemplates: {application/json: before}}]
  Deployment: {Type: AWS::ApiGateway::Deployment, DependsOn: Get, Properties: {RestApiId: !Ref Api, StageName: test}}
`

// serveWatched serves the watched template from a folder of its own.
func serveWatched(t *testing.T, args ...string) (c *exec.Cmd, folder, base string, stderr *bufio.Scanner) {
	t.Helper()
	folder = t.TempDir()
	write(t, filepath.Join(folder, "template.yaml"), watched)
	write(t, filepath.Join(folder, "response.vtl"), "before")
	write(t, filepath.Join(folder, "cdk.json"), "{}") // the project's folder is this one
	c = command(t, append([]string{"serve", "--template", filepath.Join(folder, "template.yaml"), "--port", "0"}, args...)...)
	reader, writer := io.Pipe()
	c.Stderr = writer
	t.Cleanup(func() { reader.Close() })
	base, _ = startServe(t, c)
	return c, folder, base, bufio.NewScanner(reader)
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// stopWatched ends the command while nobody reads its lines.
func stopWatched(t *testing.T, c *exec.Cmd, stderr *bufio.Scanner) {
	t.Helper()
	go func() {
		for stderr.Scan() {
		}
	}()
	stopServe(t, c)
}

func TestServeTellsReloads(t *testing.T) {
	c, folder, base, stderr := serveWatched(t)
	for _, step := range []struct{ text, told, body string }{
		{"#if(", "not reloaded response.vtl: what was there before is still served", "before"},
		{"after", "reloaded response.vtl", "after"},
	} {
		write(t, filepath.Join(folder, "response.vtl"), step.text)
		for stderr.Scan() && !strings.HasPrefix(stderr.Text(), step.told) {
		}
		if !strings.HasPrefix(stderr.Text(), step.told) {
			t.Fatalf("%q was not told", step.told)
		}
		if _, body := request(t, "GET", base, ""); body != step.body {
			t.Errorf("after %q: %s, want %s", step.text, body, step.body)
		}
	}
	stopWatched(t, c, stderr)
}

func TestNoWatch(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux shows what a process watches")
	}
	for name, watches := range map[string]bool{"--no-watch": false, "--debug": true} {
		t.Run(name, func(t *testing.T) {
			c, _, _, stderr := serveWatched(t, name)
			folder := filepath.Join("/proc", strconv.Itoa(c.Process.Pid), "fd")
			found := func() bool {
				files, err := os.ReadDir(folder)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range files {
					if to, err := os.Readlink(filepath.Join(folder, f.Name())); err == nil && strings.HasSuffix(to, "inotify") {
						return true
					}
				}
				return false
			}
			if watches {
				processtest.Eventually(t, "it watches files", found)
			} else if found() {
				t.Error("it watches files")
			}
			stopWatched(t, c, stderr)
		})
	}
}
