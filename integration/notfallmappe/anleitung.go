package notfallmappe

import (
	_ "embed" // the text of the first page
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/mappe"
)

// schritte are what to do in an outage, in this order: a heading, a line break and what it
// means; an empty line parts them.
//
//go:embed anleitung.txt
var schritte string

// anleitung is the first page.
func (b *blatt) anleitung() {
	y := oben + 4
	b.font("B", 16)
	b.text(rand, y, b.in("Wenn nichts mehr geht"))
	y += 7
	b.font("", fliesst)
	y = b.absatz(y, rand, innen, fmt.Sprintf("Preise vom %s, gültig bis %s (danach kennt diese Mappe nicht alle Preise). "+
		"Preisliste ab %s. %s", b.m.Tag.German(), b.m.Bis.German(), b.m.Katalog.German(), herkunft(b.m.Auswahl)))
	y += 1.5
	for i, s := range strings.Split(strings.TrimSpace(schritte), "\n\n") {
		head, text, _ := strings.Cut(s, "\n")
		b.font("B", fliesst+1)
		b.text(rand, y+abstand, strconv.Itoa(i+1))
		b.text(rand+7, y+abstand, b.in(head))
		b.font("", fliesst)
		y = b.absatz(y+2*abstand, rand+7, innen-7, strings.ReplaceAll(text, "\n", " ")) + 1.6
	}
	b.inhalt(y + 2)
}

// absatz sets running text from a base line on and returns the base line of what follows.
func (b *blatt) absatz(y, x, width float64, text string) float64 {
	for _, line := range b.umbrechen(b.in(text), width) {
		b.text(x, y, line)
		y += abstand
	}
	return y - abstand
}

// inhalt says on which page what begins, and how to keep the Mappe.
func (b *blatt) inhalt(y float64) {
	y += abstand
	b.font("B", fliesst+1)
	b.text(rand, y, b.in("In dieser Mappe"))
	n := 1
	for _, t := range b.teile {
		y += abstand
		b.font("", fliesst)
		b.text(rand+7, y, b.in(t.name))
		b.font("B", fliesst)
		b.text(rand+80, y, b.in("Seite "+strconv.Itoa(n)))
		n += len(t.seiten)
	}
	y += abstand + 3
	b.font("B", fliesst)
	b.absatz(y, rand, innen, "Vertraulich: Diese Mappe nennt Namen und Telefonnummern von Kunden. "+
		"Nicht offen liegen lassen, alte Ausdrucke vernichten.")
}

// herkunft says in one sentence why these articles are listed.
func herkunft(a mappe.Auswahl) string {
	n := a.Verkaeufe + a.Bestand + a.Beliebtheit
	text := fmt.Sprintf("%s Artikel: %s nach eigenem Absatz seit %s", zahl(n), zahl(a.Verkaeufe), a.Seit.German())
	if n > a.Verkaeufe {
		text += fmt.Sprintf(", aufgefüllt mit %s aus dem Bestand und %s nach der Beliebtheit im Katalog, "+
			"weil nicht mehr Artikel verkauft wurden", zahl(a.Bestand), zahl(a.Beliebtheit))
	}
	return text + "."
}

// zahl writes a number as "2.000".
func zahl(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = strings.Join([]string{s[:i], s[i:]}, ".")
	}
	return s
}
