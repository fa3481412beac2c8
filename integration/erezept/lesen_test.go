package erezept_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/integration/erezept"
)

// referenz is a folder of the reference data, which lies outside of the repository.
func referenz(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("OFFIZIN_REFERENZ")
	if root == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	return filepath.Join(root, "erezept", folder)
}

func each(t *testing.T, dir string, f func(name string, data []byte)) int {
	t.Helper()
	n := 0
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(path) != ".xml" {
			return err
		}
		data, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n++
		f(strings.TrimPrefix(path, dir+"/"), data)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestParseReferenz(t *testing.T) {
	n := each(t, referenz(t, "prescriptions"), func(name string, data []byte) {
		r, list, err := erezept.Parse(data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			return
		}
		for _, b := range list {
			t.Logf("%s: %v %s", name, b, b.Subject)
		}
		if r.Kostentraeger.Art == "" || len(r.Verordnungen) == 0 {
			t.Errorf("%s: %+v", name, r)
		}
	})
	if n < 201 {
		t.Errorf("%d prescriptions read, want 201", n)
	}
}

func TestParseInvalid(t *testing.T) {
	each(t, referenz(t, "invalid/prescriptions"), func(name string, data []byte) {
		_, list, err := erezept.Parse(data)
		t.Logf("%s: %v %v", name, err, list)
	})
}
