package pruefung_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/integration/dsfinvk/muster"
	"github.com/offizin/offizin/integration/dsfinvk/pruefung"
	"github.com/offizin/offizin/internal/clock"
)

// export is the invented days as files, in order.
type datei struct{ name, text string }

type fatal interface {
	Helper()
	Fatal(args ...any)
}

func export(t fatal, dir string, q dsfinvk.Quelle) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := dsfinvk.Schreiben(&b, dir, q); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func tage(t *testing.T) []byte {
	t.Helper()
	q, err := muster.Tage()
	if err != nil {
		t.Fatal(err)
	}
	return export(t, t.TempDir(), q)
}

func unpack(t *testing.T, raw []byte) (list []datei) {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, datei{f.Name, string(text)})
	}
	return list
}

func pack(t *testing.T, list []datei) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, d := range list {
		w, err := z.Create(d.name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, d.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func check(t fatal, raw []byte) (pruefung.Bericht, []pruefung.Fund) {
	t.Helper()
	var list []pruefung.Fund
	r, err := pruefung.Pruefen(bytes.NewReader(raw), int64(len(raw)), muster.Pruefer, func(f pruefung.Fund) { list = append(list, f) })
	if err != nil {
		t.Fatal(err)
	}
	return r, list
}

// What the program writes has nothing wrong with it; every record that was signed is checked.
func TestNothingWrong(t *testing.T) {
	r, list := check(t, tage(t))
	if len(list) > 0 {
		t.Errorf("%q", list)
	}
	if r.Abschluesse != 3 || r.Belege != 32 || r.Signaturen != 30 || r.Funde != 0 {
		t.Errorf("%+v", r)
	}
}

// Each defect is found, and told with the file it is in (facts of the standard: invariants per
// record and per closing, rules that lint programs share).
func TestDefects(t *testing.T) {
	const kopf = `"1";"2026-11-26T18:00:00.250Z";41;`
	for _, c := range []struct {
		what, datei, alt, neu, code string
	}{
		{"file lacks", "vat.csv", "", "", "T-410"},
		{"file lacks", "index.xml", "", "", "T-410"},
		{"column lacks", "payment.csv", "ZAHLART_NAME;", "", "T-412"},
		{"column unknown", "payment.csv", "ZAHLART_NAME", "ZAHLUNGSNAME", "T-413"},
		{"columns in another order", "payment.csv", "ZAHLART_TYP;ZAHLART_NAME", "ZAHLART_NAME;ZAHLART_TYP", "T-414"},
		{"a field too many", "payment.csv", `"Bar";"Bar"`, `"Bar";"";"Bar"`, "T-415"},
		{"delimiter", "slaves.csv", ";", ",", "T-416"},
		{"line ends", "payment.csv", "\r\n", "\n", "T-417"},
		{"quotation mark", "payment.csv", `"ECKarte"`, `"EC"Karte"`, "T-418"},
		{"text without end", "payment.csv", `"ECKarte"`, `"ECKarte`, "T-418"},
		{"not UTF-8", "location.csv", "Hauptstraße", "Hauptstra\xdfe", "T-419"},
		{"key is empty", "payment.csv", `"1";"2026-11-26T18:00:00.250Z";41;"Bar"`, `"1";"2026-11-26T18:00:00.250Z";;"Bar"`, "T-420"},
		{"mandatory is empty", "location.csv", `"12345"`, `""`, "T-421"},
		{"too long", "location.csv", `"12345"`, `"1234567890123"`, "T-422"},
		{"decimal point", "payment.csv", "65,05", "65.05", "T-423"},
		{"grouping", "payment.csv", "65,05", "1.065,05", "T-423"},
		{"three decimals", "payment.csv", "65,05", "65,050", "T-423"},
		{"no whole number", "transactions.csv", kopf + `"1-000002";2;`, kopf + `"1-000002";2,0;`, "T-424"},
		{"time", "transactions.csv", `"2026-11-26T08:01:00.250Z"`, `"26.11.2026 08:01"`, "T-425"},
		{"booking day", "cashpointclosing.csv", `42;"2026-11-26"`, `42;"26.11.2026"`, "T-425"},
		{"BON_TYP", "transactions.csv", `"AVTraining"`, `"Training"`, "T-426"},
		{"GV_TYP", "lines.csv", `"Geldtransit";"";""`, `"Transit";"";""`, "T-426"},
		{"ZAHLART_TYP", "datapayment.csv", `"ECKarte"`, `"Karte"`, "T-426"},
		{"taxonomy", "cashpointclosing.csv", `"2.4"`, `"2.2"`, "T-427"},
		{"description", "index.xml", "<Name>UST_SATZ</Name>", "<Name>SATZ</Name>", "T-428"},
		{"description", "index.xml", "</DataSet>", "", "T-428"},
		{"record twice", "transactions.csv", `"1-000002";2`, `"1-000001";2`, "T-429"},
		{"closing unknown", "datapayment.csv", kopf + `"1-000002"`, `"1";"2026-11-26T18:00:00.250Z";40;"1-000002"`, "T-430"},
		{"record unknown", "datapayment.csv", `"1-000002"`, `"1-000999"`, "T-431"},
		{"line unknown", "lines_vat.csv", `"1-000003";"2"`, `"1-000003";"9"`, "T-432"},
		{"lines do not add up", "lines_vat.csv", "8,95000;7,52000;1,43000", "9,95000;8,36000;1,59000", "T-433"},
		{"keys do not add up", "transactions_vat.csv", "8,95000;7,52000;1,43000", "9,95000;8,36000;1,59000", "T-434"},
		{"payments do not add up", "datapayment.csv", `"1-000002";"Bar";"Bar";"EUR";;8,95`, `"1-000002";"Bar";"Bar";"EUR";;8,94`, "T-435"},
		{"net and tax", "lines_vat.csv", "8,95000;7,52000;1,43000", "8,95000;7,52000;1,44000", "T-436"},
		{"signed turnover", "transactions_tse.csv", "Beleg^59.99_0.00_0.00_0.00_-53.99^6.00:Bar", "Beleg^53.99_0.00_0.00_0.00_-53.99^6.00:Bar", "T-437"},
		{"signed payment", "transactions_tse.csv", "^6.00:Bar", "^6.00:Unbar", "T-438"},
		{"form of what was signed", "transactions_tse.csv", "Beleg^8.95_0.00_0.00_0.00_0.00^8.95:Bar", "Beleg^8,95^8,95:Bar", "T-439"},
		{"another kind was signed", "transactions_tse.csv", "AVTraining^", "Beleg^", "T-439"},
		{"not in transactions_tse", "transactions_tse.csv", kopf + `"1-000002"`, kopf + `"1-000003"`, "T-440"},
		{"no signature, no reason", "transactions_tse.csv", "Gerät antwortet nicht", "", "T-441"},
		{"TSE unknown", "transactions_tse.csv", `"1-000002";1;2`, `"1-000002";7;2`, "T-442"},
		{"TSE unknown that did not sign", "transactions_tse.csv", `"1-000028";1;`, `"1-000028";7;`, "T-442"},
		{"serial number of the TSE", "tse.csv", `"b17be0`, `"c17be0`, "T-443"},
		{"one bit of what was signed", "transactions_tse.csv", "POIbjTRU", "POIbjTRV", "T-444"},
		{"transaction number", "transactions_tse.csv", `"1-000002";1;2;`, `"1-000002";1;99;`, "T-444"},
		{"log time", "transactions_tse.csv", `"2026-11-26T08:01:00.000Z"`, `"2026-11-26T08:01:01.000Z"`, "T-444"},
		{"serial number of the till", "cashregister.csv", `"OFF-1"`, `"OFF-2"`, "T-444"},
		{"business cases of the closing", "businesscases.csv", "7,00000;6,54000;0,46000", "7,00000;6,55000;0,45000", "T-445"},
		{"payments of the closing", "payment.csv", "65,05", "65,06", "T-446"},
		{"sums of the closing", "cashpointclosing.csv", "259,50;140,46", "259,50;140,47", "T-447"},
		{"gap of closings", "cashpointclosing.csv", `Z";42;`, `Z";43;`, "T-448"},
		{"gap of records", "transactions.csv", `"1-000015";15;`, `"1-000015";77;`, "T-449"},
		{"no tax number", "cashpointclosing.csv", `"12/345/67890"`, `""`, "T-450"},
		{"AVBelegstorno", "transactions.csv", `"AVTraining"`, `"AVBelegstorno"`, "T-451"},
		{"cash with VAT", "lines_vat.csv", "5;-50,00000", "6;-50,00000", "T-452"},
		{"cash by card", "datapayment.csv", `"Bar";"Bar";"EUR";;-50,00`, `"Unbar";"Bar";"EUR";;-50,00`, "T-452"},
		{"VAT key", "vat.csv", `41;2;7,00`, `41;3;7,00`, "T-453"},
		{"tax and rate", "lines_vat.csv", "8,95000;7,52000;1,43000", "8,95000;7,42000;1,53000", "T-454"},
		{"discount", "itemamounts.csv", "-1,80000;-1,52000;-0,28000", "-1,90000;-1,60000;-0,30000", "T-455"},
		{"ends before it begins", "transactions.csv", `"2026-11-26T08:01:00.250Z"`, `"2026-11-25T08:01:00.250Z"`, "T-456"},
		{"first record of the closing", "cashpointclosing.csv", `"1-000001";"1-000029"`, `"1-000002";"1-000029"`, "T-457"},
		{"Storno of nothing", "references.csv", `"1-000026"`, `"1-000027"`, "T-458"},
		{"reference to nothing", "references.csv", `"1";41;"1-000010"`, `"1";41;"1-000910"`, "T-458"},
		{"no till", "cashregister.csv", `41;"Offizin"`, `42;"Offizin"`, "T-459"},
		{"cash of the drawer", "cash_per_currency.csv", "11,90", "12,90", "D-704"},
		{"no cash of the drawer", "cash_per_currency.csv", "\"2\";\"2026-11-27T10:00:00.250Z\";1;\"EUR\";1,90\r\n", "", "D-705"},
		{"cash in another currency", "cash_per_currency.csv", `42;"EUR"`, `42;"CHF"`, "D-705"},
		{"currency twice", "cash_per_currency.csv", "11,90\r\n", "11,90\r\n\"1\";\"2026-11-27T01:00:00.250Z\";42;\"EUR\";0,00\r\n", "T-429"},
		{"number of the closing referred to", "references.csv", `"1";41;"1-000010"`, `"1";40;"1-000010"`, "D-706"},
		{"number of a closing to come", "references.csv", `"2026-11-26T18:00:00.250Z";"1";41;"1-000010"`, `"";"1";99;"1-000010"`, "D-706"},
		{"till of the closing referred to", "references.csv", `"1";41;"1-000010"`, `"3";41;"1-000010"`, "D-706"},
		{
			"time of the closing referred to", "references.csv", `"2026-11-26T18:00:00.250Z";"1";41;"1-000010"`,
			`"2026-11-26T18:01:00.250Z";"1";41;"1-000010"`, "D-706",
		},
		{"reference without closing", "references.csv", `"2026-11-26T18:00:00.250Z";"1";41;"1-000010"`, `"";"1";;"1-000010"`, "D-706"},
		{"reference of another kind", "references.csv", `"Transaktion"`, `"ExterneRechnung"`, "D-707"},
		{
			"reference of a Storno deleted", "references.csv",
			`"1";"2026-11-26T18:00:00.250Z";41;"1-000026";"";"Transaktion";"";"2026-11-26T18:00:00.250Z";"1";41;"1-000002"` + "\r\n", "", "T-458",
		},
		{"line of a reference", "references.csv", `"1-000011";"";"Transaktion"`, `"1-000011";"7";"Transaktion"`, "T-432"},
		{"tax of a key", "transactions_vat.csv", "8,95000;7,52000;1,43000", "8,95000;7,51000;1,44000", "D-708"},
		{"key of a record deleted", "transactions_vat.csv", kopf + `"1-000005";1;`, kopf + `"1-000005";2;`, "D-708"},
		{"quantity", "lines.csv", "2,000;;\"\";3,49000", "3,000;;\"\";3,49000", "D-709"},
		{"price of one", "lines.csv", "2,000;;\"\";3,49000", "2,000;;\"\";3,59000", "D-709"},
		{"nothing was paid", "datapayment.csv", kopf + `"1-000005";"Keine";"";"EUR";;0,00` + "\r\n", "", "D-710"},
		{"booking day", "cashpointclosing.csv", `42;"2026-11-26"`, `42;"2026-11-29"`, "D-711"},
		{"booking day", "cashpointclosing.csv", `42;"2026-11-26"`, `42;"2026-11-23"`, "D-711"},
		{"rate of a key", "vat.csv", "41;6;0,00", "41;6;7,00", "D-712"},
		{"agency", "lines.csv", `"0";;"00999996"`, `"0";7;"00999996"`, "D-713"},
		{"terminal", "transactions.csv", `"Beleg";"";"";"0"`, `"Beleg";"";"T7";"0"`, "D-713"},
		{"country", "location.csv", `"DEU"`, `"de"`, "D-714"},
		{"currency", "datapayment.csv", `"EUR"`, `"€"`, "D-714"},
		{"currency of the till", "datapayment.csv", `"EUR";;8,95`, `"EUR";8,90;8,95`, "D-715"},
		{"another currency without its amount", "datapayment.csv", `"EUR";;8,95`, `"CHF";;8,95`, "D-715"},
		{"key of a discount", "itemamounts.csv", `"Rabatt";1;`, `"Rabatt";2;`, "D-716"},
		{"no price before the discount", "itemamounts.csv", `"Grundpreis"`, `"Rabatt"`, "D-716"},
		{"no VAT", "cashregister.csv", `"EUR";"0"`, `"EUR";"1"`, "D-717"},
		{"dropped cart not in transactions_tse", "transactions_tse.csv", kopf + `"1-000016"`, kopf + `"1-000015"`, "T-440"},
		{"transaction twice", "transactions_tse.csv", `"1-000002";1;2;`, `"1-000002";1;1;`, "T-460"},
	} {
		list := unpack(t, tage(t))
		i := slices.IndexFunc(list, func(d datei) bool { return d.name == c.datei })
		switch {
		case c.alt == "":
			list = slices.Delete(list, i, i+1)
		case !strings.Contains(list[i].text, c.alt):
			t.Fatalf("%s: %s does not contain %s", c.what, c.datei, c.alt)
		case c.code == "T-416" || c.code == "T-417":
			list[i].text = strings.ReplaceAll(list[i].text, c.alt, c.neu)
		default:
			list[i].text = strings.Replace(list[i].text, c.alt, c.neu, 1)
		}
		_, found := check(t, pack(t, list))
		if !slices.ContainsFunc(found, func(f pruefung.Fund) bool { return f.Code == c.code && f.Datei != "" }) {
			t.Errorf("%s in %s: %q, want %s", c.what, c.datei, found, c.code)
		}
	}
}

func TestNoArchive(t *testing.T) {
	_, err := pruefung.Pruefen(strings.NewReader("PK"), 2, nil, func(pruefung.Fund) {})
	if err == nil || !strings.Contains(err.Error(), "T-406") {
		t.Error(err)
	}
}

// A ZIP that would fill the disk of whoever unpacks it is not read to its end.
func TestBomb(t *testing.T) {
	list := unpack(t, tage(t))
	i := slices.IndexFunc(list, func(d datei) bool { return d.name == "payment.csv" })
	list[i].text += strings.Repeat("\"\"\r\n", 10<<20)
	_, found := check(t, pack(t, list))
	if !slices.ContainsFunc(found, func(f pruefung.Fund) bool { return f.Code == "T-407" }) {
		t.Errorf("%d findings without T-407", len(found))
	}
	list = nil
	for i := range 200 {
		list = append(list, datei{fmt.Sprint(i), ""})
	}
	if _, found := check(t, pack(t, list)); len(found) != 1 || found[0].Code != "T-407" {
		t.Errorf("%q", found)
	}
}

// What is told of a hostile export never steers the terminal, and is one line of bounded length.
func TestFundDruckbar(t *testing.T) {
	list := append(unpack(t, tage(t)), datei{"x\x1b[2J\n.csv", ""})
	for i := range list {
		if list[i].name == "lines.csv" {
			list[i].text = strings.Replace(list[i].text, "\r\n", "\r\n\"\x1b]0;\u202e\u009b"+strings.Repeat("ä", 5000)+"\";", 1)
		}
	}
	_, found := check(t, pack(t, list))
	for _, f := range found {
		s := f.String()
		if len(s) > 2000 || strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) {
			t.Errorf("%.300q", s)
		}
	}
	if len(found) < 2 {
		t.Errorf("%v", found)
	}
}

// More rows than are kept in memory are read to their end, by way of files of which none is left;
// a folder for them that is not there is said (D-703).
func TestManyRows(t *testing.T) {
	list := unpack(t, tage(t))
	i := slices.IndexFunc(list, func(d datei) bool { return d.name == "datapayment.csv" })
	var b strings.Builder
	for n := range 400_000 {
		fmt.Fprintf(&b, "\"1\";\"2026-11-26T18:00:00.250Z\";41;\"9-%038d\";\"Bar\";\"Bar, wie sie auch immer heißen mag, lang\";\"EUR\";;%d,00\r\n", n, n%90)
	}
	list[i].text += b.String()
	raw, dir, codes := pack(t, list), t.TempDir(), map[string]int{}
	r, err := pruefung.PruefenIn(dir, bytes.NewReader(raw), int64(len(raw)), nil, func(f pruefung.Fund) { codes[f.Code]++ })
	if err != nil || r.Funde != 400_000 || codes["T-431"] != 1000 {
		t.Errorf("%v %+v %v", err, r, codes)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v %v", left, err)
	}
	_, err = pruefung.PruefenIn(dir+"/none", bytes.NewReader(raw), int64(len(raw)), nil, func(pruefung.Fund) {})
	if err == nil || !strings.Contains(err.Error(), "D-703") {
		t.Error(err)
	}
}

// More closings than a pharmacy can have end the check with one sentence, not with the memory.
func TestManyClosings(t *testing.T) {
	list := unpack(t, tage(t))
	i := slices.IndexFunc(list, func(d datei) bool { return d.name == "cashpointclosing.csv" })
	row := strings.Split(list[i].text, "\r\n")[1]
	var b strings.Builder
	for n := range 100_000 {
		b.WriteString(strings.Replace(row, ";41;", fmt.Sprintf(";%d;", 1000+n), 1) + "\r\n")
	}
	list[i].text += b.String()
	_, found := check(t, pack(t, list))
	if len(found) != 1 || found[0].Code != "D-702" {
		t.Errorf("%d findings: %.500q", len(found), fmt.Sprint(found))
	}
}

func TestFileThatDoesNotBelong(t *testing.T) {
	list := append(unpack(t, tage(t)), datei{"../x.exe", "MZ"})
	if _, found := check(t, pack(t, list)); len(found) != 1 || found[0].Code != "T-411" {
		t.Errorf("%q", found)
	}
}

// position draws a line of a sale: with or without discount, prescription, VAT.
func position(t *rapid.T, nr int) bon.Position {
	menge := rapid.IntRange(1, 9).Draw(t, "quantity")
	preis := money.Cent(rapid.Int64Range(1, 30_000).Draw(t, "price"))
	p := bon.Position{Nr: nr, PZN: "00999996", Menge: menge, Preis: preis}
	p.Bezeichnung = rapid.StringMatching(`[A-Za-zÄÖÜß0-9;"„€ \n]{1,60}`).Draw(t, "text")
	p.MwSt = rapid.SampledFrom([]money.PPM{0, 7 * money.Percent, 19 * money.Percent}).Draw(t, "rate")
	if rapid.Bool().Draw(t, "discount") {
		p.Rabatt = money.Cent(rapid.Int64Range(0, int64(preis)).Draw(t, "off"))
	}
	p.Gesamt = preis*money.Cent(menge) - p.Rabatt
	p.Privat = p.Gesamt
	if p.Gesamt > 1000 && rapid.Bool().Draw(t, "prescription") {
		p.Privat, p.Traeger, p.Zuzahlung = 0, zuzahlung.GKV, money.Cent(rapid.Int64Range(0, 1000).Draw(t, "share"))
		p.TraegerZahlt = p.Gesamt - p.Zuzahlung
		p.Kulanz = rapid.SampledFrom([]money.Cent{0, p.Zuzahlung}).Draw(t, "waived")
	}
	return p
}

func record(t *rapid.T) bon.Bon {
	b := bon.Bon{Art: bon.Verkauf, Unbar: rapid.Bool().Draw(t, "as payment"), Uebung: rapid.IntRange(0, 9).Draw(t, "kind") == 0}
	for i := range rapid.IntRange(1, 5).Draw(t, "lines") {
		b.Positionen = append(b.Positionen, position(t, i+1))
	}
	for range rapid.IntRange(-3, 3).Draw(t, "taken out") {
		p := position(t, rapid.IntRange(1, 9).Draw(t, "line"))
		b.Entfernt = append(b.Entfernt, p.Entfernt(rapid.IntRange(1, p.Menge).Draw(t, "packs")))
	}
	switch rapid.IntRange(0, 9).Draw(t, "what") {
	case 0:
		b.Art = bon.Abbruch
		return b
	case 1:
		b.Art = bon.Bestellung
		return b
	case 2:
		b.Positionen = b.Umkehr()
	}
	sum := b.Summen().Patient
	card := money.Cent(rapid.Int64Range(0, 5000).Draw(t, "card"))
	for _, z := range []bon.Zahlung{{Art: bon.Karte, Betrag: card}, {Art: bon.Bar, Betrag: sum - card}} {
		if z.Betrag != 0 {
			b.Zahlungen = append(b.Zahlungen, z)
		}
	}
	return b
}

// Whatever is sold on whatever days, the export has nothing wrong with it.
func TestRandomDays(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		device, err := muster.NewTSE("Zufall")
		if err != nil {
			t.Fatal(err)
		}
		var q muster.Quelle
		first, at := 1, time.Date(2026, 10, 24, 6, 0, 0, 0, time.UTC)
		for z := range rapid.IntRange(1, 3).Draw(t, "closings") {
			var list []bon.Bon
			out := map[int]string{}
			for i := range rapid.IntRange(1, 5).Draw(t, "records") {
				b := record(t)
				b.Zeit, b.Tag, b.Benutzer = at.UnixNano(), clock.DayOf(at), "AB"
				at = at.Add(time.Duration(rapid.IntRange(1, 36_000).Draw(t, "seconds")) * time.Second)
				if rapid.IntRange(0, 5).Draw(t, "TSE") == 0 {
					out[i] = "Zeitüberschreitung"
				}
				list = append(list, b)
			}
			closing, err := muster.NewZ("1", z+1, first, at, list, device, out)
			if err != nil {
				t.Fatal(err)
			}
			first += len(list)
			q = append(q, closing)
		}
		if _, found := check(t, export(t, dir, q)); len(found) > 0 {
			t.Fatal(found)
		}
	})
}

// stored packs files without pressing them, which takes less time.
func stored(t *testing.T, list []datei) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, d := range list {
		w, err := z.CreateHeader(&zip.FileHeader{Name: d.name, Method: zip.Store})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(w, d.text); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// A damaged file is found whichever it is, also where nothing of what is checked stands in its damaged part: at
// the tax office nothing reads such an export.
func TestDamagedFile(t *testing.T) {
	all := unpack(t, tage(t))
	for _, d := range all {
		raw := stored(t, all)
		at := bytes.LastIndex(raw, []byte(d.text)) + len(d.text) - 1
		raw[at] ^= 'x' ^ '\n'
		_, list := check(t, raw)
		if !slices.ContainsFunc(list, func(f pruefung.Fund) bool { return f.Datei == d.name && f.Code == "T-408" }) {
			t.Errorf("%s: %q", d.name, list)
		}
	}
}

// No table makes the checker fall over or run on for ever.
func FuzzTable(f *testing.F) {
	for _, s := range []string{
		"Z_KASSE_ID;Z_ERSTELLUNG;Z_NR\r\n\"1\";\"x\";1\r\n", "\"a", "a\"b;c\n;;\r", "\uFEFFZ_NR;\"\"\"\"\r\n",
	} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, closings, payments string) {
		check(t, stored(t, []datei{{"cashpointclosing.csv", closings}, {"payment.csv", payments}}))
	})
}

func FuzzZIP(f *testing.F) {
	f.Add([]byte("PK\x05\x06\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if len(raw) > 1<<16 {
			t.Skip()
		}
		_, _ = pruefung.Pruefen(bytes.NewReader(raw), int64(len(raw)), muster.Pruefer, func(pruefung.Fund) {})
	})
}
