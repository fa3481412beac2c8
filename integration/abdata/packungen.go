package abdata

import (
	"iter"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
)

// Packung is one record of PAC_APO: an article, or the reasons why it is none.
type Packung struct {
	Zeile   int // where it begins in PAC_APO
	Artikel artikel.Artikel
	Funde   []Fund
}

// Fund is one fault of a record.
type Fund struct {
	Feld string // "54 Rezeptpflicht"; empty: the whole record
	befund.Befund
}

// Packungen reads the packs in the order of the file. It can be read more than once; an
// error ends it. What is doubtful is counted in Hinweise when they are read first.
func (l *Lieferung) Packungen() iter.Seq2[Packung, error] {
	return l.packungenWo(func(*Satz) bool { return true })
}

func (l *Lieferung) packungenWo(where func(*Satz) bool) iter.Seq2[Packung, error] {
	return func(yield func(Packung, error) bool) {
		if err := l.packungenFuer(where, yield); err != nil {
			yield(Packung{}, err)
		}
	}
}

func (l *Lieferung) packungenFuer(where func(*Satz) bool, yield func(Packung, error) bool) error {
	if l.tafeln == nil {
		t, err := l.liesTafeln()
		if err != nil {
			return err
		}
		l.tafeln = t
	}
	z := l.zweifel
	if l.gelesen {
		z = zweifel{}
	}
	b := packer{felder: pacFelder(), tafeln: l.tafeln, zweifel: z, schon: make([]uint64, 10_000_000/64+1)}
	whole := true
	err := l.lies(z, "PAC_APO", func(r *Leser, s *Satz, stelle []int) error {
		l.ablage.satz(s, stelle)
		if where(s) && !yield(b.packung(r, s, stelle), nil) {
			whole = false
			return errGenug
		}
		return nil
	})
	if whole && err == nil {
		l.gelesen = true
		l.ablage.ende()
	}
	l.ablage = nil
	return err
}

// packer makes packs of records.
type packer struct {
	felder  []pacFeld
	tafeln  *tafeln
	zweifel zweifel
	schon   []uint64 // a bit for each PZN without its check digit
}

func (b *packer) packung(r *Leser, s *Satz, stelle []int) Packung {
	out := Packung{Zeile: s.Zeile}
	var p pac
	for i, f := range b.felder {
		if stelle[i] < 0 {
			continue
		}
		wert := r.Text(s, stelle[i])
		if wert == "" {
			continue
		}
		switch bef := f.setze(&p, wert); {
		case bef != nil && *bef == *fremderWert():
			f.fremd(b.zweifel, string(p.PZN))
		case bef != nil:
			out.Funde = append(out.Funde, Fund{f.kennung + " " + f.name, *bef})
		}
	}
	if len(out.Funde) == 0 {
		b.schluss(&p, &out)
	}
	out.Artikel = p.Artikel
	return out
}

func (b *packer) schluss(p *pac, out *Packung) {
	base := pznZahl(p.PZN) / 10
	bef := p.fertig(b.tafeln, b.zweifel)
	if bef == nil && b.schon[base/64]&(1<<(base%64)) != 0 {
		bef = hindernis("A-514", "Die PZN "+string(p.PZN)+" steht weiter oben schon einmal; bitte die Lieferung prüfen.")
	}
	if bef != nil {
		out.Funde = append(out.Funde, Fund{"", *bef})
		return
	}
	b.schon[base/64] |= 1 << (base % 64)
}
