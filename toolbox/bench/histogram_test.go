package bench

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

func TestBucketsFollowEachOther(t *testing.T) {
	for i := range len(histogram{}.buckets) - subBuckets*subBits - 1 {
		low, next := lowest(i), lowest(i+1)
		if next <= low || bucketOf(low) != i || bucketOf(next-1) != i {
			t.Fatalf("bucket %d is %d to %d, which are in buckets %d and %d", i, low, next-1, bucketOf(low), bucketOf(next-1))
		}
	}
	if i := bucketOf(math.MaxInt64); i >= len(histogram{}.buckets) {
		t.Errorf("the longest duration is in bucket %d of %d", i, len(histogram{}.buckets))
	}
}

func TestPercentiles(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	var first, second histogram
	var all []time.Duration
	for i := range 10000 {
		d := time.Duration(math.Exp(random.NormFloat64()) * float64(time.Millisecond))
		all = append(all, d)
		if i%2 == 0 {
			first.record(d)
		} else {
			second.record(d)
		}
	}
	first.add(&second)
	slices.Sort(all)
	for _, p := range []float64{0.01, 50, 99, 100} {
		want := all[max(0, int(p/100*float64(len(all)))-1)]
		got := first.percentile(p)
		if math.Abs(float64(got-want)) > 0.04*float64(want) {
			t.Errorf("percentile %v is %v, want %v", p, got, want)
		}
	}
	if got := new(histogram).percentile(50); got != 0 {
		t.Errorf("the median of nothing is %v", got)
	}
}
