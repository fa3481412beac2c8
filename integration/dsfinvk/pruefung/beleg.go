package pruefung

import (
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/bon"
)

// zuBeleg is the record that a row belongs to; nil, and a finding, if there is none.
func (z *zeile) zuBeleg() *beleg {
	a := z.zuAbschluss()
	if a == nil {
		return nil
	}
	b := z.belege[belegKey{a, z.text("BON_ID")}]
	if b == nil {
		z.fund("T-431", fmt.Sprintf("Der Bon %.40s steht nicht in transactions.csv.", z.text("BON_ID")))
	}
	return b
}

func (l *lauf) nurBon(z *zeile) { z.zuBeleg() }

func (l *lauf) nurPosition(z *zeile) { z.zuPosition() }

func (l *lauf) bonkopf(z *zeile) {
	l.bericht.Belege++
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	k := belegKey{a, z.text("BON_ID")}
	if l.belege[k] != nil {
		z.fund("T-429", fmt.Sprintf("Der Bon %.40s steht schon in der Datei.", k.id))
		return
	}
	b := &beleg{
		z: a, id: k.id, typ: z.text("BON_TYP"), zeile: z.nr, ums: z.zahl("UMS_BRUTTO"), storno: z.text("BON_STORNO") == "1",
	}
	l.belege[k], l.belegfolge = b, append(l.belegfolge, b)
	nr := z.ganz("BON_NR")
	if a.belege++; a.belege == 1 || nr < a.erste {
		a.erste, a.ersteID = nr, k.id
	}
	if a.belege == 1 || nr > a.letzte {
		a.letzte, a.letztID = nr, k.id
	}
	if b.typ == "AVBelegstorno" {
		z.fund("T-451", "AVBelegstorno ist mit einer TSE nicht erlaubt; ein Storno ist ein Beleg mit umgekehrtem Vorzeichen.")
	}
	if from, to := z.zeit("BON_START"), z.zeit("BON_ENDE"); from > to && to != 0 {
		z.fund("T-456", "Der Vorgang endet, bevor er beginnt.")
	}
}

func (l *lauf) position(z *zeile) {
	b := z.zuBeleg()
	if b == nil {
		return
	}
	k := postenKey{b, z.text("POS_ZEILE")}
	if l.posten[k] != nil {
		z.fund("T-429", fmt.Sprintf("Die Position %.20s des Bons %.40s steht schon in der Datei.", k.nr, b.id))
		return
	}
	p := &posten{b: b, zeile: z.nr, art: l.art(art{z.text("GV_TYP"), z.text("GV_NAME"), z.text("AGENTUR_ID")})}
	l.posten[k], l.postenfolge = p, append(l.postenfolge, p)
	if bon.Geschaeft(z.text("GV_TYP")).NurBargeld() {
		b.bargeld = true
	} else {
		b.waren = true
	}
}

// art gives what names a business case a number, so that a line needs little room.
func (l *lauf) art(a art) int32 {
	i, ok := l.arten[a]
	if !ok {
		i = int32(len(l.artfolge))
		l.arten[a], l.artfolge = i, append(l.artfolge, a)
	}
	return i
}

// zuPosition is the line that a row belongs to; nil, and a finding, if there is none.
func (z *zeile) zuPosition() *posten {
	b := z.zuBeleg()
	if b == nil {
		return nil
	}
	p := z.posten[postenKey{b, z.text("POS_ZEILE")}]
	if p == nil {
		z.fund("T-432", fmt.Sprintf(
			"Die Position %.20s des Bons %.40s steht nicht in lines.csv.", z.text("POS_ZEILE"), b.id))
	}
	return p
}

func (l *lauf) positionSteuer(z *zeile) {
	p := z.zuPosition()
	if p == nil {
		return
	}
	key, v := z.ganz("UST_SCHLUESSEL"), z.betraege("POS_BRUTTO", "POS_NETTO", "POS_UST")
	z.steuer(p.b.z, key, v, 1)
	p.steuern++
	p.summe = plus(p.summe, v)
	p.b.zeilen += v[0]
	a := l.artfolge[p.art]
	if bon.Geschaeft(a.typ).NurBargeld() && key != 5 {
		z.fund("T-452", fmt.Sprintf("%s bewegt nur Bargeld und muss den Steuerschlüssel 5 haben, nicht %d.", a.typ, key))
	}
	if p.b.typ == "Beleg" {
		k := fall{p.art, key}
		p.b.z.casesSoll[k] = plus(p.b.z.casesSoll[k], v)
	}
}

func plus(a, b [3]int64) [3]int64 { return [3]int64{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

func (l *lauf) preisfindung(z *zeile) {
	p := z.zuPosition()
	if p == nil {
		return
	}
	v := z.betraege("PF_BRUTTO", "PF_NETTO", "PF_UST")
	if v[1]+v[2] != v[0] {
		z.fund("T-436", fmt.Sprintf(
			"Netto %s und Steuer %s sind zusammen nicht brutto %s.", euro(v[1]), euro(v[2]), euro(v[0])))
	}
	if p.teile++; p.teile == 1 {
		p.ersterTeil = z.nr
	}
	p.findung = plus(p.findung, v)
}

func (l *lauf) bonSteuer(z *zeile) {
	b := z.zuBeleg()
	if b == nil {
		return
	}
	key, v := z.ganz("UST_SCHLUESSEL"), z.betraege("BON_BRUTTO", "BON_NETTO", "BON_UST")
	z.steuer(b.z, key, v, 5)
	b.steuern += v[0]
	b.eigene = b.eigene || key >= 1000
	b.slots[platz(key)] += v[0]
}

// platz is the slot of a VAT key in a processData: that of its last digit, if it names a rate.
func platz(key int64) int {
	if base := key % 10; key < 100 && base >= 1 && base <= 4 {
		return int(base - 1)
	}
	return 4
}

func (l *lauf) bonZahlung(z *zeile) {
	b := z.zuBeleg()
	if b == nil {
		return
	}
	k, n := zahlart{z.text("ZAHLART_TYP"), z.text("ZAHLART_NAME")}, z.zahl("BASISWAEH_BETRAG")
	b.zahlungen += n
	b.fremd = b.fremd || z.text("ZAHLWAEH_CODE") != "EUR"
	switch k.typ {
	case "Bar":
		b.bar += n
	case "Keine":
	default:
		b.unbar += n
		b.andere = true
	}
	if b.typ == "Beleg" {
		b.z.paidSoll[k] += n
	}
}

func (l *lauf) bezug(z *zeile) {
	b := z.zuBeleg()
	if b == nil {
		return
	}
	b.bezug = true
	if z.text("REF_TYP") != "Transaktion" {
		return
	}
	till, nr := z.text("REF_Z_KASSE_ID"), z.text("REF_Z_NR")
	i := slices.IndexFunc(l.folge, func(a *abschluss) bool { return a.till == till && a.nummer == nr })
	if i >= 0 && l.belege[belegKey{l.folge[i], z.text("REF_BON_ID")}] == nil {
		z.fund("T-458", fmt.Sprintf(
			"Der Bon %.40s, auf den sich die Zeile bezieht, steht nicht im Abschluss %s.", z.text("REF_BON_ID"), nr))
	}
}
