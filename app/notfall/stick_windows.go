package notfall

import (
	"fmt"
	"path/filepath"
	"strings"
)

// istEinhaengepunkt reports whether a folder is the root of a drive, and not that of the
// data.
func istEinhaengepunkt(stick, daten string) (bool, error) {
	data, err := filepath.Abs(daten)
	if err != nil {
		return false, fmt.Errorf("find data folder: %w", err)
	}
	drive := filepath.VolumeName(stick)
	root := drive != "" && strings.EqualFold(filepath.Clean(stick), drive+`\`)
	return root && !strings.EqualFold(drive, filepath.VolumeName(data)), nil
}
