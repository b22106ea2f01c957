package awsservice

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"
)

// A data folder has the tables, in a folder of the engine's, and a mark, by which
// it is known and which is locked while it is served.
const (
	tablesFolder = "dynamodb"
	dataMark     = "apigw-data.json"
	dataFormat   = 1 // of the mark, and of what the engine writes
)

type dataDir struct{ mark *os.File }

// openDataDir takes the folder for this process, until close or the process's
// end. It makes the folder, for its user only; an existing one must be empty or
// a data folder.
func openDataDir(dir string) (*dataDir, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("make the data folder: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("read the data folder: %w", err)
	}
	marked := false
	for _, entry := range entries {
		marked = marked || entry.Name() == dataMark
	}
	if len(entries) > 0 && !marked {
		return nil, fmt.Errorf("%s has other files and no %s: name a data folder, an empty one or a new one", dir, dataMark)
	}
	mark, err := os.OpenFile(filepath.Join(dir, dataMark), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open the data folder: %w", err)
	}
	d := &dataDir{mark}
	if err := d.take(dir); err != nil {
		return nil, errors.Join(err, d.close())
	}
	return d, nil
}

func (d *dataDir) take(dir string) error {
	if err := syscall.Flock(int(d.mark.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return fmt.Errorf("the data folder %s is in use by another apigw serve: stop it, or name another folder", dir)
	}
	text, err := io.ReadAll(d.mark)
	if err != nil {
		return fmt.Errorf("read the data folder: %w", err)
	}
	mark := struct {
		Format int `json:"format"`
	}{dataFormat}
	if len(text) == 0 { // new
		if text, err = json.Marshal(mark); err == nil {
			_, err = d.mark.Write(append(text, '\n'))
		}
	} else if err = json.Unmarshal(text, &mark); err == nil && mark.Format != dataFormat {
		return fmt.Errorf("the data folder %s has format %d, this apigw reads format %d: name another folder, or take the version that wrote it",
			dir, mark.Format, dataFormat)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", d.mark.Name(), err)
	}
	if err := os.MkdirAll(filepath.Join(dir, tablesFolder), 0o700); err != nil {
		return fmt.Errorf("make the folder of the tables: %w", err)
	}
	return nil
}

// close gives the folder back.
func (d *dataDir) close() error { return d.mark.Close() }
