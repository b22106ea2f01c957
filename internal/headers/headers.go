// Package headers holds the response headers that every backend behind a proxy integration sends itself: API Gateway
// can't add headers to the answer of a proxy integration.
package headers

// Common returns the CORS and security headers of an API without cookies whose answers belong to one caller.
func Common() map[string]string {
	return map[string]string{
		"Access-Control-Allow-Origin":   "*",
		"Access-Control-Expose-Headers": "Location,Retry-After,X-Amzn-RequestId,X-Amzn-Trace-Id",
		"Cache-Control":                 "no-store",
		"Content-Security-Policy":       "default-src 'none'; frame-ancestors 'none'",
		"Referrer-Policy":               "no-referrer",
		"Strict-Transport-Security":     "max-age=63072000; includeSubDomains",
		"X-Content-Type-Options":        "nosniff",
	}
}
