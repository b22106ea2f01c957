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

// Player plays one case, step by step.
type Player struct {
	target *Target
	values variables
	last   *url.URL // of the last request
}

// Played is what came of a step.
type Played struct {
	Step   Step // its variables filled in
	Answer *Answer
	Unmet  []string // what of the answer is not as the step expects
}

// StepError says what a step gave instead of what it had to.
type StepError struct {
	Step Step // as the case writes it
	Err  error
}

func (e *StepError) Error() string { return fmt.Sprintf("%s: %v", e.Step, e.Err) }
func (e *StepError) Unwrap() error { return e.Err }

// LeftOutError says that a case can't be played, as a part of the stacks is not deployed.
type LeftOutError struct{ Output string }

func (e *LeftOutError) Error() string { return "no stack has the output " + e.Output }

// String is "step 2, request GET /mock".
func (s Step) String() string { return fmt.Sprintf("step %d, %s %s", s.Number, s.Verb, s.Argument) }

// Play plays a case on a target, up to the first step that fails; the error is that step's *StepError, or a
// *LeftOutError when the target lacks what the case needs.
func Play(ctx context.Context, target *Target, c *Case) error {
	for _, output := range c.Needs {
		if _, ok := target.Outputs.Find(output); !ok {
			return &LeftOutError{output}
		}
	}
	p := NewPlayer(target, c)
	for _, step := range c.Steps {
		played, err := p.Step(ctx, step)
		if err == nil && len(played.Unmet) > 0 {
			err = fmt.Errorf("%s\nanswer: %d %s", strings.Join(played.Unmet, "\n"), played.Answer.Status, played.Answer.Body)
		}
		if err != nil {
			return &StepError{step, err}
		}
	}
	return nil
}

// NewPlayer is ready to play the first step of the case.
func NewPlayer(target *Target, c *Case) *Player {
	p := &Player{target: target, last: target.BaseURL, values: variables{
		"unique":   target.run + strings.ToLower(rand.Text()[:6]),
		"basePath": target.BaseURL.Path,
		"cr":       "\r",
		"crlf":     "\r\n",
	}}
	maps.Copy(p.values, c.texts)
	return p
}

// Values are what ${name} stands for by now.
func (p *Player) Values() map[string]string { return maps.Clone(p.values) }

// Step plays the next step and takes its captures, of an answer that is not as expected those that it has. An error
// says why there is no answer, or that one as expected lacks a value to capture.
func (p *Player) Step(ctx context.Context, step Step) (*Played, error) {
	expanded, err := p.expand(step)
	if err != nil {
		return nil, err
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
			return nil, err
		}
		unmet := expanded.Expect.differences(answer)
		if len(unmet) == 0 || !time.Now().Before(limit) {
			played := &Played{expanded, answer, unmet}
			if err := p.capture(expanded, answer); err != nil && len(unmet) == 0 {
				return played, err
			}
			return played, nil
		}
		select {
		case <-ticks.C:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// expand fills in the variables of a step.
func (p *Player) expand(step Step) (Step, error) {
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

func (p *Player) capture(step Step, answer *Answer) error {
	var errs []error
	for _, c := range step.Captures {
		value, err := c.from(answer)
		if err != nil {
			errs = append(errs, fmt.Errorf("capture %s: %w", c.Name, err))
			continue
		}
		p.values[c.Name] = value
	}
	return errors.Join(errs...)
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
	value, err := DecodeJSON(answer.Body)
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
