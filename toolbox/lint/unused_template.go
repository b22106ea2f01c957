package lint

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/apigw-integrations/apigw-integrations/emulator/cfn"
	"github.com/apigw-integrations/apigw-integrations/toolbox/doctor"
)

var unusedTemplate = Rule{
	ID:             "unused-template",
	Severity:       doctor.Warning,
	Evidence:       doctor.Documented,
	Title:          "A file beside the mapping templates is none of any method",
	Why:            "whoever changes it changes nothing",
	Fix:            "use it in an integration, or delete it",
	Doc:            "docs/lint.md",
	OfIntegrations: true,
	check: func(x *examination) {
		var used, folders []string
		for _, m := range x.app.Assembly.Resources("AWS::ApiGateway::Method") {
			for _, file := range m.MappingSources() {
				if !filepath.IsLocal(filepath.FromSlash(file)) {
					continue
				}
				used = append(used, path.Clean(file))
				if folder, _, isBelow := strings.Cut(path.Clean(file), "/"); isBelow {
					folders = append(folders, folder)
				}
			}
		}
		root := x.app.Assembly.Root
		slices.Sort(folders)
		for _, folder := range slices.Compact(folders) {
			files, err := x.templatesOf(filepath.Join(root, folder))
			if err != nil {
				x.report.NotChecked = append(x.report.NotChecked, doctor.NotChecked{Rule: x.rule.ID, Reason: err.Error()})
				continue
			}
			for _, file := range files {
				name, err := filepath.Rel(root, file)
				if err == nil && !slices.Contains(used, filepath.ToSlash(name)) {
					x.find(doctor.Where{File: cfn.Displayed(file), Line: 1}, "no method uses %s", filepath.ToSlash(name))
				}
			}
		}
	},
}

// templatesOf is templatesBelow for a folder that the app names.
func (x *examination) templatesOf(folder string) ([]string, error) {
	_, err := x.app.Assembly.Stat(folder)
	switch {
	case errors.Is(err, cfn.ErrElsewhere):
		return nil, fmt.Errorf("%s is %w: pass --allow-functions if you trust it", cfn.Displayed(folder), err)
	case err != nil:
		return nil, err
	}
	return templatesBelow(folder)
}
