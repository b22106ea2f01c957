package awsservice

import (
	"cmp"
	"encoding/json"
	"reflect"
	"slices"
)

// tableDefinition is what can't be changed of a table without losing its items,
// as DescribeTable and CreateTable have it.
type tableDefinition struct {
	AttributeDefinitions   []tableAttribute
	KeySchema              []tableKey
	LocalSecondaryIndexes  []tableIndex
	GlobalSecondaryIndexes []tableIndex
}

type tableAttribute struct{ AttributeName, AttributeType string }

type tableKey struct{ AttributeName, KeyType string }

type tableIndex struct {
	IndexName  string
	KeySchema  []tableKey
	Projection struct {
		ProjectionType   string
		NonKeyAttributes []string
	}
}

// defines says whether CreateTable with this input would make the same table.
func (d tableDefinition) defines(input map[string]any) bool {
	var wanted tableDefinition
	text, err := json.Marshal(input)
	if err != nil || json.Unmarshal(text, &wanted) != nil {
		return false
	}
	d.sort()
	wanted.sort()
	return reflect.DeepEqual(d, wanted)
}

// sort puts in order what has none.
func (d *tableDefinition) sort() {
	slices.SortFunc(d.AttributeDefinitions, func(a, b tableAttribute) int { return cmp.Compare(a.AttributeName, b.AttributeName) })
	for _, indexes := range [][]tableIndex{d.LocalSecondaryIndexes, d.GlobalSecondaryIndexes} {
		slices.SortFunc(indexes, func(a, b tableIndex) int { return cmp.Compare(a.IndexName, b.IndexName) })
		for _, index := range indexes {
			slices.Sort(index.Projection.NonKeyAttributes)
		}
	}
}
