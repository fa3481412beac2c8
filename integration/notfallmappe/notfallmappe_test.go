package notfallmappe_test

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/integration/notfallmappe"
	"github.com/offizin/offizin/integration/notfallmappe/mappetest"
)

func kopf() mappe.Mappe {
	return mappe.Mappe{
		Apotheke: mappe.Apotheke{
			Name: "Löwen-Apotheke", Inhaber: "Änne Groß e. K.", Strasse: "Marktstraße 1", PLZ: "12345", Ort: "Musterstadt",
			Telefon: "01234 5678", IK: "300123453",
		},
		Tag: 20261214, Bis: 20261231, Katalog: 20261201, Zeit: time.Date(2026, 12, 13, 23, 1, 0, 0, time.UTC),
		Auswahl: mappe.Auswahl{Seit: 20251215, Verkaeufe: 1312, Bestand: 140, Beliebtheit: 548},
	}
}

// viele is a full Mappe: long names, dear drugs, a change on each, and more reservations
// than have room on a page.
func viele() mappe.Mappe {
	m := kopf()
	for i := range mappe.MaxArtikel {
		m.Artikel = append(m.Artikel, mappe.Artikel{
			PZN:     kennung.PZN(fmt.Sprintf("%08d", 10_000_000+i)),
			Name:    fmt.Sprintf("Artikel %04d ÄÖÜ-Säureblocker Überlang Pharma 100 mg/ml Injektionslösung", i)[:40+i%38],
			Packung: "100X10 ml N3", Form: "IFL", Rx: i%2 == 0, Vertrieb: true,
			Heute:     mappe.Betraege{Preis: 12_345_678, Festbetrag: 12_345_678, Zuzahlung: 1000, Mehrkosten: 12_345_678},
			WechselAb: 20270101, Dann: mappe.Betraege{Preis: 12_345_678, Zuzahlung: 1500, Mehrkosten: 12_345_678},
		})
	}
	for i := range 90 {
		m.Vormerken = append(m.Vormerken, mappe.Vormerkung{
			Nummer: 10_000 + i, Kunde: fmt.Sprintf("p-%016x", i), Name: fmt.Sprintf("Müller-Lüdenscheidt-Wolkenstein %02d, Anna-Katharina", i),
			Telefon: "+49 (0)711 / 5550-100 oder 0171 5550100", Menge: 99, PZN: "01126111", Tag: 20261210, Abholbar: i%2 == 0,
			Artikel: "IBUPROFEN DEMO 400 mg Filmtabletten zum Einnehmen 100 St N3",
		})
	}
	return m
}

func druck(t *testing.T, m mappe.Mappe) (notfallmappe.Druck, [][]mappetest.Stueck) {
	t.Helper()
	d, err := notfallmappe.PDF(m)
	if err != nil {
		t.Fatal(err)
	}
	pages, err := mappetest.Stuecke(d.PDF)
	if err != nil || len(pages) != d.Seiten {
		t.Fatalf("%d pages read, %d printed, %v", len(pages), d.Seiten, err)
	}
	return d, pages
}

func rows(pages [][]mappetest.Stueck) string {
	var out []string
	for _, p := range pages {
		out = append(out, mappetest.Zeilen(p)...)
	}
	return strings.Join(out, "\n") + "\n"
}

// Every page says what it is, whose, as of when, until when, and its place; the first says
// where all else begins, and is right.
func TestSeiten(t *testing.T) {
	d, pages := druck(t, viele())
	for i, p := range pages {
		text := strings.Join(mappetest.Zeilen(p), "\n")
		for _, want := range []string{
			"Löwen-Apotheke", "Stand 14.12.2026, 00:01 Uhr · gültig bis 31.12.2026", fmt.Sprintf("Seite %d von %d", i+1, d.Seiten),
		} {
			if !strings.Contains(text, want) {
				t.Errorf("page %d without %q", i+1, want)
			}
		}
	}
	first := "\n" + rows(pages[:1])
	for name, head := range map[string]string{
		"Telefonnummern": "Telefonnummern", "Vormerkungen": "Vormerkungen", "Artikel, nach dem Alphabet": "Artikel 0000",
		"Blätter für den Verkauf von Hand": "Verkauf von Hand",
	} {
		n := slices.IndexFunc(pages, func(p []mappetest.Stueck) bool { return strings.HasPrefix(p[0].Text, head) }) + 1
		if !strings.Contains(first, fmt.Sprintf("\n%s|Seite %d\n", name, n)) {
			t.Errorf("%s begins on page %d; the first page says otherwise:%s", name, n, first)
		}
	}
	for _, want := range []string{
		"2.000 Artikel: 1.312 nach eigenem Absatz seit 15.12.2025", "140 aus dem Bestand und 548 nach der Beliebtheit",
		"Nacherfassung", "§ 4 Abs. 1 AMVV", "Vertraulich",
	} {
		if !strings.Contains(strings.Join(strings.Fields(first), " "), want) {
			t.Errorf("the first page without %q", want)
		}
	}
	if a, _ := notfallmappe.PDF(viele()); !bytes.Equal(a.PDF, d.PDF) {
		t.Error("the same Mappe gives other bytes")
	}
}

// 2,000 articles, each once and in order; the head of each page names its first and last.
func TestVieleArtikel(t *testing.T) {
	m := viele()
	for i := range m.Artikel {
		m.Artikel[i].Name = m.Artikel[i].Name[:24] // as lists have them
	}
	d, pages := druck(t, m)
	n := 0
	for _, p := range pages {
		first := n
		for _, s := range p {
			if n < len(m.Artikel) && s.Text == string(m.Artikel[n].PZN) {
				n++
			}
		}
		if n == first {
			continue
		}
		want := m.Artikel[first].Name + " – " + m.Artikel[n-1].Name
		if p[0].Text != want {
			t.Errorf("head %q, want %q", p[0].Text, want)
		}
	}
	if n != mappe.MaxArtikel {
		t.Errorf("%d articles in order", n)
	}
	m.Vormerken = m.Vormerken[:10]
	if d, _ = druck(t, m); d.Seiten > 40 || len(d.PDF) > 3<<20 {
		t.Errorf("%d pages, %d bytes", d.Seiten, len(d.PDF))
	}
}

// Nothing leaves the page, runs into what stands beside it, or is set too small to read.
func TestNichtsIstAbgeschnitten(t *testing.T) {
	measure := fpdf.New("P", "pt", "A4", "")
	_, pages := druck(t, viele())
	for i, p := range pages {
		slices.SortStableFunc(p, func(a, b mappetest.Stueck) int { return cmp.Or(cmp.Compare(b.Y, a.Y), cmp.Compare(a.X, b.X)) })
		for j, s := range p {
			measure.SetFont("Helvetica", map[bool]string{true: "B"}[s.Fett], s.Schrift)
			end := s.X + measure.GetStringWidth(s.Code)
			if s.X < 22 || end > 595.3-22 || s.Y < 10 || s.Y > 842-22 {
				t.Errorf("page %d: %q leaves the page (%.1f–%.1f, %.1f)", i+1, s.Text, s.X, end, s.Y)
			}
			if j+1 < len(p) && p[j+1].Y == s.Y && end > p[j+1].X {
				t.Errorf("page %d: %q runs into %q", i+1, s.Text, p[j+1].Text)
			}
			if s.Schrift < 5 {
				t.Errorf("page %d: %q in %.2f points", i+1, s.Text, s.Schrift)
			}
		}
	}
}

// What an article says: price, Festbetrag, Zuzahlung, Mehrkosten, and the next change; what
// has no price says so, and none is made up.
func TestArtikelzeile(t *testing.T) {
	m := kopf()
	m.Artikel = []mappe.Artikel{
		{
			PZN: "17023382", Name: "ATOVALAN Demo 40 mg", Packung: "100 St N3", Form: "FTA", Rx: true, Vertrieb: true,
			Heute:     mappe.Betraege{Preis: 3649, Festbetrag: 2150, Zuzahlung: 500, Mehrkosten: 1499},
			WechselAb: 20270101, Dann: mappe.Betraege{Preis: 3649, Zuzahlung: 750, Mehrkosten: 1499},
		},
		{
			PZN: "01126111", Name: "IBU Demo", Packung: "20 St", Form: "TAB", Vertrieb: true,
			Heute: mappe.Betraege{Art: mappe.Privat, Preis: 398}, WechselAb: 20261215, Dann: mappe.Betraege{Art: mappe.Entfallen},
		},
		{PZN: "01234562", Name: "OHNE Demo", Packung: "1 St", Rx: true, BtM: true, Vertrieb: true, Heute: mappe.Betraege{Art: mappe.OhnePreis}},
		{PZN: "12345600", Name: "WINDEL Demo", Rueckruf: true, Heute: mappe.Betraege{Art: mappe.Pflege, Preis: 1999}},
		{
			PZN: "04877800", Name: "ASS Demo", Packung: "50 St N2", Form: "TAB", Heute: mappe.Betraege{Preis: 275, PreisGKV: 327, Zuzahlung: 327},
			WechselAb: 20270101, Dann: mappe.Betraege{Art: mappe.OhnePreis},
		},
	}
	_, pages := druck(t, m)
	got := rows(pages)
	for _, want := range []string{
		"\n17023382|Rx|ATOVALAN Demo 40 mg|100 St N3|FTA|36,49|21,50|5,00|14,99|01.01.|36,49|7,50|14,99\n",
		"\n01126111|IBU Demo|20 St|TAB|3,98|–|privat|15.12.|entfällt\n",
		"\n01234562|BtM|OHNE Demo|1 St|kein Preis\n",
		"\n12345600|WINDEL Demo|19,99|–|Pflege\nRÜCKRUF – nicht abgeben\n",
		"ASS Demo (Kassen-AVP 3,27)|50 St N2|TAB|2,75|–|3,27|–|01.01.|kein Preis", "\naußer Vertrieb",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q:\n%s", want, got)
		}
	}
}

// Who waits for what, with the phone number; letters that the fonts lack lose their marks.
func TestVormerkungen(t *testing.T) {
	m := kopf()
	_, pages := druck(t, m)
	if got := rows(pages); !strings.Contains(got, "Es gab keine offenen Vormerkungen.") {
		t.Error(got)
	}
	m.Vormerken = []mappe.Vormerkung{
		{Nummer: 17, Kunde: "p-1", Name: "Łukaszewska, Şükrü", Telefon: "0711 5550177", Menge: 2, Artikel: "RAMIPRIL Demo 100 St N3", PZN: "01234562", Tag: 20261213, Abholbar: true},
		{Nummer: 18, Name: "Müller (nur Zettel)", Menge: 1, Artikel: "IBU Demo 20 St", PZN: "01126111", Tag: 20261214},
		{Nummer: 19, Menge: 1, Artikel: "Юлия", PZN: "01126111", Tag: 20261214},
	}
	d, pages := druck(t, m)
	got := rows(pages)
	for _, want := range []string{
		"\n17|Lukaszewska, Sükrü|0711 5550177|2 × RAMIPRIL Demo 100 St N3, PZN|13.12.2026|liegt bereit\n01234562\n",
		"\n18|Müller (nur Zettel)|1 × IBU Demo 20 St, PZN 01126111|14.12.2026|fehlt\n", "\n19|(ohne Namen)|1 × ????, PZN",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("without %q:\n%s", want, got)
		}
	}
	if ids := notfallmappe.Personen(d.PDF); len(ids) != 1 || ids[0] != "p-1" {
		t.Errorf("%q", ids)
	}
	m.Vormerken, m.OhneVormerkungen = nil, true
	if _, pages = druck(t, m); !strings.Contains(rows(pages), "Die Vormerkungen waren nicht lesbar") {
		t.Error("what could not be read looks like none")
	}
	if ids := notfallmappe.Personen([]byte("%PDF-1.3")); ids != nil {
		t.Errorf("%q", ids)
	}
}

// The numbers for sales by hand run on over the pages and name the day of the Mappe: no
// other Mappe has them.
func TestHandbelege(t *testing.T) {
	_, pages := druck(t, kopf())
	got := rows(pages)
	for i := 1; i <= 48; i++ {
		if n := fmt.Sprintf("\nH261214-%02d", i); strings.Count(got, n+"\n") != 1 {
			t.Errorf("%d times %q", strings.Count(got, n+"\n"), n)
		}
	}
	if strings.Contains(got, "H261214-49") {
		t.Error("a number too many")
	}
}
