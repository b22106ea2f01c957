package lint

// notVelocity is a rule of the doctor, checked of files as well.
var notVelocity = func() Rule {
	r := ofDoctor("mapping-template")
	r.OfIntegrations = false
	r.check = func(x *examination) {
		for _, t := range x.templates {
			if t.err == nil {
				continue
			}
			what := t.err.Message
			if t.err.Hint != "" {
				what += " (" + t.err.Hint + ")"
			}
			x.findIn(t, t.err.Line, t.err.Column, "%s", what)
		}
	}
	return r
}()
