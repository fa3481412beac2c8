package pruefung

import (
	"fmt"

	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
)

// gesichert checks what a TSE signed of a record.
func (l *lauf) gesichert(z *zeile) {
	b := z.zuBeleg()
	if b == nil {
		return
	}
	b.tse++
	daten := z.text("TSE_VORGANGSDATEN")
	if z.text("TSE_TA_VORGANGSART") == kassenbeleg.ProzessBeleg && daten != "" {
		z.prozessdaten(b, daten)
	}
	t := b.z.tse[z.ganz("TSE_ID")]
	if t == nil && z.text("TSE_ID")+z.text("TSE_TA_SIG") != "" { // also of a record that it did not sign
		z.fund("T-442", fmt.Sprintf("Die TSE_ID „%.20s“ steht für diesen Abschluss nicht in tse.csv.", z.text("TSE_ID")))
	}
	if z.text("TSE_TA_SIG") == "" {
		if z.text("TSE_TA_FEHLER") == "" {
			z.fund("T-441", fmt.Sprintf("Der Bon %.40s hat weder eine Signatur noch einen Fehler der TSE.", b.id))
		}
		return
	}
	if t == nil {
		return
	}
	for _, name := range []string{"TSE_TANR", "TSE_TA_START", "TSE_TA_ENDE", "TSE_TA_SIGZ", "TSE_TA_VORGANGSART"} {
		if z.text(name) == "" {
			z.fund("T-421", fmt.Sprintf("%s ist leer, muss aber angegeben sein.", name))
		}
	}
	if from, to := z.zeit("TSE_TA_START"), z.zeit("TSE_TA_ENDE"); from > to && to != 0 {
		z.fund("T-456", "Der Vorgang endet, bevor er beginnt.")
	}
	k := transaktion{t.serie, z.ganz("TSE_TANR")}
	if l.transaktion[k] {
		z.fund("T-460", fmt.Sprintf("Die Transaktion %d dieser TSE steht schon bei einem anderen Bon.", k.nummer))
	}
	l.transaktion[k] = true
	z.signatur(b, t, daten)
}

// prozessdaten compares what was signed with what the tables say.
func (z *zeile) prozessdaten(b *beleg, daten string) {
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
func (z *zeile) signatur(b *beleg, t *tse, daten string) {
	prozess := z.text("TSE_TA_VORGANGSART")
	if daten == "" && prozess == kassenbeleg.ProzessBeleg {
		daten = b.daten()
	}
	if z.pruefer == nil || daten == "" {
		return
	}
	z.bericht.Signaturen++
	err := z.pruefer(Signatur{
		Client: b.z.serie, Prozess: prozess, Daten: daten, Transaktion: uint64(z.ganz("TSE_TANR")),
		Zaehler: uint64(z.ganz("TSE_TA_SIGZ")), Beginn: z.zeit("TSE_TA_START"), Ende: z.zeit("TSE_TA_ENDE"),
		Algorithmus: t.algorithmus, Zeitformat: t.zeitformat, Wert: z.text("TSE_TA_SIG"), Schluessel: t.schluessel,
	})
	if err != nil {
		z.fund("T-444", fmt.Sprintf("Die Signatur des Bons %.40s passt nicht zu seinen Daten.", b.id))
	}
}
