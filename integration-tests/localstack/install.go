package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// source is the folder of this program, seen from the project's.
const source = "integration-tests/localstack"

// installation is what host mode installs once, each part in a folder of its own.
type installation struct {
	python   string // of the virtual environment with LocalStack
	executor string // our Python package, whose tests have passed
	dynamodb string // jars
}

func (s *session) install(ctx context.Context, t tools) (i installation, err error) {
	requirements := filepath.Join(source, "requirements.txt")
	venv, err := s.installed("localstack", []string{t.python, requirements}, func(folder string) error {
		if err := s.run(ctx, "install.log", os.Environ(), t.python, "-m", "venv", folder); err != nil {
			return err
		}
		return s.run(ctx, "install.log", os.Environ(), filepath.Join(folder, "bin", "pip"), "install", "--no-deps", "--requirement", requirements)
	})
	if err != nil {
		return i, err
	}
	i.python = filepath.Join(venv, "bin", "python")
	executor := filepath.Join(source, "executor")
	i.executor, err = s.installed("executor", []string{i.python, executor}, func(folder string) error {
		sources := filepath.Join(s.work, "executor") // pip builds in place
		if err := os.CopyFS(sources, os.DirFS(executor)); err != nil {
			return err
		}
		err := s.run(ctx, "install.log", os.Environ(), i.python, "-m", "pip", "install", "--no-deps", "--no-build-isolation", "--target", folder, sources)
		if err != nil {
			return err
		}
		env := append(os.Environ(), "PYTHONPATH="+folder)
		return s.run(ctx, "executor-test.log", env, i.python, "-W", "error", "-m", "unittest", "discover", "--start-directory", filepath.Join(sources, "tests"))
	})
	if err != nil {
		return i, err
	}
	pom := filepath.Join(source, "pom.xml")
	i.dynamodb, err = s.installed("dynamodb-local", []string{pom}, func(folder string) error {
		return s.run(ctx, "install.log", os.Environ(), t.maven, "--batch-mode", "--no-transfer-progress", "--file", pom,
			"dependency:copy-dependencies", "-DoutputDirectory="+folder)
	})
	return i, err
}

// installed returns a folder that fill has filled, in this run or an earlier one. It is filled anew when that failed,
// and when one of the files or folders changes that it is made from.
func (s *session) installed(name string, from []string, fill func(folder string) error) (string, error) {
	key, err := digest(from)
	if err != nil {
		return "", err
	}
	folder := filepath.Join(s.cache, name+"-"+key)
	filled := filepath.Join(folder, ".filled")
	if _, err := os.Stat(filled); err == nil {
		return folder, nil
	}
	outdated, err := filepath.Glob(filepath.Join(s.cache, name+"-*"))
	if err != nil {
		return "", err
	}
	for _, old := range outdated {
		if err := os.RemoveAll(old); err != nil {
			return "", err
		}
	}
	fmt.Fprintf(s.out, "installing %s …\n", name)
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	if err := fill(folder); err != nil {
		return "", err
	}
	return folder, os.WriteFile(filled, nil, 0o644)
}

// digest is of the names and the content of files.
func digest(paths []string) (string, error) {
	hash := sha256.New()
	for _, path := range paths {
		err := filepath.WalkDir(path, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			data, err := os.ReadFile(path)
			hash.Write([]byte(path))
			hash.Write(data)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(hash.Sum(nil)[:6]), nil
}
