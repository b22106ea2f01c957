package docs_test

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"
)

var (
	// namedTest is a test, or one of its rows, in code marks, as go test -run takes it.
	namedTest = regexp.MustCompile("`(Test[A-Za-z0-9]+)(?:/([^`]+))?`")
	testFunc  = regexp.MustCompile(`(?m)^func (Test[A-Za-z0-9]+)\(`)
)

// TestNamedTestsExist looks for each test that the last column of a table names:
// a row of it by the name that stands in the same file.
func TestNamedTestsExist(t *testing.T) {
	files := testFiles(t, ".")
	for name, text := range pages(t) {
		for line := range strings.Lines(text) {
			cells := strings.Split(strings.TrimSuffix(strings.TrimSpace(line), "|"), "|")
			if len(cells) < 2 {
				continue
			}
			for _, match := range namedTest.FindAllStringSubmatch(cells[len(cells)-1], -1) {
				row := strings.ReplaceAll(match[2], "_", " ")
				if !hasTest(files[match[1]], row) {
					t.Errorf("%s: there is no test %s", name, match[0])
				}
			}
		}
	}
}

// hasTest looks for the row in the files of the tests of one name.
func hasTest(files []string, row string) bool {
	for _, text := range files {
		if row == "" || strings.Contains(text, `"`+row+`"`) {
			return true
		}
	}
	return false
}

// testFiles gives the text of the files in these folders that have a test, by its name.
func testFiles(t *testing.T, folders ...string) map[string][]string {
	t.Helper()
	files := map[string][]string{}
	for _, folder := range folders {
		err := fs.WalkDir(os.DirFS(project), folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			if entry.IsDir() && (entry.Name() == "node_modules" || name != "." && strings.HasPrefix(entry.Name(), ".")) {
				return fs.SkipDir
			}
			if matched, _ := path.Match("*_test.go", entry.Name()); !matched {
				return nil
			}
			text := read(t, name)
			for _, match := range testFunc.FindAllStringSubmatch(text, -1) {
				files[match[1]] = append(files[match[1]], text)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
