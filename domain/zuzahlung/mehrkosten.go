package zuzahlung

// contract finds what the Kostenträger owes per pack and returns the rule for the
// Mehrkosten above it: "" if there are none.
func (l *line) contract() string {
	if l.festbetrag == 0 || l.preis <= l.festbetrag {
		return ""
	}
	if l.f.NichtVerfuegbar {
		return RegelNichtVerfuegbar
	}
	l.basis = l.festbetrag
	l.add(RegelFestbetrag, "Grundlage", "Festbetrag "+l.festbetrag.String()+" statt "+l.preis.String()+
		laut(l.f.FestbetragAus), l.basis)
	switch {
	case l.f.Vertrag != nil && l.f.Vertrag.MehrkostenErlassen:
		return RegelMehrVertrag
	case l.f.Traeger == BG && l.f.AutIdemKreuz:
		return RegelMehrUnfall
	}
	return RegelMehrkosten
}

// payMehrkosten states what the patient pays above the Festbetrag, or why not.
func (l *line) payMehrkosten(id string) {
	if id == "" {
		return
	}
	each := l.preis - l.festbetrag
	text := l.preis.String() + " − " + l.festbetrag.String() + " = " + each.String()
	if id != RegelMehrkosten {
		l.add(id, SchrittMehrkosten, text+", aber nicht zu zahlen: "+regel(id).Text, 0)
		return
	}
	if l.n > 1 {
		text += "; " + l.times(each)
	}
	l.e.Mehrkosten = each * l.n
	l.add(id, SchrittMehrkosten, text, l.e.Mehrkosten)
	if l.frei {
		l.hint("Z-119", "SGB V § 31 Abs. 2", "Die Mehrkosten über dem Festbetrag sind trotz Befreiung zu zahlen; "+
			"bitte dem Patienten ein Mittel ohne Mehrkosten anbieten.")
	}
}

// payEigenanteil takes the patient's share in künstliche Befruchtung from what the
// Krankenkasse owes; rounding half up gives the patient the odd cent.
func (l *line) payEigenanteil() {
	share := l.r.BefruchtungAnteil
	total := l.basis * l.n
	l.e.Eigenbeteiligung = share.Was.Of(total)
	text := share.Was.String() + " von " + total.String() + " = " + l.e.Eigenbeteiligung.String()
	l.e.Schritte = append(l.e.Schritte, step(share, RegelBefruchtung, SchrittEigen, text, l.e.Eigenbeteiligung))
}
