package retained

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// manifest is the part of "<Stack>.assets.json" that tells what was uploaded.
type manifest struct {
	Files map[string]struct {
		Source struct {
			Path string `json:"path"`
		} `json:"source"`
	} `json:"files"`
	Images map[string]struct {
		Source struct {
			Directory string `json:"directory"`
		} `json:"source"`
	} `json:"dockerImages"`
}

// published are the files and images that a deployment put into the bucket and
// the repository of the bootstrap stack. Their sizes are those before
// compression.
func published(dir string) ([]Remainder, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.assets.json"))
	if err != nil {
		return nil, err
	}
	files, images := map[string]int64{}, map[string]int64{}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		var m manifest
		if err := json.Unmarshal(text, &m); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for hash, file := range m.Files {
			files[hash] = size(filepath.Join(dir, file.Source.Path))
		}
		for hash, image := range m.Images {
			images[hash] = size(filepath.Join(dir, image.Source.Directory))
		}
	}
	const remove = "npx cdk gc --unstable=gc, which collects what no stack uses; other apps use CDKToolkit too"
	var found []Remainder
	for _, kind := range []struct {
		assets map[string]int64
		what   string
		price  float64
	}{
		{files, "files in the assets bucket", bucketGB},
		{images, "images in the assets repository", imageGB},
	} {
		if len(kind.assets) == 0 {
			continue
		}
		var sum int64
		for _, n := range kind.assets {
			sum += n
		}
		found = append(found, Remainder{
			Thing:  fmt.Sprintf("%s: %d, and those of earlier deployments", kind.what, len(kind.assets)),
			Why:    "CDKToolkit keeps what cdk deploy uploads",
			Costs:  fmt.Sprintf("%g USD for each GB; these are up to %.1f MB", kind.price, float64(sum)/1e6),
			Remove: remove,
		})
	}
	return found, nil
}

// size is that of a file, or of all in a folder. What is not there has none: an
// assembly may be listed without its assets.
func size(path string) int64 {
	var sum int64
	_ = filepath.WalkDir(path, func(_ string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return nil
		}
		if info, err := entry.Info(); err == nil {
			sum += info.Size()
		}
		return nil
	})
	return sum
}
