package rezept

import (
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
)

// Types of prescription of the Fachdienst (GEM_ERP_CS_FlowType) that are treated in their own way.
const (
	FlowGKV  = 160
	FlowDiGA = 162 // redeemed by the Krankenkasse, not by a pharmacy
	flowBtM  = 165
	flowT    = 166
)

// The categories of a Verordnung (KBV Verordnungskategorie).
const (
	KategorieArzneimittel = "00"
	KategorieBtM          = "01"
	KategorieT            = "02"
	KategorieSonstiges    = "03"
)

// Check says what law has to say about supplying the prescription on the day: too
// early, too late, or not by this pharmacy. A Hindernis forbids, a Warnung must be
// confirmed.
func Check(r Rezept, today civil.Day) []befund.Befund {
	c := &check{r: r, tag: today}
	if !r.Ausgestellt.Valid() || !today.Valid() {
		c.add("R-210", befund.Hindernis, "AMVV § 2 Abs. 1 Nr. 2",
			"Das Ausstellungsdatum fehlt oder gibt es nicht; bitte die Praxis um ein neues Rezept bitten.")
		return c.list
	}
	c.typ()
	c.fristen()
	c.mehrfach()
	c.tRezept()
	c.patient()
	c.dosierung()
	return c.list
}

type check struct {
	r    Rezept
	tag  civil.Day
	list []befund.Befund
}

func (c *check) add(code string, s befund.Schwere, norm, text string) {
	c.list = append(c.list, befund.Befund{Code: code, Schwere: s, Norm: norm, Subject: c.r.ID, Text: text})
}

// typ refuses E-Rezepte that are not for this pharmacy or not yet possible.
func (c *check) typ() {
	switch c.r.FlowType {
	case FlowDiGA:
		c.add("R-211", befund.Hindernis, "SGB V § 33a",
			"Das ist eine Verordnung einer digitalen Gesundheitsanwendung; bitte an die Krankenkasse verweisen.")
	case flowBtM:
		c.add("R-212", befund.Hindernis, "BtMVV § 8",
			"Elektronische BtM-Rezepte nimmt Offizin noch nicht an; bitte um ein BtM-Rezept auf Papier bitten.")
	case flowT:
		c.add("R-213", befund.Hindernis, "AMVV § 3a",
			"Elektronische T-Rezepte nimmt Offizin noch nicht an; bitte um ein T-Rezept auf Papier bitten.")
	}
}

func (c *check) fristen() {
	f := c.r.Fristen()
	switch {
	case c.tag < c.r.Ausgestellt:
		c.add("R-201", befund.Hindernis, "AMVV § 2 Abs. 1 Nr. 2", "Das Rezept ist auf den "+c.r.Ausgestellt.German()+
			" ausgestellt, das liegt in der Zukunft; bitte in der Praxis nachfragen.")
	case c.tag < f.Ab:
		c.add("R-204", befund.Hindernis, f.Norm, "Dieser Teil der Mehrfachverordnung ist erst ab dem "+f.Ab.German()+
			" einlösbar; bitte den Patienten auf diesen Tag verweisen.")
	case c.tag > f.Ende:
		c.abgelaufen(f)
	case c.tag > f.Traeger:
		c.privat(f)
	}
}

// abgelaufen: nothing may be supplied any more.
func (c *check) abgelaufen(f Frist) {
	switch {
	case c.r.BtM():
		c.add("R-207", befund.Warnung, f.Norm, "Das BtM-Rezept galt sieben Tage, bis zum "+f.Ende.German()+
			"; nur liefern, wenn es bis dahin vorlag, sonst um ein neues bitten.")
	case c.r.T():
		c.add("R-208", befund.Hindernis, f.Norm, "Das T-Rezept galt sechs Tage, bis zum "+f.Ende.German()+
			"; bitte die Praxis um ein neues bitten.")
	case c.r.Mehrfach != nil:
		c.add("R-205", befund.Hindernis, f.Norm, "Dieser Teil der Mehrfachverordnung war bis zum "+f.Ende.German()+
			" einlösbar; bitte die Praxis um ein neues Rezept bitten.")
	default:
		c.add("R-202", befund.Hindernis, "AMVV § 2 Abs. 5", "Das Rezept galt drei Monate, bis zum "+f.Ende.German()+
			"; bitte die Praxis um ein neues bitten.")
	}
}

// privat: the insurer pays no more, but the prescription is still valid.
func (c *check) privat(f Frist) {
	if c.r.Entlassrezept() {
		c.add("R-206", befund.Warnung, f.Norm, "Das Entlassrezept galt drei Werktage, bis zum "+f.Traeger.German()+
			" (Feiertage kommen hinzu); danach bitte nur als Privatrezept beliefern.")
		return
	}
	c.add("R-203", befund.Warnung, f.Norm, "Die 28 Tage zu Lasten der Krankenkasse endeten am "+f.Traeger.German()+
		"; bitte bis zum "+f.Ende.German()+" nur noch als Privatrezept beliefern.")
}

func (c *check) mehrfach() {
	m := c.r.Mehrfach
	if m == nil {
		return
	}
	if m.Nummer < 1 || m.Gesamt < 2 || m.Gesamt > 4 || m.Nummer > m.Gesamt {
		c.add("R-209", befund.Warnung, "SGB V § 31 Abs. 1b",
			"Die Angabe, der wievielte Teil der Mehrfachverordnung das ist, passt nicht; bitte in der Praxis nachfragen.")
	}
	if c.r.BtM() || c.r.T() {
		c.add("R-214", befund.Hindernis, "BtMVV § 8; AMVV § 3a",
			"Betäubungsmittel und T-Rezept-Arzneimittel gibt es nicht als Mehrfachverordnung; bitte um ein neues Rezept bitten.")
	}
}

// tRezept wants the physician's confirmations on a T-Rezept.
func (c *check) tRezept() {
	for _, v := range c.r.Verordnungen {
		if t := v.TAngaben; t != nil && (!t.Sicherheitsmassnahmen || !t.Informationsmaterial || !t.Sachkenntnis) {
			c.add("R-215", befund.Hindernis, "AMVV § 3a Abs. 2",
				"Auf dem T-Rezept fehlt eine Bestätigung der Ärztin oder des Arztes; bitte die Praxis um ein neues bitten.")
			return
		}
	}
}

// patient tells of minors, whose Zuzahlung the prescriber often leaves on.
func (c *check) patient() {
	first, _, ok := GeburtSpanne(c.r.Patient.GeburtText)
	if c.r.Patient.Geburt != 0 {
		first, ok = c.r.Patient.Geburt, true
	}
	switch {
	case !ok:
	case first > c.tag:
		c.add("R-216", befund.Warnung, "AMVV § 2 Abs. 1 Nr. 3",
			"Das Geburtsdatum auf dem Rezept liegt in der Zukunft; bitte mit der Gesundheitskarte vergleichen.")
	case c.r.Status == Zuzahlungspflichtig && c.r.amtlich() && first.AgeOn(c.tag) < volljaehrig:
		c.add("R-217", befund.Hinweis, "SGB V § 31 Abs. 3",
			"Das Rezept ist als gebührenpflichtig markiert, der Patient ist aber unter 18; bitte keine Zuzahlung nehmen.")
	}
}

const volljaehrig = 18

// dosierung tells of an E-Rezept without dosage; the Rahmenvertrag forgives it, the
// patient does not.
func (c *check) dosierung() {
	if c.r.Herkunft != ERezept || c.r.Sprechstundenbedarf {
		return
	}
	for _, v := range c.r.Verordnungen {
		drug := v.Kategorie == KategorieArzneimittel && (v.Art == PZNVerordnung || v.Art == WirkstoffVerordnung)
		if drug && v.Dosierung == "" {
			c.add("R-218", befund.Hinweis, "AMVV § 2 Abs. 1 Nr. 7",
				"Das Rezept nennt keine Dosierung; bitte bei der Abgabe nach der Einnahme fragen.")
			return
		}
	}
}
