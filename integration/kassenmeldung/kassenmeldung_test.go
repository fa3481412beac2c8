package kassenmeldung_test

import (
	"bytes"
	"encoding/xml"
	"strings"
	"testing"

	"github.com/offizin/offizin/domain/abschluss"
	domain "github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/integration/kassenmeldung"
)

// § 146a (4) AO: taxpayer and tax number, kind of TSE, kind and number of the systems, serial
// numbers, days of acquisition and decommissioning.
func TestWrite(t *testing.T) {
	signs := domain.TSE{Seriennummer: "AB12", Zertifizierung: "BSI-K-TR-0412-2020", Beginn: 20260105}
	m := domain.Meldung{
		Betrieb: abschluss.Betrieb{Name: "Löwen & Bär", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345"},
		Tag:     20261126, Anzahl: 1,
		Systeme: []domain.System{
			{Till: "1", Serie: "OF-1", Software: "Offizin 1", Beginn: 20260105, TSE: []domain.TSE{signs}},
			{Till: "2", Serie: "OF-2", Software: "Offizin 1", Beginn: 20250105, Ende: 20261101},
		},
	}
	var b bytes.Buffer
	if err := kassenmeldung.Write(&b, m); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		`<KassenmeldungVorlage stand="2026-11-26">`, "nicht in der Form des amtlichen Schemas", "<Name>Löwen &amp; Bär</Name>",
		"<AnzahlInBetrieb>1</AnzahlInBetrieb>", "<Steuernummer>12/345</Steuernummer>", "<Seriennummer>OF-1</Seriennummer>",
		"<Seriennummer>ab12</Seriennummer>", "<ZertifizierungsID>BSI-K-TR-0412-2020</ZertifizierungsID>",
		"<Anschaffung>2026-01-05</Anschaffung>", "<Ausserbetriebnahme>2026-11-01</Ausserbetriebnahme>",
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("without %s", want)
		}
	}
	var root struct{ XMLName xml.Name }
	if err := xml.Unmarshal(b.Bytes(), &root); err != nil {
		t.Error(err)
	}
	if kassenmeldung.Name(20261126) != "Kassenmeldung-Vorlage_20261126.xml" {
		t.Error(kassenmeldung.Name(20261126))
	}
}
