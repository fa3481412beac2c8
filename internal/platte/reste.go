package platte

import (
	"os"
	"path/filepath"
	"strings"
)

// Reste removes what was left of a Replace of the file that was killed. Nobody may be
// replacing it meanwhile. What cannot be removed stays.
func Reste(name string) {
	dir, base := filepath.Split(name)
	RemoveLike(filepath.Clean(dir), "."+base+"-", "")
}

// RemoveLike removes the files of a folder whose names begin and end so; what cannot be
// removed stays.
func RemoveLike(dir, anfang, ende string) {
	entries, _ := os.ReadDir(dir) // what cannot be listed cannot be removed
	for _, e := range entries {
		if n := e.Name(); e.Type().IsRegular() && strings.HasPrefix(n, anfang) && strings.HasSuffix(n, ende) {
			_ = os.Remove(filepath.Join(dir, n)) // next time
		}
	}
}
