package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindTools(t *testing.T) {
	const (
		python = "echo /usr/bin/python3.13"
		java   = `echo 'openjdk version "21.0.5" 2024-10-15' >&2`
	)
	for _, test := range []struct {
		name     string
		programs map[string]string // what each does
		missing  []string
	}{
		{"nothing", nil, []string{"Python", "Java", "Maven", "setpriv"}},
		{"all", map[string]string{"python3.12": python, "java": java, "mvn": "", "setpriv": ""}, nil},
		{"old Java", map[string]string{"python3": python, "java": `echo 'java version "1.8.0_402"' >&2`, "mvn": "", "setpriv": ""}, []string{"Java"}},
		{"old Python", map[string]string{"python3": "echo", "java": java, "mvn": "", "setpriv": ""}, []string{"Python"}},
		{"Python without venv", map[string]string{"python3.12": "exit 1", "java": java, "mvn": "", "setpriv": ""}, []string{"Python"}},
		{"no Maven", map[string]string{"python3.13": python, "java": java, "setpriv": ""}, []string{"Maven"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			folder := t.TempDir()
			for name, does := range test.programs {
				if err := os.WriteFile(filepath.Join(folder, name), []byte("#!/bin/sh\n"+does+"\n"), 0o755); err != nil {
					t.Fatal(err)
				}
			}
			t.Setenv("PATH", folder)
			t.Setenv("JAVA_HOME", "")
			found, err := findTools(t.Context())
			if test.missing == nil {
				if err != nil || found.python != "/usr/bin/python3.13" || found.java != filepath.Join(folder, "java") {
					t.Errorf("got %+v, %v", found, err)
				}
				return
			}
			if !errors.As(err, new(usageError)) {
				t.Fatalf("got %v", err)
			}
			for _, name := range []string{"Python", "Java", "Maven", "setpriv"} {
				wanted := strings.Contains(strings.Join(test.missing, " "), name)
				if strings.Contains(err.Error(), "\n  "+name) != wanted {
					t.Errorf("%s: wanted %t in: %v", name, wanted, err)
				}
			}
		})
	}
}
