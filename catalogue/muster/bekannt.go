package muster

import (
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Rolle is what a known article is there to show.
type Rolle string

// The roles; each has one article.
const (
	OTCSchmerzmittel       Rolle = "OTC-Schmerzmittel"
	RxZuzahlung5           Rolle = "Rx, Zuzahlung 5 €"
	RxMehrkosten           Rolle = "Rx über Festbetrag, Mehrkosten"
	RxRabatt50             Rolle = "Rx mit Rabattvertrag, halbe Zuzahlung"
	RxRabatt0              Rolle = "Rx mit Rabattvertrag, keine Zuzahlung"
	RxRabatt               Rolle = "Rx mit Rabattvertrag, volle Zuzahlung"
	RxOhneVertrag          Rolle = "Rx ohne Rabattvertrag, gleich RxRabatt"
	RxTeuer                Rolle = "Rx, Zuzahlung 10 €"
	Zuzahlungsfrei         Rolle = "Rx, zuzahlungsfrei"
	Betaeubungsmittel      Rolle = "BtM"
	TRezept                Rolle = "T-Rezept"
	Kuehlkette             Rolle = "Kühlkette"
	Original               Rolle = "Original eines Imports"
	Reimport               Rolle = "Import"
	Zurueckgerufen         Rolle = "Rückruf"
	AusserVertrieb         Rolle = "außer Vertrieb"
	FreiwahlErmaessigt     Rolle = "Freiwahl, 7 % Umsatzsteuer"
	FreiwahlVoll           Rolle = "Freiwahl, 19 % Umsatzsteuer"
	HilfsmittelVerbrauch   Rolle = "Hilfsmittel zum Verbrauch"
	Blutzuckerteststreifen Rolle = "Teststreifen"
	OhneAVP                Rolle = "Rx, Katalog nennt nur den ApU"
	OTCAufRezept           Rolle = "OTC zulasten der GKV (AM-RL Anlage I)"
	Lifestyle              Rolle = "Rx, von der GKV ausgeschlossen"
	Geheimpreis            Rolle = "Rx mit vertraulichem Erstattungsbetrag"
)

// Bekannter is an article with a number that never changes: examples, demo
// prescriptions and tests rely on it.
type Bekannter struct {
	Rolle       Rolle
	Artikel     artikel.Artikel
	Beliebtheit int
	Vertraege   []Vertrag
	uvp         int // free price in per cent of the ApU
}

// Vertrag is a contract of a known article.
type Vertrag struct {
	IK      string
	Vertrag zuzahlung.Vertrag
}

// PZN returns the number of the article with the role.
func (r Rolle) PZN() kennung.PZN {
	for _, b := range bekannte {
		if b.Rolle == r {
			return b.Artikel.PZN
		}
	}
	panic("muster: no article with the role " + string(r))
}

// Bekannt lists the known articles with the prices of 2026, the most popular first.
func Bekannt() []Bekannter {
	list := make([]Bekannter, len(bekannte))
	f := AMPreisV(recht2026())
	for i, b := range bekannte {
		b.Beliebtheit = 1_000_000 - i
		b.Artikel = b.entwurf().bepreist(f)
		list[i] = b
	}
	return list
}

func (b Bekannter) entwurf() entwurf {
	return entwurf{
		Artikel: b.Artikel, beliebtheit: b.Beliebtheit, uvp: b.uvp,
		frei: b.Rolle == Zuzahlungsfrei, ohneAVP: b.Rolle == OhneAVP,
	}
}

// rx returns an Rx drug in 20 to 100 pieces; what differs is set by change.
func rx(pzn kennung.PZN, brand, w, staerke, form, size, norm string, apu money.Cent,
	change func(*artikel.Artikel),
) artikel.Artikel {
	a := artikel.Artikel{
		PZN: pzn, Hersteller: brand, Wirkstoff: w, Wirkstaerke: staerke, Darreichungsform: form, Menge: size,
		Name:    w + " " + brand + " " + staerke + " " + artikel.FormName(form),
		Einheit: "St", Normgroesse: norm, ApU: apu, Art: artikel.Arzneimittel, Status: artikel.Verkehr,
		MwSt: artikel.MwStVoll, Verschreibungspflichtig: true, Apothekenpflichtig: true,
	}
	if change != nil {
		change(&a)
	}
	return a
}

func otc(pzn kennung.PZN, brand, w, staerke, form, size, norm string, apu money.Cent,
	change func(*artikel.Artikel),
) artikel.Artikel {
	a := rx(pzn, brand, w, staerke, form, size, norm, apu, change)
	a.Verschreibungspflichtig = false
	return a
}

func sonst(pzn kennung.PZN, name, maker, form, menge, einheit string, art artikel.Art, m artikel.MwSt,
	apu money.Cent,
) artikel.Artikel {
	return artikel.Artikel{
		PZN: pzn, Name: name, Hersteller: maker, Darreichungsform: form, Menge: menge, Einheit: einheit,
		ApU: apu, Art: art, MwSt: m, Status: artikel.Verkehr,
	}
}

func vertrag(faktor int) []Vertrag {
	return []Vertrag{{DemoIK, zuzahlung.Vertrag{Faktor: faktor}}}
}

//nolint:gochecknoglobals // a constant table
var bekannte = []Bekannter{
	{Rolle: OTCSchmerzmittel, uvp: 330, Artikel: otc("17001044", "Nordhaus", "Ibuprofen", "400 mg", "FTA", "20", "N1", 180,
		func(a *artikel.Artikel) { a.ATC, a.Name = "M01AE01", "Ibuprofen Nordhaus akut 400 mg Filmtabletten" })},
	{Rolle: RxZuzahlung5, Artikel: rx("17012214", "Demopharm", "Ramipril", "5 mg", "TAB", "100", "N3", 165,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "C09AA05", 1500 })},
	{Rolle: RxMehrkosten, Artikel: rx("17023382", "Lindenfels", "Atorvastatin", "40 mg", "FTA", "100", "N3", 1990,
		func(a *artikel.Artikel) {
			a.ATC, a.Festbetrag, a.Name = "C10AA05", 2150, "Atovalan 40 mg Filmtabletten"
		})},
	{Rolle: RxRabatt50, Vertraege: vertrag(50), Artikel: rx("17034552", "Talpha", "Metformin", "1000 mg", "FTA",
		"180", "N3", 490,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "A10BA02", 1980 })},
	{Rolle: RxRabatt0, Vertraege: vertrag(0), Artikel: rx("17045722", "Weserpharm", "Pantoprazol", "40 mg",
		"TMR", "100", "N3", 780,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "A02BC02", 2350 })},
	{Rolle: RxRabatt, Vertraege: vertrag(100), Artikel: rx("17056890", "Hansegen", "Bisoprolol", "5 mg", "FTA",
		"100", "N3", 290,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "C07AB07", 1790 })},
	{Rolle: RxOhneVertrag, Artikel: rx("17068060", "Rheinovia", "Bisoprolol", "5 mg", "FTA", "100", "N3", 260,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "C07AB07", 1790 })},
	{Rolle: RxTeuer, Artikel: rx("17079230", "Bernwald", "Apixaban", "5 mg", "FTA", "200", "N3", 21500,
		func(a *artikel.Artikel) { a.ATC, a.Name = "B01AF02", "Apixolan 5 mg Filmtabletten" })},
	{Rolle: Zuzahlungsfrei, Artikel: rx("17090409", "Demopharm", "Simvastatin", "20 mg", "FTA", "100", "N3", 270,
		func(a *artikel.Artikel) { a.ATC, a.Festbetrag = "C10AA01", 2290 })},
	{Rolle: Betaeubungsmittel, Artikel: rx("17101573", "Isaria", "Morphin", "10 mg", "RET", "50", "N2", 1650,
		func(a *artikel.Artikel) { a.ATC, a.BtM, a.Festbetrag = "N02AA01", true, 3310 })},
	{Rolle: TRezept, Artikel: rx("17112743", "Onkavis", "Lenalidomid", "10 mg", "HKP", "21", "N1", 52000,
		func(a *artikel.Artikel) { a.ATC, a.TRezept = "L04AX04", true })},
	{Rolle: Kuehlkette, Artikel: rx("17123913", "Diabelis", "Insulin glargin", "100 E/ml", "PEN", "10", "N2", 9150,
		func(a *artikel.Artikel) {
			a.ATC, a.Kuehlkette, a.Lagerung = "A10AE04", true, lagerung(true)
			a.Name = "Glarvia 100 E/ml Injektionslösung im Fertigpen"
		})},
	{Rolle: Original, Artikel: rx("17135081", "Silberbach", "Rivaroxaban", "20 mg", "FTA", "98", "N3", 23800,
		func(a *artikel.Artikel) { a.ATC, a.Name = "B01AF01", "Rivaxo 20 mg Filmtabletten" })},
	{Rolle: Reimport, Artikel: rx("17146251", "Eurowege", "Rivaroxaban", "20 mg", "FTA", "98", "N3", 19900,
		func(a *artikel.Artikel) {
			a.ATC, a.Name, a.Import, a.ImportVon = "B01AF01", "Rivaxo 20 mg Filmtabletten", true, "17135081"
		})},
	{Rolle: Zurueckgerufen, Artikel: rx("17157421", "Brockenpharm", "Valsartan", "160 mg", "FTA", "98", "N3", 690,
		func(a *artikel.Artikel) { a.ATC, a.Status = "C09CA03", artikel.Rueckruf })},
	{Rolle: AusserVertrieb, uvp: 210, Artikel: otc("17190938", "Kloster Eichwald",
		"Baldrianwurzel-Trockenextrakt", "600 mg", "UTA", "50", "N2", 640,
		func(a *artikel.Artikel) { a.ATC, a.Status = "N05CP01", artikel.AusserVertrieb })},
	{Rolle: FreiwahlErmaessigt, uvp: 170, Artikel: sonst("17202104", "Morgentau Kräutertee Pfefferminze",
		"Morgentau", "FBE", "20", "St",
		artikel.Freiwahl, artikel.MwStErmaessigt, 175)},
	{Rolle: FreiwahlVoll, uvp: 200, Artikel: sonst("17213272", "Lavensa Handcreme Kamille", "Lavensa", "CRE", "75", "ml",
		artikel.Freiwahl, artikel.MwStVoll, 248)},
	{Rolle: HilfsmittelVerbrauch, uvp: 190, Artikel: sonst("17224442", "Stuetzwerk Inkontinenzvorlagen super",
		"Stuetzwerk", "", "120", "St",
		artikel.HilfsmittelZumVerbrauch, artikel.MwStVoll, 2480)},
	{Rolle: Blutzuckerteststreifen, uvp: 180, Artikel: sonst("17235612", "Messpunkt Blutzuckerteststreifen",
		"Messpunkt", "TTR", "50", "St",
		artikel.Teststreifen, artikel.MwStVoll, 1490)},
	{Rolle: OhneAVP, Artikel: rx("17246780", "Rara Pharma", "Trientin", "300 mg", "HKP", "100", "N3", 5000,
		func(a *artikel.Artikel) { a.ATC = "A16AX12" })},
	{Rolle: OTCAufRezept, uvp: 220, Artikel: otc("17257950", "Nordhaus", "Macrogol", "13,7 g", "PLE", "50", "N2", 1090,
		func(a *artikel.Artikel) { a.ATC, a.OTCAusnahme = "A06AD65", true })},
	{Rolle: Lifestyle, Artikel: rx("17269120", "Talpha", "Sildenafil", "100 mg", "FTA", "12", "", 1490,
		func(a *artikel.Artikel) { a.ATC, a.Lifestyle = "G04BE03", true })},
	{Rolle: Geheimpreis, Artikel: rx("17280297", "Onkavis", "Trimagecab", "100 mg", "FTA", "28", "N1", 189000,
		func(a *artikel.Artikel) {
			a.ATC, a.Geheimpreis, a.Name = "L01EX99", 1000, "Trimavis 100 mg Filmtabletten"
		})},
}
