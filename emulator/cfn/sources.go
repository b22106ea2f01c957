package cfn

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
)

// Metadata keys by which constructs tell where a resource's source is.
const (
	sourceKey   = "apigw:source"
	mappingsKey = "apigw:mappings"
)

// Source is the folder of the resource's source, relative to Assembly.Root;
// "" when the metadata names none.
func (r *Resource) Source() string { return text(r.Metadata[sourceKey]) }

// ContainerSources is container name → source folder of a task definition.
func (r *Resource) ContainerSources() map[string]string { return r.metadataTexts(sourceKey) }

// MappingSources is property path ("Integration/RequestTemplates/application/json")
// → file of the mapping template.
func (r *Resource) MappingSources() map[string]string { return r.metadataTexts(mappingsKey) }

// MappingTexts is file → text of the mapping templates whose files the metadata
// tells. Mappings go before the templates' own texts.
func (a *Assembly) MappingTexts() map[string]string {
	texts := map[string]string{}
	for _, r := range a.Resources("AWS::ApiGateway::Method") {
		for path, file := range r.MappingSources() {
			property, contentType, _ := strings.Cut(path, "Templates/")
			text, found := r.StringMap(strings.ReplaceAll(property, "/", ".") + "Templates")[contentType]
			if found && filepath.IsLocal(filepath.FromSlash(file)) {
				texts[file] = text
			}
		}
	}
	maps.Copy(texts, a.Mappings)
	return texts
}

func (r *Resource) metadataTexts(key string) map[string]string {
	entries, _ := r.Metadata[key].(map[string]any)
	found := make(map[string]string, len(entries))
	for name, v := range entries {
		if path, ok := v.(string); ok {
			found[name] = path
		}
	}
	return found
}

// AssetDir is the folder of a function's code: by CDK's metadata, else what Code
// names. The error is ErrAbsent or ErrElsewhere.
func (r *Resource) AssetDir() (string, error) {
	dir, err := r.local("Code")
	if name := text(r.Metadata["aws:asset:path"]); name != "" && filepath.IsLocal(name) {
		dir, err = filepath.Join(filepath.Dir(r.Stack.file), name), nil
	}
	if err != nil {
		return "", err
	}
	if info, err := r.Stack.assembly.Stat(dir); err != nil || !info.IsDir() {
		return "", ErrAbsent
	}
	return dir, nil
}

// local is the file or folder of this machine that a property names: by its path
// from the template, as before "aws cloudformation package", or as an object in
// S3 that is an asset of the assembly. The error is ErrAbsent or ErrElsewhere.
func (r *Resource) local(property string) (string, error) {
	name := ""
	switch value := r.Value(property).(type) {
	case string:
		name = value
	case map[string]any:
		hash, _, _ := strings.Cut(filepath.Base(text(value["Key"])+text(value["S3Key"])), ".")
		name = r.Stack.assets.Files[hash].Source.Path
	}
	if name == "" || strings.Contains(name, "://") {
		return "", ErrAbsent
	}
	path := name
	if !filepath.IsAbs(path) {
		path = filepath.Join(filepath.Dir(r.Stack.file), name)
	}
	if _, err := r.Stack.assembly.Stat(path); errors.Is(err, ErrElsewhere) {
		return "", err
	} else if err != nil {
		return "", ErrAbsent
	}
	return path, nil
}

// assetManifest is what all "<Stack>.assets.json" of a folder tell, by hash.
type assetManifest struct {
	Files map[string]struct {
		Source struct {
			Path string `json:"path"`
		} `json:"source"`
	} `json:"files"`
}

func (a *Assembly) readAssets(dir string, m manifest) (assetManifest, error) {
	var all assetManifest
	for _, id := range slices.Sorted(maps.Keys(m.Artifacts)) { // in one order: whoever watches compares Files
		artifact := m.Artifacts[id]
		if artifact.Type != "cdk:asset-manifest" {
			continue
		}
		file, err := inside(dir, artifact.Properties.File)
		if err != nil {
			return all, err
		}
		text, err := a.readPart(file)
		if err != nil {
			return all, err
		}
		// Unmarshal adds to the map: equal hashes are equal files.
		if err := json.Unmarshal(text, &all); err != nil {
			return all, fmt.Errorf("%s: %w", file, jsonPlace(text, err))
		}
	}
	return all, nil
}
