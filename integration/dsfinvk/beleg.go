package dsfinvk

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/internal/fault"
)

// beleg writes a record: head, payments, lines, what was signed, and what it refers to.
func (s *schreiber) beleg(b Beleg) error {
	k := kassenbeleg.Aus(b.Bon)
	if err := s.bonkopf(b, k); err != nil {
		return err
	}
	id := text(b.Bon.Nummer)
	for _, z := range zahlungen(k) {
		if err := s.zeile("datapayment.csv", id, text(string(z.Art)), text(z.Name), text(waehrung), leer(),
			cent(z.Betrag)); err != nil {
			return err
		}
	}
	for _, t := range k.Steuern() {
		if err := s.zeile("transactions_vat.csv", id, ganz(t.Schluessel), cent(t.Brutto), cent(t.Netto),
			cent(t.Betrag)); err != nil {
			return err
		}
	}
	for i, g := range k.Geschaefte {
		p, _ := goods(b.Bon, g)
		if err := s.position(b.Bon.Nummer, i+1, g, p, false); err != nil {
			return err
		}
	}
	if err := s.entfernt(b.Bon, k); err != nil {
		return err
	}
	if err := s.gesichert(b, k); err != nil {
		return err
	}
	return s.bezuege(b)
}

func (s *schreiber) bonkopf(b Beleg, k kassenbeleg.Kassenbeleg) error {
	running, err := laufend(b.Bon.Nummer)
	if err != nil {
		return err
	}
	name := ""
	if b.Bon.Nacherfassung {
		name = "Nacherfassung"
	}
	if err := s.zeile("transactions.csv", text(b.Bon.Nummer), ganz(running), text(string(k.Typ)), text(name), leer(),
		janein(b.Bon.Art == bon.Storno), text(kassenbeleg.Zeit(cmp.Or(b.Bon.Beginn, b.Bon.Zeit))),
		text(kassenbeleg.Zeit(b.Bon.Zeit)), text(b.Bon.Benutzer), leer(), cent(k.Summe()), leer(), text(b.Kunde),
		leer(), leer(), leer(), leer(), leer(), leer(), leer()); err != nil {
		return err
	}
	if b.Bon.Vorgang == "" {
		return nil
	}
	return s.zeile("allocation_groups.csv", text(b.Bon.Nummer), text(b.Bon.Vorgang))
}

// laufend is the running number of a Bon.
func laufend(nummer string) (int, error) {
	n, err := strconv.Atoi(nummer[strings.LastIndexByte(nummer, '-')+1:])
	if err != nil {
		return 0, fmt.Errorf("number of a Bon %q: %w", nummer, err)
	}
	return n, nil
}

// zahlungen are the payments, one of each kind; of a Beleg that costs nothing: none, with
// nothing.
func zahlungen(k kassenbeleg.Kassenbeleg) []kassenbeleg.Zahlung {
	var list []kassenbeleg.Zahlung
	for _, z := range k.Zahlungen {
		i := slices.IndexFunc(list, func(x kassenbeleg.Zahlung) bool { return x.Art == z.Art && x.Name == z.Name })
		if i < 0 {
			list = append(list, kassenbeleg.Zahlung{Art: z.Art, Name: z.Name})
			i = len(list) - 1
		}
		list[i].Betrag += z.Betrag
	}
	if len(list) == 0 && k.Typ == kassenbeleg.Beleg {
		return []kassenbeleg.Zahlung{{Art: kassenbeleg.Keine}}
	}
	return list
}

// entfernt writes the lines that were taken out during entry after all others, each with its
// counter-line, so that both are nothing in every sum (DSFinV-K 4.2.3).
func (s *schreiber) entfernt(b bon.Bon, k kassenbeleg.Kassenbeleg) error {
	nr := len(k.Geschaefte)
	for i, g := range k.Entfernt {
		p := b.Entfernt[i]
		if err := s.position(b.Nummer, nr+1, g, p, false); err != nil {
			return err
		}
		if err := s.position(b.Nummer, nr+2, g.Gegenzeile(), p.Gegenzeile(), true); err != nil {
			return err
		}
		nr += 2
	}
	return nil
}

// position writes a business case as line; p is the line of the Bon that it is about, zero: of none.
func (s *schreiber) position(bonID string, nr int, g kassenbeleg.Geschaeft, p bon.Position, storno bool) error {
	id, zeile := text(bonID), text(strconv.Itoa(nr))
	nummer := ""
	if g.Typ != bon.Rabatt {
		nummer = cmp.Or(string(p.PZN), p.SOK)
	}
	menge, stueck := leer(), leer()
	if g.Menge != 0 {
		menge, stueck = ganz(g.Menge), dezimal(je(g.Brutto, g.Menge), 5)
	}
	if err := s.zeile("lines.csv", id, zeile, leer(), text(cmp.Or(g.Bezeichnung, g.Name, string(g.Typ))), leer(),
		text(string(g.Typ)), text(g.Name), leer(), janein(storno), leer(), text(nummer), leer(), leer(), leer(), menge,
		leer(), leer(), stueck); err != nil {
		return err
	}
	if err := s.zeile("lines_vat.csv", id, zeile, ganz(g.Schluessel), cent(g.Brutto), cent(g.Netto),
		cent(g.Steuer)); err != nil {
		return err
	}
	if p.Rabatt == 0 || g.Brutto != p.Gesamt {
		return nil
	}
	return s.preisfindung(id, zeile, p, g)
}

// goods is the line of the Bon that a business case is about.
func goods(b bon.Bon, g kassenbeleg.Geschaeft) (bon.Position, bool) {
	i := slices.IndexFunc(b.Positionen, func(p bon.Position) bool { return p.Nr == g.Position })
	if i < 0 || g.Position == 0 {
		return bon.Position{}, false
	}
	return b.Positionen[i], true
}

// je is the price of one, in thousandths of a cent.
func je(brutto money.Cent, menge int) int64 {
	if menge < 0 {
		brutto, menge = -brutto, -menge
	}
	return int64(money.Ratio(brutto*1000, 1, int64(menge)))
}

// preisfindung writes how a price came about: the price before the discount, and the discount,
// which takes what is left of net and tax, so that both add up to the line.
func (s *schreiber) preisfindung(id, zeile wert, p bon.Position, g kassenbeleg.Geschaeft) error {
	grund := p.Gesamt + p.Rabatt
	steuer := preis.MwStEnthalten(grund, g.Satz)
	if err := s.zeile("itemamounts.csv", id, zeile, text("Grundpreis"), ganz(g.Schluessel), cent(grund),
		cent(grund-steuer), cent(steuer)); err != nil {
		return err
	}
	return s.zeile("itemamounts.csv", id, zeile, text("Rabatt"), ganz(g.Schluessel), cent(-p.Rabatt),
		cent(g.Netto-grund+steuer), cent(g.Steuer-steuer))
}

// maxDaten is how many characters of a processData the table has room for. The column is
// optional: what is longer is not cut but left out, and stands in the lines.
const maxDaten = 1000

// maxFehler is how many characters there are for why a TSE did not sign.
const maxFehler = 200

// gesichert writes what the TSE signed, or why it did not.
func (s *schreiber) gesichert(b Beleg, k kassenbeleg.Kassenbeleg) error {
	g := b.Gesichert
	prozess, signed := cmp.Or(g.Prozess, k.Prozess()), g.Daten
	if utf8.RuneCountInString(signed) > maxDaten {
		signed = ""
	}
	id := text(b.Bon.Nummer)
	if g.Signatur == nil {
		nummer, transaktion, beginn := leer(), leer(), leer()
		switch t := b.Bon.Transaktion; {
		case t != nil && s.tse[t.Seriennummer] > 0:
			nummer, transaktion = ganz(s.tse[t.Seriennummer]), ganz(t.Transaktion)
			if t.Zeit != 0 { // not every device says when a transaction was begun that is left open
				beginn = text(kassenbeleg.Zeit(t.Zeit))
			}
		case t == nil && len(s.tse) == 1: // begun at another one, it is of none of these
			nummer = ganz(1)
		}
		return s.zeile("transactions_tse.csv", id, nummer, transaktion, beginn, leer(), text(prozess), leer(), leer(),
			text(warum(b)), text(signed))
	}
	nummer := s.tse[g.Signatur.Seriennummer]
	if nummer == 0 {
		return fault.New(fault.Corrupt, "T-405", fmt.Sprintf(
			"%s ist von der TSE %s gesichert, die im Tagesabschluss fehlt; bitte den Hersteller fragen.",
			s.ort, g.Signatur.Seriennummer), nil)
	}
	return s.zeile("transactions_tse.csv", id, ganz(nummer), ganz(g.Signatur.Transaktion),
		text(kassenbeleg.Zeit(g.Signatur.Beginn)), text(kassenbeleg.Zeit(g.Signatur.Ende)), text(prozess),
		ganz(g.Signatur.Zaehler), text(g.Signatur.Wert), leer(), text(signed))
}

// warum says why a record is not signed. What a device says of itself may be of any length.
func warum(b Beleg) string {
	switch {
	case utf8.RuneCountInString(b.Gesichert.Ausfall) > maxFehler:
		return "TSE ausgefallen; der Grund steht im Protokoll der Ausfälle"
	case b.Bon.Serie == "":
		return cmp.Or(b.Gesichert.Ausfall, "Keine TSE eingerichtet")
	}
	return cmp.Or(b.Gesichert.Ausfall, "Keine Antwort der TSE")
}

// bezuege writes what the record refers to.
func (s *schreiber) bezuege(b Beleg) error {
	for _, r := range b.Bezuege {
		datum, nummer := leer(), leer()
		if r.Abschluss != 0 {
			datum, nummer = text(kassenbeleg.Zeit(r.Zeit)), ganz(r.Abschluss)
		}
		if err := s.zeile("references.csv", text(b.Bon.Nummer), leer(), text("Transaktion"), leer(), datum, text(r.Till),
			nummer, text(r.Nummer)); err != nil {
			return err
		}
	}
	return nil
}
