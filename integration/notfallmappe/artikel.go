package notfallmappe

import (
	"github.com/offizin/offizin/domain/mappe"
	"github.com/offizin/offizin/domain/money"
)

// The places of some columns: the name, the first amount of today, the next change.
const (
	nameSpalte  = 2
	heuteSpalte = 5
	dannSpalte  = 9
)

// knapp is the type down to which a name is made smaller before it takes a second line.
const knapp = 6.75

// artikelSpalten are the columns of the list; they are as wide as the page.
func artikelSpalten() []spalte {
	return []spalte{
		{"PZN", 13.5, false},
		{"", 5.5, false}, // Rx, BtM
		{"Artikel", 60, false},
		{"Packung", 16.5, false},
		{"Form", 7.5, false},
		{"AVP/UVP", 14, true},
		{"Festb.", 13, true},
		{"Zuzahl.", 10.5, true},
		{"Mehrk.", 10, true},
		{"ab", 10.5, true},
		{"AVP/UVP", 13.5, true},
		{"Zuzahl.", 9.5, true},
		{"Mehrk.", 10, true},
	}
}

// artikel lays out the list of articles.
func (b *blatt) artikel() []seite {
	t := &tabelle{b: b, spalten: artikelSpalten(), schrift: schrift, zeilig: zeilig, ab: oben, ueber: b.heuteUndDann}
	rows := make([]reihe, len(b.m.Artikel))
	for i, a := range b.m.Artikel {
		rows[i] = b.artikelreihe(t, a)
	}
	var pages []seite
	for _, part := range t.seitenweise(rows) {
		pages = append(pages, seite{b.kopfwort(part[0].name, part[len(part)-1].name), func() { t.male(part) }})
	}
	if len(pages) == 0 {
		return []seite{{b.in("Artikel"), func() { b.satz("Der Katalog enthält keinen Artikel.") }}}
	}
	return pages
}

// kopfwort is the running head: the first and the last name of the page.
func (b *blatt) kopfwort(first, last string) string {
	b.font("B", titel)
	dash := b.in(" – ")
	half := (innen - 62 - b.pdf.GetStringWidth(dash)) / 2
	return b.passend(first, half) + dash + b.passend(last, half)
}

// heuteUndDann names the two groups of amounts and parts them.
func (b *blatt) heuteUndDann(y float64) {
	today, then := rand, rand
	for i, s := range artikelSpalten() {
		if i < heuteSpalte {
			today += s.breite
		}
		if i < dannSpalte {
			then += s.breite
		}
	}
	b.font("", 7)
	b.text(today+3, y-1, b.in("je Packung, "+b.m.Tag.German()))
	b.text(then+3.5, y-1, b.in("nächste Änderung"))
	b.pdf.SetDrawColor(hellgrau, hellgrau, hellgrau)
	b.pdf.Line(then+0.8, y-3, then+0.8, unten)
	b.pdf.SetDrawColor(0, 0, 0)
}

func (b *blatt) artikelreihe(t *tabelle, a mappe.Artikel) reihe {
	mark := ""
	switch {
	case a.BtM:
		mark = "BtM"
	case a.Rx:
		mark = "Rx"
	}
	name := b.in(a.Name)
	if a.Heute.PreisGKV != 0 {
		name += b.in(" (Kassen-AVP " + a.Heute.PreisGKV.Plain() + ")")
	}
	lines := b.name(name, t.spalten[nameSpalte].breite-luft)
	if note := hinweis(a); note != "" {
		lines = append(lines, b.in(note))
	}
	cells := []zelle{
		b.eine(string(a.PZN)),
		{[]string{mark}, true},
		{lines, a.Rueckruf},
		b.eine(a.Packung),
		b.eine(a.Form),
	}
	cells = append(cells, b.heute(a.Heute)...)
	return reihe{append(cells, b.dann(a)...), b.in(a.Name)}
}

func (b *blatt) eine(s string) zelle { return zelle{zeilen: []string{b.in(s)}} }

// name is one line if it can be, else as many as it takes.
func (b *blatt) name(s string, width float64) []string {
	b.font("", knapp)
	if b.pdf.GetStringWidth(s) <= width {
		return []string{s}
	}
	b.font("", schrift)
	return b.umbrechen(s, width)
}

// hinweis is the line below the name.
func hinweis(a mappe.Artikel) string {
	switch {
	case a.Rueckruf:
		return "RÜCKRUF – nicht abgeben"
	case !a.Vertrieb:
		return "außer Vertrieb"
	}
	return ""
}

func (b *blatt) heute(h mappe.Betraege) []zelle {
	if h.Art == mappe.OhnePreis {
		return []zelle{b.eine("kein Preis"), {}, {}, {}}
	}
	price := b.eine(h.Preis.Plain())
	price.fett = true
	share := b.anteil(h)
	for i := range share {
		share[i].fett = true
	}
	return append([]zelle{price, b.eine(genannt(h.Festbetrag))}, share...)
}

// anteil is what the patient pays on a prescription of the GKV: Zuzahlung and Mehrkosten.
func (b *blatt) anteil(h mappe.Betraege) []zelle {
	switch h.Art {
	case mappe.GKV:
		return []zelle{b.eine(h.Zuzahlung.Plain()), b.eine(genannt(h.Mehrkosten))}
	case mappe.Pflege:
		return []zelle{b.eine("Pflege"), {}}
	case mappe.Privat, mappe.OhnePreis, mappe.Entfallen:
	}
	return []zelle{b.eine("privat"), {}}
}

func (b *blatt) dann(a mappe.Artikel) []zelle {
	if a.WechselAb == 0 {
		return nil
	}
	day := b.eine(a.WechselAb.German()[:6]) // "01.01."
	switch a.Dann.Art {
	case mappe.OhnePreis:
		return []zelle{day, b.eine("kein Preis")}
	case mappe.Entfallen:
		return []zelle{day, b.eine("entfällt")}
	case mappe.GKV, mappe.Privat, mappe.Pflege:
	}
	return append([]zelle{day, b.eine(a.Dann.Preis.Plain())}, b.anteil(a.Dann)...)
}

// genannt leaves out what is not stated or nothing.
func genannt(c money.Cent) string {
	if c == 0 {
		return "–"
	}
	return c.Plain()
}
