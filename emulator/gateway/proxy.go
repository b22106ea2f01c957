package gateway

// BodyText is the client's body as an event can carry it: text, or binary data
// of the API's binary media types as base64 (rules 20, 71).
func (x *Exchange) BodyText() (text string, isBase64 bool) {
	p := newPayload(x.Request.Body, x.API.IsBinary(x.contentType()))
	if p.binary && len(p.data) > 0 {
		return string(p.encoded().data), true
	}
	return string(p.data), false
}
