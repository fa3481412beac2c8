package pruefung

import (
	"fmt"

	"github.com/offizin/offizin/domain/bon"
)

// nurBon is a row that says nothing but that there is the record.
func (l *lauf) nurBon(z *zeile) {
	if z.satz(teilKreis) != nil {
		l.fertig()
	}
}

func (l *lauf) zusatz(z *zeile) {
	v := z.betraege("ZI_BASISPREIS_BRUTTO", "ZI_BASISPREIS_NETTO", "ZI_BASISPREIS_UST")
	z.netto(v)
	if z.postensatz(tabZusatz) != nil {
		l.fertig()
	}
}

func (l *lauf) bonkopf(z *zeile) {
	l.bericht.Belege++
	a := z.satz(teilKopf)
	if a == nil {
		return
	}
	from, to := z.zeit("BON_START"), z.zeit("BON_ENDE")
	l.worte(z.text("BON_TYP"))
	l.zahlen(z.zahl("UMS_BRUTTO"), z.ganz("BON_NR"), from)
	l.flagge(z.text("BON_STORNO") == "1")
	l.fertig()
	if z.text("BON_TYP") == "AVBelegstorno" {
		z.fund("T-451", "AVBelegstorno ist mit einer TSE nicht erlaubt; ein Storno ist ein Beleg mit umgekehrtem Vorzeichen.")
	}
	if from > to && to != 0 {
		z.fund("T-456", "Der Vorgang endet, bevor er beginnt.")
	}
	z.geraet(a, "TERMINAL_ID")
	z.laender("KUNDE_LAND")
}

func (l *lauf) position(z *zeile) {
	a := z.postensatz(tabPosten)
	if a == nil {
		return
	}
	l.worte(z.text("GV_TYP"), z.text("GV_NAME"), z.text("AGENTUR_ID"))
	l.zahlen(z.zahl("MENGE"), z.zahl("STK_BR"))
	l.flagge(z.text("MENGE") != "" && z.text("STK_BR") != "" && (z.text("FAKTOR") == "" || z.zahl("FAKTOR") == stufe))
	l.fertig()
	z.geraet(a, "POS_TERMINAL_ID")
	z.agentur(a)
}

func (l *lauf) positionSteuer(z *zeile) {
	a := z.postensatz(tabSteuer)
	if a == nil {
		return
	}
	key, v := z.ganz("UST_SCHLUESSEL"), z.betraege("POS_BRUTTO", "POS_NETTO", "POS_UST")
	l.zahlen(key, v[0], v[1], v[2])
	l.fertig()
	z.steuer(a, key, v, 1)
}

func plus(a, b [3]int64) [3]int64 { return [3]int64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func (l *lauf) preisfindung(z *zeile) {
	v := z.betraege("PF_BRUTTO", "PF_NETTO", "PF_UST")
	z.netto(v)
	if z.postensatz(tabFindung) == nil {
		return
	}
	l.zahlen(z.ganz("UST_SCHLUESSEL"), v[0], v[1], v[2])
	l.flagge(z.text("TYP") == "Grundpreis")
	l.fertig()
}

// netto holds net and tax to gross.
func (z *zeile) netto(v [3]int64) {
	if v[1]+v[2] != v[0] {
		z.fund("T-436", fmt.Sprintf(
			"Netto %s und Steuer %s sind zusammen nicht brutto %s.", euro(v[1]), euro(v[2]), euro(v[0])))
	}
}

func (l *lauf) bonSteuer(z *zeile) {
	a := z.satz(teilSteuer)
	if a == nil {
		return
	}
	key, v := z.ganz("UST_SCHLUESSEL"), z.betraege("BON_BRUTTO", "BON_NETTO", "BON_UST")
	l.zahlen(key, v[0], v[1], v[2])
	l.fertig()
	z.steuer(a, key, v, 5)
}

// platz is the slot of a VAT key in a processData: that of its last digit, if it names a rate.
func platz(key int64) int {
	if base := key % 10; key < 100 && base >= 1 && base <= 4 {
		return int(base - 1)
	}
	return 4
}

func (l *lauf) bonZahlung(z *zeile) {
	a := z.satz(teilZahlung)
	if a == nil {
		return
	}
	code := z.text("ZAHLWAEH_CODE")
	l.worte(z.text("ZAHLART_TYP"), z.text("ZAHLART_NAME"))
	l.zahlen(z.zahl("BASISWAEH_BETRAG"))
	l.flagge(code != "EUR")
	l.fertig()
	z.waehrung("ZAHLWAEH_CODE")
	switch s := z.text("ZAHLWAEH_BETRAG"); {
	case code == a.basis && s != "" && z.zahl("ZAHLWAEH_BETRAG") != z.zahl("BASISWAEH_BETRAG"):
		z.fund("D-715", fmt.Sprintf(
			"ZAHLWAEH_BETRAG %.20s ist in der Währung der Kasse ein anderer als BASISWAEH_BETRAG %.20s.",
			s, z.text("BASISWAEH_BETRAG")))
	case code != a.basis && s == "":
		z.fund("D-715", fmt.Sprintf("Die Zahlung in %.20s sagt nicht, wie viel es in dieser Währung war.", code))
	}
}

// bezug asks for the record that one refers to, where its closing is in the export.
func (l *lauf) bezug(z *zeile) {
	a := z.satz(teilBezug)
	if a == nil {
		return
	}
	l.fertig()
	if z.text("POS_ZEILE") != "" && z.postensatz(tabBezug) != nil {
		l.fertig()
	}
	till, nr := z.text("REF_Z_KASSE_ID"), z.text("REF_Z_NR")
	if z.text("REF_TYP") != "Transaktion" {
		if till != "" || nr != "" {
			z.fund("D-707", "Die Zeile nennt einen Abschluss, ist aber kein Bezug auf eine Transaktion (REF_TYP).")
		}
		return
	}
	to, known := z.gemeint(till, nr)
	tillNr, exists := l.tills[till]
	if !known || !exists {
		return
	}
	l.neu(tillNr, to, z.text("REF_BON_ID"), teilGefragt)
	z.zeilennummer()
	l.worte(nr)
	l.fertig()
}

// gemeint is the closing that a reference names; not known: it lies outside of the export. A
// reference names number and time of a closing, so that one of them can be held to the other.
func (z *zeile) gemeint(till, nr string) (index uint32, known bool) {
	date, at := z.text("REF_DATUM"), z.zeit("REF_DATUM")
	var a *abschluss
	tillNr, hasTill := z.tills[till]
	if hasTill {
		a = z.nachNummer[zNummer{tillNr, nr}]
	}
	switch {
	case a != nil && at != a.erstellt:
		z.fund("D-706", fmt.Sprintf("REF_DATUM ist nicht die Zeit des Abschlusses %.20s von %.50s.", nr, till))
		return a.index, true
	case a != nil:
		return a.index, true
	case at != 0 && z.nachZeit[at]:
		z.fund("D-706", fmt.Sprintf(
			"Zu dieser Zeit (REF_DATUM) gibt es einen Abschluss, aber nicht mit der Nummer „%.20s“ von „%.50s“.", nr, till))
	case nr == "" && date == "":
		return ohneAbschluss, true
	case hasTill && z.kleinste[tillNr] < z.ganz("REF_Z_NR"):
		z.fund("D-706", fmt.Sprintf(
			"Den Abschluss %.20s von %.50s gibt es nicht, frühere aber stehen im Export.", nr, till))
	}
	return 0, false
}

// nurBargeld says whether a business case moves cash only.
func (a art) nurBargeld() bool { return bon.Geschaeft(a.typ).NurBargeld() }
