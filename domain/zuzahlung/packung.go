package zuzahlung

import (
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/schritt"
)

// way is one way to compute a Zuzahlung: its steps, the last of which is the
// result for all packs, and the rule that decided.
type way struct {
	schritte []schritt.Schritt
	regel    string
}

func (w way) betrag() money.Cent { return w.schritte[len(w.schritte)-1].Betrag }

// payPacks takes the Zuzahlung of each pack (§ 31(3) S. 1), or once in a shortage.
func (l *line) payPacks() {
	w := l.packs(l.basis, l.f.Packungen, l.f.Vertrag, l.f.Geheimpreis)
	if e := l.f.Engpass; e != nil {
		if l.r.EinmalBeiEngpass.Was && !l.r.EinmalBeiEngpass.Repealed {
			w = l.once(w, e)
		} else {
			l.hint("Z-120", "SGB V § 61 Satz 5",
				"Am Tag der Abgabe gilt die einmalige Zuzahlung bei Lieferengpass noch nicht; sie fällt je Packung an.")
		}
	}
	w.schritte[len(w.schritte)-1].Name = SchrittZuzahlung
	l.e.Schritte = append(l.e.Schritte, w.schritte...)
	l.e.Zuzahlung, l.e.Regel = w.betrag(), w.regel
}

// packs is the Zuzahlung of n like packs: the regular one, times the factor of the
// contract, times n; rounded per pack.
func (l *line) packs(basis money.Cent, n int, v *Vertrag, geheim money.Cent) way {
	s := l.pack(basis, geheim)
	w := way{schritte: make([]schritt.Schritt, 0, 5), regel: s.Regel[len(regelPrefix):]}
	w.schritte = append(w.schritte, s)
	if v != nil && v.Faktor < 100 {
		w.regel = RegelVertrag
		if v.Faktor == 0 {
			w.regel = RegelFrei
		}
		b := money.Ratio(s.Betrag, int64(v.Faktor), 100)
		text := strconv.Itoa(v.Faktor) + " % von " + s.Betrag.String() + " = " + b.String()
		s = schritt.Schritt{
			Name: "Zuzahlung je Packung im Rabattvertrag", Text: text, Betrag: b,
			Norm: regel(w.regel).Norm, Regel: regelPrefix + w.regel,
		}
		w.schritte = append(w.schritte, s)
	}
	if n > 1 {
		b := s.Betrag * money.Cent(n)
		text := strconv.Itoa(n) + " × " + s.Betrag.String() + " = " + b.String()
		w.schritte = append(w.schritte, schritt.Schritt{
			Name: SchrittZuzahlung, Text: text, Betrag: b,
			Norm: regel(RegelPackung).Norm, Regel: regelPrefix + RegelPackung,
		})
	}
	return w
}

// pack is the regular Zuzahlung of one pack: § 61 Satz 1.
func (l *line) pack(basis, geheim money.Cent) schritt.Schritt {
	const name = "Zuzahlung je Packung"
	r := l.r
	if geheim > 0 && r.Geheimpreis.Was && !r.Geheimpreis.Repealed {
		return l.transmitted(basis, geheim)
	}
	share := r.Anteil.Was.Of(basis)
	text := r.Anteil.Was.String() + " von " + basis.String() + " = " + share.String()
	switch {
	case share < r.Mindest.Was && basis < r.Mindest.Was:
		text += ", mindestens " + r.Mindest.Was.String() + ", aber nicht mehr als " + basis.String()
		return step(r.Mindest, RegelKosten, name, text, basis)
	case share < r.Mindest.Was:
		return step(r.Mindest, RegelMindest, name, text+", mindestens "+r.Mindest.Was.String(), r.Mindest.Was)
	case share > r.Hoechst.Was:
		return step(r.Hoechst, RegelHoechst, name, text+", höchstens "+r.Hoechst.Was.String(), r.Hoechst.Was)
	}
	return step(r.Anteil, RegelAnteil, name, text, share)
}

// transmitted is the Zuzahlung that the maker's list states for a drug with a
// secret price; § 61 still bounds it.
func (l *line) transmitted(basis, geheim money.Cent) schritt.Schritt {
	if geheim > l.r.Hoechst.Was {
		l.warn("Z-118", "SGB V § 61", "Die übermittelte Zuzahlung von "+geheim.String()+
			" liegt über dem Höchstbetrag; es gilt der Höchstbetrag, bitte den Katalog prüfen.")
	}
	b := min(geheim, l.r.Hoechst.Was, basis)
	return step(l.r.Geheimpreis, RegelGeheim, "Zuzahlung je Packung",
		"übermittelter Betrag statt "+l.r.Anteil.Was.String()+" des Preises: "+b.String(), b)
}

// once applies § 61 S. 5 and 6: exchanged for want of the prescribed pack, the line
// costs the Zuzahlung of what was prescribed once, if that is less.
func (l *line) once(each way, e *Referenz) way {
	ref := l.reference(e)
	rest := max(0, ref-e.Bereits)
	f := l.r.EinmalBeiEngpass
	text := "verordnete Packung: " + ref.String()
	if e.Bereits > 0 {
		text += ", davon schon gezahlt " + e.Bereits.String()
	}
	compare := step(f, RegelVerglich, "Zuzahlung der verordneten Packung", text, rest)
	if rest >= each.betrag() {
		return way{schritte: slices.Insert(each.schritte, 0, compare), regel: each.regel}
	}
	each.schritte[len(each.schritte)-1].Name = "Zuzahlung der abgegebenen Packungen"
	text = "nur einmal bei Lieferengpass: " + rest.String() + " statt " + each.betrag().String()
	return way{
		schritte: append(each.schritte, compare, step(f, RegelEngpass, SchrittZuzahlung, text, rest)),
		regel:    RegelEngpass,
	}
}

func (l *line) reference(e *Referenz) money.Cent {
	if e.Zuzahlungsfrei {
		return 0
	}
	basis := e.AVP
	if e.Festbetrag > 0 {
		basis = min(basis, e.Festbetrag)
	}
	return l.packs(basis, e.Packungen, e.Vertrag, 0).betrag()
}

// payVerbrauch takes the Zuzahlung on a Hilfsmittel zum Verbrauch: a share of the
// line, no minimum, capped for the month (§ 33(8) S. 3).
func (l *line) payVerbrauch() {
	r := l.r
	total := l.basis * l.n
	share := r.Anteil.Was.Of(total)
	rest := max(0, r.VerbrauchHoechst.Was-l.f.MonatBereits)
	text := r.Anteil.Was.String() + " von " + total.String() + " = " + share.String()
	if share > rest {
		text += ", höchstens " + r.VerbrauchHoechst.Was.String() + " im Monat"
		if l.f.MonatBereits > 0 {
			text += ", davon schon gezahlt " + l.f.MonatBereits.String()
		}
	}
	l.e.Zuzahlung, l.e.Regel = min(share, rest), RegelVerbrauch
	l.e.Schritte = append(l.e.Schritte, step(r.VerbrauchHoechst, RegelVerbrauch, SchrittZuzahlung, text, l.e.Zuzahlung))
}
