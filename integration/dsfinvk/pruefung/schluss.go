package pruefung

import (
	"cmp"
	"fmt"
	"slices"
	"time"
)

func (l *lauf) zGeschaeft(z *zeile) {
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	v := z.betraege("Z_UMS_BRUTTO", "Z_UMS_NETTO", "Z_UST")
	z.netto(v)
	z.agentur(a)
	if l.err == nil {
		g := art{z.text("GV_TYP"), z.text("GV_NAME"), z.text("AGENTUR_ID")}
		l.err = l.summen.fall(a, g, z.ganz("UST_SCHLUESSEL"), v, ist)
	}
}

func (l *lauf) zZahlung(z *zeile) {
	a := z.zuAbschluss()
	if a == nil {
		return
	}
	typ, n := z.text("ZAHLART_TYP"), z.zahl("Z_ZAHLART_BETRAG")
	a.zahlungen += n
	if typ == "Bar" {
		a.barzahlungen += n
	}
	if l.err == nil {
		l.err = l.summen.zahlung(a, typ, z.text("ZAHLART_NAME"), n, ist)
	}
}

// schluss checks what only all rows together can say.
func (l *lauf) schluss() error {
	if l.voll { // what was not read would be missed
		return nil
	}
	if err := l.auswerten(); err != nil {
		return err
	}
	for _, a := range l.folge {
		l.abschluss(a)
	}
	if err := l.summen.each(l.summe); err != nil {
		return err
	}
	l.luecken()
	l.barbestand()
	return nil
}

// immerSigniert says whether a TSE signs a kind of record wherever there is one (AEAO zu § 146a
// Nr. 2.2.3.6, DSFinV-K 2.4 Anhang I).
func immerSigniert(typ string) bool {
	return typ == "AVTraining" || typ == "AVBelegabbruch" || typ == "AVBestellung"
}

// schluessel compares what a record has under each VAT key with its lines. Where each line was
// rounded by itself, net and tax may be off by a cent for each of them but one.
func (l *lauf) schluessel(b *beleg) {
	for _, s := range b.schluessel {
		spiel := int64(max(0, s.zeilen-1)) * stufe / 100
		net, tax := s.kopf[1]-s.posten[1], s.kopf[2]-s.posten[2]
		if s.zeilen > 0 && s.koepfe == 0 && s.posten == [3]int64{} { // lines that were taken out again
			continue
		}
		if s.koepfe > 0 && s.zeilen > 0 && s.kopf[0] == s.posten[0] && max(net, -net, tax, -tax) <= spiel {
			continue
		}
		l.fund("transactions_vat.csv", 0, "D-708", fmt.Sprintf(
			"Bon %.40s: Schlüssel %d ist brutto %s, Steuer %s; die Positionen ergeben %s und %s.",
			b.id, s.schluessel, euro(s.kopf[0]), euro(s.kopf[2]), euro(s.posten[0]), euro(s.posten[2])))
	}
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
	if b.tse == 0 && (b.typ == "Beleg" || len(b.z.tse) > 0 && immerSigniert(b.typ)) {
		l.fund(datei, b.zeile, "T-440", fmt.Sprintf("Der Bon %.40s fehlt in transactions_tse.csv.", b.id))
	}
	if b.typ == "Beleg" && !b.gezahlt {
		l.fund(datei, b.zeile, "D-710", fmt.Sprintf("Zum Bon %.40s steht nichts in datapayment.csv.", b.id))
	}
	l.schluessel(b)
	if b.typ == "Beleg" && b.bargeld && !b.waren && len(b.z.bewegungen) < maxBewegungen {
		b.z.bewegungen = append(b.z.bewegungen, b.bar)
	}
	if b.bargeld && !b.waren && b.andere {
		l.fund(datei, b.zeile, "T-452", fmt.Sprintf("Bon %.40s bewegt nur Bargeld, ist aber unbar bezahlt.", b.id))
	}
	if b.storno && !b.bezug {
		l.fund(datei, b.zeile, "T-458", fmt.Sprintf(
			"Der Storno %.40s sagt in references.csv nicht, welchen Bon er aufhebt.", b.id))
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
	if a.summe != a.zahlungen || a.bar != a.barzahlungen {
		l.fund(datei, a.zeile, "T-447", fmt.Sprintf(
			"Z_SE_ZAHLUNGEN %s und Z_SE_BARZAHLUNGEN %s sind nach payment.csv %s und %s.",
			euro(a.summe), euro(a.bar), euro(a.zahlungen), euro(a.barzahlungen)))
	}
	l.buchungstag(a)
}

// buchungstag: the booking day lies between the first record and the closing, but for the hours
// that zones are apart. A clock that was set back says nothing.
func (l *lauf) buchungstag(a *abschluss) {
	day, err := time.Parse(time.DateOnly, a.tag)
	if err != nil || a.ersteZeit == 0 || a.erstellt < a.ersteZeit {
		return
	}
	if n := day.UnixNano(); n > a.erstellt+tag || n+2*tag < a.ersteZeit {
		l.fund("cashpointclosing.csv", a.zeile, "D-711",
			"Z_BUCHUNGSTAG liegt nicht zwischen dem ersten Bon und dem Abschluss.")
	}
}

// geordnet are the closings by till and number.
func (l *lauf) geordnet() []*abschluss {
	list := slices.Clone(l.folge)
	slices.SortStableFunc(list, func(x, y *abschluss) int {
		return cmp.Or(cmp.Compare(x.till, y.till), cmp.Compare(x.nr, y.nr))
	})
	return list
}

// luecken looks for closings and records that lack between one closing of a till and the next.
func (l *lauf) luecken() {
	list := l.geordnet()
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
