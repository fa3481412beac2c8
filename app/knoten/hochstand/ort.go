package hochstand

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// name is the folder of this program among those of others.
const name = "offizin"

// Ort is where this user's programs keep what they remember, outside the data folder: what systemd has made
// for the service (StateDirectory=), the state of the user (XDG), on Windows %LOCALAPPDATA%.
func Ort(daten string) (string, error) {
	for _, dir := range orte(runtime.GOOS, os.Getenv) {
		if filepath.IsAbs(dir) && Ausserhalb(dir, daten) {
			return dir, nil
		}
	}
	return "", ErrKeinOrt
}

// orte are the folders in question, the best one first.
func orte(system string, env func(string) string) (list []string) {
	add := func(base string, below ...string) {
		if base != "" {
			list = append(list, filepath.Join(append([]string{base}, below...)...))
		}
	}
	switch system {
	case "windows":
		add(env("LOCALAPPDATA"), "Offizin")
		add(env("ProgramData"), "Offizin")
	case "darwin":
		add(env("HOME"), "Library", "Application Support", "Offizin")
	default:
		first, _, _ := strings.Cut(env("STATE_DIRECTORY"), ":")
		add(first)
		add(env("XDG_STATE_HOME"), name)
		add(env("HOME"), ".local", "state", name)
	}
	return list
}

// Ausserhalb reports whether a folder neither is the data folder nor lies in it: it would be put back with it.
func Ausserhalb(dir, daten string) bool {
	rel, err := filepath.Rel(Ganz(daten), Ganz(dir))
	return err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator))
}
