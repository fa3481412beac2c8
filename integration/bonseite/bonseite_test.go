package bonseite_test

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/bonseite"
)

// beleg is a receipt of n different articles; every second one is on a prescription.
func beleg(t *testing.T, n int) quittung.Beleg {
	t.Helper()
	at := time.Date(2026, 11, 23, 9, 5, 1, 0, time.UTC)
	b := bon.Bon{Nummer: "1-004711", Art: bon.Verkauf}
	var sum money.Cent
	for z, err := range muster.Quelle(muster.Options{Seed: 7, Artikel: 2000}).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		if len(b.Positionen) == n {
			break
		}
		p := bon.Position{
			Nr: len(b.Positionen) + 1, PZN: z.Artikel.PZN, Bezeichnung: z.Artikel.Name, Packung: z.Artikel.Packung(), Menge: 1,
			Preis: max(z.Artikel.Verkaufspreis(), 100), MwSt: 19 * money.Percent,
		}
		p.Gesamt, p.Privat = p.Preis, p.Preis
		if len(b.Positionen)%2 == 0 {
			p.Rx, p.Privat, p.Zuzahlung = true, 0, min(500, p.Gesamt)
			p.TraegerZahlt = p.Gesamt - p.Zuzahlung
		}
		sum += p.Patient()
		b.Positionen = append(b.Positionen, p)
	}
	b.Zahlungen = []bon.Zahlung{{Art: bon.Bar, Betrag: sum, Gegeben: sum + 317}}
	serial, r, s := sha256.Sum256([]byte("TSE")), sha256.Sum256([]byte("r")), sha256.Sum256([]byte("s"))
	return quittung.Beleg{
		Apotheke: quittung.Apotheke{
			Name: "Löwen-Apotheke", Inhaber: "Inhaberin: Dr. Anna Beispiel e. K.", Strasse: "Bahnhofstraße 17", PLZ: "12345",
			Ort: "Musterstadt", Telefon: "01234 567890", IK: "308412345", Steuernummer: "12/345/67890",
		},
		Bon: b, Benutzer: "Bernd Muster", Zeit: at,
		Sicherung: quittung.Sicherung{
			Lage: quittung.Signiert, KassenSeriennummer: "OFZ-7KQ2M9XA", Transaktion: 48213, Zaehler: 144131,
			Beginn: at.Add(-83 * time.Second), Ende: at.Add(time.Second), Sicherheitsmodul: hex.EncodeToString(serial[:]),
			Pruefwert: base64.StdEncoding.EncodeToString(append(r[:], s[:]...)), QR: "V0;…",
		},
	}
}

// § 6 S. 1 KassenSichV: what is packed is the receipt, line by line, with the values of the TSE as
// it returned them; its code is left out, for it says the same once more (§ 6 S. 2).
func TestInhalt(t *testing.T) {
	b := beleg(t, 3)
	f, err := bonseite.Aus(b).Packen()
	if err != nil {
		t.Fatal(err)
	}
	got, err := bonseite.Auspacken(f)
	if err != nil || got.Titel != "Bon 1-004711" {
		t.Fatalf("%q %v", got.Titel, err)
	}
	var want []quittung.Zeile
	for _, z := range b.Zeilen() {
		if z.Style != quittung.Code {
			want = append(want, z)
		}
	}
	if !reflect.DeepEqual(got.Zeilen, want) {
		t.Errorf("got  %+v\nwant %+v", got.Zeilen, want)
	}
	if strings.Trim(f, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") != "" {
		t.Errorf("%q does not stand in an address as it is", f)
	}
}

// A page on the web is years older than the program: what form 1 is packed with never changes.
func TestFassungEinsBleibt(t *testing.T) {
	const packed = "1giU_AxNDcy5ln8PbylPzdGFVFXIsWupYmECjg6ChgAAAAP__"
	want := bonseite.Inhalt{Titel: "Bon 1-000417", Zeilen: []quittung.Zeile{
		{Left: "Löwen-Apotheke", Style: quittung.Big},
		{Left: "Zu zahlen", Right: "9,84 €", Style: quittung.Bold},
		{Style: quittung.Rule},
		{Left: "Vielen Dank und gute Besserung!", Style: quittung.Center},
	}}
	if got, err := bonseite.Auspacken(packed); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%+v %v", got, err)
	}
}

// Anything that a receipt can say comes back as it was.
func TestPackenUndAuspacken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`[^\x00-\x1f\x7f-\x9f]{0,60}`)
		in := bonseite.Inhalt{Titel: text.Draw(t, "title")}
		for range rapid.IntRange(0, 60).Draw(t, "lines") {
			in.Zeilen = append(in.Zeilen, quittung.Zeile{
				Left: text.Draw(t, "left"), Right: text.Draw(t, "right"), Style: quittung.Style(rapid.IntRange(0, 5).Draw(t, "style")),
			})
		}
		f, err := in.Packen()
		if len(f) > bonseite.MaxFragment || err != nil && strings.Contains(err.Error(), "not a packed receipt") {
			return // too long for any code
		}
		got, err2 := bonseite.Auspacken(f)
		if err != nil || err2 != nil || !reflect.DeepEqual(got, in) {
			t.Fatalf("%+v\n%+v %v %v", in, got, err, err2)
		}
	})
}

// Control characters would be lines or columns of the packed form.
func TestSteuerzeichen(t *testing.T) {
	b := beleg(t, 1)
	b.Bon.Positionen[0].Bezeichnung, b.Benutzer = "Salbe\n*Zu zahlen\t0,00 €", "\xff\x00"
	f, err := bonseite.Aus(b).Packen()
	if err != nil {
		t.Fatal(err)
	}
	got, err := bonseite.Auspacken(f)
	if err != nil || len(got.Zeilen) != len(bonseite.Aus(b).Zeilen) {
		t.Errorf("%+v %v", got, err)
	}
}

// The page is one file that asks nobody and takes nothing from outside.
func TestSeite(t *testing.T) {
	page := string(bonseite.Seite())
	for _, bad := range []string{"http:", "https:", "src=", "@import", "url(", "innerHTML", "eval(", "fetch(", "XMLHttp", "localStorage"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	if !strings.Contains(page, "default-src 'none'") || strings.Contains(page, "unsafe") || strings.Count(page, "</script>") != 2 {
		t.Error("the policy is not strict, or a script ends early")
	}
}

func FuzzAuspacken(f *testing.F) {
	f.Add("1")
	f.Add("1AAAA")
	f.Add("2AAAA")
	if seed, err := (bonseite.Inhalt{Titel: "Bon", Zeilen: []quittung.Zeile{{Left: "a", Right: "b"}}}).Packen(); err == nil {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, fragment string) {
		got, err := bonseite.Auspacken(fragment)
		if err != nil {
			return
		}
		size := len(got.Titel)
		for _, z := range got.Zeilen {
			size += len(z.Left) + len(z.Right)
		}
		if size > bonseite.MaxText {
			t.Fatalf("%d bytes of text", size)
		}
	})
}
