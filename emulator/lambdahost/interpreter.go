package lambdahost

import (
	_ "embed" // of the runtimes
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// interpreter runs functions of one language: a program of this machine, with a
// client of the Runtime API as its script.
type interpreter struct {
	runtime string   // prefix of Runtime
	command []string // program and its arguments, the last one the script
	inline  string   // file that CloudFormation makes of Code.ZipFile
	endings []string // of the file that has the handler
}

var (
	//go:embed runtimes/node.mjs
	nodeRuntime string
	//go:embed runtimes/python.py
	pythonRuntime string
)

// interpreters is the table of languages that are not built.
var interpreters = []interpreter{
	{"nodejs", []string{"node", "--input-type=module", "-e", nodeRuntime}, "index.js", []string{".js", ".mjs", ".cjs", ""}},
	{"python", []string{"python3", "-u", "-c", pythonRuntime}, "index.py", []string{".py"}},
}

func interpreterOf(runtime string) *interpreter {
	for i := range interpreters {
		if strings.HasPrefix(runtime, interpreters[i].runtime) {
			return &interpreters[i]
		}
	}
	return nil
}

// useInterpreter runs the function's handler in folder; inline says that its
// file comes from the template. fault is why it can't.
func (f *Function) useInterpreter(i *interpreter, folder string, inline bool) (fault string) {
	program, err := exec.LookPath(i.command[0])
	if err != nil {
		return "its runtime " + f.Runtime + " needs " + i.command[0] + ", which is not in the PATH"
	}
	if !inline && !slices.ContainsFunc(i.endings, func(ending string) bool { return isFile(filepath.Join(folder, f.handlerFile()) + ending) }) {
		return "the folder " + folder + " has no file " + f.handlerFile() + i.endings[0] + " for the handler " + f.Handler
	}
	f.Command, f.TaskRoot = append([]string{program}, i.command[1:]...), folder
	return ""
}

// handlerFile is the file of a handler "folder/file.export", without its ending.
func (f *Function) handlerFile() string {
	folder, name := filepath.Split(filepath.FromSlash(f.Handler))
	file, _, _ := strings.Cut(name, ".")
	if strings.HasPrefix(f.Runtime, "python") { // package.module.function
		file = filepath.FromSlash(strings.ReplaceAll(strings.TrimSuffix(name, filepath.Ext(name)), ".", "/"))
	}
	return filepath.Join(folder, file)
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// writeInline writes the code that the template has into the function's folder.
func (f *Function) writeInline() error {
	if err := os.MkdirAll(f.TaskRoot, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(f.TaskRoot, interpreterOf(f.Runtime).inline), []byte(f.Inline), 0o644)
}
