package suche_test

import (
	"slices"
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
