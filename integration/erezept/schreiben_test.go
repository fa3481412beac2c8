package erezept_test

import (
	"bytes"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/integration/erezept"
)

func demo() erezept.Demo {
	a := artikel.Artikel{
		PZN: "04773414", Name: "Demolol & Söhne <400> mg", Wirkstoff: "Demolol", Wirkstaerke: "400 mg",
		Darreichungsform: "TAB", Menge: "20", Einheit: "St", Normgroesse: "N1",
	}
	return erezept.Demo{Tag: civil.Must(2026, 11, 23), IK: "109500969", Name: "AOK Demo", Pflicht: a, Mehr: a, Wirkstoff: a}
}

func TestDemoDateien(t *testing.T) {
	files, err := erezept.DemoDateien(demo())
	if err != nil {
		t.Fatal(err)
	}
	again, _ := erezept.DemoDateien(demo())
	if len(files) != 3 {
		t.Fatalf("%d files", len(files))
	}
	ids := map[string]bool{}
	for name, data := range files {
		if !bytes.Equal(data, again[name]) {
			t.Errorf("%s: not the same twice", name)
		}
		r, list, err := erezept.Parse(data)
		if err != nil || len(list) > 0 {
			t.Errorf("%s: %v %v", name, err, list)
		}
		ids[r.ID] = true
		if list := rezept.Check(r, civil.Must(2026, 11, 24)); len(list) > 0 {
			t.Errorf("%s: %v", name, list)
		}
		for _, n := range []struct {
			art  kennung.Art
			wert string
		}{
			{kennung.ArtKVNR, r.Patient.KVNR}, {kennung.ArtLANR, r.Verordner.LANR},
		} {
			if e := kennung.Pruefe(n.art, n.wert); e.Urteil != kennung.Gueltig {
				t.Errorf("%s: %s %s: %+v", name, n.art, n.wert, e)
			}
		}
	}
	if len(ids) != 3 {
		t.Errorf("ids: %v", ids)
	}
}

// TestRoundTrip: what Write writes, Parse reads.
func TestRoundTrip(t *testing.T) {
	full := rezept.Rezept{
		ID: "160.000.000.000.000.00", Herkunft: rezept.ERezept, FlowType: 160, Profil: "KBV_PR_ERP_Bundle|1.4",
		Ausgestellt: civil.Must(2026, 11, 1), Rechtsgrundlage: "04", Status: rezept.KuenstlicheBefruchtung,
		Unfall: rezept.Arbeitsunfall, Unfalltag: civil.Must(2026, 10, 31), Unfallbetrieb: "Bäckerei",
		Noctu: true, BVG: true, Impfstoff: true,
		Mehrfach:      &rezept.Mehrfach{Nummer: 2, Gesamt: 4, Ab: civil.Must(2026, 12, 1), Bis: civil.Must(2027, 2, 28)},
		Patient:       rezept.Patient{Name: "von & zu", Vorname: "Ä<x>", GeburtText: "1972-05", KVNR: "A123456780", Strasse: "Weg 1", PLZ: "12345", Ort: "Ort"},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.BG, IK: "120591802", Name: "BG", AlternativIK: "121191241"},
		Verordner: rezept.Verordner{
			Name: "Dr. Eva Muster", LANR: "123456601", BSNR: "721234500", KZVA: "123456789", EinrichtungIK: "260326822",
			Bezeichnung: "Ärztin", Einrichtung: "Praxis", Telefon: "1", Strasse: "Weg 2", PLZ: "54321", Ort: "Stadt",
		},
		Verordnungen: []rezept.Verordnung{{
			Art: rezept.PZNVerordnung, PZN: "04773414", Text: "X", Wirkstoff: "A + B", Wirkstaerke: "5 mg + 2 mg/1 ml",
			Darreichungsform: "TAB", Normgroesse: "N2", Menge: "10X3", Einheit: "St", Packungen: 3, AutIdemKreuz: true,
			Dosierung: "1-0-0", Hinweis: "x", Kategorie: "01", BtMKennzeichen: "S", Substitution: "y", Reichdauer: "4 Woche(n)",
			TAngaben: &rezept.TAngaben{OffLabel: true, Sachkenntnis: true},
		}},
	}
	rx := full
	rx.Verordnungen = []rezept.Verordnung{{
		Art: rezept.RezepturVerordnung, Text: "Salbe", Darreichungsform: "Creme", Menge: "100", Einheit: "g", Packungen: 1,
		Bestandteile: []rezept.Bestandteil{{PZN: "04773414", Name: "Basis", Menge: "ad 100 g"}}, Herstellung: "NRF",
	}}
	free := full
	free.Status, free.Mehrfach, free.Unfall, free.Unfalltag, free.Unfallbetrieb = rezept.StatusUnbekannt, nil, 0, 0, ""
	free.Verordnungen = []rezept.Verordnung{{Art: rezept.FreitextVerordnung, Text: "Frei", Packungen: 1}}
	for _, r := range []rezept.Rezept{full, rx, free} {
		data, err := erezept.Write(r)
		if err != nil {
			t.Fatal(err)
		}
		got, list, err := erezept.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Error(d)
		}
		for _, b := range list {
			if b.Code != "R-121" {
				t.Error(b)
			}
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	if _, err := erezept.Write(rezept.Rezept{}); err == nil {
		t.Error("an empty prescription was written")
	}
}

// TestReferenzRoundTrip: the published prescriptions survive writing and reading.
func TestReferenzRoundTrip(t *testing.T) {
	each(t, referenz(t, "prescriptions/kbv-1.4"), func(name string, data []byte) {
		r, _, err := erezept.Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		r.Verordner.Verantwortlich, r.Profil = "", "KBV_PR_ERP_Bundle|1.4"
		out, err := erezept.Write(r)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		got, list, err := erezept.Parse(out)
		if err != nil || befund.Hindert(list) {
			t.Fatalf("%s: %v %v", name, err, list)
		}
		if d := cmp.Diff(r, got); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	})
}
