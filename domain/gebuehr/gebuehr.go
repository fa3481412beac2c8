package gebuehr

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Hoechstbetrag is the most that Beschaffungskosten may be: 9 999,99 €.
const Hoechstbetrag money.Cent = 999_999

// Fall is one fee to compute.
type Fall struct {
	SOK     string
	Tag     civil.Day // day of handing over
	Stunde  int       // 0 to 23, German time; Noctu only
	Minute  int       // 0 to 59
	Land    Land      // of the pharmacy; Noctu only
	Traeger zuzahlung.Traeger

	NoctuVermerk   bool       // the prescriber marked the prescription „noctu“
	Rx             bool       // the fee stands beside a verschreibungspflichtiges drug
	Abweichung     int        // digit of SOK 02567024 of the line; 0 if there is none
	Dringlichkeit  bool       // the drug is on the Dringlichkeitsliste
	SchonBerechnet bool       // Botendienst: already charged for this Lieferort and day
	Betrag         money.Cent // Beschaffung: gross as agreed; of other fees 0 or the amount of the law
}

// Gebuehr is a computed fee. It bears no Kassenabschlag and changes neither the
// Zuzahlung nor its base (TA1 Nr. 4.14).
type Gebuehr struct {
	SOK          string            `json:"sok"`
	Name         string            `json:"name"`
	Brutto       money.Cent        `json:"brutto"`
	Netto        money.Cent        `json:"netto"`
	MwSt         money.Cent        `json:"mwst"`
	Satz         money.PPM         `json:"satz"`
	Klasse       artikel.MwSt      `json:"klasse"`
	TraegerZahlt money.Cent        `json:"traeger_zahlt"`
	Patient      money.Cent        `json:"patient"`
	Schritte     []schritt.Schritt `json:"schritte"`
}

// Compute returns the fee on the day and who pays it. What law does not allow is a
// Befund with Hindernis; the amounts are then zero.
func Compute(f Fall, r Recht) (Gebuehr, []befund.Befund) {
	art, ok := artVon(f.SOK)
	if !ok {
		return Gebuehr{}, []befund.Befund{{
			Code: "P-201", Schwere: befund.Hindernis, Subject: f.SOK,
			Text: "Zu diesem Sonderkennzeichen gibt es keine Gebühr; bitte eine aus der Liste wählen.",
		}}
	}
	list := pruefe(f, r)
	if befund.Hindert(list) {
		return Gebuehr{SOK: art.SOK, Name: art.Name}, list
	}
	g := betrag(f, art, r)
	if b, ok := g.teile(f); ok {
		list = append(list, b)
	}
	return g, list
}

// Vorschlag lists the SOK of the fees that law gives without being asked, for a
// line of the Fall: Noctu in its hours, the rest by the article and its line.
func Vorschlag(f Fall, btm, tRezept bool) []string {
	var list []string
	if ok, _ := IstNotdienst(f.Tag, f.Stunde, f.Minute, f.Land); ok {
		list = append(list, SOKNoctu)
	}
	if btm {
		list = append(list, SOKBtM)
	}
	if tRezept {
		list = append(list, SOKTRezept)
	}
	if !f.Dringlichkeit && engpassZiffer(f.Abweichung) && !privat(f.Traeger) {
		list = append(list, SOKEngpass)
	}
	return list
}

// betrag computes the amounts; the Fall has passed pruefe.
func betrag(f Fall, art Art, r Recht) Gebuehr {
	g := Gebuehr{SOK: art.SOK, Name: art.Name, Satz: r.MwStVoll.Was, Klasse: artikel.MwStVoll}
	switch f.SOK {
	case SOKBotendienst:
		g.ausNetto(r.BotendienstNetto, r.MwStVoll)
	case SOKEngpass:
		g.ausNetto(r.EngpassNetto, r.MwStVoll)
	case SOKBeschaffung:
		g.ausBrutto(fassung.Fassung[money.Cent]{Was: f.Betrag, Norm: art.Norm}, r.MwStVoll)
	default:
		g.ausBrutto(statutory(f.SOK, r), r.MwStVoll)
	}
	return g
}

// statutory returns the amount that law fixes; repealed when there is none.
func statutory(sok string, r Recht) fassung.Fassung[money.Cent] {
	switch sok {
	case SOKNoctu:
		return r.Noctu
	case SOKBtM:
		return r.BtM
	case SOKTRezept:
		return r.TRezept
	case SOKBotendienst:
		return r.BotendienstNetto
	case SOKEngpass:
		return r.EngpassNetto
	}
	return fassung.Fassung[money.Cent]{Repealed: true}
}

// ausNetto adds the VAT to a net fee, rounded half up.
func (g *Gebuehr) ausNetto(f fassung.Fassung[money.Cent], satz fassung.Fassung[money.PPM]) {
	g.Netto, g.MwSt = f.Was, satz.Was.Of(f.Was)
	g.Brutto = g.Netto + g.MwSt
	g.step(schritt.Von(f, g.Name, "netto", g.Netto), "betrag")
	g.step(schritt.Von(satz, "Umsatzsteuer", satz.Was.String()+" von "+g.Netto.String()+" = "+g.MwSt.String(), g.MwSt),
		"mwst")
	g.step(schritt.Schritt{
		Name: g.Name + " brutto", Text: g.Netto.String() + " + " + g.MwSt.String(), Betrag: g.Brutto,
	}, "brutto")
}

// ausBrutto takes the VAT out of a gross fee, rounded half up.
func (g *Gebuehr) ausBrutto(f fassung.Fassung[money.Cent], satz fassung.Fassung[money.PPM]) {
	g.Brutto = f.Was
	g.MwSt = preis.MwStEnthalten(g.Brutto, satz.Was)
	g.Netto = g.Brutto - g.MwSt
	g.step(schritt.Von(f, g.Name+" brutto", "einschließlich Umsatzsteuer", g.Brutto), "brutto")
	g.step(schritt.Von(satz, "enthaltene Umsatzsteuer", satz.Was.String()+", enthalten in "+g.Brutto.String(), g.MwSt),
		"mwst.enthalten")
}

func (g *Gebuehr) step(s schritt.Schritt, regel string) {
	s.Regel = "gebuehr." + regel
	g.Schritte = append(g.Schritte, s)
}

// teile says who pays. Private patients pay everything, and the Noctu fee falls on
// the Kostenträger only if the prescriber wrote noctu.
func (g *Gebuehr) teile(f Fall) (befund.Befund, bool) {
	switch {
	case privat(f.Traeger):
		g.zahlt(true, "Privatversicherte und Selbstzahler zahlen die Gebühr selbst")
	case f.SOK == SOKNoctu && !f.NoctuVermerk:
		g.zahlt(true, "ohne Vermerk „noctu“ auf der Verordnung zahlt der Patient")
		return befund.Befund{
			Code: "P-202", Schwere: befund.Hinweis, Norm: "TA1 Nr. 4.2", Subject: g.SOK,
			Text: "Die Verordnung trägt keinen Vermerk „noctu“; der Patient zahlt die Noctu-Gebühr, bitte darauf hinweisen.",
		}, true
	default:
		g.zahlt(false, "der Kostenträger zahlt; kein Kassenabschlag, keine Wirkung auf die Zuzahlung")
	}
	return befund.Befund{}, false
}

func (g *Gebuehr) zahlt(patient bool, text string) {
	name := "Anteil des Kostenträgers"
	if patient {
		name = "Anteil des Patienten"
		g.Patient = g.Brutto
	} else {
		g.TraegerZahlt = g.Brutto
	}
	g.step(schritt.Schritt{Name: name, Text: text, Betrag: g.Brutto, Norm: "TA1 Nr. 4.1 bis 4.3, 4.14"}, "zahlt")
}

func privat(t zuzahlung.Traeger) bool {
	return t == "" || t.Privat()
}
