package erezeptcmd

import (
	"bytes"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/workflow/taxieren"
)

// maxDateien is the most files of a walk; a month of a large pharmacy has 20 000.
const maxDateien = 200_000

// sammlung is what the folders hold.
type sammlung struct {
	blind           bool
	nurVerordnungen bool
	akten           []taxieren.Akte
	verordnungen    []taxieren.Verordnung
	n               int
}

func istOrdner(dir string) bool {
	i, err := os.Stat(dir)
	return err == nil && i.IsDir()
}

// ordner walks a folder in the order of names. Files that are not XML of the two kinds
// are passed over; what cannot be opened is a mistake of whoever called.
func (s *sammlung) ordner(dir string) error {
	if !istOrdner(dir) {
		return env.Usage("Der Ordner „%s“ ist nicht lesbar; bitte den Namen prüfen. (R-602)", dir)
	}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.EqualFold(filepath.Ext(path), ".xml") {
			return err
		}
		if s.n++; s.n > maxDateien {
			return env.Usage("Der Ordner „%s“ hat zu viele Dateien; bitte einen kleineren angeben. (R-603)", dir)
		}
		rel, err := filepath.Rel(dir, path)
		if err != nil {
			return err //nolint:wrapcheck // wrapped below
		}
		return s.datei(path, filepath.ToSlash(rel))
	})
	if err == nil {
		return nil
	}
	if env.CodeOf(err) == env.ExitUsage {
		return err //nolint:wrapcheck // for the user as it is
	}
	return &env.Exit{
		Code: env.ExitUsage, Cause: err,
		Text: "Der Ordner „" + dir + "“ ist nicht vollständig lesbar; bitte die Rechte prüfen. (R-604)",
	}
}

// The words by which a file is known before it is read: even a damaged one must show
// up as ungueltig.
//
//nolint:gochecknoglobals // two constants that cannot be const
var (
	wortAbgabe     = []byte("AbgabedatenBundle|")
	wortVerordnung = []byte("KBV_PR_ERP_Bundle|")
)

func (s *sammlung) datei(path, name string) error {
	data, err := lies(path)
	if err != nil {
		return err
	}
	kopf := data[:min(len(data), 8192)]
	switch {
	case bytes.Contains(kopf, wortVerordnung):
		if r, _, err := erezept.Parse(data); err == nil {
			s.verordnungen = append(s.verordnungen, taxieren.Verordnung{Pfad: name, Rezept: r})
		}
	case !s.nurVerordnungen && bytes.Contains(kopf, wortAbgabe):
		a, err := erezept.ParseAbgabedaten(data, !s.blind)
		s.akten = append(s.akten, taxieren.Akte{Pfad: name, Daten: a, Fehler: err})
	}
	return nil
}

// lies reads one byte more than is allowed, so that the parser can say so.
func lies(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err //nolint:wrapcheck // wrapped by the walk
	}
	defer f.Close()                                          //nolint:errcheck // only read
	return io.ReadAll(io.LimitReader(f, erezept.MaxBytes+1)) //nolint:wrapcheck // as above
}
