package bondruck

import (
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/quittung"
)

// Abholzettel is the slip a customer gets for a reserved article.
type Abholzettel struct {
	Apotheke quittung.Apotheke
	Nummer   int
	Artikel  string // name and pack
	Menge    int
	Tag      civil.Day
	Kunde    string // empty: nobody is named
	Gedruckt time.Time
}

// PDF returns the slip as a PDF of one page.
func (a Abholzettel) PDF() ([]byte, error) {
	nummer := "Abholung Nr. " + strconv.Itoa(a.Nummer)
	lines := []quittung.Zeile{
		{Left: a.Apotheke.Name, Style: quittung.Center},
		{Style: quittung.Rule},
		{Left: nummer, Style: quittung.Center},
		{Style: quittung.Rule},
		{Left: strconv.Itoa(a.Menge) + " × " + a.Artikel},
		{Left: "vorgemerkt am " + a.Tag.German()},
	}
	if a.Kunde != "" {
		lines = append(lines, quittung.Zeile{Left: "für " + a.Kunde})
	}
	lines = append(lines, quittung.Zeile{Style: quittung.Rule},
		quittung.Zeile{Left: "Bitte bringen Sie diesen Zettel zur Abholung mit.", Style: quittung.Small})
	if a.Apotheke.Telefon != "" {
		lines = append(lines, quittung.Zeile{Left: "Ist es schon da? " + a.Apotheke.Telefon, Style: quittung.Small})
	}
	return drucke(lines, nummer, a.Gedruckt.UTC())
}
