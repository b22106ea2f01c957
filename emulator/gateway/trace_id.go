package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strings"
	"time"
)

// newRequestID returns a random UUID (version 4).
func newRequestID() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

// newExtendedRequestID returns what x-amz-apigw-id carries, 15 characters and "=".
func newExtendedRequestID() string {
	var b [11]byte
	rand.Read(b[:])
	return base64.URLEncoding.EncodeToString(b[:])
}

// completeTraceID returns the X-Amzn-Trace-Id of a request: a full one of the
// client is kept, segments that it lacks are added (rule 63).
func completeTraceID(client string, now time.Time) string {
	segments := map[string]string{}
	for part := range strings.SplitSeq(client, ";") {
		if name, value, found := strings.Cut(strings.TrimSpace(part), "="); found {
			segments[strings.ToLower(name)] = value
		}
	}
	root, parent, sampled := segments["root"], segments["parent"], segments["sampled"]
	if root != "" && parent != "" && sampled != "" {
		return client
	}
	if root == "" {
		root = fmt.Sprintf("1-%08x-%s", now.Unix(), randomHex(12))
	}
	if sampled == "" {
		sampled = "0"
		if parent != "" {
			sampled = "1"
		}
	}
	if parent == "" {
		parent = randomHex(8)
	}
	return "Root=" + root + ";Parent=" + parent + ";Sampled=" + sampled
}

func randomHex(bytes int) string {
	b := make([]byte, bytes)
	rand.Read(b)
	return hex.EncodeToString(b)
}
