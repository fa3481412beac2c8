package platte

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// Replace writes a file as a whole: whoever reads it finds what was there before or all
// that is new, also after a power cut.
func Replace(name string, b []byte) (err error) {
	dir, base := filepath.Split(name)
	f, err := os.CreateTemp(dir, "."+base+"-*")
	if err != nil {
		return fmt.Errorf("make %s: %w", base, err)
	}
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = Rename(f.Name(), name)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write %s: %w", base, err), os.Remove(f.Name()))
	}
	return syncDir(filepath.Dir(name))
}
