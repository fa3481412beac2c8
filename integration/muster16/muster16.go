// Package muster16 prints what the pharmacy adds to a paper prescription (Muster 16,
// A6 landscape): its IK, the amounts, up to three Taxzeilen and the day of handing
// over. Only these are printed; the form itself lies in the printer.
package muster16

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/fault"
)

// MaxZeilen is the number of Taxzeilen on the form.
const MaxZeilen = 3

// Zeile is one Taxzeile.
type Zeile struct {
	Nummer string     // PZN or Sonderkennzeichen, eight digits
	Faktor string     // packs, or the factor of a Sonderkennzeichen: "1", "211"
	Taxe   money.Cent // gross, of the line: what the Kostenträger owes (TA3 EFP-04)
}

// Formular is what is printed on one prescription.
type Formular struct {
	IK           string // of the pharmacy
	Zuzahlung    money.Cent
	GesamtBrutto money.Cent
	Zeilen       []Zeile
	Abgabe       civil.Day
	Uebung       bool // marked across the form: not to be billed
}

// Versatz moves the print, in tenths of a millimetre: right and down are positive.
type Versatz struct{ X, Y int }

// AusBon gathers what belongs on the prescription with the id. A line whose price the
// patient pays in full has Taxe 0 and counts in no sum (TA1 4.5, Nullposition; the
// same holds for a Wunscharzneimittel).
func AusBon(b bon.Bon, rezept, ik string) Formular {
	f := Formular{IK: ik, Abgabe: b.Tag, Uebung: b.Uebung}
	for _, p := range b.Positionen {
		if p.Rezept != rezept || rezept == "" {
			continue
		}
		z := Zeile{Nummer: string(p.PZN) + p.SOK, Faktor: strconv.Itoa(p.Menge)}
		z.Taxe = p.Gesamt - p.Mehrkosten - p.Eigenbeteiligung
		if p.Privat != 0 || p.TraegerZahlt == 0 && p.Art != vorgang.Gebuehr {
			z.Taxe = 0
		} else {
			f.Zuzahlung += p.Zuzahlung
		}
		f.GesamtBrutto += z.Taxe
		f.Zeilen = append(f.Zeilen, z)
	}
	return f
}

// check refuses what does not fit the form.
func (f Formular) check(v Versatz) error {
	for _, z := range f.Zeilen {
		if len(z.Nummer) != 8 || strings.Trim(z.Nummer, "0123456789") != "" || len(z.Faktor) > 4 || z.Taxe < 0 {
			return fault.New(fault.Invalid, "R-901",
				"Eine Zeile hat keine PZN oder keinen gültigen Faktor – drucken Sie dieses Rezept von Hand.", nil)
		}
	}
	switch {
	case len(f.Zeilen) == 0:
		return fault.New(fault.Invalid, "R-902", "Auf dieses Rezept ist nichts abgegeben – es gibt nichts zu drucken.", nil)
	case len(f.Zeilen) > MaxZeilen:
		return fault.New(fault.Invalid, "R-903",
			"Mehr als drei Taxzeilen passen nicht auf das Formular – verteilen Sie die Abgabe auf zwei Rezepte.", nil)
	case len(f.IK) != 9 || strings.Trim(f.IK, "0123456789") != "":
		return fault.New(fault.Invalid, "R-904", "Das IK der Apotheke fehlt – tragen Sie es unter Einstellungen ein.", nil)
	case !f.Abgabe.Valid():
		return fault.New(fault.Invalid, "R-905", "Der Tag der Abgabe fehlt – öffnen Sie den Bon neu.", nil)
	case f.Zuzahlung < 0 || f.GesamtBrutto > 9_999_999 || f.Zuzahlung > f.GesamtBrutto:
		return fault.New(fault.Invalid, "R-906",
			"Die Beträge passen nicht in die Felder – drucken Sie dieses Rezept von Hand.", nil)
	case max(v.X, -v.X, v.Y, -v.Y) > 200:
		return fault.New(fault.Invalid, "R-907",
			"Der Versatz ist größer als 20,0 mm – legen Sie das Formular anders ein.", nil)
	}
	return nil
}

// PDF returns the print as a PDF of A6 landscape.
func PDF(f Formular, v Versatz) ([]byte, error) {
	if err := f.check(v); err != nil {
		return nil, err
	}
	pdf := fpdf.NewCustom(&fpdf.InitType{UnitStr: "mm", Size: fpdf.SizeType{Wd: formBreite, Ht: formHoehe}})
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCompression(false)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Offizin", false)
	at := clockless(f.Abgabe)
	pdf.SetCreationDate(at)
	pdf.SetModificationDate(at)
	pdf.AddPage()
	pdf.SetFont("Courier", "", schrift)
	p := druck{pdf, float64(v.X) / 10, float64(v.Y) / 10}
	p.alles(f)
	var out bytes.Buffer
	if err := pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("make PDF of Muster 16: %w", err)
	}
	return out.Bytes(), nil
}
