package cfn

import "strings"

// types is the table of resource types. A type that is not in it has a
// generated name as its Ref, and no attributes.
var types map[string]standIns

func init() {
	types = map[string]standIns{}
	for _, part := range []map[string]standIns{apiTypes, computeTypes, dataTypes, messagingTypes, networkTypes, loadBalancerTypes, operationTypes, otherTypes} {
		for name, kind := range part {
			types[name] = kind
		}
	}
}

// arn writes an ARN with a stack's own region and account.
func arn(service, resource string) string {
	return "arn:{partition}:" + service + ":{region}:{account}:" + resource
}

// fifo ends the names of FIFO topics and queues.
func fifo(property string) func(*Resource) string {
	return func(r *Resource) string {
		if r.propertyText(property) == "true" {
			return ".fifo"
		}
		return ""
	}
}

// lastPart is what stands behind the last slash or colon of an ARN.
func lastPart(text string) string {
	return text[strings.LastIndexAny(text, "/:")+1:]
}
