package conformance

import (
	"cmp"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/apigw-integrations/apigw-integrations/emulator/golden"
	"github.com/apigw-integrations/apigw-integrations/emulator/vtl"
)

const fidelityIntro = `# Fidelity

Nothing here was checked on an AWS account of ours. So each claim about API Gateway carries the evidence it has:

| label | means |
|---|---|
| **recorded** | an answer of the real service was stored by somebody's test, or such a test asserts it and is marked as run against AWS. LocalStack's public test suite holds nearly all of them |
| **documented** | AWS's pages say so; nobody's recording shows it |
| **unverified** | it is likely, or others say so; neither of the above |

No text of this repository claims more than its label. Where two readings are possible, the local gateway takes one and
the row below says so. Rule numbers are those in the code's comments ("rule 53"). A test that is named by a file alone
is in ` + "`emulator/conformance/testdata/rules/`" + `, where each case names its rule.

This page is written by ` + "`make fidelity`" + ` from the code: the claims from ` + "`emulator/conformance/rules_test.go`" + `, the rest from what reads and
refuses.
`

// TestFidelity holds docs/fidelity.md to the code.
func TestFidelity(t *testing.T) {
	var b strings.Builder
	b.WriteString(fidelityIntro)
	cases := ruleCases(t)
	for _, s := range sections {
		fmt.Fprintf(&b, "\n## %s\n", s.title)
		for _, p := range s.parts {
			writePart(t, &b, p, cases)
		}
	}
	writeMethods(&b)
	writeLimits(&b)
	writeTemplateReaders(t, &b)
	golden.File(t, "../../docs/fidelity.md", b.String(), "docs/fidelity.md is not what the code says: run make fidelity")
}

func writePart(t *testing.T, b *strings.Builder, p part, cases map[int][]string) {
	if p.text != "" {
		fmt.Fprintf(b, "\n%s\n", p.text)
		return
	}
	numbered := p.claims[0].rule > 0
	if numbered {
		fmt.Fprintf(b, "\n| rule | %s | label | test |\n|---|---|---|---|\n", p.subject)
	} else {
		fmt.Fprintf(b, "\n| %s | label |\n|---|---|\n", p.subject)
	}
	for _, c := range p.claims {
		if !strings.Contains(c.label, "recorded") && !strings.Contains(c.label, "documented") && !strings.Contains(c.label, "unverified") {
			t.Errorf("%q has no label", c.text)
		}
		if !numbered {
			fmt.Fprintf(b, "| %s | %s |\n", c.text, c.label)
			continue
		}
		test := cmp.Or(strings.Join(cases[c.rule], ", "), elsewhere[c.rule])
		if _, err := os.Stat("../../" + test); err == nil {
			test = "`" + test + "`"
		}
		fmt.Fprintf(b, "| %d | %s | %s | %s |\n", c.rule, c.text, c.label, test)
	}
	if numbered {
		return
	}
	for _, test := range p.tests {
		if _, err := os.Stat("../../" + test); err != nil {
			t.Error(err)
		}
	}
	fmt.Fprintf(b, "\nTested in `%s`.\n", strings.Join(p.tests, "`, `"))
}

func writeMethods(b *strings.Builder) {
	b.WriteString("\n## Methods in mapping templates\n\nThey answer as Java's. A method that isn't listed is null, as one that Java doesn't have.\n\n| of | methods |\n|---|---|\n")
	methods := vtl.Methods()
	for _, receiver := range slices.Sorted(maps.Keys(methods)) {
		fmt.Fprintf(b, "| %s | `%s` |\n", receiver, strings.Join(methods[receiver], "` `"))
	}
}

func writeLimits(b *strings.Builder) {
	fmt.Fprintf(b, `
Refused in a template, as an error with its place:

| what | why |
|---|---|
| `+"`#parse`, `#include`"+` | a mapping template can't read other files |
| `+"`$x.class.forName(…)`"+` and other reflection | Velocity's secure introspection refuses it too: of a class only its name is shown |
| more than %d rounds of one `+"`#foreach`"+` | the service's limit (documented) |
| more than %d rounds in one rendering | work without end |
| more than %d MB of output | the service's limit of a body (documented) |
| macros that call macros more than %d deep | work without end |
| blocks nested more than %d deep | a stack without end |
`, vtl.MaxForeach, vtl.MaxRounds, vtl.MaxOutput>>20, vtl.MaxMacroDepth, vtl.MaxNesting)
}

func writeTemplateReaders(t *testing.T, b *strings.Builder) {
	read := readSources(t)
	b.WriteString("\n## What is read of a CloudFormation template\n\nProperties by the file that reads them; a path below a property is written with dots, and of a list's elements their own members.\n\n| file | types | properties |\n|---|---|---|\n")
	for _, f := range read {
		if len(f.properties) > 0 {
			fmt.Fprintf(b, "| `%s` | %s | `%s` |\n", f.name, strings.Join(f.types, ", "), strings.Join(f.properties, "` `"))
		}
	}
	b.WriteString("\nThese types have the `Ref` and the attributes that CloudFormation gives them; any other type has a generated name as its `Ref`:\n\n")
	var types []string
	for _, f := range read {
		if strings.HasPrefix(f.name, "emulator/cfn/types_") {
			types = append(types, f.types...)
		}
	}
	slices.Sort(types)
	fmt.Fprintf(b, "%s.\n", strings.Join(slices.Compact(types), ", "))
	b.WriteString("\n## What is refused or ignored in a template\n\n`apigw routes` names each with its place. What depends on the template is written as …, and messages of other programs are left out.\n\n| file | property or type | message |\n|---|---|---|\n")
	for _, f := range read {
		for _, r := range f.refusals {
			fmt.Fprintf(b, "| `%s` | %s | %s |\n", f.name, r.subject, strings.ReplaceAll(r.message, "|", `\|`))
		}
	}
}
