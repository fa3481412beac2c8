package katalogcmd

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
)

// Lieferung is `offizin catalogue lieferung`: it writes what `catalogue import` reads.
type Lieferung struct {
	Ziel    string `arg:"" help:"Ordner, in dem die Lieferung entsteht, als GESttmmjj."`
	Artikel int    `help:"Wie viele Artikel, höchstens 500000." default:"20000"`
	Ab      string `required:"" help:"Der Tag, ab dem die Lieferung gilt." placeholder:"TAG"`
	Delta   string `help:"Dazu die Änderungen zu einem späteren Tag, als UPDttmmjj." placeholder:"TAG"`
	Seed    uint64 `help:"Eine Zahl, die andere Artikel erfindet." default:"1"`
}

// Run writes the delivery and, on demand, what changes.
func (c *Lieferung) Run(e *env.Env) error {
	ab, err := tag(c.Ab)
	if err != nil {
		return ende(err)
	}
	delta := civil.Day(0)
	if c.Delta != "" {
		if delta, err = tag(c.Delta); err != nil {
			return ende(err)
		}
	}
	if least := len(muster.Bekannt()); c.Artikel < least || c.Artikel > muster.MaxArtikel || delta != 0 && delta <= ab {
		return env.Usage("Bitte %d bis %d Artikel angeben und für --delta einen Tag nach --ab. (A-477)", least,
			muster.MaxArtikel)
	}
	o := muster.Options{Seed: c.Seed, Artikel: c.Artikel}
	err = c.schreibe(e, abdata.GES, abdata.Vorrat{Ab: ab}, &erfindung{o: o})
	if err == nil && delta != 0 {
		err = c.schreibe(e, abdata.UPD, abdata.Vorrat{Ab: delta, Vorher: ab}, &erfindung{o: o, delta: true})
	}
	return ende(err)
}

func (c *Lieferung) schreibe(e *env.Env, inhalt abdata.Inhalt, v abdata.Vorrat, m *erfindung) error {
	dir := filepath.Join(c.Ziel, fmt.Sprintf("%s%02d%02d%02d", inhalt, v.Ab.DayOfMonth(), v.Ab.Month(), v.Ab.Year()%100))
	if _, err := os.Stat(dir); err == nil {
		return fault.New(fault.Invalid, "A-478", "Den Ordner „"+dir+"“ gibt es schon; bitte ihn entfernen oder "+
			"einen anderen "+
			"angeben.", nil)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // nothing secret: invented articles
		return fmt.Errorf("make folder of delivery: %w", err)
	}
	v.Artikel, v.Vertraege = m.artikel(), m.vertraege()
	for _, k := range muster.IKs() {
		v.Traeger = append(v.Traeger, abdata.Traeger(k))
	}
	err := abdata.Schreibe(func(datei string) (io.WriteCloser, error) { return os.Create(filepath.Join(dir, datei)) }, v)
	if err != nil {
		return err
	}
	fmt.Fprintf(e.Stdout, "%s geschrieben, gültig ab %s.\n", dir, v.Ab.German())
	return nil
}

// erfindung are the invented articles, or with delta what changes in them: every twentieth
// price, some articles that come and some that leave.
type erfindung struct {
	o     muster.Options
	delta bool
	kommt map[kennung.PZN]bool // not there before
	geht  map[kennung.PZN]bool // not there afterwards
}

// fassungen is a thing of an article before and after the change.
type fassungen[T any] struct {
	pzn         kennung.PZN
	before, now T
}

// artikel decides on the way which articles come and leave: none of those that are known
// by their numbers.
func (m *erfindung) artikel() iter.Seq2[abdata.Paar[artikel.Artikel], error] {
	return folge(m, func(yield func(fassungen[artikel.Artikel], error) bool) {
		m.kommt, m.geht = map[kennung.PZN]bool{}, map[kennung.PZN]bool{}
		later := m.o
		later.Ausgabe++
		next, stop := iter.Pull2(muster.Quelle(later).Artikel)
		defer stop()
		i, known := 0, len(muster.Bekannt())
		for z, err := range muster.Quelle(m.o).Artikel {
			now, err2, _ := next()
			if i++; i > known && i%211 == 0 {
				m.kommt[z.Artikel.PZN] = true
			} else if i > known && i%400 == 0 {
				m.geht[z.Artikel.PZN] = true
			}
			f := fassungen[artikel.Artikel]{z.Artikel.PZN, z.Artikel, now.Artikel}
			if !yield(f, errors.Join(err, err2)) {
				return
			}
		}
	})
}

// vertraege follows the articles; the terms of a contract do not change.
func (m *erfindung) vertraege() iter.Seq2[abdata.Paar[abdata.Vertrag], error] {
	return folge(m, func(yield func(fassungen[abdata.Vertrag], error) bool) {
		for z, err := range muster.Quelle(m.o).Vertraege {
			v := abdata.Vertrag{IK: z.IK, PZN: z.PZN, Vertrag: z.Vertrag}
			if !yield(fassungen[abdata.Vertrag]{z.PZN, v, v}, err) {
				return
			}
		}
	})
}

// folge pairs what is there before with what is there afterwards; what is new comes last.
func folge[T any](m *erfindung, list iter.Seq2[fassungen[T], error]) iter.Seq2[abdata.Paar[T], error] {
	return func(yield func(abdata.Paar[T], error) bool) {
		var last []T
		for f, err := range list {
			p := abdata.Paar[T]{Vorher: &f.before, Nachher: &f.now}
			switch {
			case m.kommt[f.pzn]:
				last = append(last, f.now)
				continue
			case !m.delta:
				p = abdata.Paar[T]{Nachher: &f.before}
			case m.geht[f.pzn]:
				p.Nachher = nil
			}
			if !yield(p, err) {
				return
			}
		}
		for i := range last {
			if m.delta && !yield(abdata.Paar[T]{Nachher: &last[i]}, nil) {
				return
			}
		}
	}
}
