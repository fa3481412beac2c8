package zuzahlung

import (
	"strconv"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
)

// The limits of a line. KBV allows 999 packs; more is a slip of the finger.
const (
	MaxPackungen = 999
	MaxTeile     = 1_000_000
)

// check refuses a Fall that makes no sense, and a day without law. Nothing of it
// depends on the order: all that is wrong is shown at once.
func check(f *Fall, r *Recht) []befund.Befund {
	var list []befund.Befund
	stop := func(code, subject, text string) {
		list = append(list, befund.Befund{Code: code, Schwere: befund.Hindernis, Subject: subject, Text: text})
	}
	if f.Packungen < 1 || f.Packungen > MaxPackungen {
		stop("Z-101", "Packungen", "Die Zahl der Packungen muss zwischen 1 und "+strconv.Itoa(MaxPackungen)+
			" liegen; bitte berichtigen.")
	}
	if !betraegeOK(f) {
		stop("Z-102", "Betrag", "Ein Preis oder Betrag ist negativ oder zu groß; bitte den Artikel im Katalog prüfen.")
	}
	if f.TeilMenge < 0 || f.TeilVon < 0 || f.TeilVon > MaxTeile || f.TeilMenge > f.TeilVon ||
		(f.TeilMenge == 0) != (f.TeilVon == 0) {
		stop("Z-104", "Teilmenge", "Die Teilmenge muss mindestens 1 sein und in die Packung passen; bitte berichtigen.")
	}
	if !f.Tag.Valid() {
		stop("Z-105", "Tag", "Der Tag der Abgabe fehlt oder ist kein Kalendertag; bitte eingeben.")
	}
	if f.Geburt != 0 && (!f.Geburt.Valid() || f.Geburt > f.Tag) {
		stop("Z-106", "Geburt", "Das Geburtsdatum ist nicht möglich; bitte mit der Karte vergleichen und berichtigen.")
	}
	if !vertragOK(f.Vertrag) || (f.Engpass != nil && !vertragOK(f.Engpass.Vertrag)) {
		stop("Z-107", "Vertrag", "Der Zuzahlungsfaktor des Rabattvertrags muss 0 bis 100 % sein; bitte Katalog prüfen.")
	}
	if e := f.Engpass; e != nil && (e.Packungen < 1 || e.Packungen > MaxPackungen || e.AVP <= 0) {
		stop("Z-108", "Engpass", "Die verordnete Packung braucht Preis und Anzahl; bitte ihre PZN eingeben.")
	}
	if !traegerOK(f.Traeger) {
		stop("Z-110", "Kostenträger", "Die Art des Kostenträgers ist nicht bekannt; bitte auswählen.")
	} else if !rechtOK(f, r) {
		stop("Z-109", "Recht", "Für diesen Tag ist kein vollständiges Recht hinterlegt; bitte den Tag oder "+
			"die Rechtsdaten prüfen.")
	}
	return list
}

func betraegeOK(f *Fall) bool {
	all := []money.Cent{f.AVP, f.Festbetrag, f.Geheimpreis, f.MonatBereits}
	if f.Engpass != nil {
		all = append(all, f.Engpass.AVP, f.Engpass.Festbetrag, f.Engpass.Bereits)
	}
	for _, c := range all {
		if c < 0 || c > money.MaxInput {
			return false
		}
	}
	return true
}

func vertragOK(v *Vertrag) bool { return v == nil || (v.Faktor >= 0 && v.Faktor <= 100) }

func traegerOK(t Traeger) bool {
	switch t {
	case GKV, PKV, BG, SKT, Pflege, Selbstzahler:
		return true
	}
	return false
}

// MaxAltersgrenze is the highest age, in years, that can be a limit of childhood; more is
// a mistyped value.
const MaxAltersgrenze = 30

// rechtOK says whether the parameters this Fall turns on are in force and sane;
// an overlay may have brought anything.
func rechtOK(f *Fall, r *Recht) bool {
	if f.Traeger != GKV && f.Traeger != Pflege {
		return true
	}
	if !anteilOK(r.Anteil) || !betragOK(r.Mindest) || !betragOK(r.Hoechst) || r.Mindest.Was > r.Hoechst.Was ||
		r.Altersgrenze.Was < 0 || r.Altersgrenze.Was > MaxAltersgrenze {
		return false
	}
	switch {
	case f.Art == artikel.Pflegehilfsmittel && technisch(f):
		return betragOK(r.PG51Hoechst)
	case f.Art == artikel.Pflegehilfsmittel:
		return betragOK(r.PG54Pauschale)
	case f.Art == artikel.HilfsmittelZumVerbrauch:
		return betragOK(r.VerbrauchHoechst)
	case f.Befruchtung:
		return anteilOK(r.BefruchtungAnteil)
	}
	return true
}

func anteilOK(f fassung.Fassung[money.PPM]) bool {
	return !f.Repealed && f.Was > 0 && f.Was <= 100*money.Percent
}

func betragOK(f fassung.Fassung[money.Cent]) bool {
	return !f.Repealed && f.Was > 0 && f.Was <= money.MaxInput
}

// technisch tells a technical Pflegehilfsmittel from one zum Verbrauch (PG 54).
func technisch(f *Fall) bool { return f.Produktgruppe != 0 && f.Produktgruppe != 54 }
