package emulator

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"time"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/emulator/gateway"
)

// mappingFiles are the mapping templates of the methods that tell their files.
// While files are watched the file is what counts, not its copy in the assembly.
type mappingFiles struct {
	*Emulator
	seen map[string]bool // files that were there once: an assembly may have come without them
}

func (m *mappingFiles) folders() []string {
	a := m.Assembly()
	var folders []string
	for file := range a.MappingTexts() {
		folders = append(folders, filepath.Dir(filepath.Join(a.Root, filepath.FromSlash(file))))
	}
	return folders
}

// follow needs no synthesis: it makes the gateways again from the assembly with
// the new texts, which takes milliseconds.
func (m *mappingFiles) follow(ctx context.Context) bool {
	m.changing.Lock()
	defer m.changing.Unlock()
	noticed := time.Now()
	now := m.current.Load()
	texts := now.assembly.MappingTexts()
	mappings := map[string]string{}
	maps.Copy(mappings, now.assembly.Mappings)
	var live []string
	for _, file := range slices.Sorted(maps.Keys(texts)) {
		text, err := now.assembly.ReadFile(filepath.Join(now.assembly.Root, filepath.FromSlash(file)))
		if err != nil && !m.seen[file] {
			continue
		}
		m.seen[file] = true
		if err == nil && string(text) == texts[file] && !m.isBroken(file) {
			continue
		}
		if err == nil {
			_, err = gateway.ParseMappingTemplate(file, string(text))
		}
		if err != nil {
			m.tell(file, noticed, err)
			continue
		}
		mappings[file] = string(text)
		live = append(live, file)
	}
	if len(live) == 0 {
		return false
	}
	err := m.remap(ctx, now, mappings)
	for _, file := range live {
		m.tell(file, noticed, err)
	}
	return false // the folders are the same
}

// keepMappings has another assembly use the files that are in use, as far as it
// has them.
func keepMappings(now, next *cfn.Assembly) {
	texts := next.MappingTexts()
	next.Mappings = maps.Clone(now.Mappings)
	maps.DeleteFunc(next.Mappings, func(file, _ string) bool { _, used := texts[file]; return !used })
}

// remap serves the same assembly with other mapping templates, unless a method
// can't be served any more.
func (e *Emulator) remap(ctx context.Context, now *served, mappings map[string]string) error {
	next, assembly := *now, *now.assembly
	assembly.Mappings = mappings
	next.assembly = &assembly
	if err := e.build(&next, e.backends(&next)); err != nil {
		return err
	}
	refused := slices.DeleteFunc(next.problems.Of(cfn.Unserved), func(p cfn.Problem) bool { return slices.Contains(now.problems, p) })
	if len(refused) > 0 {
		return refused
	}
	return e.put(ctx, &next)
}
