package katalogcmd

import (
	"fmt"
	"io/fs"
	"os"

	"github.com/offizin/offizin/app/env"
)

// quelle is what an import reads: a folder, or a file, or nothing that can be read.
type quelle struct {
	ordner fs.FS
	datei  *os.File
	err    error // why neither can be opened
	offen  []interface{ Close() error }
}

func (q *quelle) close() {
	for _, c := range q.offen {
		_ = c.Close() // only read
	}
}

func unlesbar(name string, cause error) error {
	return &env.Exit{
		Code: env.ExitUsage, Text: "Die Datei „" + name + "“ ist nicht lesbar; bitte den Namen prüfen. (A-464)", Cause: cause,
	}
}

// oeffne opens the source. With --eingang nothing outside that folder is opened, whatever a
// name or a link in it says.
func (c *Import) oeffne() (*quelle, error) {
	if c.Eingang == "" {
		q := &quelle{}
		if fi, err := os.Stat(c.Datei); err == nil && fi.IsDir() {
			q.ordner = os.DirFS(c.Datei)
			return q, nil
		}
		var f *os.File
		if f, q.err = os.Open(c.Datei); q.err == nil {
			q.datei, q.offen = f, append(q.offen, f)
		}
		return q, nil
	}
	root, err := os.OpenRoot(c.Eingang)
	if err != nil {
		return nil, fmt.Errorf("open folder of sources: %w", err)
	}
	q := &quelle{}
	q.offen = append(q.offen, root)
	if sub, err := root.OpenRoot(c.Datei); err == nil {
		q.ordner, q.offen = sub.FS(), append(q.offen, sub)
		return q, nil
	}
	f, err := root.Open(c.Datei)
	if err != nil {
		q.close()
		return nil, unlesbar(c.Datei, err)
	}
	q.datei, q.offen = f, append(q.offen, f)
	return q, nil
}
