package gateway

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"
)

// newExtendedRequestID returns what x-amz-apigw-id carries, 15 characters and "=".
func newExtendedRequestID() string {
	var b [11]byte
	rand.Read(b[:])
	return base64.URLEncoding.EncodeToString(b[:])
}

// completeTraceID returns the X-Amzn-Trace-Id of a request: a full one of the
// client is kept, segments that it lacks are added (rule 63).
func completeTraceID(client string, now time.Time) string {
	var root, parent, sampled string
	for part := range strings.SplitSeq(client, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch strings.ToLower(name) {
		case "root":
			root = value
		case "parent":
			parent = value
		case "sampled":
			sampled = value
		}
	}
	if root != "" && parent != "" && sampled != "" {
		return client
	}
	if root == "" {
		root = "1-" + hex.EncodeToString(binary.BigEndian.AppendUint32(nil, uint32(now.Unix()))) + "-" + randomHex(12)
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
