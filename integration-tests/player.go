package integrationtests

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"
)

// patience is how long "eventually" goes on.
const (
	patience = 30 * time.Second
	interval = 100 * time.Millisecond
)

// player plays one case.
type player struct {
	target *Target
	values variables
	last   *url.URL // of the last request
}

// StepError says what a step gave instead of what it had to.
type StepError struct {
	Step Step // as the case writes it
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }
func (e *StepError) Unwrap() error { return e.Err }

// String is "step 2, request GET /mock".
func (s Step) String() string { return fmt.Sprintf("step %d, %s %s", s.Number, s.Verb, s.Argument) }

// Play plays a case on a target, up to the first step that fails; the error is that step's *StepError.
func Play(ctx context.Context, target *Target, c *Case) error {
	p := &player{target: target, last: target.BaseURL, values: variables{
		"unique":   strings.ToLower(rand.Text()[:12]),
		"basePath": target.BaseURL.Path,
		"cr":       "\r",
		"crlf":     "\r\n",
	}}
	maps.Copy(p.values, c.texts)
	for _, step := range c.Steps {
		if err := p.step(ctx, step); err != nil {
			return &StepError{step, err}
		}
	}
	return nil
}

func (p *player) step(ctx context.Context, step Step) error {
	expanded, err := p.expand(step)
	if err != nil {
		return err
	}
	limit := time.Now()
	if step.Eventually {
		limit = limit.Add(patience)
	}
	ticks := time.NewTicker(interval)
	defer ticks.Stop()
	for {
		answer, err := p.act(ctx, expanded)
		if err != nil {
			return err
		}
		found := expanded.Expect.differences(answer)
		if len(found) == 0 {
			return p.capture(expanded, answer)
		}
		if !time.Now().Before(limit) {
			return fmt.Errorf("%s\nanswer: %d %s", strings.Join(found, "\n"), answer.Status, answer.Body)
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// expand fills in the variables of a step.
func (p *player) expand(step Step) (Step, error) {
	var errs [5]error
	expect := *step.Expect
	step.Argument, errs[0] = p.values.expand(step.Argument)
	step.Header, errs[1] = p.values.expandLines(step.Header)
	step.Body, errs[2] = p.values.expand(step.Body)
	expect.Header, errs[3] = p.values.expandLines(expect.Header)
	expect.Body, errs[4] = p.values.expand(expect.Body)
	step.Expect = &expect
	return step, errors.Join(errs[:]...)
}

func (p *player) capture(step Step, answer *Answer) error {
	for _, c := range step.Captures {
		value, err := c.from(answer)
		if err != nil {
			return fmt.Errorf("capture %s: %w", c.Name, err)
		}
		p.values[c.Name] = value
	}
	return nil
}

func (c Capture) from(answer *Answer) (string, error) {
	switch c.From {
	case "header":
		if value := answer.Header.Get(c.Path); value != "" {
			return value, nil
		}
		return "", fmt.Errorf("no header %s", c.Path)
	case "element":
		root, err := decodeXML(answer.Body)
		if err != nil {
			return "", err
		}
		if found := root.find(c.Path); found != nil {
			return found.text, nil
		}
		return "", fmt.Errorf("no element %s", c.Path)
	}
	value, err := decodeJSON(answer.Body)
	if err != nil {
		return "", err
	}
	return pointer(value, c.Path)
}

// pointer follows a JSON pointer to a string or a number.
func pointer(value any, path string) (string, error) {
	for name := range strings.SplitSeq(strings.TrimPrefix(path, "/"), "/") {
		switch inner := value.(type) {
		case map[string]any:
			value = inner[name]
		case []any:
			var i int
			if _, err := fmt.Sscanf(name, "%d", &i); err != nil || i < 0 || i >= len(inner) {
				return "", fmt.Errorf("%s: no element %s", path, name)
			}
			value = inner[i]
		default:
			return "", fmt.Errorf("%s: nothing there", path)
		}
	}
	switch value := value.(type) {
	case string:
		return value, nil
	case fmt.Stringer: // json.Number
		return value.String(), nil
	}
	return "", fmt.Errorf("%s: is %s, want a string or a number", path, compact(value))
}
