package preisprobe_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/preisprobe"
)

const header = "id,case,date,payer,kind,apu_net,aep_net,wholesale_markup,pharmacy_markup,avp_net,vat_pct,vat_amount," +
	"avp_gross,packs,festbetrag,patient_flags,exp_zuzahlung,exp_mehrkosten,exp_eigenanteil_or_other," +
	"exp_apothekenabschlag,line_total_gross,authority,check,source,note"

func probe(t testing.TB) preisprobe.Probe {
	t.Helper()
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	return preisprobe.Probe{Recht: s}
}

// oracles are the copy in the repository and, where it is, the reference itself.
func oracles(t *testing.T) map[string][]byte {
	t.Helper()
	files := map[string]string{"copy": filepath.Join("testdata", "oracle.csv")}
	if dir := os.Getenv("OFFIZIN_REFERENZ"); dir != "" {
		files["reference"] = filepath.Join(dir, "pricing", "oracle.csv")
	}
	all := map[string][]byte{}
	for name, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[name] = data
	}
	return all
}

func TestOracle(t *testing.T) {
	for name, data := range oracles(t) {
		t.Run(name, func(t *testing.T) {
			sum, err := probe(t).Check(bytes.NewReader(data), func(e preisprobe.Ergebnis) error {
				if e.State == preisprobe.Differ || e.State == preisprobe.Ungeklaert && e.Klasse != "U" {
					t.Errorf("%s (%s): %s %v %s", e.ID, e.Klasse, e.State, e.Unterschiede, e.Grund)
				}
				return nil
			})
			if err != nil || sum.Agree < 139 || sum.Ungeklaert > 6 {
				t.Errorf("%v: %s", err, sum)
			}
		})
	}
}

// inputs are the columns that stay when everything that can be computed is emptied.
var inputs = map[string]string{
	"REZEPTUR": "aep_net pharmacy_markup", "REZEPTUR_OLD": "pharmacy_markup", "PARENTERAL": "pharmacy_markup",
	"FAM_LINE": "line_total_gross festbetrag", "BILLING": "line_total_gross exp_apothekenabschlag",
	"PFLEGEHILFSMITTEL": "line_total_gross", "ZUZAHLUNG": "avp_gross",
}

const computed = "apu_net aep_net wholesale_markup pharmacy_markup avp_net vat_pct vat_amount avp_gross festbetrag " +
	"exp_zuzahlung exp_mehrkosten exp_eigenanteil_or_other exp_apothekenabschlag line_total_gross"

// TestBlindOracle empties every cell but the lowest input, computes, puts the expected
// cells back and checks: nothing may be read from the answer.
func TestBlindOracle(t *testing.T) {
	data := oracles(t)["copy"]
	rows := table(t, data)
	blind := table(t, data)
	col := index(rows[0])
	for _, row := range blind[1:] {
		keep := inputs[row[col["kind"]]]
		for _, name := range []string{"apu_net", "aep_net", "avp_net", "avp_gross"} {
			if k := row[col["kind"]]; (k == "RX_FAM" || k == "OTC_KASSE") && keep == "" && row[col[name]] != "" {
				keep = name
			}
		}
		for name := range strings.FieldsSeq(computed) {
			if !strings.Contains(" "+keep+" ", " "+name+" ") {
				row[col[name]] = ""
			}
		}
	}
	out := compute(t, write(t, blind))
	filled := 0
	for i, row := range out[1:] {
		for name, k := range col {
			if blind[i+1][k] != "" && blind[i+1][k] != row[k] {
				t.Errorf("%s: %s changed from %q to %q", row[0], name, blind[i+1][k], row[k])
			}
			if a := rows[i+1][col["authority"]]; a == "U" || a == "X" {
				continue
			}
			if want := rows[i+1][k]; want != "" && row[k] != want && plain(want) {
				t.Errorf("%s %s: %s = %q, want %q", row[0], row[col["kind"]], name, row[k], want)
			} else if blind[i+1][k] == "" && row[k] != "" {
				filled++
			}
		}
	}
	if filled < 550 {
		t.Errorf("only %d cells filled", filled)
	}
}

// plain is a cell that is nothing but a number with two decimals.
func plain(s string) bool {
	return strings.Trim(s, "0123456789.") == "" && strings.Contains(s, ".") && s != "19.00"
}

func table(t *testing.T, data []byte) [][]string {
	t.Helper()
	rows, err := csv.NewReader(bytes.NewReader(data)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

func index(header []string) map[string]int {
	m := map[string]int{}
	for i, name := range header {
		m[name] = i
	}
	return m
}

func write(t *testing.T, rows [][]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := csv.NewWriter(&b).WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compute(t *testing.T, data []byte) [][]string {
	t.Helper()
	var out bytes.Buffer
	hints, err := probe(t).Compute(bytes.NewReader(data), &out)
	if err != nil || len(hints) > 0 {
		t.Fatalf("%v %+v", err, hints)
	}
	return table(t, out.Bytes())
}

// TestCases are single rows of every kind beyond the oracle: given cells, expected.
func TestCases(t *testing.T) {
	for _, c := range []struct{ given, want string }{
		{"kind=FEE;date=2017-05-13..2019-12-31;case=BtM", "avp_gross=2.91"},
		{"kind=FEE;date=2024-06;case=Sichtbezug 18774506", "avp_gross=5.49;vat_pct=0;vat_amount=0.00"},
		{"kind=FEE;date=2020-10-01;case=Botendienst", "avp_gross=2.90;avp_net=2.50;vat_amount=0.40"},
		{"kind=FEE;date=2026-11-23;case=Wiederabgabe 02567047", "avp_gross=6.90"},
		{"kind=FEE;date=2026-01-01;case=Grippe 17716926+17716955+18774512", "avp_gross=12.10"},
		{"kind=FEE;date=2026-01-01;case=Auseinzelung 1/10;line_total_gross=102.70", "avp_gross=10.27"},
		{"kind=FEE;date=2026-01-01;case=Auseinzelung;avp_net=8.63", "avp_gross=10.27"},
		{"kind=KASSENABSCHLAG;date=2013-09;payer=GKV", "exp_apothekenabschlag=1.85"},
		{"kind=KASSENABSCHLAG;date=2025-02-01;payer=GKV;packs=2", "exp_apothekenabschlag=3.54"},
		{"kind=KASSENABSCHLAG;date=2026-11-23;payer=GKV;case=OTC;avp_gross=7.97", "exp_apothekenabschlag=0.40"},
		{"kind=BILLING;date=2025-10;payer=GKV;line_total_gross=82.20;packs=2", "exp_apothekenabschlag=3.54;vat_amount=12.56"},
		{"kind=BILLING;date=2025-10;payer=GKV;line_total_gross=7.97", "exp_apothekenabschlag=0.40;vat_amount=1.21;vat_pct=19"},
		{"kind=BILLING;date=2025-10;payer=PKV;line_total_gross=11.90", "exp_apothekenabschlag=0.00;vat_amount=1.90"},
		{"kind=FAM_LINE;date=2025-10-27;payer=GKV;line_total_gross=98.02;patient_flags=StatusCoPayment 2", "exp_zuzahlung=0.00;exp_eigenanteil_or_other=Eigenbeteiligung 49.01"},
		{"kind=FAM_LINE;date=2026-02-28;payer=GKV;line_total_gross=20.00;patient_flags=StatusCoPayment 0 born 2008-02-29", "exp_zuzahlung=0.00"},
		{"kind=FAM_LINE;date=2026-03-01;payer=GKV;line_total_gross=20.00;patient_flags=StatusCoPayment 0 born 2008-02-29", "exp_zuzahlung=5.00"},
		{"kind=FAM_LINE;date=2025-10-27;payer=GKV;avp_gross=20.00;packs=2;patient_flags=pregnant", "exp_zuzahlung=0.00;line_total_gross=40.00"},
		{"kind=FAM_LINE;date=2027-01-01;payer=GKV;avp_gross=90.00;festbetrag=80.00", "exp_zuzahlung=8.00;exp_mehrkosten=10.00"},
		{"kind=PFLEGEHILFSMITTEL;date=2025-10-10;payer=PFLEGE;case=PG54;line_total_gross=121.14", "exp_zuzahlung=0.00;exp_mehrkosten=79.14"},
		{"kind=PFLEGEHILFSMITTEL;date=2025-10-10;payer=PFLEGE;case=PG51 exempt;line_total_gross=52.36", "exp_zuzahlung=0.00"},
		{"kind=PFLEGEHILFSMITTEL;date=2025-10-10;payer=PFLEGE;case=PG54 Beihilfe;line_total_gross=30.83", "exp_eigenanteil_or_other=Kostenanteil Beihilfe/Kasse 15.42"},
		{"kind=PARENTERAL;date=2025-11-03;payer=PKV;pharmacy_markup=3x(17.33+1.36+90.00)+0.96 Verwurf", "avp_gross=389.17;exp_zuzahlung=0.00"},
		{"kind=RX_FAM;date=2026-11-23;payer=any;aep_net=52.31;authority=S", "pharmacy_markup=10.33;avp_gross=74.54;exp_zuzahlung="},
		{"kind=RX_FAM;date=2026-11-23;payer=GKV;apu_net=50.00;vat_pct=7", "vat_amount=4.38;avp_gross=67.02;exp_zuzahlung=6.70"},
		{"kind=ZUZAHLUNG;date=..2026-12-31;payer=GKV;avp_gross=50.05", "exp_zuzahlung=5.01"},
	} {
		row, col := given(c.given)
		var out bytes.Buffer
		if _, err := probe(t).Compute(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), &out); err != nil {
			t.Fatal(err)
		}
		got := table(t, out.Bytes())[1]
		for pair := range strings.SplitSeq(c.want, ";") {
			name, value, _ := strings.Cut(pair, "=")
			if got[col[name]] != value {
				t.Errorf("%s: %s = %q, want %q", c.given, name, got[col[name]], value)
			}
		}
	}
}

func given(text string) ([]string, map[string]int) {
	names := strings.Split(header, ",")
	col := index(names)
	row := make([]string, len(names))
	for pair := range strings.SplitSeq(text, ";") {
		name, value, _ := strings.Cut(pair, "=")
		row[col[name]] = value
	}
	return row, col
}

// A row that cannot be computed stays as it is and says why.
func TestBadRows(t *testing.T) {
	for code, text := range map[string]string{
		"P-310": "kind=RX_FAM;date=2026-11-23;apu_net=-5.00",
		"P-311": "kind=RX_FAM;date=2026-11-23",
		"P-312": "kind=RX_FAM;date=2026-11-23;apu_net=50.00;vat_pct=300",
		"L-120": "kind=RX_FAM;date=2003-12-31;apu_net=5.00",
		"P-101": "kind=RX_FAM;date=2026-11-23;apu_net=0.00",
		"Z-106": "kind=FAM_LINE;date=2026-11-23;payer=GKV;avp_gross=5.00;patient_flags=born 2027-01-01",
	} {
		row, _ := given(text)
		var out bytes.Buffer
		hints, err := probe(t).Compute(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), &out)
		if err != nil || len(hints) != 1 || !strings.Contains(hints[0].Text, code) {
			t.Errorf("%s: %v %+v, want %s", text, err, hints, code)
		}
	}
	for _, text := range []string{
		"kind=RX_FAM;date=2026-02-30;apu_net=5.00", "kind=RX_FAM;date=;apu_net=5.00", "kind=UNKNOWN;date=2026-11-23",
		"kind=RX_FAM;date=2026-11-23;apu_net=99999999999999999999.00", "kind=RX_FAM;date=2026-11-23;apu_net=1.234",
		"kind=RX_FAM;date=2026-11-23;apu_net=5.00;packs=0", "kind=RX_FAM;date=2026-11-23;apu_net=5.00;vat_pct=x",
		"kind=REZEPTUR;date=2026-11-23;pharmacy_markup=abc", "kind=REZEPTUR;date=2026-11-23;pharmacy_markup=5(",
	} {
		row, _ := given(text)
		var out bytes.Buffer
		hints, err := probe(t).Compute(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), &out)
		if err != nil || len(hints) != 1 || !strings.Contains(hints[0].Text, "P-310") {
			t.Errorf("%s: %v %+v", text, err, hints)
		}
	}
}

// A rate of VAT that the day or the fee does not have contradicts the row, whatever its
// kind: it is named, not passed over (16 and 5 % held in the second half of 2020 alone).
func TestRateOfVATThatDoesNotHold(t *testing.T) {
	for _, text := range []string{
		"kind=RX_FAM;date=2026-11-23;apu_net=50.00;vat_pct=16", "kind=RX_FAM;date=2020-07-01;apu_net=50.00;vat_pct=19",
		"kind=OTC_KASSE;date=2026-11-23;apu_net=5.00;vat_pct=5", "kind=REZEPTUR;date=2026-11-23;avp_net=5.00;vat_pct=300",
		"kind=BILLING;date=2025-10;line_total_gross=7.97;vat_pct=190", "kind=KASSENABSCHLAG;date=2026-11-23;vat_pct=300",
		"kind=ZUZAHLUNG;date=2026-11-23;payer=GKV;avp_gross=50.05;vat_pct=300",
		"kind=FEE;date=2024-06;case=Sichtbezug 18774506;vat_pct=19", "kind=FEE;date=2024-06;case=Noctu 02567018;vat_pct=7",
	} {
		row, col := given(text)
		var out bytes.Buffer
		hints, err := probe(t).Compute(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), &out)
		if err != nil || len(hints) != 1 || !strings.Contains(hints[0].Text, "P-312") {
			t.Errorf("%s: %v %+v", text, err, hints)
		}
		if got := table(t, out.Bytes())[1]; got[col["vat_pct"]] != row[col["vat_pct"]] || got[col["vat_amount"]] != "" {
			t.Errorf("%s: the row did not stay as it is: %v", text, got)
		}
	}
}

func TestBadFiles(t *testing.T) {
	for code, text := range map[string]string{
		"P-301": strings.Repeat("x", 16<<20+1),
		"P-302": header + "\na,b\n",
		"P-304": header + "\n" + strings.Repeat("x", 4001) + strings.Repeat(",", 24) + "\n",
		"P-305": "",
		"P-306": header + ",kind\n",
		"P-307": "id,date,kind\n1,2,3\n",
		"P-303": "a\n" + strings.Repeat("b\n", 100_001),
	} {
		var out bytes.Buffer
		_, err := probe(t).Compute(strings.NewReader(text), &out)
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != code || out.Len() > 0 {
			t.Errorf("want %s, got %v with %d bytes", code, err, out.Len())
		}
	}
	_, err := probe(t).Check(strings.NewReader(strings.Replace(header, "authority", "x", 1)+"\n"), nil)
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "P-308" {
		t.Errorf("want P-308, got %v", err)
	}
}

// Differences are found in every class that counts, and only there.
func TestCheckByClass(t *testing.T) {
	for class, want := range map[string]preisprobe.State{
		"A": "differ", "A-": "differ", "B": "differ", "C": "differ", "S": "differ", "U": "ungeklaert", "X": "agree", "Q": "ungeklaert",
	} {
		row, _ := given("kind=RX_FAM;date=2026-11-23;apu_net=50.00;avp_gross=74.53;authority=" + class)
		_, err := probe(t).Check(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), func(e preisprobe.Ergebnis) error {
			if e.State != want {
				t.Errorf("class %s: %s, want %s", class, e.State, want)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for check, want := range map[string]preisprobe.State{"calc 74.54": "agree", "calc 74.55": "differ"} {
		row, _ := given("kind=RX_FAM;date=2026-11-23;apu_net=50.00;avp_gross=74.53;authority=X;check=" + check)
		if _, err := probe(t).Check(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), func(e preisprobe.Ergebnis) error {
			if e.State != want {
				t.Errorf("%s: %s, want %s", check, e.State, want)
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
}

// A range that a change of law divides is no single case.
func TestRangeAcrossAChange(t *testing.T) {
	row, _ := given("kind=ZUZAHLUNG;date=2026-12-31..2027-01-01;payer=GKV;avp_gross=10.00;exp_zuzahlung=5.00;authority=S")
	_, err := probe(t).Check(bytes.NewReader(write(t, [][]string{strings.Split(header, ","), row})), func(e preisprobe.Ergebnis) error {
		if e.State != preisprobe.Differ || e.Unterschiede[0].Berechnet != "7.50" {
			t.Errorf("%+v", e)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Whatever the file, Compute answers; what it writes has the shape of what it read,
// and given cells stay.
func FuzzCompute(f *testing.F) {
	data, err := os.ReadFile(filepath.Join("testdata", "oracle.csv"))
	if err != nil {
		f.Fatal(err)
	}
	lines := strings.SplitAfter(string(data), "\n")
	for _, i := range []int{1, 9, 12, 15, 17, 22, 40, 60, 90, 100} {
		f.Add(header + "\n" + lines[i])
	}
	f.Add("\xef\xbb\xbf" + header + "\r\n")
	f.Add("\"")
	p := probe(f)
	f.Fuzz(func(t *testing.T, text string) {
		var out bytes.Buffer
		if _, err := p.Compute(strings.NewReader(text), &out); err != nil {
			return
		}
		in, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(text, "\ufeff"))).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		got, err := csv.NewReader(&out).ReadAll()
		if err != nil || len(got) != len(in) {
			t.Fatalf("%v: %d rows of %d", err, len(got), len(in))
		}
	})
}
