package kennprobe

import (
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/domain/kennung"
)

// Nummer is the outcome for one number.
type Nummer struct {
	Zeile    int
	Typ      string // as the table writes it
	Wert     string
	State    State
	Expected string // verdict and check digit the table expects
	Computed string // verdict and check digit computed
	Reason   string // German, or empty
}

// Nummern checks a table with the columns type, value, valid and expected_check;
// the last two may be empty or absent.
func Nummern(r io.Reader, emit func(Nummer) error) (Summe, error) {
	var sum Summe
	err := each(r, []string{"type", "value"}, func(r row) error {
		n := nummer(r)
		sum.add(n.State)
		return emit(n)
	})
	return sum, err
}

func nummer(r row) Nummer {
	n := Nummer{Zeile: r.line, Typ: r.get("type"), Wert: r.get("value")}
	n.Expected = join(r.get("valid"), r.get("expected_check"))
	art, ok := ArtVon(n.Typ)
	if !ok {
		n.State, n.Reason = Ungeklaert, "Der Typ ist unbekannt."
		return n
	}
	e := kennung.Pruefe(art, n.Wert)
	n.Computed = join(valid(e.Urteil), e.Pruefer)
	if e.Befund != nil {
		n.Reason = e.Befund.Error()
	}
	n.State = compareNumber(r.get("valid"), r.get("expected_check"), e)
	return n
}

// compareNumber: a check digit is only compared where the table gives one.
func compareNumber(want, check string, e kennung.Ergebnis) State {
	switch {
	case want == "" && check == "":
		return Ungeklaert
	case want != "" && !known(want):
		return Ungeklaert
	case want != "" && !sameVerdict(want, e.Urteil):
		return Differ
	case check != "" && check != e.Pruefer:
		return Differ
	}
	return Agree
}

func known(want string) bool {
	switch want {
	case "yes", "no", "format-only", "never-issued", "pseudo":
		return true
	}
	return false
}

// sameVerdict: "no" stands for every way of being wrong, also for a number that
// is never issued.
func sameVerdict(want string, u kennung.Urteil) bool {
	if want == "no" {
		return u == kennung.Pruefziffer || u == kennung.Form || u == kennung.NieVergeben
	}
	return valid(u) == want
}

// valid is the verdict in the words of the tables.
func valid(u kennung.Urteil) string {
	switch u {
	case kennung.Gueltig:
		return "yes"
	case kennung.NurForm:
		return "format-only"
	case kennung.NieVergeben:
		return "never-issued"
	case kennung.Pseudo:
		return "pseudo"
	default:
		return "no"
	}
}

// ArtVon reads the name of a kind of number as tables write it: case, hyphens and
// the number of digits do not matter.
func ArtVon(name string) (kennung.Art, bool) {
	key := strings.ToUpper(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name))
	for _, a := range arten() {
		if slices.Contains(strings.Fields(a.names), key) {
			return a.art, true
		}
	}
	return "", false
}

type benennung struct {
	art   kennung.Art
	names string
}

func arten() []benennung {
	return []benennung{
		{kennung.ArtPZN, "PZN PZN8"},
		{kennung.ArtPZN7, "PZN7"},
		{kennung.ArtPZNBasis, "PZN8BASE PZN8BASIS PZNBASE PZNBASIS PZNSTAMM"},
		{kennung.ArtHausPZN, "HAUSPZN PZNHAUS PZN8HAUS PZN8HOUSE PZNHOUSE HOUSEPZN INHOUSEPZN PZNINHOUSE PZN8INHOUSE"},
		{kennung.ArtIK, "IK IKNR INSTITUTIONSKENNZEICHEN"},
		{kennung.ArtKVNR, "KVNR KVNR10 EGKNR"},
		{kennung.ArtLANR, "LANR ARZTNUMMER"},
		{kennung.ArtBSNR, "BSNR NBSNR"},
		{kennung.ArtIDF, "IDF"},
		{kennung.ArtGTIN, "GTIN EAN"},
		{kennung.ArtGTIN8, "GTIN8 EAN8"},
		{kennung.ArtGTIN12, "GTIN12 EAN12 UPC UPCA UPC12"},
		{kennung.ArtGTIN13, "GTIN13 EAN13"},
		{kennung.ArtGTIN14, "GTIN14 EAN14"},
		{kennung.ArtSSCC, "SSCC SSCC18 NVE"},
		{kennung.ArtNTIN, "NTIN NTIN13 NTIN14"},
		{kennung.ArtPPN, "PPN"},
		{kennung.ArtHPC, "HPC"},
		{kennung.ArtUDI, "UDIDI UDI BASICUDIDI MASTERUDIDI"},
		{kennung.ArtIBAN, "IBAN"},
		{kennung.ArtTransaktionsnummer, "TRANSAKTIONSNUMMER TRANSAKTIONSNR TRANSAKTION TANR TAN"},
	}
}

func join(a, b string) string {
	if b == "" {
		return a
	}
	return a + " " + b
}
