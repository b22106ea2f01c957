package regex

// mode is how much a repetition takes at first.
type mode uint8

const (
	greedy     mode = iota
	reluctant       // ?
	possessive      // +
)

// repeat is its body several times.
type repeat struct {
	body        element
	least, most int
	mode        mode
}

func (r *repeat) length() (int, int) {
	least, most := r.body.length()
	if _, ok := r.body.(*set); !ok && r.most == unlimited && most > 0 {
		return least * r.least, endless
	}
	return bounded(least * r.least), bounded(most * r.most)
}

func (r *repeat) link(c *compiler, next step) step {
	if s, ok := r.body.(*set); ok {
		return r.linkSet(s, next)
	}
	if r.mode == possessive {
		return r.linkPossessive(c, next)
	}
	return r.linkRounds(c, next)
}

// linkSet repeats one character, which needs no recursion.
func (r *repeat) linkSet(s *set, next step) step {
	run := func(m *Matcher, i, most int) (n, end int) {
		for n < most && i < m.end {
			c, width := m.at(i)
			if !s.has(c) {
				break
			}
			i += width
			n++
		}
		m.spend(1 + n/8)
		return n, i
	}
	if r.mode == reluctant {
		return func(m *Matcher, i int) bool {
			n, i := run(m, i, r.least)
			for n >= r.least {
				if m.spend(1); next(m, i) {
					return true
				}
				if n == r.most || i >= m.end {
					return false
				}
				c, width := m.at(i)
				if !s.has(c) {
					return false
				}
				i += width
				n++
			}
			return false
		}
	}
	return func(m *Matcher, i int) bool {
		n, last := run(m, i, r.most)
		if r.mode == possessive {
			return n >= r.least && next(m, last)
		}
		for ; n >= r.least; n-- {
			if m.spend(1); next(m, last) {
				return true
			}
			if n > 0 {
				_, width := m.before(last)
				last = max(last-width, i) // i may be within a character
			}
		}
		return false
	}
}

// linkPossessive takes as many rounds as there are, each in one way.
func (r *repeat) linkPossessive(c *compiler, next step) step {
	body := r.body.link(c, accept)
	return func(m *Matcher, i int) bool {
		for n := 0; n < r.most; n++ {
			m.spend(1)
			if !body(m, i) {
				if n < r.least {
					return false
				}
				break
			}
			if m.last == i && n >= r.least {
				break
			}
			i = m.last
		}
		return next(m, i)
	}
}

// linkRounds repeats what can match in several ways: each round is linked to
// the next one. A round that takes nothing is the last.
func (r *repeat) linkRounds(c *compiler, next step) step {
	count, begin := c.local(), c.local()
	var body step
	round := func(m *Matcher, i, n int) bool {
		outerCount, outerBegin := m.locals[count], m.locals[begin]
		m.locals[count], m.locals[begin] = n, i
		m.spend(1)
		if m.depth++; m.depth > MaxDepth {
			panic(ErrDepth)
		}
		ok := body(m, i)
		m.depth--
		m.locals[count], m.locals[begin] = outerCount, outerBegin
		return ok
	}
	more := func(m *Matcher, i, n int) bool { // n rounds are done
		switch {
		case n < r.least:
			return round(m, i, n+1)
		case r.mode == reluctant:
			return next(m, i) || n < r.most && round(m, i, n+1)
		}
		return n < r.most && round(m, i, n+1) || next(m, i)
	}
	body = r.body.link(c, func(m *Matcher, i int) bool {
		if i == m.locals[begin] {
			return next(m, i)
		}
		return more(m, i, m.locals[count])
	})
	return func(m *Matcher, i int) bool { return more(m, i, 0) }
}
