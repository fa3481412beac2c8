package kassenbuch

import "github.com/offizin/offizin/domain/bon"

// Geschaeft is the text of a business case.
func (basis) Geschaeft(g bon.Geschaeft) string {
	switch g {
	case bon.Umsatz:
		return "kassenbuch.umsatz"
	case bon.Rabatt:
		return "kassenbuch.rabatt"
	case bon.Gutscheinkauf:
		return "kassenbuch.gutschein"
	case bon.Gutscheineinloesung:
		return "kassenbuch.eingeloest"
	case bon.Forderung:
		return "kassenbuch.forderung"
	case bon.Forderungsausgleich:
		return "kassenbuch.ausgleich"
	case bon.Anzahlung:
		return "kassenbuch.anzahlung"
	case bon.Anzahlungsausgleich:
		return "kassenbuch.verrechnet"
	case bon.Anfangsbestand, bon.Geldtransit, bon.Privatentnahme, bon.Privateinlage, bon.Lohnzahlung, bon.Einzahlung,
		bon.Auszahlung, bon.DifferenzSoll:
		return bewegung(g)
	}
	return "kassenbuch.sonstiges"
}

// bewegung is the text of what moves cash and nothing else.
func bewegung(g bon.Geschaeft) string {
	switch g {
	case bon.Anfangsbestand:
		return "kassenbuch.anfangsbestand"
	case bon.Geldtransit:
		return "kassenbuch.geldtransit"
	case bon.Privatentnahme:
		return "kassenbuch.privatentnahme"
	case bon.Privateinlage:
		return "kassenbuch.privateinlage"
	case bon.Lohnzahlung:
		return "kassenbuch.lohnzahlung"
	case bon.Einzahlung:
		return "kassenbuch.einzahlung"
	case bon.Auszahlung:
		return "kassenbuch.auszahlung"
	default:
		return "kassenbuch.kassendifferenz"
	}
}

// Art is the text of a kind of record.
func (basis) Art(a bon.Art) string {
	switch a {
	case bon.Storno:
		return "kassenbuch.storno"
	case bon.Retoure:
		return "kassenbuch.retoure"
	case bon.Verkauf, bon.Bewegung, bon.Abbruch, bon.Bestellung:
	}
	return "kassenbuch.verkauf"
}
