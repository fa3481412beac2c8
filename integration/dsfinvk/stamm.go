package dsfinvk

import (
	"cmp"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// waehrung is the only currency of the till.
const waehrung = "EUR"

// stamm writes the closing itself, the place and the till.
func (s *schreiber) stamm(a abschluss.Abschluss) error {
	tag := ""
	if a.Tag != clock.DayOf(time.Unix(0, a.Zeit).UTC()) {
		tag = a.Tag.String()
	}
	b, g := a.Stamm.Betrieb, a.Stamm.Geraet
	land := cmp.Or(b.Land, "DEU")
	if err := s.zeile("cashpointclosing.csv", text(tag), text(Version), text(a.Von), text(a.Bis), text(b.Name),
		text(b.Strasse), text(b.PLZ), text(b.Ort), text(land), text(b.Steuernummer), text(b.USTID),
		cent(a.Summe()), cent(a.Bar())); err != nil {
		return err
	}
	if err := s.zeile("location.csv", text(b.Name), text(b.Strasse), text(b.PLZ), text(b.Ort), text(land),
		text(b.USTID)); err != nil {
		return err
	}
	return s.zeile("cashregister.csv", text(g.Marke), text(g.Modell), text(cmp.Or(g.Serie, a.Serie, a.Till)),
		text(g.Software), text(g.Fassung), text(waehrung), text("0"))
}

// zertifikat is how many characters of a certificate a column holds.
const zertifikat = 1000

// tses writes which TSEs signed, numbered within the closing.
func (s *schreiber) tses(a abschluss.Abschluss) error {
	s.tse = map[string]int{}
	for i, g := range a.Stamm.TSE {
		s.tse[g.Seriennummer] = i + 1
		erste, rest, err := s.zertifikat(g)
		if err != nil {
			return err
		}
		if err := s.zeile("tse.csv", ganz(i+1), text(g.Seriennummer), text(g.Algorithmus), text(g.Zeitformat),
			text("UTF-8"), text(g.Schluessel), text(erste), text(rest)); err != nil {
			return err
		}
	}
	return nil
}

// zertifikat is the certificate of a TSE, in the two parts that the table has room for.
func (s *schreiber) zertifikat(g tse.Geraet) (erste, rest string, err error) {
	if len(g.Zertifikate) == 0 || g.Zertifikate[0] == "" {
		return "", "", fault.New(fault.Invalid, "T-404", fmt.Sprintf(
			"%s: Für die TSE %s liegt kein Zertifikat vor; bitte die TSE neu einrichten.", s.ort, g.Seriennummer), nil)
	}
	text := g.Zertifikate[0]
	if n := min(len(text), zertifikat); utf8.ValidString(text[:n]) {
		erste, rest = text[:n], text[n:]
	}
	return erste, rest, nil
}

// saetze writes which VAT keys there were.
func (s *schreiber) saetze(a abschluss.Abschluss) error {
	for _, z := range a.Stamm.Saetze {
		if err := s.zeile("vat.csv", ganz(z.Schluessel), dezimal(int64(z.Satz)/100, 2), text(z.Beschreibung)); err != nil {
			return err
		}
	}
	return nil
}

// summen writes the sums of the closing as they were booked.
func (s *schreiber) summen(a abschluss.Abschluss) error {
	for _, g := range a.Geschaefte {
		if err := s.zeile("businesscases.csv", text(string(g.Typ)), text(g.Name), leer(), ganz(g.Schluessel),
			cent(g.Brutto), cent(g.Netto), cent(g.Steuer)); err != nil {
			return err
		}
	}
	for _, z := range a.Zahlungen {
		if err := s.zeile("payment.csv", text(string(z.Art)), text(z.Name), cent(z.Betrag)); err != nil {
			return err
		}
	}
	return s.zeile("cash_per_currency.csv", text(waehrung), cent(a.Barbestand))
}
