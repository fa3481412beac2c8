package pruefung

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
)

func (l *lauf) zGeschaeft(z *zeile) {
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	v := z.betraege("Z_UMS_BRUTTO", "Z_UMS_NETTO", "Z_UST")
	if v[1]+v[2] != v[0] {
		z.fund("T-436", fmt.Sprintf(
			"Netto %s und Steuer %s sind zusammen nicht brutto %s.", euro(v[1]), euro(v[2]), euro(v[0])))
	}
	k := fall{l.art(art{z.text("GV_TYP"), z.text("GV_NAME"), z.text("AGENTUR_ID")}), z.ganz("UST_SCHLUESSEL")}
	a.cases[k] = plus(a.cases[k], v)
}

func (l *lauf) zZahlung(z *zeile) {
	if a := z.zuAbschluss(); a != nil {
		a.paid[zahlart{z.text("ZAHLART_TYP"), z.text("ZAHLART_NAME")}] += z.zahl("Z_ZAHLART_BETRAG")
	}
}

// schluss checks what only all rows together can say.
func (l *lauf) schluss() {
	for _, b := range l.belegfolge {
		l.beleg(b)
	}
	for _, p := range l.postenfolge {
		l.einzelposten(p)
	}
	for _, a := range l.folge {
		l.abschluss(a)
	}
	l.luecken()
}

// beleg compares the sums of a record.
func (l *lauf) beleg(b *beleg) {
	const datei = "transactions.csv"
	if b.zeilen != b.ums {
		l.fund(datei, b.zeile, "T-433", fmt.Sprintf(
			"Bon %.40s: UMS_BRUTTO %s ist nicht die Summe der Positionen %s.", b.id, euro(b.ums), euro(b.zeilen)))
	}
	if b.steuern != b.ums {
		l.fund(datei, b.zeile, "T-434", fmt.Sprintf(
			"Bon %.40s: UMS_BRUTTO %s ist nicht die Summe nach Steuerschlüsseln %s.",
			b.id, euro(b.ums), euro(b.steuern)))
	}
	if b.typ == "Beleg" && b.zahlungen != b.ums {
		l.fund(datei, b.zeile, "T-435", fmt.Sprintf(
			"Bon %.40s: UMS_BRUTTO %s ist nicht die Summe der Zahlungen %s.", b.id, euro(b.ums), euro(b.zahlungen)))
	}
	if b.typ == "Beleg" && b.tse == 0 {
		l.fund(datei, b.zeile, "T-440", fmt.Sprintf("Der Bon %.40s fehlt in transactions_tse.csv.", b.id))
	}
	if b.bargeld && !b.waren && b.andere {
		l.fund(datei, b.zeile, "T-452", fmt.Sprintf("Bon %.40s bewegt nur Bargeld, ist aber unbar bezahlt.", b.id))
	}
	if b.storno && !b.bezug {
		l.fund(datei, b.zeile, "T-458", fmt.Sprintf(
			"Der Storno %.40s sagt in references.csv nicht, welchen Bon er aufhebt.", b.id))
	}
}

func (l *lauf) einzelposten(p *posten) {
	if p.steuern == 0 {
		l.fund("lines.csv", p.zeile, "T-432", "Zu dieser Position steht nichts in lines_vat.csv.")
	}
	if p.teile > 0 && p.findung != p.summe {
		l.fund("itemamounts.csv", p.ersterTeil, "T-455", fmt.Sprintf("Die Preisfindung ergibt %s, die Position %s.",
			euro(p.findung[0]), euro(p.summe[0])))
	}
}

// abschluss compares the sums of a closing with those of its records.
func (l *lauf) abschluss(a *abschluss) {
	const datei = "cashpointclosing.csv"
	if a.orte == 0 || a.geraete == 0 {
		l.fund(datei, a.zeile, "T-459", "Zu diesem Abschluss fehlt die Zeile in location.csv oder cashregister.csv.")
	}
	if a.von != a.ersteID || a.bis != a.letztID {
		l.fund(datei, a.zeile, "T-457", fmt.Sprintf(
			"Z_START_ID und Z_ENDE_ID sind nicht der erste und letzte Bon (%.40s, %.40s).", a.ersteID, a.letztID))
	}
	if a.belege > 0 && a.letzte-a.erste+1 != a.belege {
		l.fund(datei, a.zeile, "T-449", fmt.Sprintf(
			"Zwischen Bon %d und %d sind es %d Bons: es fehlen Nummern oder stehen doppelt.",
			a.erste, a.letzte, a.belege))
	}
	var sum, bar int64
	for k, n := range a.paid {
		sum += n
		if k.typ == "Bar" {
			bar += n
		}
	}
	if a.summe != sum || a.bar != bar {
		l.fund(datei, a.zeile, "T-447", fmt.Sprintf(
			"Z_SE_ZAHLUNGEN %s und Z_SE_BARZAHLUNGEN %s sind nach payment.csv %s und %s.",
			euro(a.summe), euro(a.bar), euro(sum), euro(bar)))
	}
	l.faelle(a)
	l.zahlarten(a)
}

func (l *lauf) faelle(a *abschluss) {
	for _, k := range sorted(a.cases, a.casesSoll, func(x, y fall) int {
		return cmp.Or(cmp.Compare(x.art, y.art), cmp.Compare(x.schluessel, y.schluessel))
	}) {
		if has, want := a.cases[k], a.casesSoll[k]; has != want {
			g := l.artfolge[k.art]
			l.fund("businesscases.csv", 0, "T-445", fmt.Sprintf(
				"Abschluss %s von %.50s: %s %s mit Schlüssel %d ist brutto %s, netto %s; die Positionen ergeben %s und %s.",
				a.nummer, a.till, g.typ, g.name, k.schluessel, euro(has[0]), euro(has[1]), euro(want[0]), euro(want[1])))
		}
	}
}

func (l *lauf) zahlarten(a *abschluss) {
	for _, k := range sorted(a.paid, a.paidSoll, func(x, y zahlart) int {
		return cmp.Or(cmp.Compare(x.typ, y.typ), cmp.Compare(x.name, y.name))
	}) {
		if has, want := a.paid[k], a.paidSoll[k]; has != want {
			l.fund("payment.csv", 0, "T-446", fmt.Sprintf("Abschluss %s von %.50s: %s %s ist %s; die Bons ergeben %s.",
				a.nummer, a.till, k.typ, k.name, euro(has), euro(want)))
		}
	}
}

// sorted are the keys of two maps, each once, in order.
func sorted[K comparable, V any](a, b map[K]V, less func(x, y K) int) []K {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(a)), maps.Keys(b))
	slices.SortFunc(keys, less)
	return slices.Compact(keys)
}

// luecken looks for closings and records that lack between one closing of a till and the next.
func (l *lauf) luecken() {
	list := slices.Clone(l.folge)
	slices.SortStableFunc(list, func(x, y *abschluss) int {
		return cmp.Or(cmp.Compare(x.till, y.till), cmp.Compare(x.nr, y.nr))
	})
	last := map[string]int64{} // number of the last record, by till
	for i, a := range list {
		if i > 0 && list[i-1].till == a.till && list[i-1].nr+1 != a.nr {
			l.fund("cashpointclosing.csv", a.zeile, "T-448", fmt.Sprintf(
				"Auf den Abschluss %d folgt %d: einer fehlt oder steht doppelt.",
				list[i-1].nr, a.nr))
			delete(last, a.till)
		}
		if a.belege == 0 {
			continue
		}
		if n, ok := last[a.till]; ok && a.erste != n+1 && a.erste != 1 {
			l.fund("cashpointclosing.csv", a.zeile, "T-449", fmt.Sprintf(
				"Auf Bon %d des vorigen Abschlusses folgt Bon %d.", n, a.erste))
		}
		last[a.till] = a.letzte
	}
}
