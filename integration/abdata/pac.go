package abdata

import (
	"errors"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// angabe is a coded field of PAC_APO. Its value 0 says nothing: neither yes nor no.
type angabe int

const (
	arzneimittel angabe = iota
	rezeptpflicht
	apothekenpflicht
	btm
	tRezept
	mwst
	verkehrsstatus
	vertriebsstatus
	teststreifen
	medizinprodukt
	zumVerbrauch
	verbandmittel
	cannabis
	lifestyle
	negativliste
	otcAusnahme
	zuzahlungsfrei
	kuehlkette
	lagertemperatur
	reimport
	anzahlAngaben
)

// The values of most coded fields.
const (
	nein = 1
	ja   = 2
)

// pac is a pack as PAC_APO states it, before it is an article.
type pac struct {
	artikel.Artikel

	angaben              [anzahlAngaben]int
	kurz, lang, voll     string // its names, of growing length
	anbieter, hersteller string // Key_ADR
	waermstens, mind     string // °C; empty: not stated
	impfrabatt           money.Cent
}

// pacFeld is a field of PAC_APO and what it sets.
type pacFeld struct {
	feldname

	setze func(p *pac, wert string) *befund.Befund
}

// pacFelder are the fields that are read; PROTOCOL.md says what of them becomes what.
func pacFelder() []pacFeld {
	const muss, kann = false, true
	of := func(kennung, name string, kann bool, setze func(*pac, string) *befund.Befund) pacFeld {
		return pacFeld{feldname{kennung, name, kann}, setze}
	}
	return []pacFeld{
		of("01", "PZN", muss, setzePZN),
		of("26", "Kurzname", kann, text(func(p *pac) *string { return &p.kurz })),
		of("31", "Langname", muss, text(func(p *pac) *string { return &p.lang })),
		of("67", "Langname_ungekuerzt", kann, text(func(p *pac) *string { return &p.voll })),
		of("44", "Key_ADR_Anbieter", muss, text(func(p *pac) *string { return &p.anbieter })),
		of("66", "Key_ADR_Hersteller", kann, text(func(p *pac) *string { return &p.hersteller })),
		of("45", "Key_DAR", muss, text(func(p *pac) *string { return &p.Darreichungsform })),

		of("02", "Apo_Ek", muss, betrag(func(p *pac) *money.Cent { return &p.AEP })),
		of("04", "Apo_Vk", muss, betrag(func(p *pac) *money.Cent { return &p.AVP })),
		of("18", "ApU", muss, betrag(func(p *pac) *money.Cent { return &p.ApU })),
		of("B0", "UVP", muss, betrag(func(p *pac) *money.Cent { return &p.UVP })),
		of("97", "Festbetrag", muss, betrag(func(p *pac) *money.Cent { return &p.Festbetrag })),
		of("I6", "Zuz_130b1c_61_1", kann, betrag(func(p *pac) *money.Cent { return &p.Geheimpreis })),
		of("A0", "Rabwert_130a_2_SGB", kann, betrag(func(p *pac) *money.Cent { return &p.impfrabatt })),
		of("37", "MwSt", muss, kode(mwst, 3)),

		of("06", "Arzneimittel", muss, kode(arzneimittel, 2)),
		of("54", "Rezeptpflicht", muss, kode(rezeptpflicht, 4)),
		of("03", "Apopflicht", muss, kode(apothekenpflicht, 3)),
		of("08", "BTM", muss, kode(btm, 3)),
		of("A2", "T_Rezept", muss, kode(tRezept, 2)),
		of("I2", "MedCanG", kann, kode(cannabis, 3)),
		of("81", "Lifestyle", muss, kode(lifestyle, 3)),
		of("40", "Negativliste", muss, kode(negativliste, 3)),
		of("78", "Bedingte_Erstatt_FAM", muss, kode(otcAusnahme, 2)),
		of("88", "Zuzfrei_31SGB_Feb", muss, kode(zuzahlungsfrei, 2)),
		of("80", "Zuzfrei_31SGB_Tstr", kann, kode(teststreifen, 2)),
		of("36", "Medizinprodukt", kann, kode(medizinprodukt, 2)),
		of("77", "Hm_zum_Verbrauch", kann, kode(zumVerbrauch, 2)),
		of("D8", "Verbandmittel", kann, kode(verbandmittel, 2)),
		of("52", "Verkehrsstatus", muss, kode(verkehrsstatus, 3)),
		of("55", "Vertriebsstatus", muss, kode(vertriebsstatus, 3)),
		of("23", "Import_Reimport", muss, kode(reimport, 1)),
		of("62", "PZN_Original", kann, setzeOriginal),
		of("25", "Kuehlkette", kann, kode(kuehlkette, 2)),
		of("I3", "Lagertemperatur", kann, kode(lagertemperatur, 2)),
		of("29", "Lagertemperatur_max", kann, grad(func(p *pac) *string { return &p.waermstens })),
		of("30", "Lagertemperatur_min", kann, grad(func(p *pac) *string { return &p.mind })),
	}
}

// fremderWert says that a coded value was not known when this was written.
func fremderWert() *befund.Befund { return &befund.Befund{} }

func text(of func(*pac) *string) func(*pac, string) *befund.Befund {
	return func(p *pac, s string) *befund.Befund {
		*of(p) = einzeilig(s)
		return nil
	}
}

func kode(a angabe, most int) func(*pac, string) *befund.Befund {
	return func(p *pac, s string) *befund.Befund {
		n, err := strconv.ParseUint(s, 10, 16)
		if err != nil || int(n) > most {
			return fremderWert()
		}
		p.angaben[a] = int(n)
		return nil
	}
}

// maxBetrag is 9,999,999.99 €.
const maxBetrag = 999_999_999

// betrag reads an amount in cents; 0 says that none is stated.
func betrag(of func(*pac) *money.Cent) func(*pac, string) *befund.Befund {
	return func(p *pac, s string) *befund.Befund {
		n, err := strconv.ParseUint(s, 10, 63)
		if err != nil || n > maxBetrag {
			return hindernis("A-513", "„"+kurz(s)+"“ ist kein Betrag in Cent bis 9.999.999,99 €; bitte die Lieferung prüfen.")
		}
		*of(p) = money.Cent(n)
		return nil
	}
}

// grad reads degrees Celsius; 0 is a temperature.
func grad(of func(*pac) *string) func(*pac, string) *befund.Befund {
	return func(p *pac, s string) *befund.Befund {
		n, err := strconv.ParseInt(s, 10, 16)
		if err != nil {
			return fremderWert()
		}
		*of(p) = strings.Replace(strconv.FormatInt(n, 10), "-", "−", 1)
		return nil
	}
}

func setzePZN(p *pac, s string) (b *befund.Befund) {
	p.PZN, b = liesPZN(s)
	return b
}

func setzeOriginal(p *pac, s string) (b *befund.Befund) {
	if strings.Trim(s, "0") != "" {
		p.ImportVon, b = liesPZN(s)
	}
	return b
}

func liesPZN(s string) (kennung.PZN, *befund.Befund) {
	pzn, err := kennung.ParsePZN(s)
	switch {
	case errors.Is(err, kennung.ErrPZNCheck):
		return "", hindernis("A-512", "Die Prüfziffer der PZN „"+kurz(s)+"“ stimmt nicht; bitte die Lieferung prüfen.")
	case err != nil:
		return "", hindernis("A-511", "„"+kurz(s)+"“ ist keine PZN aus acht Ziffern; bitte die Lieferung prüfen.")
	}
	return pzn, nil
}

// ziffern reads a number of at most the given value.
func ziffern(s *Satz, i, most int) (int, bool) {
	b, _ := s.Roh(i)
	n, err := strconv.ParseUint(string(b), 10, 31)
	return int(n), err == nil && int(n) <= most
}

// kurz cuts what a message quotes.
func kurz(s string) string {
	if utf8.RuneCountInString(s) > 40 {
		return string([]rune(s)[:40]) + "…"
	}
	return s
}

func hindernis(code, text string) *befund.Befund {
	return &befund.Befund{Code: code, Schwere: befund.Hindernis, Text: text}
}

// fertig makes the article of what the pack states and of the files it refers to.
func (p *pac) fertig(t *tafeln, z zweifel) *befund.Befund {
	a, pzn := &p.Artikel, string(p.PZN)
	if a.Name = p.name(); a.Name == "" {
		return hindernis("A-515", "Der Name fehlt; bitte die Lieferung prüfen.")
	}
	p.art()
	p.pflichten(z)
	p.merkmale()
	p.packung(t, z)
	a.Hersteller = t.firmen[p.anbieter]
	if a.Hersteller == "" {
		a.Hersteller = t.firmen[p.hersteller]
	}
	if a.Hersteller == "" {
		z.plus("A-541", "… Artikel haben keinen Anbieter, der in ADR_APO steht.", pzn)
	}
	return nil
}

// maxName is how long a name can be shown.
const maxName = 150

// name takes the longest name that can be shown.
func (p *pac) name() string {
	for _, s := range []string{p.voll, p.lang, p.kurz} {
		if s != "" && utf8.RuneCountInString(s) <= maxName {
			return s
		}
	}
	return ""
}

// art decides the kind. What is sold on prescription or in pharmacies only, and is not
// said to be no drug, is one.
func (p *pac) art() {
	v := p.angaben
	drug := v[arzneimittel] == ja ||
		v[arzneimittel] == 0 && (p.rx() || v[apothekenpflicht] == ja) && v[medizinprodukt] != ja
	switch {
	case drug && p.impfrabatt > 0:
		p.Art = artikel.Impfstoff
	case drug:
		p.Art = artikel.Arzneimittel
	case v[teststreifen] == ja:
		p.Art = artikel.Teststreifen
	case v[zumVerbrauch] == ja:
		p.Art = artikel.HilfsmittelZumVerbrauch
	case v[verbandmittel] == ja:
		p.Art = artikel.Verbandmittel
	case v[medizinprodukt] == ja:
		p.Art = artikel.Medizinprodukt
	default:
		p.Art = artikel.Freiwahl
	}
}

// rx: 2 yes, 3 yes with exceptions; 4 is no with exceptions.
func (p *pac) rx() bool { return p.angaben[rezeptpflicht] == 2 || p.angaben[rezeptpflicht] == 3 }

// pflichten decides what may be sold how. Of a drug about which nothing is said the
// stricter is assumed: else it would be sold freely.
func (p *pac) pflichten(z zweifel) {
	v, a, pzn := p.angaben, &p.Artikel, string(p.PZN)
	drug := a.Art == artikel.Arzneimittel || a.Art == artikel.Impfstoff
	a.Verschreibungspflichtig, a.Apothekenpflichtig = p.rx(), v[apothekenpflicht] == ja
	a.BtM, a.TRezept = v[btm] == ja, v[tRezept] == ja // 3 is a preparation that is exempt
	if drug && v[rezeptpflicht] == 0 {
		a.Verschreibungspflichtig = true
		z.plus("A-542", "Bei … Arzneimitteln steht nicht, ob sie verschreibungspflichtig sind; sie gelten als Rx.", pzn)
	}
	if (a.BtM || a.TRezept) && !a.Verschreibungspflichtig {
		a.Verschreibungspflichtig = true
		z.plus("A-543", "… Betäubungsmittel oder T-Rezept-Arzneimittel heißen nicht verschreibungspflichtig; "+
			"sie gelten als Rx.",
			pzn)
	}
	if drug && v[apothekenpflicht] == 0 && !a.Verschreibungspflichtig {
		a.Apothekenpflichtig = true
		z.plus("A-544", "Bei … Arzneimitteln steht nicht, ob sie apothekenpflichtig sind; sie gelten so.", pzn)
	}
	a.Apothekenpflichtig = a.Apothekenpflichtig || a.Verschreibungspflichtig // § 43 Abs. 1, § 48 Abs. 1 AMG
	if a.MwSt = artikel.MwSt(v[mwst]); a.MwSt == 0 {
		a.MwSt = artikel.MwStVoll
		z.plus("A-545", "Bei … Artikeln steht keine Umsatzsteuer; es gilt der volle Satz.", pzn)
	}
}

func (p *pac) merkmale() {
	v, a := p.angaben, &p.Artikel
	switch {
	case v[verkehrsstatus] == nein: // must not be sold
		a.Status = artikel.Rueckruf
	case v[vertriebsstatus] == 1 || v[vertriebsstatus] == 3: // out of distribution, withdrawn
		a.Status = artikel.AusserVertrieb
	default:
		a.Status = artikel.Verkehr
	}
	a.Zuzahlungsfrei = v[zuzahlungsfrei] == ja
	a.Negativliste, a.Lifestyle = v[negativliste] >= 2, v[lifestyle] >= 2
	a.OTCAusnahme = v[otcAusnahme] == ja
	a.Kuehlkette = v[kuehlkette] == ja
	if a.ImportVon == a.PZN {
		a.ImportVon = ""
	}
	a.Import = v[reimport] == 1 || a.ImportVon != ""
	a.Lagerung = p.lagerung()
}

// lagerung writes the temperatures: "2–8 °C", "bis 25 °C", "ab 8 °C". Two zeros without
// the flag are no statement.
func (p *pac) lagerung() string {
	from, to := p.mind, p.waermstens
	switch {
	case p.angaben[lagertemperatur] != ja && strings.Trim(from+to, "0") == "", from+to == "":
		return ""
	case from == "":
		return "bis " + to + " °C"
	case to == "":
		return "ab " + from + " °C"
	}
	return from + "–" + to + " °C"
}

// packung takes size, quantity and form, and what follows from them.
func (p *pac) packung(t *tafeln, z zweifel) {
	a, nr := &p.Artikel, pznZahl(p.PZN)
	switch t.norm[nr].einstufung {
	case 1:
		a.Normgroesse = "NB"
	case 2:
		a.Normgroesse = "KTP"
	case 3, 4, 5:
		a.Normgroesse = "N" + strconv.Itoa(int(t.norm[nr].einstufung)-2)
	}
	if m, ok := t.mengen[nr]; ok {
		a.Menge, a.Einheit = t.texte[m.menge], t.texte[m.einheit]
	} else {
		z.plus("A-546", "Bei … Artikeln steht in PGR2_APO keine Menge.", string(p.PZN))
	}
	if key := a.Darreichungsform; key != "" && t.formen[key] == "" {
		z.plus("A-547", "… Artikel haben eine Darreichungsform, die nicht in DAR_APO steht.", string(p.PZN))
	}
	if p.angaben[otcAusnahme] == 0 && t.otc[nr] {
		a.OTCAusnahme = true
	}
	// Flowers are sold by weight; extracts and other cannabis by volume or piece.
	a.Cannabisblueten = p.angaben[cannabis] >= 2 && (a.Einheit == "g" || a.Einheit == "kg")
}

// fremd notes a coded value that is not known; it counts as not stated.
func (f pacFeld) fremd(z zweifel, pzn string) {
	z.plus("A-548", "Das Feld "+f.kennung+" "+f.name+" hat bei … Artikeln einen unbekannten Wert; er gilt als nicht "+
		"angegeben.", pzn)
}
