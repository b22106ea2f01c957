package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// tools are the programs that LocalStack's open core needs here.
type tools struct {
	python, java, maven string
}

// findTools finds them, or says all that is missing and what to do.
func findTools(ctx context.Context) (tools, error) {
	t := tools{python: findPython(ctx), java: findJava(ctx)}
	var missing []string
	if t.python == "" {
		missing = append(missing, "Python 3.12 or 3.13, with venv: install it, or run pyenv install 3.13")
	}
	if t.java == "" {
		missing = append(missing, "Java 17 or newer, for DynamoDB Local: install a JRE, and put java on the PATH")
	}
	var err error
	if t.maven, err = exec.LookPath("mvn"); err != nil {
		missing = append(missing, "Maven, which fetches DynamoDB Local: put mvn on the PATH")
	}
	if _, err := exec.LookPath("setpriv"); err != nil {
		missing = append(missing, "setpriv, which ends programs with LocalStack: install util-linux")
	}
	if missing == nil {
		return t, nil
	}
	return tools{}, usageError{errors.New("LocalStack's open core needs, and this machine lacks:\n  " + strings.Join(missing, "\n  ") +
		"\nor start Docker and set LOCALSTACK_AUTH_TOKEN, or name a running LocalStack by AWS_ENDPOINT_URL")}
}

// findPython looks for what requirements.txt was made with.
func findPython(ctx context.Context) string {
	candidates := []string{"python3.13", "python3.12", "python3"}
	if root, err := exec.CommandContext(ctx, "pyenv", "root").Output(); err == nil {
		for _, version := range []string{"3.13.*", "3.12.*"} {
			found, _ := filepath.Glob(filepath.Join(strings.TrimSpace(string(root)), "versions", version, "bin", "python3"))
			candidates = append(candidates, found...)
		}
	}
	for _, candidate := range candidates {
		const check = "import sys, venv, ensurepip; print(sys.executable if (3, 12) <= sys.version_info < (3, 14) else '')"
		out, err := exec.CommandContext(ctx, candidate, "-c", check).Output()
		if path := strings.TrimSpace(string(out)); err == nil && path != "" {
			return path
		}
	}
	return ""
}

var javaVersion = regexp.MustCompile(`version "(\d+)`)

func findJava(ctx context.Context) string {
	path, err := exec.LookPath("java")
	if home := os.Getenv("JAVA_HOME"); err != nil && home != "" {
		path = filepath.Join(home, "bin", "java")
	}
	out, err := exec.CommandContext(ctx, path, "-version").CombinedOutput()
	version := javaVersion.FindSubmatch(out)
	if err != nil || version == nil {
		return ""
	}
	if major, err := strconv.Atoi(string(version[1])); err != nil || major < 17 {
		return ""
	}
	return path
}
