package rechnung

import (
	"context"
	"fmt"
	"strconv"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// zeile computes one line.
func (l *lage) zeile(ctx context.Context, v vorgang.Vorgang, p vorgang.Position) (Zeile, error) {
	z := Zeile{Position: p, Rechnung: bon.Position{
		Nr: p.Nr, Art: p.Art, PZN: p.PZN, SOK: p.SOK, Bezeichnung: p.Bezeichnung, Menge: p.Menge,
		Rezept: p.Rezept, Verordnung: p.Verordnung, Charge: p.Charge, Serie: p.Serie, Verfall: p.Verfall,
	}}
	if p.Art == vorgang.Gebuehr {
		l.fee(&z)
		return z, nil
	}
	if p.Art == vorgang.Geschaeft {
		return z, l.geschaeft(&z)
	}
	if p.Art == vorgang.Artikel {
		a, ok, err := l.artikel(ctx, p.PZN)
		if err != nil {
			return z, err
		}
		if !ok {
			z.add("A-102", befund.Hindernis, "Der Artikel steht nicht mehr im Katalog – entfernen Sie die Zeile (F9).")
			return z, nil
		}
		z.Artikel = a
		l.waren[p.Nr] = a
		z.Rechnung.Bezeichnung, z.Rechnung.Packung, z.Rechnung.Rx = a.Name, a.Packung(), a.Verschreibungspflichtig
		z.warn(l.tag)
	}
	z.Rechnung.MwSt = l.vat(z.Artikel, p.Art)
	r := l.rezept(p.Rezept)
	if r == nil || r.Geloescht {
		l.otc(&z)
		return z, nil
	}
	z.checkVerordnung(r.Rezept)
	z.proposeFees(v)
	return z, l.onRezept(ctx, v, &z, r)
}

// otc prices a line without prescription: the patient pays all of it.
func (l *lage) otc(z *Zeile) {
	p, b := z.Position, &z.Rechnung
	b.Preis = z.Artikel.Verkaufspreis()
	if p.Art == vorgang.Rezeptur {
		b.Preis = l.rezeptur(z)
	}
	if z.Artikel.Verschreibungspflichtig {
		z.add("V-301", befund.Hindernis, "Verschreibungspflichtig – ordnen Sie mit F6 ein Rezept zu.")
	} else if z.frei() {
		b.Preis = z.regalpreis()
	}
	z.checkPreis()
	b.Gesamt = b.Preis * money.Cent(p.Menge)
	if !z.Artikel.Verschreibungspflichtig {
		b.Rabatt = p.Rabatt.Of(b.Gesamt)
		b.Gesamt -= b.Rabatt
	}
	b.Privat = b.Gesamt
}

// checkPreis: nothing is sold for nothing. The price of a preparation follows from its
// composition, and its own verdict comes first.
func (z *Zeile) checkPreis() {
	switch {
	case z.Rechnung.Preis != 0:
	case z.Position.Zubereitung == nil:
		z.add("V-302", befund.Hindernis, "Der Katalog nennt keinen Preis – geben Sie ihn mit F3 ein.")
	case !befund.Hindert(z.Befunde):
		z.add("V-316", befund.Hindernis, "Die Zusammensetzung ergibt 0,00 € – erfassen Sie die Rezeptur neu (F9, F6).")
	}
}

// onRezept prices a line of a prescription.
func (l *lage) onRezept(ctx context.Context, v vorgang.Vorgang, z *Zeile, r *rezeptannahme.Eintrag) error {
	b := &z.Rechnung
	b.Traeger, b.IK = l.traeger(r)
	z.ausschluss()
	z.checkHausPZN()
	b.Person = r.Person
	z.deviations()
	b.Preis = l.rezeptpreis(z, b.Traeger)
	f, err := l.fall(ctx, v, z, r)
	if err != nil {
		return err
	}
	e := zuzahlung.Compute(f, l.stand.Zuzahlung)
	if e.Regel == zuzahlung.RegelAusschluss && z.frei() { // a private purchase like any other
		b.Preis, b.Schritte = z.regalpreis(), nil
		f.AVP = b.Preis
		e = zuzahlung.Compute(f, l.stand.Zuzahlung)
	}
	z.checkPreis()
	b.Gesamt, b.Abschlag, b.Regel = e.Gesamt, e.Abschlag, e.Regel
	b.Schritte = append(b.Schritte, e.Schritte...)
	z.Befunde = append(z.Befunde, e.Befunde...)
	if z.Position.TeilVon > 0 {
		b.Preis = e.Gesamt / money.Cent(max(b.Menge, 1))
		z.checkTeil()
	}
	if e.Privat {
		b.Privat = e.Gesamt
		return nil
	}
	b.Zuzahlung, b.Mehrkosten, b.Eigenbeteiligung = e.Zuzahlung, e.Mehrkosten, e.Eigenbeteiligung
	b.TraegerZahlt = e.TraegerZahlt
	if z.Position.Kulanz != "" && e.Zuzahlung > 0 {
		b.Kulanz, b.KulanzGrund = e.Zuzahlung, z.Position.Kulanz
	}
	return nil
}

// checkHausPZN: a number of the pharmacy's own means nothing to an insurer and must never
// reach one (ABDATA).
func (z *Zeile) checkHausPZN() {
	if t := z.Rechnung.Traeger; kennung.IstHausPZN(z.Artikel.PZN) && !privat(t) {
		z.add("A-678", befund.Hindernis, "Eigene Artikel lassen sich nicht mit einem Kostenträger abrechnen – "+
			"verkaufen Sie ihn ohne Rezept (Zuordnung mit F6 lösen).")
	}
}

// checkTeil compares the units of a part with those of the pack, where the catalogue
// states a plain number. It may count otherwise (1 bottle, 10 ml), so this is confirmed
// and not refused; goods for nothing are.
func (z *Zeile) checkTeil() {
	a, p := z.Artikel, z.Position
	if n, err := strconv.Atoi(a.Menge); err == nil && n != p.TeilVon {
		z.add("V-314", befund.Warnung, fmt.Sprintf(
			"Die Packung hat laut Katalog %d %s, die Teilmenge rechnet mit %d – bitte prüfen.", n, a.Einheit, p.TeilVon))
	}
	if z.Rechnung.Gesamt == 0 && !befund.Hindert(z.Befunde) {
		z.add("V-315", befund.Hindernis, "Die Teilmenge ergibt 0,00 € – prüfen Sie ihre beiden Zahlen (F6).")
	}
}

// deviations writes down what the bill to the insurer must state of the line.
func (z *Zeile) deviations() {
	p, b := z.Position, &z.Rechnung
	b.EngpassPZN, b.EngpassMenge = p.EngpassPZN, p.EngpassMenge
	b.NichtVerfuegbar, b.Wunsch = p.NichtVerfuegbar, p.Wunsch
	b.TeilMenge, b.TeilVon = p.TeilMenge, p.TeilVon
}

// rezeptpreis is the price per pack on a prescription: the catalogue's AVP, for OTC
// the GKV pays the price of § 129(5a) SGB V, private patients pay the free price. A
// price the catalogue does not carry is computed from the ApU.
func (l *lage) rezeptpreis(z *Zeile, t zuzahlung.Traeger) money.Cent {
	a, p := z.Artikel, z.Position
	switch {
	case p.Art == vorgang.Rezeptur:
		return l.rezeptur(z)
	case !a.Verschreibungspflichtig && p.Preis != nil && !Fixed(a, t):
		return *p.Preis
	case !a.Verschreibungspflichtig && (t == zuzahlung.PKV || t == zuzahlung.Selbstzahler):
		return a.Verkaufspreis()
	case a.AVP == 0 && a.ApU > 0:
		return l.computed(z)
	case a.AVP == 0:
		return a.UVP
	}
	return a.AVP
}

// frei says whether the pharmacy sets the price of what the patient pays alone.
func (z *Zeile) frei() bool {
	return z.Position.Art == vorgang.Artikel && !z.Artikel.Verschreibungspflichtig
}

// regalpreis is the price of a private purchase: what was entered, else that of the
// shelf.
func (z *Zeile) regalpreis() money.Cent {
	if z.Position.Preis != nil {
		return *z.Position.Preis
	}
	return z.Artikel.Verkaufspreis()
}

// Fixed says whether the price of an article is fixed at the cost of the payer: that
// of Rx drugs always, that of other drugs at the cost of the GKV (§ 129(5a) SGB V). What
// the catalogue has no price for must be entered.
func Fixed(a artikel.Artikel, t zuzahlung.Traeger) bool {
	if a.Verschreibungspflichtig {
		return true
	}
	return !privat(t) && a.Art == artikel.Arzneimittel && a.AVP > 0
}

// privat says whether nothing is billed to the payer: the patient pays all of it.
func privat(t zuzahlung.Traeger) bool {
	return t == "" || t == zuzahlung.PKV || t == zuzahlung.Selbstzahler
}

// computed is the price by the AMPreisV chain; its steps join those of the line.
func (l *lage) computed(z *Zeile) money.Cent {
	e := l.chain(z.Artikel)
	z.Rechnung.Schritte = append(z.Rechnung.Schritte, e.Schritte...)
	z.Befunde = append(z.Befunde, e.Befunde...)
	return e.Brutto
}

// chain computes the price of an article from its ApU.
func (l *lage) chain(a artikel.Artikel) preis.Preis {
	kette := preis.OTCErstattet
	if a.Verschreibungspflichtig {
		kette = preis.Rx
	}
	return preis.Compute(preis.Eingabe{Kette: kette, Stelle: preis.AbApU, Betrag: a.ApU, MwSt: a.MwSt}, l.stand.Preis)
}

func (l *lage) vat(a artikel.Artikel, art vorgang.Art) money.PPM {
	switch {
	case art != vorgang.Artikel, a.MwSt == artikel.MwStVoll:
		return l.stand.Preis.MwStVoll.Was
	case a.MwSt == artikel.MwStErmaessigt:
		return l.stand.Preis.MwStErmaessigt.Was
	}
	return 0
}

// warn adds what must be seen of an article whoever buys it.
func (z *Zeile) warn(today civil.Day) {
	a := z.Artikel
	if v := z.Position.Verfall; v != 0 && v < today {
		z.add("V-310", befund.Hindernis, "Die Packung ist seit dem "+v.German()+" verfallen – nehmen Sie eine andere.")
	}
	switch a.Status {
	case artikel.Rueckruf:
		z.add("A-201", befund.Hindernis, "Rückruf – diese Packung darf nicht abgegeben werden.")
	case artikel.AusserVertrieb:
		z.add("A-202", befund.Hinweis, "Außer Vertrieb – nur noch Restbestand, nicht bestellbar.")
	case artikel.Verkehr:
	}
	if a.BtM {
		z.add("A-203", befund.Warnung, "Betäubungsmittel – nur auf BtM-Rezept; Abgabe in der BtM-Kartei festhalten.")
	}
	if a.TRezept {
		z.add("A-204", befund.Warnung, "Nur auf T-Rezept – Gültigkeit 6 Tage, Durchschlag an das BfArM.")
	}
}

func (z *Zeile) add(code string, grade befund.Schwere, text string) {
	z.Befunde = append(z.Befunde, befund.Befund{
		Code: code, Schwere: grade, Subject: string(z.Position.PZN), Text: text,
	})
}
