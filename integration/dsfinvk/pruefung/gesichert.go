package pruefung

import (
	"encoding/binary"
	"fmt"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
)

// gesichert checks what a TSE signed of a record.
func (l *lauf) gesichert(z *zeile) {
	a := z.satz(teilTSE)
	if a == nil {
		return
	}
	g := signiert{
		prozess: z.text("TSE_TA_VORGANGSART"), daten: z.text("TSE_VORGANGSDATEN"), sig: z.text("TSE_TA_SIG"),
		tse: z.ganz("TSE_ID"), nummer: z.ganz("TSE_TANR"), zaehler: z.ganz("TSE_TA_SIGZ"),
		beginn: z.zeit("TSE_TA_START"), ende: z.zeit("TSE_TA_ENDE"),
	}
	id := z.text("BON_ID")
	t := a.findTSE(g.tse)
	if t == nil && z.text("TSE_ID")+g.sig != "" { // also of a record that it did not sign
		z.fund("T-442", fmt.Sprintf("Die TSE_ID „%.20s“ steht für diesen Abschluss nicht in tse.csv.", z.text("TSE_ID")))
	}
	switch {
	case g.sig == "" && z.text("TSE_TA_FEHLER") == "":
		z.fund("T-441", fmt.Sprintf("Der Bon %.40s hat weder eine Signatur noch einen Fehler der TSE.", id))
	case g.sig != "" && t != nil:
		z.vollstaendig(g)
		if g.daten != "" {
			l.signatur(stelle{l, z.tab.Datei, z.nr}, a, id, g, t)
		}
	}
	offen := g.sig != "" && t != nil && g.daten == "" && g.prozess == kassenbeleg.ProzessBeleg
	l.worte(g.prozess, g.daten)
	if l.flagge(offen); offen { // what was signed follows from the tables
		l.worte(g.sig)
		l.zahlen(g.tse, g.nummer, g.zaehler, g.beginn, g.ende)
	}
	l.fertig()
	if g.sig != "" && t != nil {
		z.transaktion(t, g.nummer)
	}
}

// signiert is a row of transactions_tse.
type signiert struct {
	prozess, daten, sig  string
	tse, nummer, zaehler int64
	beginn, ende         int64
}

// vollstaendig says what a signed row lacks.
func (z *zeile) vollstaendig(g signiert) {
	for _, name := range []string{"TSE_TANR", "TSE_TA_START", "TSE_TA_ENDE", "TSE_TA_SIGZ", "TSE_TA_VORGANGSART"} {
		if z.text(name) == "" {
			z.fund("T-421", fmt.Sprintf("%s ist leer, muss aber angegeben sein.", name))
		}
	}
	if g.beginn > g.ende && g.ende != 0 {
		z.fund("T-456", "Der Vorgang endet, bevor er beginnt.")
	}
}

// transaktion remembers one of a TSE, to find it again at another record.
func (z *zeile) transaktion(t *tse, nummer int64) {
	b := append(z.puffer[:0], artTransaktion)
	b = binary.BigEndian.AppendUint32(b, z.nummer(z.serien, t.serie))
	z.puffer = binary.BigEndian.AppendUint64(b, uint64(nummer))
	z.zeilennummer()
	z.fertig()
}

// prozessdaten compares what was signed with what the tables say.
func (v *vergleich) prozessdaten(b *beleg, zeile int, daten string) {
	z := stelle{v.lauf, "transactions_tse.csv", zeile}
	p, err := kassenbeleg.Lesen(daten)
	if err != nil {
		z.fund("T-439", "TSE_VORGANGSDATEN haben nicht die Form von Kassenbeleg-V1.")
		return
	}
	if string(p.Typ) != b.typ {
		z.fund("T-439", fmt.Sprintf("Signiert ist ein %s, der Bon ist ein %s.", p.Typ, b.typ))
	}
	if p.Typ == kassenbeleg.AVBelegabbruch {
		return
	}
	for i, c := range p.Umsaetze {
		if !b.eigene && cent(c) != b.slots[i] {
			z.fund("T-437", fmt.Sprintf("Signiert sind %s Umsatz an Stelle %d, transactions_vat.csv sagt %s.",
				euro(cent(c)), i+1, euro(b.slots[i])))
		}
	}
	var bar, unbar int64
	fremd := b.fremd
	for _, c := range p.Zahlungen {
		switch {
		case c.Waehrung != "":
			fremd = true
		case c.Art == kassenbeleg.Bar:
			bar += cent(c.Betrag)
		default:
			unbar += cent(c.Betrag)
		}
	}
	if !fremd && (bar != b.bar || unbar != b.unbar) {
		z.fund("T-438", fmt.Sprintf("Signiert sind %s bar und %s unbar, datapayment.csv sagt %s und %s.",
			euro(bar), euro(unbar), euro(b.bar), euro(b.unbar)))
	}
}

func cent(c money.Cent) int64 { return int64(c) * stufe / 100 }

// daten is the processData of a record by the tables; "" if they do not say it.
func (b *beleg) daten() string {
	if b.fremd || b.eigene {
		return ""
	}
	p := kassenbeleg.Prozessdaten{Typ: kassenbeleg.Typ(b.typ)}
	if p.Typ != kassenbeleg.AVBelegabbruch {
		for i, n := range b.slots {
			p.Umsaetze[i] = money.Cent(n / (stufe / 100))
		}
		for _, k := range []kassenbeleg.Klasse{
			{Art: kassenbeleg.Bar, Betrag: money.Cent(b.bar / (stufe / 100))},
			{Art: kassenbeleg.Unbar, Betrag: money.Cent(b.unbar / (stufe / 100))},
		} {
			if k.Betrag != 0 {
				p.Zahlungen = append(p.Zahlungen, k)
			}
		}
	}
	return p.String()
}

// signatur has a signature checked. What was signed stands in the row; where it does not, it
// follows from the tables.
func (l *lauf) signatur(z stelle, a *abschluss, id string, g signiert, t *tse) {
	if l.pruefer == nil || g.daten == "" {
		return
	}
	l.bericht.Signaturen++
	err := l.pruefer(Signatur{
		Client: a.serie, Prozess: g.prozess, Daten: g.daten, Transaktion: uint64(g.nummer), Zaehler: uint64(g.zaehler),
		Beginn: g.beginn, Ende: g.ende, Algorithmus: t.algorithmus, Zeitformat: t.zeitformat, Wert: g.sig,
		Schluessel: t.schluessel,
	})
	if err != nil {
		z.fund("T-444", fmt.Sprintf("Die Signatur des Bons %.40s passt nicht zu seinen Daten.", id))
	}
}

// stelle is where a finding is.
type stelle struct {
	*lauf
	datei string
	zeile int
}

func (s stelle) fund(code, text string) { s.lauf.fund(s.datei, s.zeile, code, text) }
