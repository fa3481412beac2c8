package notfallmappe

import (
	"fmt"
	"strconv"
	"strings"
)

// satz is a page with one sentence.
func (b *blatt) satz(text string) {
	b.font("", fliesst)
	b.text(rand, oben+5, b.in(text))
}

// vormerkungen lays out who waits for what.
func (b *blatt) vormerkungen() []seite {
	const title = "Vormerkungen"
	if b.m.OhneVormerkungen {
		return []seite{{title, func() {
			b.satz("Die Vormerkungen waren nicht lesbar – Abholzettel der Kunden aufheben und später vergleichen.")
		}}}
	}
	if len(b.m.Vormerken) == 0 {
		return []seite{{title, func() { b.satz("Es gab keine offenen Vormerkungen.") }}}
	}
	t := &tabelle{b: b, schrift: 9, zeilig: 5.4, ab: oben + 3, spalten: []spalte{
		{"Nr.", 11, true},
		{"", 3, false},
		{"Name", 43, false},
		{"Telefon", 36, false},
		{"wartet auf", 66, false},
		{"seit", 19, true},
		{"", 16, true},
	}, ueber: func(y float64) {
		b.font("", 8)
		b.text(rand, y-1.5, b.in("Vertraulich: Namen und Telefonnummern. Die Nummer steht auf dem Abholzettel."))
	}}
	b.font("", t.schrift)
	var rows []reihe
	for _, v := range b.m.Vormerken {
		name := v.Name
		if name == "" {
			name = "(ohne Namen)"
		}
		state := "fehlt"
		if v.Abholbar {
			state = "liegt bereit"
		}
		waits := fmt.Sprintf("%d × %s, PZN %s", v.Menge, v.Artikel, v.PZN)
		rows = append(rows, reihe{zellen: []zelle{
			b.eine(strconv.Itoa(v.Nummer)),
			{},
			{b.umbrechen(b.in(name), t.spalten[2].breite-luft-1), true},
			{zeilen: b.umbrechen(b.in(v.Telefon), t.spalten[3].breite-luft-1)},
			{zeilen: b.umbrechen(b.in(waits), t.spalten[4].breite-luft-1)},
			b.eine(v.Tag.German()),
			b.eine(state),
		}})
	}
	var pages []seite
	for _, part := range t.seitenweise(rows) {
		pages = append(pages, seite{title, func() { t.male(part) }})
	}
	return pages
}

// linien are the numbers that nobody but the pharmacy knows.
func linien() []string {
	return []string{
		"Inhaber, privat", "Filialleitung, Vertretung", "Großhandel 1 (Kundennummer)", "Großhandel 2 (Kundennummer)",
		"Großhandel 3 (Kundennummer)", "Nachbarapotheke", "Nachbarapotheke", "Arztpraxis", "Arztpraxis", "Arztpraxis",
		"Arztpraxis", "Arztpraxis", "Arztpraxis", "Pflegeheim, Heimversorgung", "Krankenhaus, Ambulanz",
		"Giftinformationszentrum", "Rechenzentrum (Rezeptabrechnung)", "Software, Hotline", "Netz, TI, Konnektor",
		"Kartengerät, Bank", "Strom, Elektriker", "Schlüsseldienst, Alarm", "Apothekerkammer",
	}
}

// telefon is the page of phone numbers; the data know only the own one.
func (b *blatt) telefon() {
	a := b.m.Apotheke
	y := oben + 3
	for _, pair := range [][2]string{
		{"Diese Apotheke", a.Name},
		{"", a.Inhaber},
		{"", strings.Trim(a.Strasse+", "+a.PLZ+" "+a.Ort, ", ")},
		{"Telefon", a.Telefon},
		{"IK", a.IK},
		{"Rettung, Feuerwehr", "112"},
		{"Polizei", "110"},
		{"Ärztlicher Bereitschaftsdienst", "116 117"},
	} {
		if pair[1] == "" {
			continue
		}
		b.font("", fliesst)
		b.text(rand, y, b.in(pair[0]))
		b.font("B", fliesst+1)
		b.text(rand+60, y, b.in(pair[1]))
		y += 6
	}
	y += 3
	b.font("", fliesst)
	b.text(rand, y, b.in("Alle anderen Nummern kennt Offizin nicht: bitte einmal von Hand eintragen "+
		"und dieses Blatt aufheben."))
	y += 9
	for _, name := range linien() {
		b.text(rand, y, b.in(name))
		b.pdf.SetDrawColor(hellgrau, hellgrau, hellgrau)
		b.pdf.Line(rand+60, y+1, breite-rand, y+1)
		b.pdf.SetDrawColor(0, 0, 0)
		y += 8.2
	}
}

// handzeilen is how many numbers have room on a page; handseiten, how many pages there are.
const (
	handzeilen = 16
	handseiten = 3
	handhoehe  = 15.2 // millimetres
)

// handbeleg is the running number n, from 1, of a sale written down by hand in a Mappe: it
// is in no other Mappe.
func (b *blatt) handbeleg(n int) string {
	d := b.m.Tag
	return fmt.Sprintf("H%02d%02d%02d-%02d", d.Year()%100, d.Month(), d.DayOfMonth(), n)
}

// handblaetter are the forms for sales by hand.
func (b *blatt) handblaetter() []seite {
	var pages []seite
	for p := range handseiten {
		pages = append(pages, seite{"Verkauf von Hand", func() { b.handblatt(p * handzeilen) }})
	}
	return pages
}

// handSpalten are the columns of the form; they are as wide as the page.
func handSpalten() []spalte {
	return []spalte{
		{"Handbeleg", 25, false},
		{"Tag, Uhrzeit", 22, false},
		{"PZN", 24, false},
		{"Artikel", 53, false},
		{"Menge", 12, false},
		{"Preis", 17, false},
		{"Zuz.+Mehrk.", 19, false},
		{"gezahlt", 22, false},
	}
}

func (b *blatt) handblatt(before int) {
	cols := handSpalten()
	b.font("", 8)
	b.text(rand, oben, b.in("Ein Kunde, eine Nummer; reichen zwei Zeilen nicht, die nächste Nummer durchstreichen und "+
		"dort weiterschreiben."))
	b.text(rand, oben+4, b.in("Rezept: die Nummer darauf schreiben und hier ankreuzen. Später: Verkauf, Alt N, Nummer "+
		"eintippen, „erfasst“ ankreuzen."))
	y, x := oben+10, rand
	b.font("B", 8)
	for _, c := range cols {
		b.text(x+1, y, b.in(c.titel))
		x += c.breite
	}
	y += 1.5
	top := y
	for i := range handzeilen {
		b.font("B", 10)
		b.text(rand+1, y+6, b.handbeleg(before+i+1))
		b.font("", 6.5)
		b.text(rand+1, y+10, b.in("O Kasse  O privat"))
		b.text(rand+1, y+13.3, b.in("O befreit  O erfasst"))
		b.pdf.SetDrawColor(hellgrau, hellgrau, hellgrau)
		b.pdf.Line(rand+cols[0].breite+cols[1].breite, y+handhoehe/2, breite-rand-cols[7].breite, y+handhoehe/2)
		b.pdf.SetDrawColor(0, 0, 0)
		b.pdf.Rect(rand, y, innen, handhoehe, "D")
		y += handhoehe
	}
	x = rand
	for _, c := range cols[:len(cols)-1] {
		x += c.breite
		b.pdf.Line(x, top, x, y)
	}
	b.font("", 8)
	b.text(rand, y+4.5, b.in("Blatt voll? Kopieren und hinter jede Nummer einen Buchstaben setzen: "+
		b.handbeleg(before+1)+"a."))
}
