package katalogcmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/liste"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite/generation"
)

// basis is what changes are applied to.
type basis struct {
	generation *generation.Basis
	entfallen  []kennung.PZN
}

// k2Aenderungen applies an UPD to the generation that was built from its base (ADR 0008).
func (c *Import) k2Aenderungen(e *env.Env, fsys fs.FS, name string) (err error) {
	a, err := abdata.LiesAenderungen(fsys)
	if err != nil {
		return err
	}
	g, err := generation.OpenBasis(c.dir(), a.Vorher)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, g.Close()) }()
	fmt.Fprintf(e.Stdout, "ABDATA K2, %d Änderungen am Stand vom %s, gültig ab %s.\n", a.Saetze, a.Vorher.German(),
		a.GueltigAb.German())
	alt, err := abdata.OeffneStand(g.Rohdaten, g.Bytes)
	if err != nil {
		return err
	}
	platte.RemoveLike(c.Daten, "k2-", ".tmp") // of a program that was killed, before such files lay with the catalogues
	tmp, weg, err := generation.Zwischendatei(c.dir())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, weg()) }()
	if err := alt.Fortschreiben(a, tmp); err != nil {
		return generation.Explain(c.dir(), err)
	}
	size, err := tmp.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("size of state: %w", err)
	}
	neu, err := abdata.OeffneStand(tmp, size)
	if err != nil {
		return err
	}
	return c.einspielen(e, herkunft{
		name: name, ab: a.GueltigAb, hinweise: neu.Hinweise, saetze: k2Saetze(neu.Geaenderte(a)), vertraege: k2Vertraege(neu),
		basis: &basis{g, a.Entfallene()}, rohdaten: kopie(io.NewSectionReader(tmp, 0, size)),
	})
}

// kopie hands on raw data that are already there.
func kopie(r io.Reader) catalogue.Rohdaten {
	return func(w io.Writer) (func() error, error) {
		if _, err := io.Copy(w, r); err != nil {
			return nil, fmt.Errorf("copy state: %w", err)
		}
		return func() error { return nil }, nil
	}
}

// fortschreiben builds the generation from its base. Packs that became faulty and are left
// out on demand must not stay as they were.
func (c *Import) fortschreiben(
	e *env.Env, h herkunft, m catalogue.Manifest, b liste.Bericht, mit ...generation.Option,
) error {
	if b.Schlecht > 0 {
		for s, err := range h.saetze {
			if err != nil {
				return err
			}
			if pzn := s.Zeile.Artikel.PZN; !s.Gut() && pzn != "" {
				h.basis.entfallen = append(h.basis.entfallen, pzn)
			}
		}
	}
	a := catalogue.Aenderungen{
		Artikel: nurArtikel(liste.Gute(h.saetze, b)), Entfallen: h.basis.entfallen, Vertraege: h.vertraege,
		Rohdaten: h.rohdaten, Listen: h.listen,
	}
	g := h.basis.generation
	return baue(e, c.anzeige, c.dir(), m, g.Artikel(), func(
		ctx context.Context, m catalogue.Manifest, progress func(int),
	) (catalogue.Manifest, error) {
		return generation.Fortschreiben(ctx, c.dir(), g, m, a, progress, mit...)
	})
}

func nurArtikel(list iter.Seq2[catalogue.Zeile, error]) iter.Seq2[artikel.Artikel, error] {
	return func(yield func(artikel.Artikel, error) bool) {
		for z, err := range list {
			if !yield(z.Artikel, err) {
				return
			}
		}
	}
}
