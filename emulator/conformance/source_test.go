package conformance

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// source is what a source file has to do with templates.
type source struct {
	name              string // from the project's folder
	types, properties []string
	refusals          []refusal
}

// refusal is a message about a property or type, "" where only the template tells.
type refusal struct{ subject, message string }

var (
	typeName     = regexp.MustCompile(`^AWS::\w+::\w+$`)
	propertyPath = regexp.MustCompile(`^[A-Z][A-Za-z0-9.]*$`)
	// accessors are the methods of a cfn.Resource that read a property.
	accessors = []string{"Value", "Has", "String", "Strings", "Int", "Float", "Bool", "Map", "StringMap", "List", "Local"}
	// reporters are the functions that report a problem; their last arguments are property, message and hint.
	reporters = []string{"Problem", "fault", "report", "ignore"}
)

// readSources reads the packages that read templates.
func readSources(t *testing.T) []source {
	t.Helper()
	var all []source
	for _, folder := range []string{"cfn", "gateway", "lambdahost", "awsservice", "vpclink"} {
		paths, err := filepath.Glob(filepath.Join("..", folder, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if strings.HasSuffix(path, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
			if err != nil {
				t.Fatal(err)
			}
			s := source{name: "emulator/" + folder + "/" + filepath.Base(path)}
			ast.Inspect(file, s.visit)
			slices.Sort(s.types)
			slices.Sort(s.properties)
			s.types, s.properties = slices.Compact(s.types), slices.Compact(s.properties)
			all = append(all, s)
		}
	}
	return all
}

func (s *source) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.BasicLit:
		if text := literal(n); typeName.MatchString(text) {
			s.types = append(s.types, text)
		}
	case *ast.CallExpr:
		s.call(n)
	case *ast.CompositeLit:
		s.row(n)
	}
	return true
}

func (s *source) call(c *ast.CallExpr) {
	name := ""
	switch f := c.Fun.(type) {
	case *ast.SelectorExpr:
		name = f.Sel.Name
	case *ast.Ident:
		name = f.Name
	}
	if slices.Contains(accessors, name) && len(c.Args) == 1 {
		if text := strings.TrimLeft(literal(c.Args[0]), "…."); propertyPath.MatchString(text) {
			s.properties = append(s.properties, text)
		}
	}
	if name == "of" && len(c.Args) == 1 { // of the gateway's builder
		if text := literal(c.Args[0]); text != "…" {
			s.types = append(s.types, "AWS::ApiGateway::"+text)
		}
	}
	if !slices.Contains(reporters, name) || len(c.Args) < 3 {
		return
	}
	args := c.Args[len(c.Args)-3:]
	s.refuse(literal(args[0]), literal(args[1]))
}

func (s *source) refuse(subject, message string) {
	if message != "" && message != "…" {
		s.refusals = append(s.refusals, refusal{strings.TrimLeft(subject, "…."), message})
	}
}

// row is a row of a table of types that are not served: type, message, hint.
func (s *source) row(l *ast.CompositeLit) {
	if len(l.Elts) == 3 {
		if kind := literal(l.Elts[0]); typeName.MatchString(kind) {
			s.refuse(kind, literal(l.Elts[1]))
		}
	}
}

// verb is a verb of a format.
var verb = regexp.MustCompile(`%[a-z]`)

// literal is the text of the expression, with … where it isn't said outright.
func literal(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.BasicLit:
		if e.Kind == token.STRING {
			text, _ := strconv.Unquote(e.Value)
			return text
		}
	case *ast.BinaryExpr:
		return literal(e.X) + literal(e.Y)
	case *ast.CallExpr:
		if f, ok := e.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Sprintf" {
			return verb.ReplaceAllString(literal(e.Args[0]), "…")
		}
	}
	return "…"
}
