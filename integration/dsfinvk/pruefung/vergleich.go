package pruefung

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/kassenbeleg"
)

// vergleich reads what rows say of records, sorted: one record after the other, of each what it
// is, what its sums are, and then its lines, one after the other.
type vergleich struct {
	*lauf

	till   uint32 // of what is being read
	id     string
	kopf   bool // there is a record of this till and id, in some closing
	z      uint32
	begonn bool    // a record is being read
	b      *beleg  // nil: no row of transactions.csv says that there is such a record
	p      *posten // nil: none is being read

	letzte []byte // transaction of a TSE before
}

// auswerten compares all that was written down.
func (l *lauf) auswerten() error {
	v := &vergleich{lauf: l}
	if err := l.saetze.Each(v.satz); err != nil {
		return zwischen(err)
	}
	v.ende()
	return l.err
}

func (v *vergleich) satz(rec []byte) error {
	e := &entnahme{rec}
	if e.byte() == artTransaktion {
		key, zeile := e.nimm(12), int(e.uint32())
		if bytes.Equal(key, v.letzte) {
			v.fund("transactions_tse.csv", zeile, "T-460", fmt.Sprintf(
				"Die Transaktion %d dieser TSE steht schon bei einem anderen Bon.", int64(binary.BigEndian.Uint64(key[4:]))))
		}
		v.letzte = append(v.letzte[:0], key...)
		return nil
	}
	till, id, z := e.uint32(), e.key(), e.uint32()
	if till != v.till || id != v.id {
		v.ende()
		v.till, v.id, v.kopf = till, id, false
	}
	if !v.begonn || z != v.z {
		v.ende()
		v.z, v.begonn = z, true
	}
	t := teil(e.byte())
	if t == teilPosten {
		v.posten(e)
		return v.err
	}
	v.postenEnde()
	zeile := int(e.uint32())
	switch {
	case t == teilKopf:
		v.bonkopf(e, zeile)
	case t == teilGefragt:
		v.gefragt(e, zeile)
	case v.b == nil:
		v.fehlt([]string{
			teilSteuer: "transactions_vat.csv", teilZahlung: "datapayment.csv", teilTSE: "transactions_tse.csv",
			teilBezug: "references.csv", teilKreis: "allocation_groups.csv",
		}[t], zeile)
	case t == teilSteuer:
		v.steuersatz(e)
	case t == teilZahlung:
		v.zahlung(e)
	case t == teilTSE:
		v.gesichert(e, zeile)
	case t == teilBezug:
		v.b.bezug = true
	}
	return v.err
}

func (v *vergleich) fehlt(datei string, zeile int) {
	v.fund(datei, zeile, "T-431", fmt.Sprintf("Der Bon %.40s steht nicht in transactions.csv.", v.id))
}

// ende ends the record that is being read.
func (v *vergleich) ende() {
	v.postenEnde()
	if v.b != nil {
		v.beleg(v.b)
	}
	v.b, v.begonn = nil, false
}

func (v *vergleich) bonkopf(e *entnahme, zeile int) {
	if v.b != nil {
		v.fund("transactions.csv", zeile, "T-429", fmt.Sprintf("Der Bon %.40s steht schon in der Datei.", v.id))
		return
	}
	a := v.folge[v.z]
	v.kopf = true
	v.b = &beleg{z: a, id: v.id, typ: e.wort(), zeile: zeile, ums: e.zahl()}
	nr, from := e.zahl(), e.zahl()
	v.b.storno = e.flagge()
	if a.belege++; a.belege == 1 || nr < a.erste {
		a.erste, a.ersteID = nr, v.id
	}
	if a.belege == 1 || nr > a.letzte {
		a.letzte, a.letztID = nr, v.id
	}
	if from != 0 && (a.ersteZeit == 0 || from < a.ersteZeit) {
		a.ersteZeit = from
	}
}

// tag is a day in nanoseconds: so far clocks of two machines may be apart.
const tag = 24 * 3600 * 1_000_000_000

func (v *vergleich) steuersatz(e *entnahme) {
	key, n := e.zahl(), e.betraege()
	v.b.steuern += n[0]
	v.b.eigene = v.b.eigene || key >= 1000
	v.b.slots[platz(key)] += n[0]
	if s := v.b.unter(key); s != nil {
		s.kopf = plus(s.kopf, n)
		s.koepfe++
	}
}

func (v *vergleich) zahlung(e *entnahme) {
	b := v.b
	typ, name, n := e.wort(), e.wort(), e.zahl()
	b.gezahlt = true
	b.zahlungen += n
	b.fremd = e.flagge() || b.fremd
	switch typ {
	case "Bar":
		b.bar += n
	case "Keine":
	default:
		b.unbar += n
		b.andere = true
	}
	if b.typ == "Beleg" {
		v.err = v.summen.zahlung(b.z, typ, name, n, soll)
	}
}

func (v *vergleich) gesichert(e *entnahme, zeile int) {
	b := v.b
	b.tse++
	g := signiert{prozess: e.wort(), daten: e.wort()}
	if g.prozess == kassenbeleg.ProzessBeleg && g.daten != "" {
		v.prozessdaten(b, zeile, g.daten)
	}
	if !e.flagge() {
		return
	}
	g.sig, g.daten = e.wort(), b.daten()
	g.tse, g.nummer, g.zaehler, g.beginn, g.ende = e.zahl(), e.zahl(), e.zahl(), e.zahl(), e.zahl()
	v.signatur(stelle{v.lauf, "transactions_tse.csv", zeile}, b.z, b.id, g, b.z.findTSE(g.tse))
}

// gefragt is a record that another one refers to.
func (v *vergleich) gefragt(e *entnahme, zeile int) {
	nr := e.wort()
	switch {
	case v.z == ohneAbschluss && v.kopf:
		v.fund("references.csv", zeile, "D-706", fmt.Sprintf(
			"Der Bezug auf den Bon %.40s nennt keinen Abschluss; der Bon steht aber in einem.", v.id))
	case v.z != ohneAbschluss && v.b == nil:
		v.fund("references.csv", zeile, "T-458", fmt.Sprintf(
			"Der Bon %.40s, auf den sich die Zeile bezieht, steht nicht im Abschluss %.20s.", v.id, nr))
	}
}

// posten reads a row about a line.
func (v *vergleich) posten(e *entnahme) {
	nr, tab, zeile := e.key(), e.byte(), int(e.uint32())
	if v.p == nil || v.p.nr != nr {
		v.postenEnde()
		v.p = &posten{nr: nr}
	}
	datei := []string{"lines.csv", "lines_vat.csv", "itemamounts.csv", "subitems.csv", "references.csv"}[tab]
	switch {
	case v.b == nil:
		v.fehlt(datei, zeile)
	case tab == tabPosten:
		v.position(e, zeile)
	case !v.p.da:
		v.fund(datei, zeile, "T-432", fmt.Sprintf("Die Position %.20s des Bons %.40s steht nicht in lines.csv.", nr, v.id))
	case tab == tabSteuer:
		v.positionSteuer(e, zeile)
	case tab == tabFindung:
		v.findung(e, zeile)
	}
}

func (v *vergleich) position(e *entnahme, zeile int) {
	p := v.p
	if p.da {
		v.fund("lines.csv", zeile, "T-429", fmt.Sprintf(
			"Die Position %.20s des Bons %.40s steht schon in der Datei.", p.nr, v.id))
		return
	}
	p.da, p.zeile = true, zeile
	p.art = art{e.wort(), e.wort(), e.wort()}
	p.menge, p.stueck, p.bepreist = e.zahl(), e.zahl(), e.flagge()
	if p.art.nurBargeld() {
		v.b.bargeld = true
	} else {
		v.b.waren = true
	}
}

func (v *vergleich) positionSteuer(e *entnahme, zeile int) {
	p := v.p
	key, n := e.zahl(), e.betraege()
	p.summe = plus(p.summe, n)
	if len(p.schluessel) < maxSchluessel {
		p.schluessel = append(p.schluessel, key)
	}
	v.b.zeilen += n[0]
	if s := v.b.unter(key); s != nil {
		s.posten = plus(s.posten, n)
		s.zeilen++
	}
	if p.art.nurBargeld() && key != 5 {
		v.fund("lines_vat.csv", zeile, "T-452", fmt.Sprintf(
			"%.50s bewegt nur Bargeld und muss den Steuerschlüssel 5 haben, nicht %d.", p.art.typ, key))
	}
	if v.b.typ == "Beleg" {
		v.err = v.summen.fall(v.b.z, p.art, key, n, soll)
	}
}

func (v *vergleich) findung(e *entnahme, zeile int) {
	p := v.p
	key, n := e.zahl(), e.betraege()
	if p.teile++; p.teile == 1 {
		p.ersterTeil = zeile
	}
	p.findung = plus(p.findung, n)
	if e.flagge() {
		p.grund = true
		p.grundpreis += n[0]
	}
	if !slices.Contains(p.schluessel, key) {
		v.fund("itemamounts.csv", zeile, "D-716", fmt.Sprintf(
			"Den Steuerschlüssel %d hat die Position %.20s des Bons %.40s nicht.", key, p.nr, v.id))
	}
}

// postenEnde ends the line that is being read.
func (v *vergleich) postenEnde() {
	p := v.p
	v.p = nil
	if p == nil || !p.da {
		return
	}
	if len(p.schluessel) == 0 {
		v.fund("lines.csv", p.zeile, "T-432", "Zu dieser Position steht nichts in lines_vat.csv.")
		return
	}
	if p.teile > 0 && p.findung != p.summe {
		v.fund("itemamounts.csv", p.ersterTeil, "T-455", fmt.Sprintf("Die Preisfindung ergibt %s, die Position %s.",
			euro(p.findung[0]), euro(p.summe[0])))
	}
	if p.teile > 0 && !p.grund {
		v.fund("itemamounts.csv", p.ersterTeil, "D-716", fmt.Sprintf(
			"Die Preisfindung der Position %.20s des Bons %.40s hat keinen Grundpreis.", p.nr, v.id))
	}
	if p.bepreist && !p.kostet(p.summe[0]) && (p.teile == 0 || !p.kostet(p.grundpreis)) {
		v.fund("lines.csv", p.zeile, "D-709", fmt.Sprintf(
			"MENGE %s mal STK_BR %s ist nicht der Betrag der Position %s.", euro(p.menge), euro(p.stueck), euro(p.summe[0])))
	}
}

// kostet says whether quantity times price is an amount: a cent was rounded, and the price of one
// may have been, too.
func (p *posten) kostet(sum int64) bool {
	const most = 100_000 * stufe
	if max(p.menge, -p.menge, p.stueck, -p.stueck) > most {
		return true // more than 64 bits hold
	}
	d := p.menge/100*p.stueck/(stufe/100) - sum // a quantity has three decimals
	return max(d, -d) <= stufe/100+max(p.menge, -p.menge)/200
}
