// Package locale holds every text of the screens, by key: one file for the frame and
// the till, one for each further page.
package locale

import (
	"embed"
	"io/fs"
	"strings"
)

//go:embed *.toml
var files embed.FS

// DE returns the German texts: sections in brackets, lines of key = "text".
func DE() string {
	var all strings.Builder
	names, _ := fs.Glob(files, "*.toml") // the pattern is well formed
	for _, name := range names {
		b, _ := fs.ReadFile(files, name) // it was embedded
		all.Write(b)
		all.WriteByte('\n')
	}
	return all.String()
}
