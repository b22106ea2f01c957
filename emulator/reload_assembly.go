package emulator

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/lambdahost"
	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
)

// assemblyFiles are the assembly or template, and the CDK app that makes it.
type assemblyFiles struct {
	*Emulator
	app     *cdkApp // nil: nobody knows how the assembly is made
	appSum  string  // of the app's files at the last synthesis
	tried   string  // sum of the assembly's files that were taken over, or are broken
	content string  // of these
}

func (a *assemblyFiles) folders() []string {
	folders, _ := watch.Files(a.Assembly().Files())
	if a.app != nil {
		below, _ := a.app.files(a.Emulator)
		folders = append(folders, below...)
	}
	return folders
}

// follow synthesizes when the app has changed, and takes over the assembly when
// that has, whoever made it.
func (a *assemblyFiles) follow(ctx context.Context) (changed bool) {
	noticed := time.Now()
	if a.app != nil {
		a.synthesize(ctx, noticed)
	}
	for ctx.Err() == nil {
		_, sum := watch.Files(a.Assembly().Files())
		if sum == a.tried {
			return changed
		}
		a.tried = sum
		content := contentOf(a.Assembly().Files())
		what := a.displayed(a.options.App)
		if content == a.content && !a.isBroken(what) {
			continue
		}
		a.content = content
		problems, err := a.reassemble(ctx)
		if ctx.Err() != nil {
			return false
		}
		a.tell(what, noticed, err, problems...)
		changed = true
	}
	return false
}

// synthesize runs the app until its files are those that it was run with.
func (a *assemblyFiles) synthesize(ctx context.Context, noticed time.Time) {
	for ctx.Err() == nil {
		_, sum := a.app.files(a.Emulator)
		if a.appSum == "" {
			a.appSum = sum // the assembly may be older: that is for its user to know
		}
		if sum == a.appSum {
			return
		}
		a.appSum = sum
		err := a.app.synthesize(ctx)
		if ctx.Err() == nil && (err != nil || a.isBroken(a.app.command)) {
			a.tell(a.app.command, noticed, err)
		}
	}
}

// contentOf digests what is in the files.
func contentOf(files []string) string {
	digest := sha256.New()
	for _, file := range files {
		text, err := os.ReadFile(file)
		fmt.Fprintf(digest, "%s %d %v\n", file, len(text), err)
		digest.Write(text)
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// reassemble serves the assembly as it is now. Engines go on with what they
// hold, and so do processes of functions and containers that have not changed. An
// error leaves all as it was. problems are those that were not there before.
func (e *Emulator) reassemble(ctx context.Context) (problems cfn.Problems, err error) {
	e.changing.Lock()
	defer e.changing.Unlock()
	now := e.current.Load()
	next, err := e.read()
	if err != nil {
		return nil, err
	}
	keepMappings(now.assembly, next.assembly)
	if err := e.build(next, nil); err != nil {
		return nil, err
	}
	functions, found := lambdahost.FromAssembly(next.assembly, e.options.Functions, e.options.AllowFunctions)
	next.found = append(next.found, found...)
	applyToServices, found := e.services.Update(next.assembly)
	next.found = append(next.found, found.With(cfn.NoBackend)...)
	next.network, next.networkProblems = now.network, now.networkProblems
	if !now.network.Serves(next.assembly) {
		if err := e.startNetwork(ctx, next); err != nil {
			return nil, err
		}
	}
	forgetFunctions, err := e.functions.Update(ctx, functions)
	if err != nil {
		return nil, errors.Join(err, next.end(ctx, now))
	}
	if err := applyToServices(ctx); err != nil {
		e.options.Log.Warn("the engines serve less than the assembly has", "error", err)
	}
	if err := e.build(next, e.backends(next)); err != nil {
		return nil, errors.Join(err, next.end(ctx, now))
	}
	if err := e.put(ctx, next); err != nil {
		return nil, errors.Join(err, next.end(ctx, now))
	}
	forgetFunctions()
	fresh := slices.DeleteFunc(slices.Clone(next.problems), func(p cfn.Problem) bool { return slices.Contains(now.problems, p) })
	return fresh, nil
}

// startNetwork makes the network of next, and waits until its services are well.
func (e *Emulator) startNetwork(ctx context.Context, next *served) error {
	next.network, next.networkProblems = e.newNetwork(next)
	if err := next.network.Start(ctx); err != nil {
		return err
	}
	var errs []error
	for _, health := range next.network.CheckContainers(ctx) {
		if health.Err != nil {
			errs = append(errs, fmt.Errorf("target group %s: %w", health.Group.LogicalID, health.Err))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return errors.Join(err, next.network.Close(ctx))
	}
	return nil
}

// end ends the network of s, unless another one serves by it too.
func (s *served) end(ctx context.Context, other *served) error {
	if s.network == other.network {
		return nil
	}
	return s.network.Close(ctx)
}
