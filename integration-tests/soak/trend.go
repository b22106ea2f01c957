package main

import (
	"math"
	"slices"
)

// slope is Theil and Sen's: the median of the slopes between any two points. Up to 29 % of them may lie anywhere, so
// that a collection of garbage or a burst makes no trend.
func slope(x, y []float64) float64 {
	var slopes []float64
	for i := range x {
		for j := range i {
			if x[i] != x[j] {
				slopes = append(slopes, (y[i]-y[j])/(x[i]-x[j]))
			}
		}
	}
	return median(slopes)
}

// median of nothing is 0.
func median(values []float64) float64 {
	if len(values) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(values))
	half := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[half]
	}
	return (sorted[half-1] + sorted[half]) / 2
}

// growth is by how much the trend of each half rises over that half.
func (s *series) growth() (first, second float64) {
	half := len(s.values) / 2
	rise := func(x, y []float64) float64 {
		if len(x) < 2 {
			return 0
		}
		return slope(x, y) * (x[len(x)-1] - x[0])
	}
	return rise(s.seconds[:half], s.values[:half]), rise(s.seconds[half:], s.values[half:])
}

// allowed is what the second half may add.
func (s *series) allowed() float64 { return math.Max(s.absolute, s.relative*median(s.values)) }

// grows says whether it does without end: by more than is allowed, and not ever slower. What fills a store that has a
// bound rises fast at first and levels off; a leak rises in the second half as in the first.
func (s *series) grows() bool {
	first, second := s.growth()
	return second > s.allowed() && second > first/2
}
