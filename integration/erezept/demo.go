package erezept

import (
	"fmt"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Demo is what the demo's E-Rezepte are made of: articles and an insurer of its
// catalogue, and the day.
type Demo struct {
	Tag       civil.Day
	IK        string          // of the insurer
	Name      string          // of the insurer
	Pflicht   artikel.Artikel // Rx, with Zuzahlung
	Mehr      artikel.Artikel // Rx above its Festbetrag
	Wirkstoff artikel.Artikel // Rx, prescribed by its active ingredient to an exempt patient
}

// DemoDateien writes three E-Rezepte by name of file. Patients and prescribers are
// invented; the numbers have valid check digits.
func DemoDateien(d Demo) (map[string][]byte, error) {
	pflicht := d.rezept(1, patientinA(), demoPZN(d.Pflicht, "1-0-0-0"))
	mehr := d.rezept(2, patientB(), demoPZN(d.Mehr, "0-0-1-0"))
	mehr.Verordnungen[0].AutIdemKreuz = true
	v := demoPZN(d.Wirkstoff, "1-0-1-0")
	v.Art, v.PZN, v.Text = rezept.WirkstoffVerordnung, "", v.Wirkstoff+" "+v.Wirkstaerke
	frei := d.rezept(3, patientinC(), v)
	frei.Status = rezept.Zuzahlungsbefreit
	files := map[string][]byte{}
	for name, r := range map[string]rezept.Rezept{
		"1-zuzahlung.xml": pflicht, "2-festbetrag-mehrkosten.xml": mehr, "3-befreit-wirkstoff.xml": frei,
	} {
		data, err := Write(r)
		if err != nil {
			return nil, err
		}
		files[name] = data
	}
	return files, nil
}

func (d Demo) rezept(n int, p rezept.Patient, v rezept.Verordnung) rezept.Rezept {
	return rezept.Rezept{
		ID: demoID(d.Tag, n), Herkunft: rezept.ERezept, FlowType: rezept.FlowGKV, Profil: profil14, Ausgestellt: d.Tag,
		Rechtsgrundlage: "00", Patient: p,
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: d.IK, Name: d.Name},
		Verordner: rezept.Verordner{
			Name: "Dr. Hanna Beispiel", LANR: "123456601", BSNR: "721234500", Bezeichnung: "Fachärztin für Allgemeinmedizin",
			Einrichtung: "Praxis Dr. Beispiel", Telefon: "0711 5550101",
			Strasse: "Lindenstraße 4", PLZ: "70173", Ort: "Stuttgart",
		},
		Verordnungen: []rezept.Verordnung{v},
	}
}

func demoPZN(a artikel.Artikel, dosierung string) rezept.Verordnung {
	return rezept.Verordnung{
		Art: rezept.PZNVerordnung, PZN: a.PZN, Text: a.Name, Wirkstoff: a.Wirkstoff, Wirkstaerke: a.Wirkstaerke,
		Darreichungsform: a.Darreichungsform, Menge: a.Menge, Einheit: a.Einheit, Normgroesse: a.Normgroesse,
		Kategorie: rezept.KategorieArzneimittel, Packungen: 1, Dosierung: dosierung,
	}
}

// demoID is a number that the Fachdienst has not given out: its middle is the day.
func demoID(day civil.Day, n int) string {
	base := fmt.Sprintf("160999%08d%d", int(day), n%10)
	check := fmt.Sprintf("%02d", 98-rest97(base+"00"))
	return base[:3] + "." + base[3:6] + "." + base[6:9] + "." + base[9:12] + "." + base[12:15] + "." + check
}

func patientinA() rezept.Patient {
	return demoPatient("Ahrens", "Jutta", civil.Must(1958, 4, 17), "A123456780", "Gartenweg 12")
}

func patientB() rezept.Patient {
	return demoPatient("Brunner", "Kai", civil.Must(1984, 9, 2), "B234567895", "Am Markt 3")
}

func patientinC() rezept.Patient {
	return demoPatient("Celik", "Aylin", civil.Must(1971, 12, 30), "C345678908", "Ringstraße 27")
}

func demoPatient(name, vorname string, geburt civil.Day, kvnr, strasse string) rezept.Patient {
	return rezept.Patient{
		Name: name, Vorname: vorname, Geburt: geburt, GeburtText: geburt.String(), KVNR: kvnr,
		Strasse: strasse, PLZ: "70173", Ort: "Stuttgart",
	}
}
