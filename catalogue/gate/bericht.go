package gate

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/internal/clock"
)

// MaxBefunde is how many verdicts of one kind a report quotes; the others are counted.
const MaxBefunde = 100

// Bericht is what the gate found.
type Bericht struct {
	Neu   catalogue.Manifest
	Alt   *catalogue.Manifest // nil: the candidate is the first
	Abzug time.Time           // zero: none

	Neue, Geaendert int // articles of the candidate that are new, and that have changed
	Lager           int // articles in stock that were looked for

	Nachgerechnet, Unterschiede, Preislos int // lines of sales: all, with other amounts, without a price

	Gruppen []Gruppe // what stops first, then by code
}

// Gruppe is all verdicts with one code.
type Gruppe struct {
	Code    string
	Schwere befund.Schwere // Hindernis stops the candidate, Hinweis is only told
	Gesamt  int
	Befunde []befund.Befund // the first MaxBefunde
}

// Hindert reports whether the candidate must not reach the tills.
func (b Bericht) Hindert() bool { return b.Fehler() > 0 }

// Fehler counts what stops, Hinweise what is only told.
func (b Bericht) Fehler() int { return b.zahl(befund.Hindernis) }

// Hinweise counts what is only told.
func (b Bericht) Hinweise() int { return b.zahl(befund.Hinweis) }

func (b Bericht) zahl(s befund.Schwere) int {
	n := 0
	for _, g := range b.Gruppen {
		if g.Schwere == s {
			n += g.Gesamt
		}
	}
	return n
}

func (b *Bericht) nimm(f befund.Befund) {
	i := slices.IndexFunc(b.Gruppen, func(g Gruppe) bool { return g.Code == f.Code })
	if i < 0 {
		i = len(b.Gruppen)
		b.Gruppen = append(b.Gruppen, Gruppe{Code: f.Code, Schwere: f.Schwere})
	}
	g := &b.Gruppen[i]
	if g.Gesamt++; g.Gesamt <= MaxBefunde {
		g.Befunde = append(g.Befunde, f)
	}
}

func (b *Bericht) ordne() {
	slices.SortFunc(b.Gruppen, func(x, y Gruppe) int {
		return cmp.Or(cmp.Compare(y.Schwere, x.Schwere), cmp.Compare(x.Code, y.Code))
	})
}

// Kurz is the result in one sentence.
func (b Bericht) Kurz() string {
	return fmt.Sprintf("Geprüft: %d Fehler, %d Hinweise; %d Artikel neu, %d geändert, %d entfallen.",
		b.Fehler(), b.Hinweise(), b.Neue, b.Geaendert, b.entfallen())
}

func (b Bericht) entfallen() int {
	if b.Alt == nil {
		return 0
	}
	return b.Alt.Artikel - (b.Neu.Artikel - b.Neue)
}

// Text is the report for people.
func (b Bericht) Text() string {
	var w strings.Builder
	fmt.Fprintf(&w, "Prüfung des Katalogs %s\n\n", b.Neu.ID)
	fmt.Fprintf(&w, "Quelle:      %s\n", b.Neu.Quelle)
	fmt.Fprintf(&w, "gültig ab:   %s\n", b.Neu.GueltigAb.German())
	fmt.Fprintf(&w, "enthält:     %d Artikel, %d Rabattverträge\n", b.Neu.Artikel, b.Neu.Vertraege)
	if b.Alt != nil {
		fmt.Fprintf(&w, "bisher:      %s mit %d Artikeln, %d Rabattverträgen\n", b.Alt.ID, b.Alt.Artikel, b.Alt.Vertraege)
	}
	if !b.Abzug.IsZero() {
		fmt.Fprintf(&w, "Abzug vom:   %s, %d Artikel an Lager\n",
			b.Abzug.In(clock.Berlin()).Format("02.01.2006 15:04"), b.Lager)
		fmt.Fprintf(&w, "Verkäufe:    %d Zeilen nachgerechnet: %d wie bisher, %d anders, %d nicht mehr berechenbar\n",
			b.Nachgerechnet, b.Nachgerechnet-b.Unterschiede-b.Preislos, b.Unterschiede, b.Preislos)
	}
	fmt.Fprintf(&w, "\n%s\n", b.Kurz())
	b.liste(&w, befund.Hindernis, "Fehler: Mit ihnen kommt der Katalog nicht in den Verkauf.")
	b.liste(&w, befund.Hinweis, "Hinweise: zu lesen, sie halten nichts auf.")
	return w.String()
}

func (b Bericht) liste(w *strings.Builder, s befund.Schwere, title string) {
	if b.zahl(s) == 0 {
		return
	}
	fmt.Fprintf(w, "\n%s\n", title)
	for _, g := range b.Gruppen {
		if g.Schwere != s {
			continue
		}
		for _, f := range g.Befunde {
			fmt.Fprintf(w, "- %v\n", f)
		}
		if rest := g.Gesamt - len(g.Befunde); rest > 0 {
			fmt.Fprintf(w, "  … und %d weitere dieser Art (%s).\n", rest, g.Code)
		}
	}
}
