package gebuehr

import "slices"

// The Sonderkennzeichen of the fees.
const (
	SOKNoctu       = "02567018"
	SOKBtM         = "02567001"
	SOKTRezept     = "06460688"
	SOKBotendienst = "06461110"
	SOKBeschaffung = "09999637"
	SOKEngpass     = "17717446"
)

// Art is one kind of fee.
type Art struct {
	SOK  string `json:"sok"`
	Name string `json:"name"` // German, as shown
	Norm string `json:"norm"`
	Frei bool   `json:"frei"` // the amount is agreed and must be entered
}

// Liste returns every fee the program computes, in the order of the TA1 annex.
func Liste() []Art { return slices.Clone(arten) }

func artVon(sok string) (Art, bool) {
	i := slices.IndexFunc(arten, func(a Art) bool { return a.SOK == sok })
	if i < 0 {
		return Art{}, false
	}
	return arten[i], true
}

//nolint:gochecknoglobals // a table that nothing changes
var arten = []Art{
	{SOKBtM, "BtM-Gebühr", "AMPreisV § 7", false},
	{SOKTRezept, "T-Rezept-Gebühr", "AMPreisV § 7", false},
	{SOKNoctu, "Noctu-Gebühr", "AMPreisV § 6", false},
	{SOKBotendienst, "Botendienst", "SGB V § 129 Abs. 5g", false},
	{SOKEngpass, "Lieferengpasspauschale", "AMPreisV § 3 Abs. 1a", false},
	{SOKBeschaffung, "Beschaffungskosten", "AMPreisV § 8", true},
}

// Abweichung is a reason for handing over another drug than the contract or the
// price list asks for: one digit of the factor of SOK 02567024 (TA1 Nr. 4.10.1).
// The factor has three digits, one for each Taxzeile.
type Abweichung struct {
	Ziffer int    `json:"ziffer"` // 1 to 9
	Grund  string `json:"grund"`  // German, as shown
	// VollerPreis: above the Festbetrag the Taxe is the AVP and the Zuzahlung is
	// taken from it (§ 129(4c) SGB V).
	VollerPreis bool `json:"voller_preis"`
	Engpass     bool `json:"engpass"` // permits the Lieferengpasspauschale
}

// Abweichungen returns the digits of SOK 02567024 with their reasons.
func Abweichungen() []Abweichung { return slices.Clone(abweichungen) }

// AbweichungVon returns the reason of a digit.
func AbweichungVon(ziffer int) (Abweichung, bool) {
	if ziffer < 1 || ziffer > len(abweichungen) {
		return Abweichung{}, false
	}
	return abweichungen[ziffer-1], true
}

func engpassZiffer(ziffer int) bool {
	a, ok := AbweichungVon(ziffer)
	return ok && a.Engpass
}

//nolint:gochecknoglobals // a table that nothing changes
var abweichungen = []Abweichung{
	{1, "nach Rahmenvertrag, oder die Zeile ist leer", false, false},
	{2, "Rabattarzneimittel nicht verfügbar", true, true},
	{3, "preisgünstiges Arzneimittel nicht verfügbar, oder Abweichung bei Importen", false, true},
	{4, "Rabattarzneimittel und preisgünstiges Arzneimittel nicht verfügbar", true, true},
	{5, "dringender Fall, Rabattarzneimittel", false, false},
	{6, "dringender Fall, Rabattarzneimittel und preisgünstiges Arzneimittel", false, false},
	{7, "Wunscharzneimittel", false, false},
	{8, "sonstige Bedenken (§ 17 Abs. 5 ApBetrO), Rabattarzneimittel", false, false},
	{9, "sonstige Bedenken, Rabattarzneimittel und preisgünstiges oder importiertes Arzneimittel", false, false},
}
