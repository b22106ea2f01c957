package compare

import "strings"

// Verdict is how a step or a case compares.
type Verdict string

// Verdicts. A case is different if one of its steps is, and not comparable if none of them is.
const (
	Same          Verdict = "same"
	Different     Verdict = "different"
	NotComparable Verdict = "not comparable"
)

// Report is what a comparison found; its JSON form is described in docs/compare.md.
type Report struct {
	Local    string       `json:"local"`    // base URL
	Deployed string       `json:"deployed"` // base URL, or words for TestInvokeMethod
	Summary  Summary      `json:"summary"`
	Cases    []CaseReport `json:"cases"`
	CleanUp  string       `json:"cleanUp,omitempty"` // what was removed from the deployed API's tables
}

// Summary counts.
type Summary struct {
	Cases         int `json:"cases"`
	Steps         int `json:"steps"`
	Same          int `json:"same"` // steps, as below
	Different     int `json:"different"`
	NotComparable int `json:"notComparable"`
	Unexpected    int `json:"unexpected"` // of the same: not as their cases expect
}

// CaseReport is of one case.
type CaseReport struct {
	Name    string       `json:"name"`
	Verdict Verdict      `json:"verdict"`
	Steps   []StepReport `json:"steps"`
}

// StepReport is of one step.
type StepReport struct {
	Number      int          `json:"number"`
	Action      string       `json:"action"` // as the case writes it: "request GET /mock"
	Verdict     Verdict      `json:"verdict"`
	Reason      string       `json:"reason,omitempty"` // why it is not comparable
	Differences []Difference `json:"differences,omitempty"`
	Ignored     []Ignored    `json:"ignored,omitempty"`
	Unmet       Unmet        `json:"unmet"`
	Why         Why          `json:"why"`
}

// Unmet is what the case expects and a side does not answer. Either the side is wrong or the case.
type Unmet struct {
	Local    []string `json:"local,omitempty"`
	Deployed []string `json:"deployed,omitempty"`
}

// Why is what a side tells of an execution that failed.
type Why struct {
	Local    string `json:"local,omitempty"`
	Deployed string `json:"deployed,omitempty"` // from the log of TestInvokeMethod
}

// cannot takes the first line of the reason: expansions repeat themselves.
func (r *StepReport) cannot(reason string) {
	r.Verdict = NotComparable
	r.Reason, _, _ = strings.Cut(reason, "\n")
}

// judge gives the verdicts that the differences call for.
func (r *CaseReport) judge() {
	r.Verdict = NotComparable
	for i := range r.Steps {
		step := &r.Steps[i]
		switch {
		case step.Verdict == NotComparable:
			continue
		case len(step.Differences) > 0:
			step.Verdict, r.Verdict = Different, Different
			continue
		}
		step.Verdict = Same
		if r.Verdict == NotComparable {
			r.Verdict = Same
		}
	}
}

func (r *Report) sum() {
	s := Summary{Cases: len(r.Cases)}
	for _, c := range r.Cases {
		for _, step := range c.Steps {
			s.Steps++
			switch step.Verdict {
			case Same:
				s.Same++
				if len(step.Unmet.Local) > 0 {
					s.Unexpected++
				}
			case Different:
				s.Different++
			case NotComparable:
				s.NotComparable++
			}
		}
	}
	r.Summary = s
}
