package muster16

import (
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
)

// The measures of the form in millimetres from its upper left corner; see PROTOCOL.md
// for where they come from. Amounts and factors end at their x, all else begins there.
const (
	formBreite, formHoehe = 148.0, 105.0
	schrift               = 10.0 // points Courier: 12 characters to the inch

	ikX, ikY             = 118.0, 9.0
	zuzahlungX, gesamtX  = 108.0, 138.0
	betragY              = 18.0
	nummerX              = 87.0
	faktorX, taxeX       = 117.0, 138.0
	zeileY, zeileAbstand = 27.0, 8.5
	abgabeX, abgabeY     = 12.0, 98.0
	uebungX, uebungY     = 40.0, 60.0
)

// druck sets text on the form.
type druck struct {
	pdf  *fpdf.Fpdf
	x, y float64 // offset
}

func (d druck) alles(f Formular) {
	d.links(ikX, ikY, f.IK)
	d.rechts(zuzahlungX, betragY, betrag(f.Zuzahlung))
	d.rechts(gesamtX, betragY, betrag(f.GesamtBrutto))
	for i, z := range f.Zeilen {
		y := zeileY + float64(i)*zeileAbstand
		d.links(nummerX, y, z.Nummer)
		d.rechts(faktorX, y, z.Faktor)
		d.rechts(taxeX, y, betrag(z.Taxe))
	}
	d.links(abgabeX, abgabeY, tag(f.Abgabe))
	if f.Uebung {
		d.links(uebungX, uebungY, "*** UEBUNG - NICHT ABRECHNEN ***")
	}
}

func (d druck) links(x, y float64, text string) { d.pdf.Text(x+d.x, y+d.y, text) }

func (d druck) rechts(x, y float64, text string) { d.links(x-d.pdf.GetStringWidth(text), y, text) }

// betrag is an amount in cents without separator: the fields of the form have a
// printed one.
func betrag(c money.Cent) string { return fmt.Sprintf("%03d", int64(c)) }

// tag is the day as six digits, as the field has room for them.
func tag(d civil.Day) string {
	return fmt.Sprintf("%02d%02d%02d", d.DayOfMonth(), d.Month(), d.Year()%100)
}

// clockless dates the PDF by the day of handing over: the same form gives the same bytes.
func clockless(d civil.Day) time.Time {
	return time.Date(d.Year(), time.Month(d.Month()), d.DayOfMonth(), 0, 0, 0, 0, time.UTC)
}
