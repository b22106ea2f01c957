package regex

// class reads a bracketed class, from behind its [ to its ]. It also reads what
// is on the right of &&, without the ] then: closed is false.
func (p *parser) class(closed bool) predicate {
	defer p.nest()()
	negated := closed && p.has('^')
	var all predicate
	for {
		switch c := p.peek(); {
		case c == end:
			refuse("a [ is not closed")
		case c == '[':
			p.i++
			all = all.or(p.class(true))
		case c == '&' && p.raw(1) == '&':
			p.i += 2
			switch right := p.right(); {
			case all == nil && right == nil:
				refuse("a && has nothing on either side")
			case all == nil:
				all = right
			case right != nil:
				all = all.and(right)
			}
		case c == ']' && all != nil:
			if closed {
				p.i++
			}
			if negated {
				return all.not()
			}
			return all
		default:
			all = all.or(p.member())
		}
	}
}

// right is what stands on the right of &&, up to the next && or the end.
func (p *parser) right() (all predicate) {
	for {
		switch p.peek() {
		case ']', '&', end:
			return all
		case '[':
			p.i++
			all = all.or(p.class(true))
		default:
			all = all.or(p.class(false))
		}
	}
}

// member reads a character, a range, or an escape for a set.
func (p *parser) member() predicate {
	c := p.peek()
	p.i++
	if c == '\\' {
		var e element
		isRange := p.raw(1) == '-'
		if c, e = p.escape(true, isRange); e != nil {
			return e.(*set).has
		}
	}
	if p.peek() != '-' || p.raw(1) == '[' || p.raw(1) == ']' {
		return p.flags.character(c)
	}
	p.i++
	last := p.take()
	if last == '\\' {
		var e element
		if last, e = p.escape(true, true); e != nil {
			refuse("a range in [ ] ends with a set")
		}
	}
	if last < c {
		refuse("a range in [ ] ends before it begins")
	}
	return p.flags.span(c, last)
}
