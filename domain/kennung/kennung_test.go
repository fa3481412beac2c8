package kennung_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
)

func TestPruefe(t *testing.T) {
	tests := []struct {
		art     kennung.Art
		wert    string
		urteil  kennung.Urteil
		pruefer string
		code    string
		source  string
	}{
		{kennung.ArtPZN, "03752864", kennung.Gueltig, "4", "", "IFA, Prüfziffernberechnung 2024"},
		{kennung.ArtPZN, "PZN - 0375 2864", kennung.Gueltig, "4", "", "as printed on packs"},
		{kennung.ArtPZN, "2758089", kennung.Gueltig, "9", "", "IFA, PZN7: weights 2 to 7"},
		{kennung.ArtPZN7, "2758089", kennung.Gueltig, "9", "", "the same, kind given"},
		{kennung.ArtPZN7, "02758089", kennung.Form, "", "K-101", "eight digits are no PZN7"},
		{kennung.ArtPZN, "2758088", kennung.Pruefziffer, "9", "K-103", "seven digits, wrong check digit"},
		{kennung.ArtPZN, "0000261", kennung.NieVergeben, "10", "K-104", "remainder 10"},
		{kennung.ArtPZN, "11111111", kennung.Pruefziffer, "6", "K-102", "28 mod 11 = 6"},
		{kennung.ArtPZN, "00000265", kennung.NieVergeben, "10", "K-104", "remainder 10"},
		{kennung.ArtPZN, "123456", kennung.Form, "", "K-101", "six digits"},
		{kennung.ArtPZN, "123456789", kennung.Form, "", "K-101", "nine digits"},
		{kennung.ArtPZN, "1234567a", kennung.Form, "", "K-101", "a letter"},
		{kennung.ArtPZN, "", kennung.Form, "", "K-101", "nothing"},
		{kennung.ArtPZN, strings.Repeat("1", 65), kennung.Form, "", "K-100", "too long to look at"},
		{kennung.ArtPZNBasis, "0000003", kennung.NieVergeben, "10", "K-104", "3·7 mod 11 = 10"},
		{kennung.ArtPZNBasis, "0375286", kennung.Gueltig, "4", "", "IFA"},
		{kennung.ArtPZNBasis, "03752864", kennung.Form, "", "K-107", "with check digit"},
		{kennung.ArtHausPZN, "08000006", kennung.Pruefziffer, "5", "K-102", "8·2 mod 11 = 5"},
		{kennung.ArtHausPZN, "08000005", kennung.Gueltig, "5", "K-105", "ABDATA: bases 0800000–0839999"},
		{kennung.ArtHausPZN, "80000008", kennung.Gueltig, "8", "K-105", "ABDATA: bases 8000000–8399999"},
		{kennung.ArtHausPZN, "08585997", kennung.Form, "7", "K-106", "a market PZN just outside"},
		{kennung.ArtIK, "260326822", kennung.Gueltig, "2", "", "digits 3–8, weights 2,1"},
		{kennung.ArtIK, "987654321", kennung.Pruefziffer, "4", "K-112", "placeholder"},
		{kennung.ArtIK, "26032682", kennung.Form, "", "K-111", "eight digits"},
		{kennung.ArtKVNR, "a123456780", kennung.Gueltig, "0", "", "lower case is accepted"},
		{kennung.ArtKVNR, "X110411675", kennung.Gueltig, "5", "", "gematik example"},
		{kennung.ArtKVNR, "X234567890", kennung.Pruefziffer, "1", "K-122", "placeholder: warns only"},
		{kennung.ArtKVNR, "1234567890", kennung.Form, "", "K-121", "no letter"},
		{kennung.ArtLANR, "838382202", kennung.Gueltig, "2", "", "KBV"},
		{kennung.ArtLANR, "123456789", kennung.Pruefziffer, "6", "K-132", "7th digit is the check digit"},
		{kennung.ArtLANR, "999999900", kennung.Pseudo, "9", "K-133", "agreed pseudo number"},
		{kennung.ArtLANR, "444444455", kennung.Pseudo, "4", "K-133", "agreed pseudo number"},
		{kennung.ArtLANR, "12345678", kennung.Form, "", "K-131", "eight digits"},
		{kennung.ArtBSNR, "000000000", kennung.NurForm, "", "", "no check digit"},
		{kennung.ArtBSNR, "72222220", kennung.Form, "", "K-141", "eight digits"},
		{kennung.ArtIDF, "1234567", kennung.NurForm, "", "", "check rule not published"},
		{kennung.ArtIDF, "123456", kennung.Form, "", "K-142", "six digits"},
		{kennung.ArtGTIN8, "96385074", kennung.Gueltig, "4", "", "GS1"},
		{kennung.ArtGTIN12, "036000291452", kennung.Gueltig, "2", "", "GS1 UPC-A"},
		{kennung.ArtGTIN13, "4006381333931", kennung.Gueltig, "1", "", "GS1"},
		{kennung.ArtGTIN, "4006381333930", kennung.Pruefziffer, "1", "K-152", "GS1"},
		{kennung.ArtGTIN, "400638133393", kennung.Pruefziffer, "0", "K-152", "last digit lost: reads as twelve"},
		{kennung.ArtGTIN14, "03574661451947", kennung.Gueltig, "7", "", "GS1"},
		{kennung.ArtGTIN14, "4006381333931", kennung.Form, "", "K-151", "thirteen digits"},
		{kennung.ArtSSCC, "106141412345678908", kennung.Gueltig, "8", "", "GS1 example"},
		{kennung.ArtNTIN, "04150037528643", kennung.Gueltig, "3", "", "securPharm rules"},
		{kennung.ArtNTIN, "4150037528643", kennung.Gueltig, "3", "", "the same as EAN-13"},
		{kennung.ArtNTIN, "4006381333931", kennung.Form, "1", "K-153", "another GTIN"},
		{kennung.ArtNTIN, "4150037528650", kennung.Pruefziffer, "0", "K-154", "GTIN right, PZN wrong"},
		{kennung.ArtPPN, "110375286414", kennung.Gueltig, "14", "", "IFA"},
		{kennung.ArtPPN, "111111111111", kennung.Pruefziffer, "81", "K-162", "mod 97"},
		{kennung.ArtPPN, "1103752864", kennung.Form, "", "K-161", "too short"},
		{kennung.ArtPPN, "1312345MED777094", kennung.Form, "", "K-161", "an HPC is no PPN"},
		{kennung.ArtHPC, "1312345MED777094", kennung.Gueltig, "94", "", "IFA"},
		{kennung.ArtHPC, "13A*94", kennung.Form, "", "K-161", "forbidden character"},
		{kennung.ArtUDI, "PP12345ABCD.12345678.9004", kennung.Gueltig, "04", "", "IFA"},
		{kennung.ArtIBAN, "DE89 3704 0044 0532 0130 00", kennung.Gueltig, "mod97=1", "", "ISO 13616"},
		{kennung.ArtIBAN, "de88370400440532013000", kennung.Pruefziffer, "mod97=0", "K-172", "one off"},
		{kennung.ArtIBAN, "DE8937040044053201300", kennung.Form, "", "K-171", "21 characters"},
		{kennung.ArtIBAN, "GB82WEST12345698765432", kennung.Gueltig, "mod97=1", "", "ISO 13616"},
		{kennung.ArtIBAN, "GB82WEST1234569876543*", kennung.Form, "", "K-171", "forbidden character"},
		{kennung.ArtTransaktionsnummer, "123456786", kennung.Gueltig, "6", "", "TA1 chapter 7"},
		{kennung.ArtTransaktionsnummer, "123456784", kennung.Pruefziffer, "6", "K-182", "not 10 − remainder"},
		{kennung.ArtTransaktionsnummer, "12345678", kennung.Form, "", "K-181", "eight digits"},
	}
	for _, tt := range tests {
		t.Run(string(tt.art)+" "+tt.wert, func(t *testing.T) {
			e := kennung.Pruefe(tt.art, tt.wert)
			code := ""
			if e.Befund != nil {
				code = e.Befund.Code
			}
			if e.Urteil != tt.urteil || e.Pruefer != tt.pruefer || code != tt.code {
				t.Errorf("Pruefe = %s %q %s, want %s %q %s (%s)", e.Urteil, e.Pruefer, code, tt.urteil, tt.pruefer, tt.code, tt.source)
			}
		})
	}
}

func TestOnlyWarningsStayUsable(t *testing.T) {
	for _, tt := range []struct {
		art  kennung.Art
		wert string
		want bool
	}{
		{kennung.ArtKVNR, "X234567890", true},
		{kennung.ArtLANR, "999999900", true},
		{kennung.ArtBSNR, "123456789", true},
		{kennung.ArtPZN, "03752864", true},
		{kennung.ArtPZN, "03752865", false},
		{kennung.ArtKVNR, "X23", false},
	} {
		if got := kennung.Pruefe(tt.art, tt.wert).Brauchbar(); got != tt.want {
			t.Errorf("%s %s usable: %v, want %v", tt.art, tt.wert, got, tt.want)
		}
	}
}

func TestTranspositionIsNamed(t *testing.T) {
	e := kennung.Pruefe(kennung.ArtPZN, "03752846") // 03752864 with its last digits exchanged
	if e.Befund == nil || !strings.Contains(e.Befund.Text, "03752864") {
		t.Errorf("advice does not name the right number: %+v", e.Befund)
	}
}

// A single wrong digit and two exchanged neighbours are always found: 11 is prime
// and greater than every weight.
func TestPZNFindsTypingErrors(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPZN(t)
		i := rapid.IntRange(0, 7).Draw(t, "position")
		b := []byte(p)
		b[i] = '0' + (b[i]-'0'+byte(rapid.IntRange(1, 9).Draw(t, "by")))%10
		if _, err := kennung.ParsePZN(string(b)); err == nil {
			t.Fatalf("%s accepted for %s", b, p)
		}
		b = []byte(p)
		j := rapid.IntRange(0, 6).Draw(t, "exchange")
		b[j], b[j+1] = b[j+1], b[j]
		if _, err := kennung.ParsePZN(string(b)); err == nil && string(b) != string(p) {
			t.Fatalf("%s accepted for %s", b, p)
		}
	})
}

func TestPZNTravelsInEveryCode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyPZN(t)
		if got, ok := p.NTIN().PZN(); !ok || got != p {
			t.Fatalf("NTIN %s of %s gives %s", p.NTIN(), p, got)
		}
		if got, ok := kennung.PZNVonPPN(p.PPN()); !ok || got != p {
			t.Fatalf("PPN %s of %s gives %s", p.PPN(), p, got)
		}
		for _, e := range []kennung.Ergebnis{
			kennung.Pruefe(kennung.ArtNTIN, string(p.NTIN())), kennung.Pruefe(kennung.ArtPPN, p.PPN()),
			kennung.Pruefe(kennung.ArtPZN, "-"+string(p)),
		} {
			if e.Urteil != kennung.Gueltig {
				t.Fatalf("%+v", e)
			}
		}
	})
}

func TestTransaktionsnummerIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := kennung.Transaktionsnummer(fmt.Sprintf("%08d", rapid.IntRange(0, 99_999_999).Draw(t, "n")))
		if e := kennung.Pruefe(kennung.ArtTransaktionsnummer, s); e.Urteil != kennung.Gueltig {
			t.Fatalf("%+v", e)
		}
	})
}

func TestHausPZN(t *testing.T) {
	seen := map[kennung.PZN]bool{}
	for n := range 300 {
		p, ok := kennung.HausPZN(n)
		if !ok || !kennung.IstHausPZN(p) || seen[p] {
			t.Fatalf("HausPZN(%d) = %s, %v", n, p, ok)
		}
		seen[p] = true
	}
	if _, ok := kennung.HausPZN(-1); ok {
		t.Error("HausPZN(-1) gave a number")
	}
	if _, ok := kennung.HausPZN(500_000); ok {
		t.Error("the house ranges should be used up")
	}
	for p, want := range map[kennung.PZN]bool{"08585997": false, "08399991": true, "08400006": false, "84000001": false, "": false} {
		if got := kennung.IstHausPZN(p); got != want {
			t.Errorf("IstHausPZN(%q) = %v", p, got)
		}
	}
}

func TestParseGTIN(t *testing.T) {
	if g, err := kennung.ParseGTIN("4006381333931"); err != nil || g != "04006381333931" {
		t.Errorf("ParseGTIN = %q, %v", g, err)
	}
	if _, err := kennung.ParseGTIN("4006381333930"); err == nil {
		t.Error("wrong check digit accepted")
	}
	if _, ok := kennung.GTIN("04006381333931").PZN(); ok {
		t.Error("a foreign GTIN gave a PZN")
	}
	if _, ok := kennung.PZNVonPPN("1312345MED777094"); ok {
		t.Error("an HPC gave a PZN")
	}
	if _, ok := kennung.ArtVonPPN("1"); ok {
		t.Error("one character is no agency")
	}
}

func TestPPNWithWrongPZN(t *testing.T) {
	// Right modulo 97, but the PZN inside has a wrong check digit.
	e := kennung.Pruefe(kennung.ArtPPN, kennung.PZN("11111111").PPN())
	if e.Urteil != kennung.Pruefziffer || e.Befund.Code != "K-163" {
		t.Errorf("%+v", e)
	}
}

func TestParsePZN(t *testing.T) {
	for in, want := range map[string]kennung.PZN{
		"03752864": "03752864", " pzn: 03752864": "03752864", "-2758089": "02758089", "PZN-03752864": "03752864", "*-27580899*": "27580899",
	} {
		if got, err := kennung.ParsePZN(in); err != nil || got != want {
			t.Errorf("ParsePZN(%q) = %q, %v", in, got, err)
		}
	}
}

func TestProgrammerErrorsPanic(t *testing.T) {
	for name, f := range map[string]func(){
		"unknown Art":  func() { kennung.Pruefe("Schuhgröße", "42") },
		"short base":   func() { kennung.PZNCheck("123") },
		"short number": func() { kennung.Transaktionsnummer("1") },
	} {
		t.Run(name, func(t *testing.T) {
			defer func() {
				if recover() == nil {
					t.Error("no panic")
				}
			}()
			f()
		})
	}
}

// FuzzPruefe: whatever is typed, every kind answers, with a German sentence that
// carries a code wherever the number is not usable.
func FuzzPruefe(f *testing.F) {
	for _, s := range []string{"", "03752864", "DE89370400440532013000", "\xff\x00", "PP12345ABCD.12345678.9004", "ä"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		for _, a := range []kennung.Art{
			kennung.ArtPZN, kennung.ArtPZN7, kennung.ArtPZNBasis, kennung.ArtHausPZN, kennung.ArtIK, kennung.ArtKVNR,
			kennung.ArtLANR, kennung.ArtBSNR, kennung.ArtIDF, kennung.ArtGTIN, kennung.ArtNTIN, kennung.ArtSSCC,
			kennung.ArtPPN, kennung.ArtHPC, kennung.ArtUDI, kennung.ArtIBAN, kennung.ArtTransaktionsnummer,
		} {
			e := kennung.Pruefe(a, s)
			bad := e.Urteil == kennung.Form || e.Urteil == kennung.Pruefziffer || e.Urteil == kennung.NieVergeben
			if e.Urteil == "" || bad && (e.Befund == nil || e.Befund.Schwere == befund.Hinweis) {
				t.Fatalf("%s %q: %+v", a, s, e)
			}
		}
	})
}

func anyPZN(t *rapid.T) kennung.PZN {
	base := rapid.Custom(func(t *rapid.T) string {
		return fmt.Sprintf("%07d", rapid.IntRange(1, 9_999_999).Draw(t, "base"))
	}).Filter(func(s string) bool { _, ok := kennung.PZNCheck(s); return ok }).Draw(t, "issuable")
	check, _ := kennung.PZNCheck(base)
	return kennung.PZN(base + string(check))
}
