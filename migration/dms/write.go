package dms

import (
	"os"
	"path/filepath"

	"github.com/LBHackney-IT/resident-gateway/source/mapping"
)

const (
	mappingSuffix  = ".mapping.json"
	settingsSuffix = ".settings.json"
	endpointsFile  = "endpoints.json"
)

// A File is one of those that deploy/dms/<source> holds.
type File struct {
	Name string
	Text []byte
}

// Files are what DMS is told of a source: the table mapping and the settings of each task, then
// endpoints.json, which lists the tasks and says what the endpoints of each are given. The same
// description makes the same files, byte for byte.
func Files(m *mapping.Mapping) ([]File, error) {
	tasks, err := Tasks(m)
	if err != nil {
		return nil, err
	}
	var files []File
	for i := range tasks {
		t := &tasks[i]
		files = append(files,
			File{t.Identifier + mappingSuffix, t.Mapping}, File{t.Identifier + settingsSuffix, t.Settings})
	}
	text, err := document(endpointsOf(m.Schema(), tasks))
	if err != nil {
		return nil, err
	}
	return append(files, File{endpointsFile, text}), nil
}

// Write writes the files of a source into a folder, which it makes where there is none, and returns
// their paths. Nothing is written where any of them is at fault. What else is in the folder stays.
func Write(folder string, m *mapping.Mapping) ([]string, error) {
	files, err := Files(m)
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil { //nolint:gosec // it is code, with no secrets
		return nil, err
	}
	paths := make([]string, 0, len(files))
	for _, f := range files {
		path := filepath.Join(folder, f.Name)
		if err := os.WriteFile(path, f.Text, 0o644); err != nil { //nolint:gosec // as the folder
			return paths, err
		}
		paths = append(paths, path)
	}
	return paths, nil
}
