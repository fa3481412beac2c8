package gate

import (
	"fmt"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
)

// ziffer checks the number of an article.
func (p *pruefer) ziffer(pzn kennung.PZN) {
	if ok, err := kennung.ParsePZN(string(pzn)); err != nil || ok != pzn {
		p.halte("A-603", string(pzn), fmt.Sprintf("Die Prüfziffer der PZN „%s“ ist falsch; bitte die Quelle prüfen.", pzn))
	}
}

// felder checks what an article cannot be without.
func (p *pruefer) felder(a artikel.Artikel) {
	if field := mangel(a); field != "" {
		p.halte("A-604", string(a.PZN), fmt.Sprintf("Bei der PZN %s fehlt oder stimmt nicht: %s; bitte die Quelle prüfen.",
			a.PZN, field))
	}
}

// mangel names the first field that is missing or impossible; empty: none.
func mangel(a artikel.Artikel) string {
	switch {
	case a.Name == "":
		return "Name"
	case !artOK(a.Art):
		return "Art"
	case a.Status != artikel.Verkehr && a.Status != artikel.AusserVertrieb && a.Status != artikel.Rueckruf:
		return "Status"
	case a.MwSt < artikel.MwStVoll || a.MwSt > artikel.MwStOhne:
		return "Mehrwertsteuer"
	case a.Verschreibungspflichtig && !a.Apothekenpflichtig:
		return "Apothekenpflicht eines verschreibungspflichtigen Artikels"
	}
	for _, f := range betraege(artikel.Artikel{}, a) {
		if f.neu < 0 || f.neu > money.MaxInput {
			return f.name
		}
	}
	return ""
}

func artOK(a artikel.Art) bool {
	switch a {
	case artikel.Arzneimittel, artikel.Impfstoff, artikel.Teststreifen, artikel.Hilfsmittel,
		artikel.HilfsmittelZumVerbrauch, artikel.Pflegehilfsmittel, artikel.Verbandmittel, artikel.Medizinprodukt,
		artikel.Freiwahl:
		return true
	}
	return false
}

// betrag is one amount of an article, before and now.
type betrag struct {
	name     string
	alt, neu money.Cent
}

func betraege(alt, neu artikel.Artikel) []betrag {
	return []betrag{
		{"ApU", alt.ApU, neu.ApU},
		{"AEP", alt.AEP, neu.AEP},
		{"AVP", alt.AVP, neu.AVP},
		{"UVP", alt.UVP, neu.UVP},
		{"Festbetrag", alt.Festbetrag, neu.Festbetrag},
		{"Geheimpreis", alt.Geheimpreis, neu.Geheimpreis},
	}
}

// preise compares the amounts of an article; it reports whether one of them jumps.
func (p *pruefer) preise(alt, neu artikel.Artikel) (springt bool) {
	if verkaeuflich(alt) && !verkaeuflich(neu) {
		p.halte("A-606", string(neu.PZN), fmt.Sprintf("%s hatte einen Preis und hat keinen mehr; bitte die Quelle prüfen.",
			wie(neu)))
		return false
	}
	pzn, name := string(neu.PZN), wie(neu)
	for _, f := range betraege(alt, neu) {
		switch {
		case f.alt <= 0 || f.alt == f.neu:
		case f.neu <= 0:
			p.sage("A-609", pzn, fmt.Sprintf("Ein Preis fehlt jetzt: %s, %s war bisher %s.", name, f.name, f.alt))
		case f.hundertfach():
			p.halte("A-605", pzn, fmt.Sprintf("Ein Preis springt genau um das Hundertfache: %s, %s von %s auf %s; "+
				"bitte prüfen, ob das Komma stimmt.", name, f.name, f.alt, f.neu))
		case f.neu >= 3*f.alt || 3*f.neu <= f.alt:
			springt = true
			p.sage("A-607", pzn, fmt.Sprintf("Ein Preis springt: %s, %s von %s auf %s; bitte prüfen.",
				name, f.name, f.alt, f.neu))
		}
	}
	return springt
}

// hundertfach says whether a comma has slipped by two places. What was divided has lost
// its cents.
func (b betrag) hundertfach() bool {
	rest := b.alt - 100*b.neu
	return b.neu == 100*b.alt || rest > -100 && rest < 100
}

// verkaeuflich says whether an article has a price at the till, or one that follows from
// its ApU.
func verkaeuflich(a artikel.Artikel) bool {
	return a.Verkaufspreis() > 0 || a.AVP > 0 || a.Verschreibungspflichtig && (a.ApU > 0 || a.UVP > 0)
}
