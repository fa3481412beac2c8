package rechnung

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gutschein"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/offeneposten"
)

// phasen is in how many turns the lines of a cart are computed.
const phasen = 6

// phase is the turn of a line: fees depend on the goods, what is redeemed or put on credit on
// all that is due.
func phase(p vorgang.Position) int {
	if p.Art == vorgang.Gebuehr {
		return 1
	}
	if p.Art != vorgang.Geschaeft {
		return 0
	}
	switch bon.Geschaeft(p.Geschaeft) { //nolint:exhaustive // the others are due as they stand
	case bon.Anzahlungsausgleich:
		return 3
	case bon.Gutscheineinloesung:
		return 4
	case bon.Forderung:
		return 5
	}
	return 2
}

// geschaeft computes a line that is no goods. It is paid in full by the patient; what lowers
// the sum is negative.
func (l *lage) geschaeft(z *Zeile) error {
	b := &z.Rechnung
	b.Geschaeft, b.Bezug, b.Menge = bon.Geschaeft(z.Position.Geschaeft), z.Position.Bezug, 1
	var err error
	switch b.Geschaeft { //nolint:exhaustive // cash movements stand in no cart
	case bon.Gutscheinkauf:
		b.Bezeichnung, b.Preis = "Gutschein "+gutschein.Nummer(b.Bezug).String(), z.Position.Betrag
	case bon.Gutscheineinloesung:
		err = l.einloesung(z)
	case bon.Forderung:
		err = l.kredit(z)
	case bon.Forderungsausgleich:
		err = l.ausgleich(z)
	case bon.Anzahlung:
		b.Bezeichnung, b.Preis, b.MwSt = z.Position.Bezeichnung, z.Position.Betrag, z.Position.Satz
	case bon.Anzahlungsausgleich:
		err = l.angerechnet(z)
	}
	b.Gesamt, b.Privat = b.Preis, b.Preis
	return err
}

// faellig is what is due of the lines computed so far, without those of some business cases.
func (l *lage) faellig(ohne ...bon.Geschaeft) (sum money.Cent) {
	for _, p := range l.vorher {
		if !slices.Contains(ohne, p.Geschaeft) {
			sum += p.Patient()
		}
	}
	return sum
}

// offen is an open item less what earlier lines of the cart take from it.
func (l *lage) offen(g bon.Geschaeft, nummer string) (offeneposten.Posten, bool, error) {
	x, ok, err := offeneposten.Find(l.rows, g, nummer)
	for _, p := range l.vorher {
		if kind, delta, about := p.Geschaeft.Offen(p.Gesamt); about && kind == g && p.Bezug == nummer {
			x.Offen += delta
		}
	}
	return x, ok, err
}

// einloesung takes off what a voucher pays: never more than is left on it, nor than is due. A
// voucher buys no voucher.
func (l *lage) einloesung(z *Zeile) error {
	b := &z.Rechnung
	b.Bezeichnung = "Gutschein " + gutschein.Nummer(b.Bezug).String()
	x, ok, err := l.offen(bon.Gutscheinkauf, b.Bezug)
	if err != nil {
		return err
	}
	b.Preis = -max(min(x.Offen, l.faellig(bon.Gutscheinkauf)), 0)
	z.Rest = x.Offen + b.Preis
	switch {
	case !ok:
		z.add("V-502", befund.Hindernis, "Diesen Gutschein kennt der Rechner nicht – "+
			"prüfen Sie die Nummer und entfernen Sie die Zeile (F9).")
	case x.Offen <= 0:
		z.add("V-503", befund.Hindernis, "Der Gutschein ist aufgebraucht – entfernen Sie die Zeile (F9).")
	case b.Preis == 0:
		z.add("V-505", befund.Hindernis, "Es ist nichts zu zahlen, was der Gutschein "+
			"begleichen könnte – entfernen Sie die Zeile (F9).")
	}
	return nil
}

// kredit puts what is due on the account of the customer. No debt pays a debt, and none buys a
// voucher.
func (l *lage) kredit(z *Zeile) error {
	b := &z.Rechnung
	b.Bezeichnung = "Auf Kredit"
	due := max(l.faellig(bon.Gutscheinkauf, bon.Forderungsausgleich), 0)
	if z.Position.Betrag > 0 {
		due = min(due, z.Position.Betrag)
	}
	b.Preis = -due
	if l.kunde == nil {
		z.add("V-506", befund.Hindernis, "Kredit gibt es nur für einen Kunden mit Namen – wählen Sie ihn mit F4.")
		return nil
	}
	limit, set, err := l.kreditgrenze()
	if err != nil {
		return err
	}
	owed, err := offeneposten.Kredit(l.rows, l.kunde.ID)
	if err != nil {
		return err
	}
	for _, p := range l.vorher {
		if p.Geschaeft == bon.Forderung {
			owed -= p.Gesamt
		}
	}
	z.Rest = owed + due
	switch {
	case !set:
		z.add("V-507", befund.Hindernis, "Kredit ist nicht erlaubt – legen Sie in den Einstellungen eine Grenze fest.")
	case owed+due > limit:
		z.add("V-508", befund.Hindernis, fmt.Sprintf(
			"Mit diesem Kauf wären %s offen, erlaubt sind %s – lassen Sie einen Teil zahlen.", owed+due, limit))
	case due == 0:
		z.add("V-509", befund.Hindernis, "Es ist nichts offen, was auf Kredit gehen könnte – entfernen Sie die Zeile (F9).")
	}
	return nil
}

// kreditgrenze is up to how much one customer may owe; false: credit is not allowed.
func (l *lage) kreditgrenze() (money.Cent, bool, error) {
	text, err := haus.Einstellung(l.rows, "kreditgrenze")
	if err != nil || text == "" {
		return 0, false, err
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return money.Cent(n), err == nil && n > 0, nil
}

// ausgleich pays what an earlier Bon put on credit.
func (l *lage) ausgleich(z *Zeile) error {
	b := &z.Rechnung
	b.Bezeichnung = "Kredit von Bon " + b.Bezug
	x, ok, err := l.offen(bon.Forderung, b.Bezug)
	if err != nil {
		return err
	}
	b.Preis = max(x.Offen, 0)
	if z.Position.Betrag > 0 {
		b.Preis = min(b.Preis, z.Position.Betrag)
	}
	z.Rest = x.Offen - b.Preis
	switch {
	case !ok || x.Offen <= 0:
		z.add("V-510", befund.Hindernis, "Dieser Kredit ist schon bezahlt – entfernen Sie die Zeile (F9).")
	case l.kunde == nil || l.kunde.ID != x.Kunde:
		z.add("V-511", befund.Hindernis, "Dieser Kredit gehört einem anderen Kunden – wählen Sie ihn mit F4.")
	}
	return nil
}

// angerechnet takes off what was paid before: all of it, with the VAT it was taken with.
func (l *lage) angerechnet(z *Zeile) error {
	b := &z.Rechnung
	x, ok, err := l.offen(bon.Anzahlung, b.Bezug)
	if err != nil {
		return err
	}
	b.Bezeichnung, b.MwSt, b.Preis = x.Bezeichnung, x.Satz, -max(x.Offen, 0)
	switch {
	case !ok || x.Offen <= 0:
		z.add("V-521", befund.Hindernis, "Diese Anzahlung ist schon verrechnet – entfernen Sie die Zeile (F9).")
	case l.faellig()+b.Preis < 0:
		z.add("V-522", befund.Hindernis, "Angezahlt ist mehr, als jetzt zu zahlen ist – legen Sie die Ware dazu "+
			"oder stornieren Sie den Bon "+x.Bon+" der Anzahlung.")
	}
	return nil
}
