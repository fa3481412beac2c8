package packcode

import (
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
)

// maxText is the longest serial number or batch. Source: securPharm.
const maxText = 20

// parseElements makes the result from the elements, whatever the wrapping was.
func parseElements(h Huelle, list []Element) Ergebnis {
	e := Ergebnis{Urteil: Gueltig, Huelle: h, Elemente: list}
	if h != GS1 {
		e.fixLowerCase()
	}
	if e.collect() {
		e.finish()
	}
	return e
}

// collect reads all elements; false means that the code is refused.
func (e *Ergebnis) collect() bool {
	for _, el := range e.Elemente {
		if !e.take(el) {
			return false
		}
	}
	return e.chooseProduct()
}

// finish gives the verdict when everything is read.
func (e *Ergebnis) finish() {
	if len(e.Serie) > maxText || len(e.Charge) > maxText {
		e.fail("K-216", "Seriennummer oder Charge ist länger als 20 Zeichen; bitte noch einmal scannen.")
		return
	}
	if e.Code == "" && e.PZN == "" {
		e.Urteil = OhneProdukt
		e.note(befund.Hindernis, "K-213", "Dieser Code nennt kein Produkt; bitte den anderen Code der Packung scannen.")
	}
}

// take reads one element; false means that the code is refused.
func (e *Ergebnis) take(el Element) bool {
	switch el.ID {
	case "":
		return e.takeUnnamed()
	case "21", "S":
		return e.takeText(&e.Serie, el.Wert)
	case "10", "1T":
		return e.takeText(&e.Charge, el.Wert)
	case "17", "D":
		return e.takeVerfall(el.Wert)
	case "11", "12", "13", "15", "16":
		_, ok := Tag("20" + el.Wert)
		return ok || e.badDate()
	case "16D":
		_, ok := Tag(el.Wert)
		return ok || e.badDate()
	}
	return true
}

// takeUnnamed: an AI that GS1 has not assigned is skipped, but in data with data
// identifiers a field without one means that the code is damaged.
func (e *Ergebnis) takeUnnamed() bool {
	if e.Huelle == GS1 {
		e.note(befund.Hinweis, "K-225", "Der Code enthält eine unbekannte Angabe; sie wird übergangen.")
		return true
	}
	e.fail("K-226", "Der Code enthält eine Angabe ohne Kennzeichen; bitte noch einmal scannen oder die PZN eingeben.")
	return false
}

// failTruncated refuses data that break off.
func (e *Ergebnis) failTruncated() bool {
	e.fail("K-222", "Der Code bricht mitten in einer Angabe ab; bitte noch einmal scannen oder die PZN eingeben.")
	return false
}

// failTwice refuses data that contradict themselves.
func (e *Ergebnis) failTwice() bool {
	e.fail("K-218", "Der Code nennt dieselbe Angabe zweimal verschieden; bitte die Packung beiseitelegen und prüfen.")
	return false
}

func (e *Ergebnis) takeText(field *string, v string) bool {
	if v == "" {
		return e.failTruncated()
	}
	for i := range len(v) {
		if v[i] < ' ' || v[i] > '~' || strings.IndexByte("#$@[\\]^`{|}~", v[i]) >= 0 {
			e.fail("K-215", "Seriennummer oder Charge enthält ein verbotenes Zeichen; bitte noch einmal scannen.")
			return false
		}
	}
	if *field != "" && *field != v {
		return e.failTwice()
	}
	*field = v
	return true
}

func (e *Ergebnis) takeVerfall(v string) bool {
	day, ok := Tag("20" + v)
	if !ok || len(v) != 6 {
		return e.badDate()
	}
	if e.VerfallRoh != "" && e.VerfallRoh != v {
		return e.failTwice()
	}
	e.Verfall, e.VerfallRoh = day, v
	return true
}

func (e *Ergebnis) badDate() bool {
	e.fail("K-217", "Der Code enthält ein unmögliches Datum; bitte noch einmal scannen und die Packung prüfen.")
	return false
}

// Tag reads YYYYMMDD; day 00 means the last day of the month.
func Tag(s string) (civil.Day, bool) {
	if len(s) != 8 || !onlyDigits(s) {
		return 0, false
	}
	n := 0
	for i := range 8 {
		n = n*10 + int(s[i]-'0')
	}
	year, month, day := n/10_000, n/100%100, n%100
	if day > 0 {
		d, err := civil.New(year, month, day)
		return d, err == nil
	}
	if month == 12 {
		year, month = year+1, 0
	}
	d, err := civil.New(year, month+1, 1)
	if err != nil || n/100%100 == 0 {
		return 0, false
	}
	return d.AddDays(-1), true
}

// chooseProduct finds the product code: 9N or 01 counts for verification, even if
// it is foreign; without them an 8P. The PZN may come from AI 710 instead.
func (e *Ergebnis) chooseProduct() bool {
	for _, id := range [...]string{"9N", "01", "8P"} {
		found := e.all(id)
		if len(found) == 0 {
			continue
		}
		if id != "8P" && len(found) > 1 {
			return e.failTwice()
		}
		if id == "9N" && !e.setPPN(found[0]) || id != "9N" && !e.setGTIN(found[0]) {
			return false
		}
		break
	}
	return e.pznFromOthers()
}

// all returns the different values of an element.
func (e *Ergebnis) all(id string) []string {
	var list []string
	for _, el := range e.Elemente {
		if el.ID == id && !slices.Contains(list, el.Wert) {
			list = append(list, el.Wert)
		}
	}
	return list
}

// pznFromOthers takes the PZN of a multi-market pack from AI 710 or a further 8P.
func (e *Ergebnis) pznFromOthers() bool {
	for _, v := range e.all("710") {
		p, err := kennung.ParsePZN(v)
		switch {
		case err != nil || len(v) != 8:
			e.note(befund.Warnung, "K-221",
				"Die nationale Nummer in diesem Code ist keine gültige PZN; bitte die PZN von der Packung eingeben.")
		case e.PZN != "" && e.PZN != p:
			return e.failTwice()
		default:
			e.PZN = p
		}
	}
	for _, v := range e.all("8P") {
		if g, err := kennung.ParseGTIN(v); err == nil && e.PZN == "" {
			e.PZN, _ = g.PZN()
		}
	}
	return true
}

// fixLowerCase recognises Caps Lock by data identifiers in lower case: digits and
// so the product code stay right, but serial number and batch are not.
func (e *Ergebnis) fixLowerCase() {
	lower := false
	fixed := slices.Clone(e.Elemente)
	for i, el := range fixed {
		if up := strings.ToUpper(el.ID); up != el.ID {
			lower = true
			fixed[i] = Element{ID: up, Wert: swapCase(el.Wert)}
		}
	}
	if !lower {
		return
	}
	e.Elemente, e.Urteil = fixed, Mehrdeutig
	e.note(befund.Warnung, "K-219", "Groß- und Kleinschreibung sind vertauscht, die Seriennummer ist nicht sicher; "+
		"bitte die Feststelltaste lösen und noch einmal scannen.")
}
