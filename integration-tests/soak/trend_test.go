package main

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestGrows(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2))
	tests := []struct {
		name  string
		value func(second float64) float64
		want  bool
	}{
		{"even", func(float64) float64 { return 100 }, false},
		{"breathing", func(s float64) float64 { return 100 + 20*math.Sin(s) }, false},
		{"noisy", func(float64) float64 { return 100 + 20*noise.Float64() }, false},
		{"a leak", func(s float64) float64 { return 100 + s/2 }, true},
		{"a leak in noise", func(s float64) float64 { return 100 + s/2 + 20*noise.Float64() }, true},
		{"a leak that begins late", func(s float64) float64 { return 100 + math.Max(0, s-60) }, true},
		{"a slow leak, within what is allowed", func(s float64) float64 { return 100 + s/20 }, false},
		{"a store that fills", func(s float64) float64 { return 100 + 200*(1-math.Exp(-s/30)) }, false},
		{"one burst", func(s float64) float64 {
			if s > 80 && s < 90 {
				return 500
			}
			return 100
		}, false},
		{"falling", func(s float64) float64 { return 300 - s }, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			s := &series{absolute: 10, relative: 0.1}
			for second := range 120 {
				s.seconds, s.values = append(s.seconds, float64(second)), append(s.values, test.value(float64(second)))
			}
			if got := s.grows(); got != test.want {
				first, second := s.growth()
				t.Errorf("grows: %v, by %.1f and %.1f, allowed %.1f", got, first, second, s.allowed())
			}
		})
	}
}

func TestFewSamplesAreNoTrend(t *testing.T) {
	for n := range 4 {
		s := &series{absolute: 10}
		for i := range n {
			s.seconds, s.values = append(s.seconds, float64(i)), append(s.values, 1)
		}
		if s.grows() {
			t.Errorf("%d samples grow", n)
		}
	}
}
