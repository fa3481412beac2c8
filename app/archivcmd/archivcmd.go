// Package archivcmd is `offizin archiv`: what must be kept of a year for ten years, in a folder
// that can be read without the program (AO § 147 (3), GoBD Tz. 119–144).
package archivcmd

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/ruhend"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

//go:embed liesmich.txt
var liesmich string

// Archiv is `offizin archiv`.
type Archiv struct {
	Daten string   `help:"Datenordner; das Programm darf darauf nicht laufen." required:"" placeholder:"ORDNER"`
	Jahr  int      `help:"Kalenderjahr." required:"" placeholder:"JJJJ"`
	Nach  string   `help:"Ordner, der neu angelegt wird." required:"" placeholder:"ORDNER"`
	TSE   []string `help:"TAR-Export der TSE, der unverändert dazugelegt wird." name:"tse" placeholder:"DATEI"`
}

// The names in the folder.
const (
	Summen   = "SHA256SUMS"
	Liesmich = "LIESMICH.txt"
)

// Run writes the folder; the last line says where it is.
func (c *Archiv) Run(e *env.Env) (err error) {
	today := clock.Today(e.Clock)
	von, bad := civil.New(c.Jahr, 1, 1)
	if bad != nil || c.Jahr < 2020 || c.Jahr > today.Year() {
		return env.Usage("Dieses Jahr gibt es im Archiv nicht; bitte das laufende oder ein früheres nennen.")
	}
	bis := civil.Must(c.Jahr, 12, 31)
	a, err := ruhend.Open(e, c.Daten)
	if err != nil {
		return env.Failed(err)
	}
	defer func() { err = env.Failed(errors.Join(err, a.Close())) }()
	o := &ordner{}
	err = platte.NeuerOrdner(c.Nach, func(dir string) error {
		o.dir = dir
		return c.fuellen(e, a, o, von, bis, today)
	})
	err = ruhend.Ziel(err, fault.New(fault.Invalid, "T-761",
		"Der Ordner lässt sich nicht anlegen – nehmen Sie einen, den es noch nicht gibt.", nil))
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s: %d Dateien.\n", c.Nach, len(o.summen))
	if len(c.TSE) == 0 {
		fmt.Fprintln(e.Stdout, "Ohne Export der TSE: holen Sie ihn auf der Seite „Exporte“ und nennen Sie ihn mit --tse.")
	}
	return nil
}

// fuellen writes what belongs to the year.
func (c *Archiv) fuellen(e *env.Env, a *apotheke.Apotheke, o *ordner, von, bis, today civil.Day) error {
	o.datei("journal.jsonl", func(w io.Writer) error { _, err := a.Store.Export(e.Ctx, w); return err })
	o.datei("dsfinvk.zip", func(w io.Writer) error { return a.DSFinVK(e.Ctx, von, bis, w) })
	o.datei("gdpdu.zip", func(w io.Writer) error { _, err := a.GDPdU(e.Ctx, von, bis, w); return err })
	for _, name := range c.TSE {
		o.kopie(name)
	}
	return o.schluss(c, today)
}

// ordner writes files and their checksums; after the first error it writes nothing more.
type ordner struct {
	dir    string
	summen []string
	err    error
}

func (o *ordner) datei(name string, write func(io.Writer) error) {
	if o.err != nil {
		return
	}
	h := sha256.New()
	err := platte.Neu(filepath.Join(o.dir, name), func(w io.Writer) error { return write(io.MultiWriter(w, h)) })
	if err != nil {
		o.err = fmt.Errorf("archive %s: %w", name, err)
		return
	}
	o.summen = append(o.summen, hex.EncodeToString(h.Sum(nil))+"  "+name)
}

// kopie lays an export of a TSE beside the others, byte for byte (AEAO zu § 146a Nr. 1.15).
func (o *ordner) kopie(name string) {
	f, err := os.Open(name)
	if err != nil {
		o.err = errors.Join(o.err, fault.New(fault.Invalid, "T-762",
			"Ein Export der TSE lässt sich nicht lesen – prüfen Sie den Namen nach --tse.", err))
		return
	}
	defer f.Close() //nolint:errcheck // only read
	o.datei("tse-"+filepath.Base(name), func(w io.Writer) error {
		_, err := io.Copy(w, f)
		return err //nolint:wrapcheck // wrapped by datei
	})
}

// schluss writes what explains the folder, and the checksums last: what has them is whole.
func (o *ordner) schluss(c *Archiv, today civil.Day) error {
	o.datei(Liesmich, func(w io.Writer) error {
		text := strings.NewReplacer("{JAHR}", fmt.Sprint(c.Jahr), "{TAG}", today.German(), "{FASSUNG}", env.Version(),
			"{BIS}", fmt.Sprint(c.Jahr+10)).Replace(liesmich)
		_, err := io.WriteString(w, text)
		return err //nolint:wrapcheck // wrapped by datei
	})
	if o.err != nil {
		return o.err
	}
	err := os.WriteFile(filepath.Join(o.dir, Summen), []byte(strings.Join(o.summen, "\n")+"\n"), 0o600)
	if err != nil {
		return fmt.Errorf("archive checksums: %w", err)
	}
	return nil
}
