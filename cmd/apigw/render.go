package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/watch"
	"github.com/apigw-integrations/apigw-integrations/internal/terminal"
	"github.com/apigw-integrations/apigw-integrations/toolbox/mappingtest"
	"github.com/apigw-integrations/apigw-integrations/toolbox/render"
)

type renderCommand struct {
	Template      string            `arg:"" predictor:"file" help:"File of the template; - is standard input."`
	Body          string            `short:"d" placeholder:"TEXT|@FILE" help:"What $$input.body is; @- reads it from the standard input."`
	Params        []string          `placeholder:"PLACE.NAME=VALUE" sep:"none" help:"Parameter of the request; PLACE is path, querystring or header."`
	Context       []string          `placeholder:"NAME=VALUE" sep:"none" help:"Member of $$context, identity.sourceIp for example; the others are those of a made-up request."`
	StageVariable map[string]string `placeholder:"NAME=VALUE" mapsep:"none" help:"Stage variable."`
	Before        string            `placeholder:"FILE" predictor:"file" help:"Template that is rendered before, for its overrides: the request template of a response template."`
	Case          string            `placeholder:"NAME" help:"Take the input of this case, which lies beside the template; the other flags go before it."`

	Explain bool `help:"Show each reference with its value, line by line."`
	Watch   bool `help:"Render again whenever one of the files changes, until Ctrl-C."`
	output
}

// Help is shown by --help.
func (renderCommand) Help() string {
	return `Renders one mapping template on its own, as the local gateway does. What it renders goes to standard output, overrides to standard error.

Examples:
  apigw render request.vtl --body '{"id": 1}'
  apigw render request.vtl --body @order.json --params path.id=o-1 --stage-variable table=orders
  apigw render response.vtl --before request.vtl --context identity.sourceIp=192.0.2.7
  apigw render request.vtl --body @order.json --explain     each reference with its value
  apigw render request.vtl --body @order.json --watch       again whenever a file changes
  apigw render request.vtl --case 'two items' --explain     the input of a case in request.txtar
  echo '$input.json("$.a")' | apigw render - --body '{"a": [1]}'
  apigw render request.vtl --output json                    for other programs

Exit code: 0 rendered, 1 the template can't be parsed or rendered, 2 it can't be read, or a flag can't be.`
}

// errNotRendered ends the command after the problem was shown.
var errNotRendered = errors.New("the template can't be rendered")

func (c *renderCommand) Run() error {
	if c.Watch {
		return c.watch()
	}
	return c.render()
}

func (c *renderCommand) render() error {
	template, result, err := c.result()
	if err != nil {
		return &exitError{2, err}
	}
	if !c.Explain {
		result.Observation = nil
	}
	if c.Output == "json" {
		err = writeJSON(os.Stdout, result)
	} else {
		err = c.write(template, result)
	}
	if err == nil && result.Problem != nil {
		err = errNotRendered
	}
	return err
}

// result is the rendering; a problem of the template's text is one of its own.
func (c *renderCommand) result() (*render.Template, *render.Result, error) {
	template, err := c.template()
	if problem, ok := errors.AsType[*render.Problem](err); ok {
		return nil, &render.Result{Problem: problem}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	in, err := c.input()
	if problem, ok := errors.AsType[*render.Problem](err); ok {
		return nil, &render.Result{Problem: problem}, nil
	}
	if err != nil {
		return nil, nil, err
	}
	return template, template.Render(in), nil
}

func (c *renderCommand) template() (*render.Template, error) {
	if c.Template != "-" {
		return render.Open(c.Template)
	}
	text, err := io.ReadAll(os.Stdin)
	if err != nil {
		return nil, err
	}
	return render.Parse("stdin", string(text))
}

func (c *renderCommand) input() (in render.Input, err error) {
	if c.Case != "" {
		cases, err := mappingtest.Read(c.Template)
		if err != nil {
			return in, err
		}
		one := cases.Case(c.Case)
		if one == nil {
			return in, fmt.Errorf("--case: %s has no case %q", cases.Name, c.Case)
		}
		in = one.Input
	}
	if c.Body != "" {
		body, err := textOrFile(c.Body)
		if err != nil {
			return in, fmt.Errorf("--body: %w", err)
		}
		in.Body = string(body)
	}
	for _, given := range c.Params {
		if err := in.SetParam(given); err != nil {
			return in, fmt.Errorf("--params %s: %w", given, err)
		}
	}
	for _, given := range c.Context {
		if err := in.SetContext(given); err != nil {
			return in, fmt.Errorf("--context %s: %w", given, err)
		}
	}
	for name, value := range c.StageVariable {
		in.SetStageVariable(name, value)
	}
	if c.Before != "" {
		in.Before, err = render.Open(c.Before)
	}
	return in, err
}

func (c *renderCommand) write(template *render.Template, r *render.Result) error {
	out := terminal.Of(os.Stdout)
	if r.Observation != nil {
		if err := template.Explain(os.Stdout, out, r); err != nil {
			return err
		}
		fmt.Println()
	}
	for _, line := range r.OverrideLines() {
		fmt.Fprintln(os.Stderr, line)
	}
	if r.Problem != nil {
		fmt.Fprintln(os.Stderr, r.Problem)
		return nil
	}
	text := r.Output
	if out.Width > 0 && !strings.HasSuffix(text, "\n") { // the prompt begins on its own line
		text += "\n"
	}
	_, err := os.Stdout.WriteString(text)
	return err
}

// watch renders now and after each change of a file, until Ctrl-C.
func (c *renderCommand) watch() error {
	if c.Template == "-" || c.Body == "@-" {
		return &exitError{2, errors.New("--watch: name files, standard input does not change")}
	}
	watcher, err := watch.New()
	if err != nil {
		return err
	}
	defer watcher.Close()
	ctx, _ := interrupts()
	for rendered := ""; ; {
		folders, sum := watch.Files(c.files())
		if sum != rendered {
			rendered = sum
			c.renderAgain()
		}
		if err := watcher.Follow(folders); err != nil {
			return err
		}
		if err := watcher.Wait(ctx); ctx.Err() != nil {
			return nil
		} else if err != nil {
			return err
		}
	}
}

// files are those that the rendering is made from.
func (c *renderCommand) files() []string {
	files := []string{c.Template}
	if c.Case != "" {
		files = append(files, mappingtest.CasesOf(c.Template))
	}
	if c.Before != "" {
		files = append(files, c.Before)
	}
	if file, isFile := strings.CutPrefix(c.Body, "@"); isFile {
		files = append(files, file)
	}
	return files
}

// renderAgain renders, below a line with the time.
func (c *renderCommand) renderAgain() {
	fmt.Fprintln(os.Stderr, terminal.Of(os.Stderr).Aside(time.Now().Format("15:04:05 ")+c.Template))
	if err := c.render(); err != nil && err != errNotRendered {
		fmt.Fprintln(os.Stderr, "apigw: "+err.Error())
	}
}
