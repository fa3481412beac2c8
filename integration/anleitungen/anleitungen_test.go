package anleitungen_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/anleitungen"
)

// angaben are those of a pharmacy with n machines.
func angaben(n int) anleitungen.Angaben {
	a := anleitungen.Angaben{
		Apotheke: "Rosen-Apotheke", Telefon: "069 1234567", Zeit: time.Date(2026, 11, 26, 9, 30, 0, 0, time.UTC),
		Platz: "platz-1", Daten: "/var/lib/offizin",
	}
	for i := range n {
		a.Rechner = append(a.Rechner, anleitungen.Rechner{
			Platz: "platz-" + string(rune('1'+i)), Adresse: "192.168.1.2" + string(rune('0'+i)) + ":7443", Rang: i + 1,
		})
	}
	return a
}

// Every instruction fits one page, whatever the pharmacy has, and is the same each time.
func TestEineSeite(t *testing.T) {
	long := angaben(9)
	long.Apotheke, long.Daten = strings.Repeat("Äußerst lange Apotheke ", 5), strings.Repeat("/lang", 50)
	for name, a := range map[string]anleitungen.Angaben{"none": {}, "three": angaben(3), "long": long} {
		for _, thema := range anleitungen.Themen() {
			pdf, err := anleitungen.PDF(thema, a)
			if err != nil {
				t.Errorf("%s, %s: %v", name, thema, err)
				continue
			}
			again, err := anleitungen.PDF(thema, a)
			if err != nil || !bytes.Equal(pdf, again) || bytes.Count(pdf, []byte("/Type /Page\n")) != 1 {
				t.Errorf("%s, %s: %d pages, the same again: %v, %v", name, thema, bytes.Count(pdf, []byte("/Type /Page\n")),
					bytes.Equal(pdf, again), err)
			}
			if dir := os.Getenv("OFFIZIN_BILDER"); dir != "" && name == "three" {
				if err := os.WriteFile(filepath.Join(dir, anleitungen.Datei(thema)), pdf, 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if _, err := anleitungen.PDF("../x", angaben(1)); err == nil {
		t.Error("an instruction that there is not")
	}
}
