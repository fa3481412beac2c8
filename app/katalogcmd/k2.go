package katalogcmd

import (
	"fmt"
	"io/fs"
	"iter"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow/einspielung"
)

// k2 reads a delivery of the ABDA-Artikelstamm; it says itself from which day it holds.
func (c *Import) k2(e *env.Env, fsys fs.FS) error {
	if c.Ab != "" || len(c.Spalte) > 0 || c.Zuordnung != "" || liste.Vorlage(c.Vorlage).Amtlich() {
		return fault.New(fault.Invalid, "A-476", "Eine K2-Lieferung nennt ihren Tag und ihre Felder selbst; "+
			"bitte --ab und "+
			"--spalte weglassen.", nil)
	}
	name := c.Datei
	if abs, err := filepath.Abs(name); err == nil {
		name = filepath.Base(abs)
	}
	name = "ABDATA K2 " + name
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

// mitFortschritt shows on the way how many rows were read, of about so many; 0 is not known.
func (c *Import) mitFortschritt(
	e *env.Env, saetze iter.Seq2[liste.Satz, error], von *int,
) iter.Seq2[liste.Satz, error] {
	return func(yield func(liste.Satz, error) bool) {
		n := 0
		for s, err := range saetze {
			if n%500 == 0 {
				c.anzeige.melde(einspielung.Lesen, n, *von)
				if err == nil {
					err = e.Ctx.Err()
				}
			}
			n++
			if !yield(s, err) {
				return
			}
		}
	}
}
