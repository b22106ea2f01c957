package compare

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	integrationtests "github.com/apigw-integrations/apigw-integrations/integration-tests"
)

// Difference is one thing that the two sides answer differently.
type Difference struct {
	Part string `json:"part"` // method, status, header, header name, body, endpoint request body
	At   string `json:"at"`   // name of the header, JSON pointer or path of elements; "" = the part as a whole

	// What stands there, of a long text the place where it differs; nil where nothing does.
	Local    *string `json:"local"`
	Deployed *string `json:"deployed"`
}

// Ignored is a difference that doesn't count.
type Ignored struct {
	Part   string `json:"part"`
	At     string `json:"at"`
	Reason string `json:"reason"`
}

// differ compares what the two sides answered in one step.
type differ struct {
	expect      *integrationtests.Expectation
	names       names
	ignored     headerNames
	bare        bool // the deployed API's answer has no headers to compare
	differences []Difference
	aside       []Ignored
}

func (d *differ) answers(local, deployed *integrationtests.Answer) {
	if local.Status != deployed.Status {
		d.both("status", "", strconv.Itoa(local.Status), strconv.Itoa(deployed.Status))
	}
	if d.bare {
		d.ignore("header", "", "TestInvokeMethod leaves out the headers of answers that the gateway makes itself")
	} else {
		d.headers(local.Header, deployed.Header)
	}
	if local.Status != deployed.Status && !bytes.Equal(local.Body, deployed.Body) {
		d.both("body", "", beginning(local.Body), beginning(deployed.Body)) // hardly of one form
		return
	}
	d.body("body", d.expect.Body, local.Body, deployed.Body)
}

func (d *differ) add(part, at string, local, deployed *string) {
	d.differences = append(d.differences, Difference{part, at, local, deployed})
}

// both adds a difference of what both sides have.
func (d *differ) both(part, at, local, deployed string) { d.add(part, at, &local, &deployed) }

func (d *differ) ignore(part, at, reason string) {
	d.aside = append(d.aside, Ignored{part, at, reason})
}

// texts compares two texts, either of which may be absent.
func (d *differ) texts(part, at, want string, local, deployed *string) {
	switch {
	case local == nil && deployed == nil:
	case local == nil || deployed == nil:
		d.add(part, at, local, deployed)
	case d.names.alike(*local, *deployed):
	case isPattern(want) && integrationtests.Satisfies(want, *local) && integrationtests.Satisfies(want, *deployed):
		d.ignore(part, at, "the case takes both: "+want)
	default:
		d.add(part, at, local, deployed)
	}
}

// value compares two values of decoded documents. want is what the case expects there; nil when it says nothing.
func (d *differ) value(part, at string, want, local, deployed any) {
	want = inner(want)
	if d.alike(local, deployed) {
		return
	}
	if isPattern(want) && integrationtests.Satisfies(want, local) && integrationtests.Satisfies(want, deployed) {
		d.ignore(part, at, "the case takes both: "+compact(want))
		return
	}
	if isNow(local) && isNow(deployed) {
		d.ignore(part, at, "both are the time of the answer")
		return
	}
	switch one := local.(type) {
	case map[string]any:
		if other, ok := deployed.(map[string]any); ok {
			d.objects(part, at, want, one, other)
			return
		}
	case []any:
		if other, ok := deployed.([]any); ok {
			d.arrays(part, at, want, one, other)
			return
		}
	case string:
		if other, ok := deployed.(string); ok && d.jsonInText(part, at, want, one, other) {
			return
		}
	}
	d.both(part, at, compact(local), compact(deployed))
}

// alike compares values, texts and numbers with the names taken for each other.
func (d *differ) alike(local, deployed any) bool {
	switch one := local.(type) {
	case string:
		other, ok := deployed.(string)
		return ok && d.names.alike(one, other)
	case json.Number:
		other, ok := deployed.(json.Number)
		return ok && d.names.alike(one.String(), other.String())
	}
	return compact(local) == compact(deployed)
}

func (d *differ) objects(part, at string, want any, local, deployed map[string]any) {
	wanted, _ := want.(map[string]any)
	members := slices.AppendSeq(slices.Collect(maps.Keys(local)), maps.Keys(deployed))
	slices.Sort(members)
	for _, member := range slices.Compact(members) {
		place := at + "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(member)
		one, here := local[member]
		other, there := deployed[member]
		switch {
		case !here:
			d.add(part, place, nil, shown(other))
		case !there:
			d.add(part, place, shown(one), nil)
		default:
			d.value(part, place, wanted[member], one, other)
		}
	}
}

func (d *differ) arrays(part, at string, want any, local, deployed []any) {
	wanted, _ := want.([]any)
	for i := range max(len(local), len(deployed)) {
		place := fmt.Sprintf("%s/%d", at, i)
		switch {
		case i >= len(local):
			d.add(part, place, nil, shown(deployed[i]))
		case i >= len(deployed):
			d.add(part, place, shown(local[i]), nil)
		case i < len(wanted):
			d.value(part, place, wanted[i], local[i], deployed[i])
		default:
			d.value(part, place, nil, local[i], deployed[i])
		}
	}
}

// jsonInText compares texts that hold objects or arrays as such, as the input of a workflow does.
func (d *differ) jsonInText(part, at string, want any, local, deployed string) bool {
	one, other := decodeJSON([]byte(local)), decodeJSON([]byte(deployed))
	if one == nil || other == nil {
		return false
	}
	if matcher, ok := want.(map[string]any); ok {
		want = matcher["$json"]
	}
	d.value(part, at+"/(JSON)", want, one, other)
	return true
}

// isPattern recognises what takes more than one value.
func isPattern(want any) bool {
	switch want := want.(type) {
	case string:
		return strings.HasPrefix(want, "~ ")
	case map[string]any:
		_, number := want["$number"]
		_, length := want["$length"]
		return len(want) == 1 && (number || length)
	}
	return false
}

// isNow recognises a time as of a moment ago.
func isNow(value any) bool {
	text, _ := value.(string)
	at, err := time.Parse(time.RFC3339, text)
	return err == nil && time.Since(at).Abs() < 10*time.Minute
}

// inner is what an object has to contain.
func inner(want any) any {
	if object, ok := want.(map[string]any); ok && len(object) == 1 && object["$contains"] != nil {
		return object["$contains"]
	}
	return want
}

func shown(value any) *string {
	text := compact(value)
	return &text
}

// compact is a value as JSON in one line.
func compact(value any) string {
	var text strings.Builder
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return fmt.Sprint(value)
	}
	return strings.TrimSuffix(text.String(), "\n")
}
