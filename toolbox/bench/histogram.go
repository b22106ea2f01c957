package bench

import (
	"math/bits"
	"time"
)

// histogram counts durations in buckets that are 1/32 of their value wide, as
// HdrHistogram's are: a percentile is off by 3 % at most, and recording costs
// nothing beside a request. The zero value is empty.
type histogram struct {
	count   uint64
	buckets [64 * subBuckets]uint32
}

const (
	subBits    = 5
	subBuckets = 1 << subBits
)

func (h *histogram) record(d time.Duration) {
	h.count++
	h.buckets[bucketOf(uint64(max(d, 0)))]++
}

// bucketOf: below subBuckets each value has its own; above, the highest bits
// after the leading one choose among those of its power of two.
func bucketOf(v uint64) int {
	exponent := bits.Len64(v >> subBits)
	if exponent == 0 {
		return int(v)
	}
	return exponent<<subBits | int(v>>(exponent-1))&(subBuckets-1)
}

// lowest is the smallest value of a bucket.
func lowest(bucket int) uint64 {
	exponent, sub := bucket>>subBits, uint64(bucket&(subBuckets-1))
	if exponent == 0 {
		return sub
	}
	return (subBuckets | sub) << (exponent - 1)
}

func (h *histogram) add(other *histogram) {
	h.count += other.count
	for i, n := range other.buckets {
		h.buckets[i] += n
	}
}

// percentile is the duration that p of 100 are not above: the middle of its
// bucket. It is 0 when nothing was recorded.
func (h *histogram) percentile(p float64) time.Duration {
	rank := max(1, uint64(p/100*float64(h.count)+0.5))
	for i, seen := 0, uint64(0); i < len(h.buckets); i++ {
		if seen += uint64(h.buckets[i]); seen >= rank {
			return time.Duration((lowest(i) + lowest(i+1)) / 2)
		}
	}
	return 0
}
