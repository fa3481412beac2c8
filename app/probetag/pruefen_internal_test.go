package probetag

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/sqlite"
)

// What is planted in the journal of a day is found by its audit.
func TestPlanted(t *testing.T) {
	dir := t.TempDir()
	if e, err := Laufe(t.Context(), dir, 2); err != nil || len(e.Funde) > 0 {
		t.Fatalf("%v %q", err, e.Funde)
	}
	s, err := sqlite.Open(t.Context(), sqlite.Options{
		Dir: filepath.Join(dir, "platz-1"), Projections: alle.Projections(), Ballast: -1,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close() // only read
	sale := "1-000003"
	for _, c := range []struct {
		was, want string
		plant     func(*buch)
	}{
		{"nothing", "", func(*buch) {}},
		{"an amount", "gezahlt", changed(sale, func(b *bon.Bon) { b.Zahlungen = append(b.Zahlungen, bon.Zahlung{Art: bon.Bar, Betrag: 1}) })},
		{"no signature", "weder signiert noch gekennzeichnet", func(b *buch) { delete(b.gesichert, sale) }},
		{"no reason", "niemand sagt, warum", secured(sale, func(g *kassenbeleg.Gesichert) { g.Signatur, g.Ausfall = nil, "" })},
		{"other data", "als etwas anderes gesichert", secured(sale, func(g *kassenbeleg.Gesichert) { g.Daten += " " })},
		{"another signature", "dieselbe Transaktion", secured(sale, func(g *kassenbeleg.Gesichert) {
			other := *g.Signatur
			other.Transaktion--
			g.Signatur = &other
		})},
		{"a gap", "fehlt eine Nummer", func(b *buch) { delete(b.belege, sale) }},
		{"a number twice", "gibt es zweimal", func(b *buch) { b.beleg(b.belege[sale]) }},
		{"no closing", "in den Abschlüssen stehen", func(b *buch) { b.abschluesse = b.abschluesse[:len(b.abschluesse)-1] }},
		{"a count", "gezählt", func(b *buch) { b.abschluesse[0].Zaehlung = abschluss.Zaehlung{{Wert: 1, Anzahl: 1}} }},
		{"another program", "ist mit \"x\" gebucht", changed(sale, func(b *bon.Bon) { b.Programm = "x" })},
		{"a TSE that the closing lacks", "die in Abschluss Z 1 fehlt", func(b *buch) { b.abschluesse[0].Stamm.TSE = nil }},
		{"an outage without end", "Ausfälle begonnen", func(b *buch) { b.ausfaelle["1"]++ }},
		{"a cart that waits for ever", "nie bezahlt worden", func(b *buch) {
			for n, x := range b.belege {
				if x.Art == bon.Bestellung {
					changed(n, func(b *bon.Bon) { b.Vorgang = "x" })(b)
				}
			}
		}},
		{"no voucher", "MehrzweckgutscheinKauf kommt nicht vor", func(b *buch) {
			for n, x := range b.belege {
				if len(x.Positionen) > 0 && x.Positionen[0].Geschaeft == bon.Gutscheinkauf {
					delete(b.belege, n)
				}
			}
		}},
	} {
		b, err := lesen(t.Context(), s)
		if err != nil {
			t.Fatal(err)
		}
		c.plant(b)
		b.pruefe()
		e := b.ergebnis()
		if found := strings.Join(e.Funde, "\n"); !strings.Contains(found, c.want) || (c.want == "") != (found == "") {
			t.Errorf("%s: found %q, want %q", c.was, found, c.want)
		}
	}
}

// What a TSE has signed without a record, and what is begun there for ever, is found, too.
func TestPlantedAtTheTSE(t *testing.T) {
	c := clock.NewManual(anfang())
	device, err := simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, c)
	if err != nil {
		t.Fatal(err)
	}
	defer device.Close()
	if err := device.Anmelden(t.Context(), "OFFIZIN-1"); err != nil {
		t.Fatal(err)
	}
	b := &buch{signaturen: map[string]bool{}}
	judge := func(want string) {
		t.Helper()
		b.funde = nil
		err := b.pruefeTSE(t.Context(), "platz-1", device)
		if found := strings.Join(b.funde, "\n"); err != nil || !strings.Contains(found, want) || (want == "") != (found == "") {
			t.Errorf("%v: found %q, want %q", err, found, want)
		}
	}
	judge("")
	begun, err := device.Beginnen(t.Context(), "OFFIZIN-1", "a")
	if err != nil {
		t.Fatal(err)
	}
	judge("1 Transaktionen offen")
	sig, err := device.Beenden(t.Context(), "OFFIZIN-1", begun, "Kassenbeleg-V1", "Beleg^1.00_0.00_0.00_0.00_0.00^1.00:Bar")
	if err != nil {
		t.Fatal(err)
	}
	judge("zu dem es keinen Bon gibt")
	b.signaturen[sig.Wert] = true
	if begun, err = device.Beginnen(t.Context(), "OFFIZIN-1", "b"); err != nil {
		t.Fatal(err)
	}
	if _, err = device.Beenden(t.Context(), "OFFIZIN-1", begun, "SonstigerVorgang", "TSE wieder bereit"); err != nil {
		t.Fatal(err)
	}
	judge("") // that it signs again is no record
	b.signaturen[sig.Wert] = false
	b.signaturen[sig.Wert] = true
	judge("")
}

func changed(n string, f func(*bon.Bon)) func(*buch) {
	return func(b *buch) {
		x := b.belege[n]
		f(&x)
		b.belege[n] = x
	}
}

func secured(n string, f func(*kassenbeleg.Gesichert)) func(*buch) {
	return func(b *buch) {
		x := b.gesichert[n]
		f(&x)
		b.gesichert[n] = x
	}
}
