package abdata_test

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
)

// felder are the fields of the files as the facts name them.
var felder = map[string]string{
	"PAC_APO": "01 PZN*,26 Kurzname,31 Langname,67 Langname_ungekuerzt,44 Key_ADR_Anbieter,66 Key_ADR_Hersteller,45 Key_DAR," +
		"02 Apo_Ek,04 Apo_Vk,18 ApU,B0 UVP,97 Festbetrag,I6 Zuz_130b1c_61_1,A0 Rabwert_130a_2_SGB,37 MwSt,06 Arzneimittel," +
		"54 Rezeptpflicht,03 Apopflicht,08 BTM,A2 T_Rezept,I2 MedCanG,81 Lifestyle,40 Negativliste,78 Bedingte_Erstatt_FAM," +
		"88 Zuzfrei_31SGB_Feb,80 Zuzfrei_31SGB_Tstr,36 Medizinprodukt,77 Hm_zum_Verbrauch,D8 Verbandmittel,52 Verkehrsstatus," +
		"55 Vertriebsstatus,23 Import_Reimport,62 PZN_Original,25 Kuehlkette,I3 Lagertemperatur,29 Lagertemperatur_max," +
		"30 Lagertemperatur_min",
	"PGR_APO":  "01 PZN*,02 Packungskomponente*,03 Einstufung",
	"PGR2_APO": "01 PZN*,02 Zaehler*,03 Einheit,04 Komponentennr,05 Typ,06 Zahl",
	"DAR_APO":  "01 Key_DAR*,02 Name,03 Abkuerzung",
	"ADR_APO":  "01 Key_ADR*,02 Firmenname",
	"GRU_APO":  "01 Key_GRU*,02 Mehrkostenverzicht,04 Vorrang_Aut_idem,03 Zuzahlungsfaktor",
	"IKZ_APO":  "01 IK*,02 Name",
	"IZG_APO":  "01 Key_GRU*,02 IK*",
	"PZG_APO":  "01 Key_GRU*,02 PZN*",
	"VOV_APO":  "01 Key_VOV*,02 Text,03 Typ,04 Key_DOK",
	"VPV_APO":  "01 PZN*,02 Key_VOV*,03 Befristungsdatum",
}

// grund is a pack of an Rx drug; a case changes it.
const grund = "01=03752864 31=IBU-TEST 44=17 45=FTA 02=480 04=899 18=400 B0=0 97=0 37=1 06=2 54=2 03=2 08=1 A2=1 81=1 40=1 " +
	"78=1 88=1 52=2 55=2 23=0"

// ordner writes the files, each record as "01=… 02=…"; "^" stands for a blank. PAC_APO
// has the base record with changes.
func ordner(pac []string, files map[string][]string) fstest.MapFS {
	all := map[string][]string{}
	for name := range felder {
		all[name] = nil
	}
	all["ADR_APO"], all["DAR_APO"] = []string{`01=17 02=Nordhaus^GmbH`}, []string{"01=FTA 02=Filmtabletten"}
	maps.Copy(all, files)
	for _, change := range pac {
		all["PAC_APO"] = append(all["PAC_APO"], grund+" "+change)
	}
	m := fstest.MapFS{}
	for name, records := range all {
		m[name+".GES"] = &fstest.MapFile{Data: []byte(datei(name, felder[name], records))}
	}
	return m
}

func datei(name, felder string, records []string) string {
	list := strings.Split(felder, ",")
	var b strings.Builder
	fmt.Fprintf(&b, "00K|01%s|02GES|0320261201|04|05TEST|06%s|071005|08%d|", name, name, len(list))
	for _, f := range list {
		key := "030"
		if strings.HasSuffix(f, "*") {
			key = "031"
		}
		id, n, _ := strings.Cut(strings.TrimSuffix(f, "*"), " ")
		b.WriteString("00F|01" + id + "|02" + n + "|" + key + "|040|05V|0650|07AN1|")
	}
	for _, r := range records {
		set := map[string]string{}
		for f := range strings.FieldsSeq(r) {
			id, v, _ := strings.Cut(f, "=")
			set[id] = strings.ReplaceAll(v, "^", " ")
		}
		b.WriteString("00I|")
		for _, id := range slices.Sorted(maps.Keys(set)) {
			b.WriteString(id + set[id] + "|")
		}
	}
	return k2(b.String() + "00E")
}

func packungen(l *abdata.Lieferung) (list []abdata.Packung, err error) {
	for p, err := range l.Packungen() {
		if err != nil {
			return list, err
		}
		list = append(list, p)
	}
	return list, nil
}

func codes(list []befund.Befund) string {
	var s []string
	for _, b := range list {
		s = append(s, b.Code)
	}
	return strings.Join(s, " ")
}

// Facts, ABDATA K2, "PAC_APO" and "Other files"; traps: 0 is no statement, neither "no"
// nor "free".
func TestPackung(t *testing.T) {
	type files = map[string][]string
	a := artikel.Artikel{
		PZN: "03752864", Name: "IBU-TEST", Hersteller: "Nordhaus GmbH", Darreichungsform: "FTA", Menge: "20", Einheit: "St",
		Art: artikel.Arzneimittel, Status: artikel.Verkehr, ApU: 400, AEP: 480, AVP: 899, MwSt: artikel.MwStVoll,
		Verschreibungspflichtig: true, Apothekenpflichtig: true,
	}
	for name, c := range map[string]struct {
		pac     string
		files   files
		want    func(*artikel.Artikel)
		hinweis string
	}{
		"02 04 18: as it is":  {},
		"67 before 31":        {pac: `67=IBU^TEST^f\u25r~nalle`, want: func(a *artikel.Artikel) { a.Name = "IBU TEST für alle" }},
		"31: 67 is too long":  {pac: "67=" + strings.Repeat("x", 151)},
		"B0 97 I6: cents":     {pac: "B0=1099 97=1500 I6=1000", want: func(a *artikel.Artikel) { a.UVP, a.Festbetrag, a.Geheimpreis = 1099, 1500, 1000 }},
		"02 04 18: 0 is none": {pac: "02=0 04=0 18=0", want: func(a *artikel.Artikel) { a.AEP, a.AVP, a.ApU = 0, 0, 0 }},
		"37: 2 reduced":       {pac: "37=2", want: func(a *artikel.Artikel) { a.MwSt = artikel.MwStErmaessigt }},
		"37: 0 none stated":   {pac: "37=0", hinweis: "A-545"},
		"54: 0 is not no":     {pac: "54=0", hinweis: "A-542"},
		"54: 1 no":            {pac: "54=1", want: func(a *artikel.Artikel) { a.Verschreibungspflichtig = false }},
		"54: 3 yes/exception": {pac: "54=3"},
		"54: 4 no/exception":  {pac: "54=4", want: func(a *artikel.Artikel) { a.Verschreibungspflichtig = false }},
		"54: 9 is not known":  {pac: "54=9", hinweis: "A-542 A-548"},
		"06 54 03: nothing stated": {pac: "06=0 54=0 03=0", want: func(a *artikel.Artikel) {
			a.Art = artikel.Freiwahl
			a.Verschreibungspflichtig, a.Apothekenpflichtig = false, false
		}},
		"06: 0, in pharmacies only": {
			pac: "06=0 54=0 03=2", hinweis: "A-542",
		},
		"06: 1 no": {pac: "06=1 54=1 03=1", want: func(a *artikel.Artikel) {
			a.Art = artikel.Freiwahl
			a.Verschreibungspflichtig, a.Apothekenpflichtig = false, false
		}},
		"03: 0 is not no": {
			pac: "54=1 03=0", hinweis: "A-544",
			want: func(a *artikel.Artikel) { a.Verschreibungspflichtig = false },
		},
		"03: 1, but Rx (§ 43 AMG)": {pac: "03=1"},
		"03: 3 no/exception": {
			pac: "06=1 36=2 54=1 03=3",
			want: func(a *artikel.Artikel) {
				a.Art = artikel.Medizinprodukt
				a.Verschreibungspflichtig, a.Apothekenpflichtig = false, false
			},
		},
		"08: 2 yes":                {pac: "08=2", want: func(a *artikel.Artikel) { a.BtM = true }},
		"08: 3 exempt preparation": {pac: "08=3"},
		"08: 2, but 54: 1":         {pac: "08=2 54=1", hinweis: "A-543", want: func(a *artikel.Artikel) { a.BtM = true }},
		"A2: T-Rezept":             {pac: "A2=2", want: func(a *artikel.Artikel) { a.TRezept = true }},
		"88: 2 free, 0 is not":     {pac: "88=2", want: func(a *artikel.Artikel) { a.Zuzahlungsfrei = true }},
		"81 40: 3 is yes":          {pac: "81=3 40=3", want: func(a *artikel.Artikel) { a.Lifestyle, a.Negativliste = true, true }},
		"78: OTC list":             {pac: "78=2", want: func(a *artikel.Artikel) { a.OTCAusnahme = true }},
		"VPV type 7, 78: 0": {
			pac: "78=0", files: files{"VOV_APO": {"01=1 03=7"}, "VPV_APO": {"01=03752864 02=1 03=20261201"}},
			want: func(a *artikel.Artikel) { a.OTCAusnahme = true },
		},
		"VPV over":          {pac: "78=0", files: files{"VOV_APO": {"01=1 03=7"}, "VPV_APO": {"01=03752864 02=1 03=20261130"}}},
		"VPV type 7, 78: 1": {pac: "78=1", files: files{"VOV_APO": {"01=1 03=7"}, "VPV_APO": {"01=03752864 02=1"}}},
		"VPV type 3":        {pac: "78=0", files: files{"VOV_APO": {"01=1 03=3"}, "VPV_APO": {"01=03752864 02=1"}}},
		"52: 1 must not be sold": {
			pac: "52=1 55=2", want: func(a *artikel.Artikel) { a.Status = artikel.Rueckruf },
		},
		"52 55: 0 says nothing":   {pac: "52=0 55=0"},
		"55: 1 out":               {pac: "55=1", want: func(a *artikel.Artikel) { a.Status = artikel.AusserVertrieb }},
		"55: 3 withdrawn":         {pac: "55=3", want: func(a *artikel.Artikel) { a.Status = artikel.AusserVertrieb }},
		"A0: vaccine":             {pac: "A0=15", want: func(a *artikel.Artikel) { a.Art = artikel.Impfstoff }},
		"80: test strips":         {pac: "06=1 54=1 03=1 80=2 36=2", want: ware(artikel.Teststreifen)},
		"77: aids":                {pac: "06=1 54=1 03=1 77=2 36=2", want: ware(artikel.HilfsmittelZumVerbrauch)},
		"D8: dressings":           {pac: "06=1 54=1 03=1 D8=2 36=2", want: ware(artikel.Verbandmittel)},
		"62 23: import":           {pac: "62=27580899 23=1", want: func(a *artikel.Artikel) { a.Import, a.ImportVon = true, "27580899" }},
		"62: itself":              {pac: "62=03752864"},
		"62: 00000000":            {pac: "62=00000000"},
		"25 I3 29 30: cold":       {pac: "25=2 I3=2 29=8 30=2", want: func(a *artikel.Artikel) { a.Kuehlkette, a.Lagerung = true, "2–8 °C" }},
		"30: 0 is a temperature":  {pac: "I3=2 29=5 30=0", want: func(a *artikel.Artikel) { a.Lagerung = "0–5 °C" }},
		"30: below zero":          {pac: "I3=2 29=-15 30=-25", want: func(a *artikel.Artikel) { a.Lagerung = "−25–−15 °C" }},
		"29 only":                 {pac: "29=25", want: func(a *artikel.Artikel) { a.Lagerung = "bis 25 °C" }},
		"29 30: 0 without a flag": {pac: "I3=0 29=0 30=0"},
		"I2: flowers": {
			pac: "I2=2", files: files{"PGR2_APO": {"01=03752864 02=1 03=g 05=1 06=10"}},
			want: func(a *artikel.Artikel) { a.Menge, a.Einheit, a.Cannabisblueten = "10", "g", true },
		},
		"I2: drops": {
			pac: "I2=2", files: files{"PGR2_APO": {"01=03752864 02=1 03=ml 05=1 06=10"}},
			want: func(a *artikel.Artikel) { a.Menge, a.Einheit = "10", "ml" },
		},
		"PGR: N1 to N3": {files: files{"PGR_APO": {"01=03752864 02=1 03=5"}}, want: func(a *artikel.Artikel) { a.Normgroesse = "N3" }},
		"PGR: 2":        {files: files{"PGR_APO": {"01=03752864 02=1 03=2"}}, want: func(a *artikel.Artikel) { a.Normgroesse = "KTP" }},
		"PGR: 1":        {files: files{"PGR_APO": {"01=03752864 02=1 03=1"}}, want: func(a *artikel.Artikel) { a.Normgroesse = "NB" }},
		"PGR: 0":        {files: files{"PGR_APO": {"01=03752864 02=1 03=0"}}},
		"PGR: the first component": {
			files: files{"PGR_APO": {"01=03752864 02=2 03=5", "01=03752864 02=1 03=3", "01=03752864 02=3 03=4"}},
			want:  func(a *artikel.Artikel) { a.Normgroesse = "N1" },
		},
		"PGR2: supplier before comparison": {
			files: files{"PGR2_APO": {"01=03752864 02=1 03=g 05=2 06=7", `01=03752864 02=2 03=\m63g 05=1 06=10X5`, "01=03752864 02=3 03=g 05=1 06=9"}},
			want:  func(a *artikel.Artikel) { a.Menge, a.Einheit = "10X5", "µg" },
		},
		"PGR2: none":                   {files: files{"PGR2_APO": nil}, want: func(a *artikel.Artikel) { a.Menge, a.Einheit = "", "" }, hinweis: "A-546"},
		"PGR2: no PZN":                 {files: files{"PGR2_APO": {"01=03752864 02=1 03=St 06=20", "01=1 02=1 03=St 06=20"}}, hinweis: "A-533"},
		"ADR: the maker":               {pac: "44=99 66=17"},
		"ADR: nobody":                  {pac: "44=99", want: func(a *artikel.Artikel) { a.Hersteller = "" }, hinweis: "A-541"},
		"DAR: unknown":                 {pac: "45=ZZZ", want: func(a *artikel.Artikel) { a.Darreichungsform = "ZZZ" }, hinweis: "A-547"},
		"identifier: unknown is named": {pac: "Z9=x", hinweis: "A-536"},
		"escape: unknown stays":        {pac: `31=IBU\q11`, want: func(a *artikel.Artikel) { a.Name = `IBU\q11` }, hinweis: "A-532"},
	} {
		all := files{"PGR2_APO": {"01=03752864 02=1 03=St 04=1 05=1 06=20"}}
		maps.Copy(all, c.files)
		l, err := abdata.OeffneLieferung(ordner([]string{c.pac}, all))
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		list, err := packungen(l)
		want := a
		if c.want != nil {
			c.want(&want)
		}
		if err != nil || len(list) != 1 || len(list[0].Funde) > 0 || list[0].Artikel != want {
			t.Errorf("%s: %v\ngot  %+v\nwant %+v", name, err, list, want)
		}
		if got := codes(l.Hinweise()); got != c.hinweis {
			t.Errorf("%s: %v, want %q", name, l.Hinweise(), c.hinweis)
		}
		if _, err := packungen(l); err != nil || codes(l.Hinweise()) != c.hinweis {
			t.Errorf("%s: read twice: %v, %v", name, l.Hinweise(), err)
		}
	}
}

func ware(art artikel.Art) func(*artikel.Artikel) {
	return func(a *artikel.Artikel) { a.Art, a.Verschreibungspflichtig, a.Apothekenpflichtig = art, false, false }
}

// What is no article says so with its line.
func TestKeinArtikel(t *testing.T) {
	for pac, want := range map[string]string{
		"01=03752865":       "A-512 01 PZN",
		"01=3752":           "A-511 01 PZN",
		"02=4,80":           "A-513 02 Apo_Ek",
		"04=-1":             "A-513 04 Apo_Vk",
		"18=1000000000":     "A-513 18 ApU",
		"31=":               "A-515 ",
		"62=1":              "A-511 62 PZN_Original",
		"01=27580899 26=2.": "A-514 ",
	} {
		l, err := abdata.OeffneLieferung(ordner([]string{"01=27580899", pac}, nil))
		if err != nil {
			t.Fatal(err)
		}
		list, err := packungen(l)
		if err != nil || len(list) != 2 || len(list[0].Funde) != 0 || len(list[1].Funde) != 1 ||
			list[1].Funde[0].Code+" "+list[1].Funde[0].Feld != want || list[1].Zeile <= list[0].Zeile {
			t.Errorf("%s: %+v, %v; want %s", pac, list, err, want)
		}
	}
}

// Facts, ABDATA K2: "Rebate contract test: IK → IZG → Key_GRU → PZG contains PZN".
func TestVertraege(t *testing.T) {
	l, err := abdata.OeffneLieferung(ordner([]string{""}, map[string][]string{
		"GRU_APO": {"01=G1 02=2 03=50 04=1", "01=G2 02=3 03=100 04=1", "01=G3 02=0 04=0", "01=G4 02=3 03=0"},
		"IKZ_APO": {"01=109900019 02=Nord", "01=9900122 02=S\\u25d", "01=109900018 02=falsch"},
		"IZG_APO": {"01=G1 02=109900019", "01=G2 02=109900019", "01=G3 02=9900122", "01=G4 02=109900018", "01=G9 02=109900019"},
		"PZG_APO": {
			"01=G2 02=03752864", "01=G1 02=03752864", "01=G1 02=03752864", "01=G3 02=03752864", "01=G2 02=27580899",
			"01=G9 02=27580899", "01=G1 02=27580898", "01=G4 02=27580899",
		},
	}))
	if err != nil {
		t.Fatal(err)
	}
	want := []abdata.Vertrag{
		{IK: "109900019", PZN: "03752864", Vertrag: zuzahlung.Vertrag{Faktor: 50, MehrkostenErlassen: true}},
		{IK: "109900122", PZN: "03752864", Vertrag: zuzahlung.Vertrag{Faktor: 100}},
		{IK: "109900019", PZN: "27580899", Vertrag: zuzahlung.Vertrag{Faktor: 100, MehrkostenErlassen: true}},
	}
	for range 2 {
		var list []abdata.Vertrag
		for v, err := range l.Vertraege() {
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, v)
		}
		if !slices.Equal(list, want) {
			t.Errorf("%+v", list)
		}
	}
	if got := codes(l.Hinweise()); got != "A-533 A-534 A-534 A-535" {
		t.Errorf("%v", l.Hinweise())
	}
}

// A delivery that is not whole is refused before anything is built of it.
func TestLieferungUngueltig(t *testing.T) {
	type files = fstest.MapFS
	change := func(name, old, now string) func(files) {
		return func(m files) {
			m[name].Data = []byte(strings.Replace(string(m[name].Data), old, now, 1))
		}
	}
	for name, c := range map[string]struct {
		change func(files)
		code   string
	}{
		"fine":          {func(files) {}, ""},
		"in a folder":   {func(m files) { schiebe(m, "GES011226") }, ""},
		"small letters": {func(m files) { m["a.ges"] = m["PAC_APO.GES"]; delete(m, "PAC_APO.GES") }, ""},
		"two folders":   {func(m files) { schiebe(m, "GES011226"); m["GES151126/X.GES"] = &fstest.MapFile{} }, "A-501"},
		"UPD only":      {func(m files) { clear(m); m["PAC_APO.UPD"] = &fstest.MapFile{} }, "A-502"},
		"GES and UPD":   {func(m files) { m["ADR_APO.UPD"] = m["ADR_APO.GES"] }, "A-652"},
		"both in a folder": {func(m files) {
			m["x.upd"] = m["ADR_APO.GES"]
			schiebe(m, "GES011226")
		}, "A-652"},
		"nothing":              {func(m files) { clear(m) }, "A-503"},
		"a file is missing":    {func(m files) { delete(m, "PGR2_APO.GES") }, "A-504"},
		"no contracts":         {func(m files) { delete(m, "PZG_APO.GES") }, "A-504"},
		"no OTC list":          {func(m files) { delete(m, "VPV_APO.GES") }, ""},
		"UPD called GES":       {change("ADR_APO.GES", "02GES\r\n0320261201\r\n04", "02UPD\r\n0320261201\r\n0420261115"), "A-505"},
		"another day":          {change("ADR_APO.GES", "20261201", "20261115"), "A-506"},
		"a file twice":         {func(m files) { m["ADR2.GES"] = m["ADR_APO.GES"] }, "A-507"},
		"the meaning is new":   {change("PAC_APO.GES", "02Rezeptpflicht", "02Rezeptfrei"), "A-508"},
		"an identifier is new": {change("PAC_APO.GES", "0154\r\n02Rezeptpflicht", "01Z4\r\n02Rezeptpflicht"), ""},
		"a field is missing":   {change("PAC_APO.GES", "0154\r\n02Rezeptpflicht", "01Z4\r\n02Neues"), "A-509"},
		"no empty file":        {func(m files) { m["PAC_APO.GES"] = &fstest.MapFile{} }, "A-480"},
		"truncated":            {change("PZG_APO.GES", "00E\r\n", ""), "A-481"},
		"factor": {func(m files) {
			m["GRU_APO.GES"].Data = []byte(datei("GRU_APO", felder["GRU_APO"], []string{"01=1 03=200"}))
		}, "A-510"},
	} {
		m := ordner([]string{""}, map[string][]string{"PGR2_APO": {"01=03752864 02=1 03=St 06=20"}})
		c.change(m)
		l, err := abdata.OeffneLieferung(m)
		if err == nil {
			_, err = packungen(l)
		}
		if err == nil {
			for _, e := range l.Vertraege() {
				err = e
			}
		}
		f, _ := errors.AsType[*fault.Fault](err)
		if c.code == "" && err != nil || c.code != "" && (f == nil || f.Code != c.code || f.Kind != fault.Invalid) {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
		if err == nil && l.GueltigAb != civil.Must(2026, 12, 1) {
			t.Errorf("%s: %v", name, l.GueltigAb)
		}
	}
}

func schiebe(m fstest.MapFS, dir string) {
	for _, name := range slices.Collect(maps.Keys(m)) {
		m[dir+"/"+name] = m[name]
		delete(m, name)
	}
}

// The pair of the reference has a file only, without names and prescriptions.
func TestReferenzpaar(t *testing.T) {
	root := os.Getenv("OFFIZIN_REFERENZ")
	if root == "" {
		t.Skip("OFFIZIN_REFERENZ is not set")
	}
	dir := os.DirFS(filepath.Join(root, "protocols", "abdata", "synthetic-k2"))
	if _, err := abdata.OeffneLieferung(dir); err == nil || !strings.Contains(err.Error(), "A-652") {
		t.Errorf("the whole and the changes in one folder: %v", err)
	}
	b, err := fs.ReadFile(dir, "SYNTH_PAC_APO.GES")
	if err != nil {
		t.Fatal(err)
	}
	alone := fstest.MapFS{"SYNTH_PAC_APO.GES": {Data: b}}
	if _, err := abdata.OeffneLieferung(alone); err == nil || !strings.Contains(err.Error(), "PGR_APO") {
		t.Errorf("packs without prices: %v", err)
	}
	m := ordner(nil, nil)
	m["PAC_APO.GES"] = &fstest.MapFile{Data: b}
	l, err := abdata.OeffneLieferung(m)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := packungen(l); err == nil || !strings.Contains(err.Error(), "A-508") && !strings.Contains(err.Error(), "A-509") {
		t.Errorf("%v", err)
	}
}
