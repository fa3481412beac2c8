package zuzahlung

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/schritt"
)

// addAbschlag states the Kassenabschlag (§ 130): what the pharmacy grants the
// Krankenkasse. It never exceeds what that pays, so a Nullposition has none.
func (l *line) addAbschlag() {
	s, ok := l.abschlag()
	if !ok {
		return
	}
	s.Betrag = min(s.Betrag, l.e.TraegerZahlt)
	s.Name = SchrittAbschlag
	l.e.Abschlag = s.Betrag
	l.e.Schritte = append(l.e.Schritte, s)
}

func (l *line) abschlag() (schritt.Schritt, bool) {
	f, r := l.f, l.r
	if f.Traeger != GKV || f.Arbeitsunfall || f.TeilVon > 0 || f.Parenteral {
		return schritt.Schritt{}, false
	}
	fixed, percent := l.klasse()
	switch {
	case fixed && betragOK(r.AbschlagRx):
		id := RegelAbschlagRx
		if f.Rezeptur {
			id = RegelAbschlagRezeptur
		}
		return step(r.AbschlagRx, id, "", l.times(r.AbschlagRx.Was), r.AbschlagRx.Was*l.n), true
	case percent && anteilOK(r.AbschlagSonst):
		base := l.preis
		if l.festbetrag > 0 {
			base = min(base, l.festbetrag)
		}
		each := r.AbschlagSonst.Was.Of(base)
		text := r.AbschlagSonst.Was.String() + " von " + base.String() + " = " + each.String()
		if l.n > 1 {
			text += "; " + l.times(each)
		}
		return step(r.AbschlagSonst, RegelAbschlagSonst, "", text, each*l.n), true
	}
	return schritt.Schritt{}, false
}

// klasse is the discount class of the line: a fixed amount per pack or a share.
// Only drugs have one; vaccines are drugs.
func (l *line) klasse() (fixed, percent bool) {
	f := l.f
	if f.Rezeptur {
		return !f.Unverarbeitet, f.Unverarbeitet
	}
	drug := f.Art == artikel.Arzneimittel || f.Art == artikel.Impfstoff
	return drug && f.Rx, drug && !f.Rx
}
