package zuzahlung

import "slices"

// The rules that can decide a line. The id is stable for ever: it stands in
// Ergebnis.Regel and, behind "zuzahlung.", in the steps.
const (
	RegelAnteil   = "anteil"
	RegelMindest  = "mindest"
	RegelHoechst  = "hoechst"
	RegelKosten   = "kosten"
	RegelGeheim   = "geheimpreis"
	RegelPackung  = "packungen"
	RegelVertrag  = "vertrag"
	RegelFrei     = "vertrag-frei"
	RegelEngpass  = "engpass-einmal"
	RegelVerglich = "engpass-vergleich"

	RegelBefreit      = "befreit"
	RegelMinderjaehr  = "minderjaehrig"
	RegelSchwanger    = "schwanger"
	RegelUnfall       = "arbeitsunfall"
	RegelSKT          = "heilfuersorge"
	RegelEntschaedig  = "entschaedigung"
	RegelSprechstunde = "sprechstundenbedarf"
	RegelImpfstoff    = "impfstoff"
	RegelTeststreifen = "teststreifen"
	RegelErsatz       = "ersatzverordnung"
	RegelListe        = "liste"
	RegelBefruchtung  = "befruchtung"

	RegelVerbrauch = "verbrauch"
	RegelPG54      = "pg54"
	RegelPG51      = "pg51"
	RegelBeihilfe  = "beihilfe"

	RegelSelbstzahler = "selbstzahler"
	RegelWunsch       = "wunsch"
	RegelAusschluss   = "ausschluss"
	RegelUngueltig    = "ungueltig"

	RegelPreis            = "preis"
	RegelTeil             = "teilmenge"
	RegelFestbetrag       = "festbetrag"
	RegelMehrkosten       = "mehrkosten"
	RegelMehrVertrag      = "mehrkosten-vertrag"
	RegelNichtVerfuegbar  = "nicht-verfuegbar"
	RegelMehrUnfall       = "mehrkosten-unfall"
	RegelPauschale        = "pauschale"
	RegelTraeger          = "traeger"
	RegelAbschlagRx       = "abschlag-rx"
	RegelAbschlagRezeptur = "abschlag-rezeptur"
	RegelAbschlagSonst    = "abschlag-sonst"
)

// RegelInfo explains one rule for people.
type RegelInfo struct {
	ID   string // as in Ergebnis.Regel
	Text string // German, one sentence
	Norm string
}

// Regeln lists every rule that Compute can name, in the order of evaluation.
func Regeln() []RegelInfo { return slices.Clone(regeln) }

// regel finds a rule by its id; an unknown id is a mistake of this package.
func regel(id string) RegelInfo {
	for i := range regeln {
		if regeln[i].ID == id {
			return regeln[i]
		}
	}
	panic("zuzahlung: no rule " + id)
}

//nolint:gochecknoglobals // a table that nothing changes
var regeln = []RegelInfo{
	{RegelPreis, "Der Preis der Zeile ist Packungen mal Preis.", freierPreis},
	{RegelTeil, "Eine Teilmenge kostet den Anteil am Preis der Packung.", "AMPreisV § 1 Abs. 3 Nr. 7"},
	{
		RegelSelbstzahler, "Diese Zeile rechnet keine Krankenkasse ab; der Patient zahlt den vollen Preis.",
		"ohne Kostenträger",
	},
	{
		RegelWunsch, "Das Wunscharzneimittel zahlt der Patient ganz; die Krankenkasse erstattet ihm ihren Anteil.",
		"SGB V § 13 Abs. 2, § 129 Abs. 1 Satz 5",
	},
	{
		RegelAusschluss, "Der Artikel geht nicht zu Lasten des Kostenträgers; der Patient zahlt den vollen Preis.",
		"SGB V §§ 31, 34",
	},
	{
		RegelFestbetrag, "Die Krankenkasse trägt die Kosten bis zum Festbetrag; davon wird die Zuzahlung berechnet.",
		"SGB V § 31 Abs. 2",
	},
	{RegelUnfall, "Arbeitsunfall und Berufskrankheit: keine Zuzahlung.", "SGB VII §§ 27, 29"},
	{RegelSKT, "Heilfürsorge, Bundeswehr, Bundespolizei: keine Zuzahlung.", "Vertrag des Kostenträgers"},
	{RegelSprechstunde, "Sprechstundenbedarf gehört keiner Person: keine Zuzahlung.", "SGB V § 31 Abs. 3"},
	{
		RegelBefruchtung, "Künstliche Befruchtung: keine Zuzahlung, aber ein Eigenanteil; der ungerade Cent trifft den " +
			"Patienten.",
		"SGB V § 27a Abs. 3",
	},
	{RegelImpfstoff, "Schutzimpfung: keine Zuzahlung.", "SGB V § 20i"},
	{RegelTeststreifen, "Harn- und Blutteststreifen: keine Zuzahlung.", "SGB V § 31 Abs. 3"},
	{RegelErsatz, "Ersatzverordnung nach Rückruf: keine erneute Zuzahlung.", "SGB V § 31 Abs. 3 Satz 7"},
	{RegelMinderjaehr, "Vor dem 18. Geburtstag: keine Zuzahlung.", "SGB V § 31 Abs. 3 Satz 1"},
	{RegelBefreit, "Befreiung wegen der Belastungsgrenze: keine Zuzahlung.", "SGB V § 62"},
	{RegelSchwanger, "Schwangerschaftsbeschwerden und Entbindung: keine Zuzahlung.", "SGB V § 24e"},
	{RegelEntschaedig, "Soziale Entschädigung: keine Zuzahlung.", "SGB XIV (bis 2023 BVG)"},
	{RegelListe, "Die Packung steht auf der Liste der zuzahlungsfreien Arzneimittel.", "SGB V § 31 Abs. 3 Satz 4"},
	{RegelAnteil, "Zuzahlung ist der gesetzliche Anteil am Abgabepreis.", "SGB V § 61 Satz 1"},
	{RegelMindest, "Die Zuzahlung hat einen Mindestbetrag.", "SGB V § 61 Satz 1"},
	{RegelHoechst, "Die Zuzahlung hat einen Höchstbetrag.", "SGB V § 61 Satz 1"},
	{RegelKosten, "Die Zuzahlung ist nie höher als die Kosten des Mittels.", "SGB V § 61 Satz 1"},
	{RegelGeheim, "Bei vertraulichem Erstattungsbetrag gilt die übermittelte Zuzahlung.", "SGB V § 61, § 130b Abs. 1c"},
	{RegelVertrag, "Der Rabattvertrag ermäßigt die Zuzahlung.", "SGB V § 31 Abs. 3 Satz 5, § 130a Abs. 8"},
	{RegelFrei, "Der Rabattvertrag erlässt die Zuzahlung.", "SGB V § 31 Abs. 3 Satz 5, § 130a Abs. 8"},
	{RegelPackung, "Die Zuzahlung fällt für jede Packung an.", "SGB V § 31 Abs. 3 Satz 1"},
	{RegelVerglich, "Bei Lieferengpass wird mit der verordneten Packung verglichen.", "SGB V § 61 Satz 5 und 6"},
	{
		RegelEngpass, "Bei Lieferengpass fällt die Zuzahlung nur einmal an, nach der verordneten Menge.",
		"SGB V § 61 Satz 5 und 6",
	},
	{
		RegelVerbrauch, "Hilfsmittel zum Verbrauch: Anteil des Preises, begrenzt für den ganzen Monat.",
		"SGB V § 33 Abs. 8 Satz 3",
	},
	{RegelPG54, "Pflegehilfsmittel zum Verbrauch: keine Zuzahlung.", "SGB XI § 40 Abs. 2"},
	{RegelPG51, "Technische Pflegehilfsmittel: Anteil des Preises bis zum Höchstbetrag.", "SGB XI § 40 Abs. 3"},
	{RegelMehrkosten, "Was über dem Festbetrag liegt, zahlt der Patient, auch wer befreit ist.", "SGB V § 31 Abs. 2"},
	{RegelMehrVertrag, "Der Rabattvertrag erlässt die Mehrkosten.", "SGB V § 31 Abs. 2 Satz 2"},
	{
		RegelNichtVerfuegbar, "Kein Arzneimittel zum Festbetrag verfügbar: keine Mehrkosten, Zuzahlung vom vollen Preis.",
		"SGB V § 129 Abs. 4c",
	},
	{
		RegelMehrUnfall, "Die Unfallversicherung trägt die Mehrkosten, weil der Arzt das teurere Mittel verlangt.",
		"Arzneiversorgungsvertrag DGUV § 5",
	},
	{RegelPauschale, "Was die Monatspauschale übersteigt, zahlt der Versicherte.", "SGB XI § 40 Abs. 2"},
	{
		RegelBeihilfe, "Wer Beihilfe hat, trägt die andere Hälfte selbst und rechnet sie mit der Beihilfe ab.",
		"SGB XI § 28 Abs. 2",
	},
	{RegelTraeger, "Den Rest trägt der Kostenträger.", "SGB V § 129"},
	{RegelAbschlagRx, "Kassenabschlag je verschreibungspflichtiger Packung.", "SGB V § 130 Abs. 1"},
	{RegelAbschlagRezeptur, "Kassenabschlag je Rezeptur.", "SGB V § 130 Abs. 1"},
	{
		RegelAbschlagSonst, "Kassenabschlag auf sonstige Arzneimittel, höchstens vom Festbetrag.",
		"SGB V § 130 Abs. 1 und 2",
	},
	{RegelUngueltig, "Die Angaben lassen keine Berechnung zu.", ""},
}
