package suche_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue/suche"
	"github.com/offizin/offizin/domain/artikel"
)

func TestFalten(t *testing.T) {
	for in, want := range map[string]string{
		"Acetylsalicylsäure": "acetylsalicylsaure", "ACETYLSALICYLSAEURE": "acetylsalicylsaure",
		"Zäpfchen": "zapfchen", "Za\u0308pfchen": "zapfchen", "Größe": "grosse", "Röwo": "rowo", "Roewo": "rowo",
		"2,5 mg": "2,5 mg", "2.5 mg": "2,5 mg", "1.000 mg": "1000 mg", "1.000.000 I.E.": "1000000 ie", "0.125": "0,125",
		"20 µg": "20 ug", "20 μg": "20 ug", "5 %": "5 %", "5%": "5%", "Dr. Müller": "dr muller", "Ibu-Demo®": "ibu demo",
		"Tbl.": "tbl", "a,b": "a b", "  viel   Platz ": "viel platz", "": "", "–": "", "10X3": "10x3", "Eisen(II)-sulfat": "eisen ii sulfat",
	} {
		if got := suche.Falten(in); got != want {
			t.Errorf("Falten(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestTerme(t *testing.T) {
	a := artikel.Artikel{
		Name: "Ibu-Demo 400mg Filmtbl.", Wirkstoff: "Ibuprofen", Wirkstaerke: "400 mg", Darreichungsform: "FTA",
		Menge: "20", Einheit: "St", Normgroesse: "N1", Hersteller: "Nord-Haus", ATC: "M01AE01", Import: true,
	}
	var got []string
	suche.Terme(a, func(w string) { got = append(got, w) })
	for _, want := range []string{
		"ibudemo", "ibu", "demo", "400", "400mg", "filmtabletten", "tabletten", "tbl", "fta", "20", "20st", "st", "n1",
		"nordhaus", "nord", "ibuprofen", "m01a01", "import",
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is missing in %q", want, got)
		}
	}
}

// Dosage forms by the abbreviations on packs and prescriptions, and by the plain word for
// what they are (codes: KBV key table Darreichungsform 1.09).
func TestFormen(t *testing.T) {
	for typed, codes := range map[string]string{
		"TBL": "TAB FTA UTA TKA RET TMR BTA SMT LUT KTA TVW TLE", "Tabl.": "TAB FTA MTA LTA TRT", "FTA": "FTA", "Filmtbl.": "FTA FMR",
		"Kps": "KAP HKP WKA REK KMR RKA VKA", "Weichkaps": "WKA WKM", "Drg.": "DRA FDA DKA DRM RED", "Dragees": "RED KDA",
		"Trpf.": "TRO TEI ATR OHT NTR ATO", "Augentr.": "ATR", "Zäpfchen": "SUP KSU ESU SSU KSS VSU", "Supp": "SUP ESU KKS",
		"Amp": "AMP IFA STA TAM TRA", "Inj": "AMP ILO IIL PIJ PLI DIS", "Inf": "INF IIL PIF PLF", "Lsg.": "LOE LSE ILO PLE",
		"Pulver": "PII PIK PLE PIJ IHP", "Plv": "PUL PSE", "Susp": "SUS SUE GSE PSE", "Saft": "SAF SIR TSA FLE", "Salbe": "AUS NSA FET",
		"Creme": "VCR AUC", "Crm": "CRE", "Gel": "AUG NAG ZGE", "TTS": "PFT TSY", "msr": "TMR FMR HKM KMR GMR DRM MRP", "retard": "RET REK RED RGR TVW",
		"Fertigspr": "FER IFE", "Durchstechflaschen": "DFL IFL STA", "Teststr": "TTR", "Ovula": "OVU VOV",
	} {
		want := suche.Falten(typed)
		for code := range strings.FieldsSeq(codes) {
			found := false
			suche.Terme(artikel.Artikel{Darreichungsform: code}, func(w string) { found = found || strings.HasPrefix(w, want) })
			if !found {
				t.Errorf("%q does not find %s", typed, code)
			}
		}
	}
}

// Every code of the official key table says in some word what it is.
func TestAlleFormen(t *testing.T) {
	dir := os.Getenv("OFFIZIN_REFERENZ")
	if dir == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	f, err := os.Open(filepath.Join(dir, "pricing", "test-input", "kbv_darreichungsform.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows[1:] {
		words := 0
		suche.Terme(artikel.Artikel{Darreichungsform: row[0]}, func(string) { words++ })
		if words < 2 && artikel.FormName(row[0]) == row[0] && row[0] != "---" {
			t.Errorf("%s (%s) is found by its code only", row[0], row[1])
		}
	}
}
