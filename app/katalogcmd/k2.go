package katalogcmd

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
)

// k2 reads a delivery of the ABDA-Artikelstamm; it says itself from which day it holds.
func (c *Import) k2(e *env.Env) error {
	if c.Ab != "" || len(c.Spalte) > 0 {
		return fault.New(fault.Invalid, "A-476", "Eine K2-Lieferung nennt ihren Tag und ihre Felder selbst; "+
			"bitte --ab und "+
			"--spalte weglassen.", nil)
	}
	name := c.Datei
	if abs, err := filepath.Abs(name); err == nil {
		name = filepath.Base(abs)
	}
	name = "ABDATA K2 " + name
	fsys := os.DirFS(c.Datei)
	if abdata.IstUPD(fsys) {
		return c.k2Aenderungen(e, fsys, name)
	}
	l, err := abdata.OeffneLieferung(fsys)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "ABDATA K2, %d Dateien, gültig ab %s.\n", l.Dateien(), l.GueltigAb.German())
	return c.einspielen(e, herkunft{
		name: name, ab: l.GueltigAb, hinweise: l.Hinweise, saetze: k2Saetze(l.Packungen()), vertraege: k2Vertraege(l),
		rohdaten: l.Rohdaten,
	})
}

func k2Saetze(list iter.Seq2[abdata.Packung, error]) iter.Seq2[liste.Satz, error] {
	return func(yield func(liste.Satz, error) bool) {
		for p, err := range list {
			s := liste.Satz{Nr: p.Zeile, Zeile: catalogue.Zeile{Artikel: p.Artikel}}
			for _, f := range p.Funde {
				s.Funde = append(s.Funde, liste.Fund{Zeile: p.Zeile, Spalte: f.Feld, Befund: f.Befund})
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

func k2Vertraege(l *abdata.Lieferung) iter.Seq2[catalogue.Vertragszeile, error] {
	return func(yield func(catalogue.Vertragszeile, error) bool) {
		for v, err := range l.Vertraege() {
			if !yield(catalogue.Vertragszeile{IK: v.IK, PZN: v.PZN, Vertrag: v.Vertrag}, err) {
				return
			}
		}
	}
}

// schritt is how many articles lie between two signs of progress.
const schritt = 10_000

// mitFortschritt shows on the way how many rows were read.
func mitFortschritt(e *env.Env, saetze iter.Seq2[liste.Satz, error]) iter.Seq2[liste.Satz, error] {
	return func(yield func(liste.Satz, error) bool) {
		n := 0
		defer func() { fortschrittEnde(e, n) }()
		for s, err := range saetze {
			n++
			fortschritt(e, "Quelle wird geprüft", n, 0)
			if n%1000 == 0 && e.Ctx != nil && err == nil {
				err = e.Ctx.Err()
			}
			if !yield(s, err) {
				return
			}
		}
	}
}

// fortschritt writes over the line before; of 0 the end is not known.
func fortschritt(e *env.Env, what string, n, of int) {
	switch {
	case e.Stderr == nil || n%schritt != 0:
	case of > 0:
		fmt.Fprintf(e.Stderr, "\r%s: %d von %d Artikeln (%d %%)", what, n, of, n*100/of)
	default:
		fmt.Fprintf(e.Stderr, "\r%s: %d Artikel", what, n)
	}
}

// fortschrittEnde ends the line if there is one.
func fortschrittEnde(e *env.Env, n int) {
	if e.Stderr != nil && n >= schritt {
		fmt.Fprintln(e.Stderr)
	}
}
