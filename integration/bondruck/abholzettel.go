package bondruck

import (
	"strconv"
	"time"

	"github.com/offizin/offizin/domain/civil"
)

// Abholzettel is the slip a customer gets for a reserved article.
type Abholzettel struct {
	Apotheke Apotheke
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
	lines := []zeile{
		{links: a.Apotheke.Name, stil: mitte},
		{stil: strich},
		{links: nummer, stil: mitte},
		{stil: strich},
		{links: strconv.Itoa(a.Menge) + " × " + a.Artikel},
		{links: "vorgemerkt am " + a.Tag.German()},
	}
	if a.Kunde != "" {
		lines = append(lines, zeile{links: "für " + a.Kunde})
	}
	lines = append(lines, zeile{stil: strich},
		zeile{links: "Bitte bringen Sie diesen Zettel zur Abholung mit.", stil: klein})
	if a.Apotheke.Telefon != "" {
		lines = append(lines, zeile{links: "Ist es schon da? " + a.Apotheke.Telefon, stil: klein})
	}
	return drucke(lines, nummer, a.Gedruckt.UTC())
}
