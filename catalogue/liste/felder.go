package liste

import (
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/money"
)

// felder returns the fields of a layout. The names are those of artikel.Artikel.
func felder(o Optionen) []feld {
	switch {
	case o.Vorlage == Produkte:
		return produkte(o.Ab)
	case o.Vorlage.Amtlich():
		return amtliche(o)
	}
	return slices.Concat(kennzeichnung(o.Nullen), preisfelder(o.Dezimal), merkmale())
}

func kennzeichnung(nullen bool) []feld {
	return []feld{
		{"pzn", "pharmazentralnummer pzn8", setzePZN(nullen)},
		{"name", "bezeichnung artikelname artikelbezeichnung artikel langname", setzeName},
		{
			"hersteller", "anbieter firma herstellername anbietername",
			text(100, func(a *artikel.Artikel) *string { return &a.Hersteller }),
		},
		{"darreichungsform", "form dar darform", setzeForm},
		{"menge", "packungsgroesse packungsmenge inhalt", text(20, func(a *artikel.Artikel) *string { return &a.Menge })},
		{"einheit", "mengeneinheit", text(20, func(a *artikel.Artikel) *string { return &a.Einheit })},
		{"normgroesse", "norm n", setzeNorm},
		{"atc", "atccode", text(10, func(a *artikel.Artikel) *string { return &a.ATC })},
		{"wirkstoff", "wirkstoffname inhaltsstoff", text(200, func(a *artikel.Artikel) *string { return &a.Wirkstoff })},
		{"wirkstaerke", "staerke", text(100, func(a *artikel.Artikel) *string { return &a.Wirkstaerke })},
		{"art", "artikelart", setzeArt},
		{"status", "verkehrsstatus vertriebsstatus", setzeStatus},
		{"lagerung", "lagerhinweis", text(100, func(a *artikel.Artikel) *string { return &a.Lagerung })},
		{"import_von", "originalpzn", setzeOriginal(nullen)},
		{"beliebtheit", "absatz verkaeufe", setzeBeliebtheit},
	}
}

func preisfelder(dezimal byte) []feld {
	betrag := func(of func(*artikel.Artikel) *money.Cent) func(*Satz, string) *befund.Befund {
		return betrag(dezimal, of)
	}
	return []feld{
		{"apu", "herstellerabgabepreis", betrag(func(a *artikel.Artikel) *money.Cent { return &a.ApU })},
		{"aep", "ek apothekeneinkaufspreis einkaufspreis", betrag(func(a *artikel.Artikel) *money.Cent { return &a.AEP })},
		{"avp", "apothekenverkaufspreis taxevk avk", betrag(func(a *artikel.Artikel) *money.Cent { return &a.AVP })},
		{"uvp", "vk verkaufspreis", betrag(func(a *artikel.Artikel) *money.Cent { return &a.UVP })},
		{"festbetrag", "fb", betrag(func(a *artikel.Artikel) *money.Cent { return &a.Festbetrag })},
		{"geheimpreis", "zuzahlunggeheimpreis", betrag(func(a *artikel.Artikel) *money.Cent { return &a.Geheimpreis })},
		{"mwst", "umsatzsteuer ust steuersatz mehrwertsteuer", setzeMwSt},
	}
}

func merkmale() []feld {
	return []feld{
		{
			"rx", "verschreibungspflichtig rezeptpflichtig verschreibungspflicht",
			ja(func(a *artikel.Artikel) *bool { return &a.Verschreibungspflichtig }),
		},
		{"apothekenpflichtig", "apothekenpflicht", ja(func(a *artikel.Artikel) *bool { return &a.Apothekenpflichtig })},
		{"zuzahlungsfrei", "zuzahlungsbefreit", ja(func(a *artikel.Artikel) *bool { return &a.Zuzahlungsfrei })},
		{"btm", "betaeubungsmittel", ja(func(a *artikel.Artikel) *bool { return &a.BtM })},
		{"t_rezept", "trezept", ja(func(a *artikel.Artikel) *bool { return &a.TRezept })},
		{"kuehlkette", "kuehl kuehlpflichtig", ja(func(a *artikel.Artikel) *bool { return &a.Kuehlkette })},
		{"import", "importarzneimittel reimport", ja(func(a *artikel.Artikel) *bool { return &a.Import })},
		{"negativliste", "", ja(func(a *artikel.Artikel) *bool { return &a.Negativliste })},
		{"lifestyle", "", ja(func(a *artikel.Artikel) *bool { return &a.Lifestyle })},
		{"homoeopathisch", "homoeopathikum", ja(func(a *artikel.Artikel) *bool { return &a.Homoeopathisch })},
		{"cannabisblueten", "", ja(func(a *artikel.Artikel) *bool { return &a.Cannabisblueten })},
		{"otc_ausnahme", "anlage1", ja(func(a *artikel.Artikel) *bool { return &a.OTCAusnahme })},
	}
}

func text(limit int, of func(*artikel.Artikel) *string) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) *befund.Befund {
		*of(&z.Zeile.Artikel) = s
		return lesbar(s, limit)
	}
}

func betrag(dezimal byte, of func(*artikel.Artikel) *money.Cent) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) *befund.Befund {
		c, b := liesBetrag(s, dezimal)
		*of(&z.Zeile.Artikel) = c
		return b
	}
}

func ja(of func(*artikel.Artikel) *bool) func(*Satz, string) *befund.Befund {
	return func(z *Satz, s string) (b *befund.Befund) {
		*of(&z.Zeile.Artikel), b = liesJa(s)
		return b
	}
}

func liesJa(s string) (bool, *befund.Befund) {
	switch strings.ToLower(s) {
	case "ja", "j", "1", "x", "true", "wahr", "yes", "y":
		return true, nil
	case "", "nein", "n", "0", "-", "false", "falsch", "no":
		return false, nil
	}
	return false, hindernis("A-439", "„"+kurz(s)+"“ ist weder ja noch nein; bitte ja, nein, 1, 0, x oder nichts "+
		"eintragen.")
}

// schluss completes an article from what its row says and refuses what contradicts
// itself.
func (d *Datei) schluss(a *artikel.Artikel) *befund.Befund {
	if a.Name == "" {
		return hindernis("A-434", "Der Name fehlt; bitte ihn ergänzen oder die Zeile entfernen.")
	}
	if (a.BtM || a.TRezept) && !a.Verschreibungspflichtig {
		return hindernis("A-443", "Ein Betäubungsmittel oder T-Rezept-Arzneimittel ist immer "+
			"verschreibungspflichtig; bitte rx prüfen.")
	}
	if a.ImportVon == a.PZN {
		return hindernis("A-444", "Der Artikel nennt sich selbst als Original; bitte import_von berichtigen.")
	}
	if a.Verschreibungspflichtig {
		a.Apothekenpflichtig = true // § 43 Abs. 1, § 48 Abs. 1 AMG
	}
	a.Import = a.Import || a.ImportVon != ""
	if a.MwSt == 0 {
		a.MwSt = artikel.MwStVoll
	}
	if a.Status == "" {
		a.Status = artikel.Verkehr
	}
	if a.Art == "" {
		a.Art = artikel.Freiwahl
		if a.Apothekenpflichtig {
			a.Art = artikel.Arzneimittel
		}
	}
	return nil
}
