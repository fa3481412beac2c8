package muster

import (
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/dsfinvk"
)

// Z is a closing with its records.
type Z struct {
	abschluss.Abschluss
	Belege []dsfinvk.Beleg
}

// Quelle is closings in memory.
type Quelle []Z

// Abschluesse implements dsfinvk.Quelle.
func (q Quelle) Abschluesse(f func(abschluss.Abschluss) error) error {
	for _, z := range q {
		if err := f(z.Abschluss); err != nil {
			return err
		}
	}
	return nil
}

// Belege implements dsfinvk.Quelle.
func (q Quelle) Belege(a abschluss.Abschluss, f func(dsfinvk.Beleg) error) error {
	for _, z := range q {
		if z.Till != a.Till || z.Nummer != a.Nummer {
			continue
		}
		for _, b := range z.Belege {
			if err := f(b); err != nil {
				return err
			}
		}
	}
	return nil
}

// Stamm are master data.
func Stamm(serie string, list ...tse.Geraet) abschluss.Stammdaten {
	return abschluss.Stammdaten{
		Betrieb: abschluss.Betrieb{
			Name: "Apotheke „Zum & Mörser“", Strasse: "Hauptstraße 1", PLZ: "12345", Ort: "Musterstadt", Land: "DEU",
			Steuernummer: "12/345/67890",
		},
		Geraet: abschluss.Geraet{Marke: "Offizin", Modell: "PC", Serie: serie, Software: "Offizin", Fassung: "1.0"},
		TSE:    list,
		Saetze: []abschluss.Satz{
			{Schluessel: 1, Satz: voll, Beschreibung: "§ 12 Abs. 1 UStG"},
			{Schluessel: 2, Satz: 7 * money.Percent, Beschreibung: "§ 12 Abs. 2 UStG"},
			{Schluessel: 5, Beschreibung: "nicht steuerbar"},
			{Schluessel: 6, Beschreibung: "umsatzsteuerfrei"},
		},
	}
}

const voll = 19 * money.Percent

// NewZ numbers records from erste on, signs them, and closes. A till without TSE signs
// none; what is named in ausfall is not signed either.
func NewZ(
	till string, nummer, erste int, zeit time.Time, list []bon.Bon, t *TSE, ausfall map[int]string,
) (Z, error) {
	k := abschluss.Kopf{Till: till, Nummer: nummer, Zeit: zeit.UnixNano(), Tag: list[0].Tag, Benutzer: "AB"}
	z := Z{}
	serie := ""
	if t != nil {
		serie = "OFF-" + till
	}
	for i := range list {
		b := &list[i]
		b.Nummer, b.Serie = fmt.Sprintf("%s-%06d", till, erste+i), serie
		g := kassenbeleg.Gesichert{}
		switch why := ausfall[i]; {
		case why != "":
			g = kassenbeleg.Gesichert{Nummer: b.Nummer, Serie: serie, Ausfall: why}
		case t != nil:
			var err error
			if g, err = t.Sichern(*b); err != nil {
				return Z{}, err
			}
		}
		z.Belege = append(z.Belege, dsfinvk.Beleg{Bon: *b, Gesichert: g})
	}
	k.Serie = serie
	z.Abschluss = abschluss.Compute(k, 0, list, nil)
	z.Stamm = Stamm(serie)
	if t != nil {
		z.Stamm = Stamm(serie, t.Geraet)
	}
	return z, nil
}

func otc(nr int, text string, menge int, each money.Cent, satz money.PPM) bon.Position {
	sum := each * money.Cent(menge)
	return bon.Position{
		Nr: nr, PZN: "00999996", Menge: menge, Bezeichnung: text, Preis: each, Gesamt: sum, Privat: sum, MwSt: satz,
	}
}

func rezept(anteil money.Cent) bon.Position {
	const gesamt = 5999
	return bon.Position{
		Nr: 1, PZN: "00999996", Menge: 1, Bezeichnung: "Ramipril 5 mg", Preis: gesamt, Gesamt: gesamt, MwSt: voll,
		Traeger: zuzahlung.GKV, IK: "104940005", Zuzahlung: anteil, TraegerZahlt: gesamt - anteil, Rx: true,
	}
}

func fall(nr int, g bon.Geschaeft, text string, c money.Cent, satz money.PPM) bon.Position {
	return bon.Position{Nr: nr, Menge: 1, Bezeichnung: text, Geschaeft: g, Preis: c, Gesamt: c, Privat: c, MwSt: satz}
}

func bar(c money.Cent) bon.Zahlung   { return bon.Zahlung{Art: bon.Bar, Betrag: c} }
func karte(c money.Cent) bon.Zahlung { return bon.Zahlung{Art: bon.Karte, Betrag: c} }

func sale(list []bon.Position, z ...bon.Zahlung) bon.Bon {
	return bon.Bon{Art: bon.Verkauf, Positionen: list, Zahlungen: z}
}

func bewegung(g bon.Geschaeft, c money.Cent) bon.Bon {
	return bon.Bon{Art: bon.Bewegung, Positionen: []bon.Position{fall(1, g, "", c, 0)}, Zahlungen: []bon.Zahlung{bar(c)}}
}

// faelle are the business cases of a pharmacy, each at least once.
func faelle() []bon.Bon {
	type list = []bon.Position
	rabatt := otc(2, "Nasenspray; „Meer\"\" & Salz“\n20 ml", 3, 599, voll)
	rabatt.Rabatt, rabatt.Gesamt, rabatt.Privat = 180, 1617, 1617
	kulanz := rezept(600)
	kulanz.Kulanz, kulanz.KulanzGrund = 600, "Reklamation"
	impfung := otc(2, "Grippeimpfung", 1, 1000, 0)
	uebung := sale(list{otc(1, "Ibuprofen 400", 1, 895, voll)}, bar(895))
	uebung.Uebung = true
	unbar := sale(list{rezept(600)}, karte(600))
	unbar.Unbar = true
	slip := sale(list{otc(1, "Ibuprofen 400", 1, 895, voll)}, bar(895))
	slip.Nacherfassung = true
	kochbuch := sale(list{otc(1, "Kochbuch", 1, 700, 7*money.Percent), impfung}, bar(1700))
	kochbuch.Entfernt = list{otc(3, "Pflaster", 2, 349, voll), rabatt.Entfernt(1)}
	return []bon.Bon{
		bewegung(bon.Anfangsbestand, 10000),
		sale(list{otc(1, "Ibuprofen 400", 1, 895, voll)}, bar(895)),
		sale(list{otc(1, "Pflaster", 2, 349, voll), rabatt}, bar(1000), karte(1315)),
		sale(list{rezept(600)}, bar(600)),
		sale(list{rezept(0)}),
		sale(list{kulanz}),
		sale(list{otc(1, "Sildenafil 50 mg", 1, 3995, voll)}, karte(3995)),
		sale(list{fall(1, bon.Gutscheinkauf, "Gutschein 4711", 2000, 0)}, bar(2000)),
		sale(list{otc(1, "Sonnencreme", 1, 2500, voll), fall(2, bon.Gutscheineinloesung, "Gutschein 4711", -2000, 0)},
			bar(500)),
		sale(list{otc(1, "Verbandstoff", 1, 1500, voll), fall(2, bon.Forderung, "auf Rechnung", -1500, 0)}),
		sale(list{fall(1, bon.Forderungsausgleich, "Rechnung bezahlt", 1500, 0)}, bar(1500)),
		sale(list{fall(1, bon.Anzahlung, "Anzahlung", 1000, voll)}, bar(1000)),
		sale(list{otc(1, "Bestellt", 1, 1595, voll), fall(2, bon.Anzahlungsausgleich, "Anzahlung", -1000, voll)},
			karte(595)),
		kochbuch,
		uebung,
		{Art: bon.Abbruch, Positionen: list{otc(1, "Ibuprofen 400", 1, 895, voll)}},
		{Art: bon.Bestellung, Vorgang: "v-1", Positionen: list{otc(1, "Ibuprofen \"400\"", 2, 895, voll)}},
		unbar, slip,
		bewegung(bon.Geldtransit, -5000), bewegung(bon.Privatentnahme, -1000), bewegung(bon.Privateinlage, 500),
		bewegung(bon.Lohnzahlung, -200), bewegung(bon.Einzahlung, 300), bewegung(bon.Auszahlung, -100),
	}
}

// Tage are two days of till 1, the second past midnight, and one of till 2, which has no TSE.
func Tage() (Quelle, error) {
	t, err := NewTSE("Tage")
	if err != nil {
		return nil, err
	}
	start := time.Date(2026, 11, 26, 8, 0, 0, 250e6, time.UTC)
	first := faelle()
	storno := bon.Bon{Art: bon.Storno, Bezug: "1-000002", Positionen: first[1].Umkehr(), Zahlungen: first[1].Zurueck()}
	zurueck := first[2].Positionen[1].Retoure(0, 1)
	retoure := bon.Bon{
		Art: bon.Retoure, Bezug: "1-000003", Positionen: []bon.Position{zurueck},
		Zahlungen: []bon.Zahlung{bar(zurueck.Gesamt)},
	}
	first = append(first, storno, retoure, sale([]bon.Position{otc(1, "Ohne TSE", 1, 895, voll)}, bar(895)),
		bewegung(bon.DifferenzSoll, -5))
	spaet := first[3]
	spaet.Positionen = first[3].Umkehr()
	spaet.Zahlungen, spaet.Art, spaet.Bezug = first[3].Zurueck(), bon.Storno, "1-000004"
	holt := sale([]bon.Position{otc(1, "Ibuprofen \"400\"", 2, 895, voll)}, bar(1790))
	holt.Vorgang = "v-1"
	second := []bon.Bon{holt, spaet}
	other := []bon.Bon{sale([]bon.Position{otc(1, "Traubenzucker", 10, 19, 7*money.Percent)}, bar(190))}
	day := civil.Must(2026, 11, 26)
	for n, list := range [][]bon.Bon{first, second, other} {
		for i := range list {
			at := start.Add(time.Duration(n)*12*time.Hour + time.Duration(i)*time.Minute)
			list[i].Zeit, list[i].Beginn = at.UnixNano(), at.Add(-50*time.Second).UnixNano()
			list[i].Tag, list[i].Benutzer = day, "AB"
		}
	}
	z1, err1 := NewZ("1", 41, 1, start.Add(10*time.Hour), first, t, map[int]string{27: "Gerät antwortet nicht"})
	z2, err2 := NewZ("1", 42, len(first)+1, start.Add(17*time.Hour), second, t, nil)
	z3, err3 := NewZ("2", 1, 1, start.Add(26*time.Hour), other, nil, nil)
	for _, err := range []error{err1, err2, err3} {
		if err != nil {
			return nil, err
		}
	}
	ref := func(z Z, nummer string) []dsfinvk.Bezug {
		return []dsfinvk.Bezug{{Till: z.Till, Abschluss: z.Nummer, Zeit: z.Zeit, Nummer: nummer}}
	}
	z1.Belege[9].Kunde = "K-17"
	z1.Belege[10].Kunde = "K-17"
	z1.Belege[10].Bezuege = ref(z1, "1-000010")
	z1.Belege[12].Bezuege = ref(z1, "1-000012")
	z1.Belege[25].Bezuege = ref(z1, "1-000002")
	z1.Belege[26].Bezuege = ref(z1, "1-000003")
	z2.Belege[0].Bezuege = ref(z1, "1-000017")
	z2.Belege[1].Bezuege = ref(z1, "1-000004")
	return Quelle{z1, z2, z3}, nil
}
