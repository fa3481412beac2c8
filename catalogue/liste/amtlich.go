package liste

import (
	"fmt"
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// Amtlich reports whether files of the layout hold no articles, but say something of those
// of another catalogue.
func (v Vorlage) Amtlich() bool { return v == Festbetrag || v == Zuzahlungsfrei || v == Rabattvertrag }

// amtliche returns the fields of a list that changes articles.
func amtliche(o Optionen) []feld {
	list := []feld{{"pzn", "pharmazentralnummer pzn8", setzePZN(o.Nullen)}}
	if o.Vorlage == Festbetrag {
		list = append(list, feld{"festbetrag", "", setzeFestbetrag(o.Dezimal)})
	}
	if o.Vorlage == Rabattvertrag {
		list = append(list,
			feld{"ik", "institutionskennzeichen kassenik", setzeIK},
			feld{"zuzahlung", "zuzahlungsfaktor faktor", setzeFaktor},
			feld{"mehrkosten", "mehrkostenerlassen mehrkostenverzicht", setzeMehrkosten},
		)
	}
	return append(list, feld{"gueltig_ab", "", setzeGueltig(o.Ab)})
}

func setzeFestbetrag(dezimal byte) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) *befund.Befund {
		c, b := liesBetrag(s, dezimal)
		if b == nil && c == 0 {
			b = hindernis("A-684", "Der Festbetrag fehlt oder ist 0; bitte ihn eintragen oder die Zeile entfernen.")
		}
		z.Zeile.Artikel.Festbetrag = c
		return b
	}
}

func setzeIK(z *Satz, s string) *befund.Befund {
	e := kennung.Pruefe(kennung.ArtIK, s)
	if !e.Brauchbar() {
		return hindernis("A-687", "„"+kurz(s)+"“ ist kein IK aus neun Ziffern mit richtiger Prüfziffer; bitte die Ziffern "+
			"prüfen.")
	}
	z.Vertrag.IK = strings.Clone(e.Wert)
	return nil
}

// setzeFaktor reads what a contract leaves of the Zuzahlung: all, half or nothing (§ 31(3)
// S. 5 SGB V). Nothing said is all.
func setzeFaktor(z *Satz, s string) *befund.Befund {
	switch strings.ToLower(strings.TrimSpace(strings.TrimSuffix(s, "%"))) {
	case "", "100", "voll":
		z.Vertrag.Vertrag.Faktor = 100
	case "50", "halb":
		z.Vertrag.Vertrag.Faktor = 50
	case "0", "frei":
		z.Vertrag.Vertrag.Faktor = 0
	default:
		return hindernis("A-688", "„"+kurz(s)+"“ sagt nicht, was von der Zuzahlung bleibt; bitte 100, 50 oder 0 (voll, "+
			"halb, frei) eintragen.")
	}
	return nil
}

func setzeMehrkosten(z *Satz, s string) *befund.Befund {
	yes, b := liesJa(s)
	z.Vertrag.Vertrag.MehrkostenErlassen = yes
	return b
}

// setzeGueltig compares the day of a row with the one that the list is read in for.
func setzeGueltig(ab civil.Day) func(*Satz, string) *befund.Befund {
	return func(_ *Satz, s string) *befund.Befund {
		day, err := civil.ParseGerman(strings.ReplaceAll(s, "/", "."))
		if err != nil || day != ab {
			return hindernis("A-691", "„"+kurz(s)+"“ ist nicht der Tag, ab dem eingespielt wird ("+ab.German()+"); bitte "+
				"--ab oder die Datei prüfen.")
		}
		return nil
	}
}

// amtlich completes a row of a list that changes articles. The same said twice is no fault:
// a pack stands in a list once for each of its ingredients.
func (l *leser) amtlich(s *Satz) *befund.Befund {
	said := s.Vertrag.IK + string(s.Zeile.Artikel.PZN)
	what := zusage{int64(s.Zeile.Artikel.Festbetrag), s.Vertrag.Vertrag, s.Nr}
	if l.o.Vorlage == Rabattvertrag {
		s.Vertrag.PZN = s.Zeile.Artikel.PZN
	}
	s.Zeile.Artikel.Zuzahlungsfrei = l.o.Vorlage == Zuzahlungsfrei
	first, twice := l.zusagen[said]
	if !twice {
		l.zusagen[strings.Clone(said)] = what
		return nil
	}
	if what.zeile = first.zeile; what == first {
		return nil
	}
	return hindernis("A-689", fmt.Sprintf("Die PZN %s steht mit einer anderen Angabe schon in Zeile %d; bitte eine der "+
		"beiden Zeilen entfernen.", s.Zeile.Artikel.PZN, first.zeile))
}
