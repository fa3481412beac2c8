package erezept

import (
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
)

// verordnung reads one MedicationRequest with its Medication.
func (l *leser) verordnung(m *knoten) (rezept.Verordnung, error) {
	v, err := l.mittel(l.b.folge(m.wert("medicationReference/reference"), "Medication"))
	if err != nil {
		return v, err
	}
	v.AutIdemKreuz = m.wert("substitution/allowedBoolean") == "false"
	v.Packungen = l.packungen(m.wert("dispenseRequest/quantity/value"))
	var notes []string
	for _, n := range m.alle("note") {
		notes = append(notes, n.wert("text"))
	}
	v.Hinweis = strings.Join(notes, "; ")
	if d := m.pfad("dispenseRequest/expectedSupplyDuration"); d.hat("value") {
		v.Reichdauer = strings.TrimSpace(d.wert("value") + " " + d.wert("unit"))
	}
	l.dosierung(m, &v)
	l.btm(m.ext("KBV_EX_ERP_Narcotic"), &v)
	tAngaben(m.ext("KBV_EX_ERP_Teratogenic"), &v)
	return v, nil
}

// praxisbedarf reads Sprechstundenbedarf: a SupplyRequest without a person.
func (l *leser) praxisbedarf(s *knoten) error {
	l.r.Sprechstundenbedarf, l.r.Status = true, rezept.StatusUnbekannt
	var err error
	if l.r.Ausgestellt, err = tag(s.wert("authoredOn")); err != nil {
		return errFehlt("das Ausstellungsdatum")
	}
	payor := s.ext("KBV_EX_ERP_PracticeSupply_Payor")
	l.r.Kostentraeger = rezept.Kostentraeger{
		Art: l.traeger(payor.ext("Kostentraegertyp").code()), IK: payor.ext("IK").inhalt().wert("value"),
		Name: payor.ext("Name").text(),
	}
	if p := l.b.erste("Patient"); p.gibt() {
		if err := l.patient(p); err != nil {
			return err
		}
	}
	v, err := l.mittel(l.b.folge(s.wert("itemReference/reference"), "Medication"))
	if err != nil {
		return err
	}
	v.Packungen = l.packungen(s.wert("quantity/value"))
	l.r.Verordnungen = append(l.r.Verordnungen, v)
	return nil
}

// packungen is the number of packs; a Rezeptur states one.
func (l *leser) packungen(text string) int {
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPackungen {
		l.sag("R-128", befund.Warnung, text,
			"Die Zahl der Packungen fehlt oder ist unmöglich; gerechnet wird mit einer, bitte in der Praxis nachfragen.")
		return 1
	}
	return n
}

const maxPackungen = 9999

// mittel reads what is prescribed: a pack, an active ingredient, free text or a
// preparation.
func (l *leser) mittel(k *knoten) (rezept.Verordnung, error) {
	if !k.gibt() {
		return rezept.Verordnung{}, errFehlt("das verordnete Arzneimittel")
	}
	v := rezept.Verordnung{
		Kategorie: k.ext("KBV_EX_ERP_Medication_Category").code(), Normgroesse: k.ext("normgroesse").text(),
		Text: k.wert("code/text"), Darreichungsform: k.wert("form/coding/code"),
	}
	if v.Darreichungsform == "" {
		v.Darreichungsform = k.wert("form/text")
	}
	l.r.Impfstoff = l.r.Impfstoff || k.ext("KBV_EX_ERP_Medication_Vaccine").ja()
	menge(k.pfad("amount/numerator"), &v)
	profil, _ := k.profil()
	switch profil {
	case "KBV_PR_ERP_Medication_PZN":
		v.Art = rezept.PZNVerordnung
		l.pzn(k.wert("code/coding/code"), &v)
		wirkstoffe(k, &v)
	case "KBV_PR_ERP_Medication_Ingredient":
		v.Art = rezept.WirkstoffVerordnung
		wirkstoffe(k, &v)
		if v.Text == "" {
			v.Text = strings.TrimSpace(v.Wirkstoff + " " + v.Wirkstaerke)
		}
	case "KBV_PR_ERP_Medication_FreeText":
		v.Art = rezept.FreitextVerordnung
	case "KBV_PR_ERP_Medication_Compounding":
		v.Art = rezept.RezepturVerordnung
		rezeptur(k, &v)
	default:
		l.sag("R-129", befund.Hindernis, profil,
			"Diese Art der Verordnung kennt Offizin nicht; bitte das Rezept von Hand erfassen.")
		v.Art = rezept.FreitextVerordnung
	}
	return v, nil
}

func (l *leser) pzn(text string, v *rezept.Verordnung) {
	v.PZN = kennung.PZN(text)
	if p, b := kennung.ParsePZN(text); b == nil {
		v.PZN = p
		return
	}
	l.sag("R-130", befund.Warnung, text,
		"Die PZN auf dem E-Rezept ist falsch; bitte den Artikel nach dem Namen suchen und in der Praxis nachfragen.")
}

func menge(k *knoten, v *rezept.Verordnung) {
	v.Menge = k.ext("KBV_EX_ERP_Medication_PackagingSize").text()
	if v.Menge == "" {
		v.Menge = k.wert("value")
	}
	v.Einheit = k.wert("unit")
}

// wirkstoffe joins the active ingredients: "Amoxicillin + Clavulansäure".
func wirkstoffe(k *knoten, v *rezept.Verordnung) {
	var names, strengths []string
	for _, i := range k.alle("ingredient") {
		if n := i.wert("itemCodeableConcept/text"); n != "" && n != "---" {
			names = append(names, n)
		}
		if s := staerke(i.kind("strength")); s != "" {
			strengths = append(strengths, s)
		}
	}
	v.Wirkstoff, v.Wirkstaerke = strings.Join(names, " + "), strings.Join(strengths, " + ")
}

// staerke writes "875 mg" or "5 mg/1 ml"; one piece is not named.
func staerke(k *knoten) string {
	s := strings.TrimSpace(k.wert("numerator/value") + " " + k.wert("numerator/unit"))
	per := strings.TrimSpace(k.wert("denominator/value") + " " + k.wert("denominator/unit"))
	if s == "" || per == "" || per == "1" {
		return s
	}
	return s + "/" + per
}

// rezeptur reads the ingredients and the instruction of a preparation.
func rezeptur(k *knoten, v *rezept.Verordnung) {
	var names []string
	for _, i := range k.alle("ingredient") {
		b := rezept.Bestandteil{Name: i.wert("itemCodeableConcept/text")}
		if endung(i.wert("itemCodeableConcept/coding/system")) == "pzn" {
			b.PZN = kennung.PZN(i.wert("itemCodeableConcept/coding/code"))
		}
		s := i.kind("strength")
		if b.Menge = s.ext("KBV_EX_ERP_Medication_Ingredient_Amount").text(); b.Menge == "" {
			b.Menge = strings.TrimSpace(s.wert("numerator/value") + " " + s.wert("numerator/unit"))
		}
		v.Bestandteile = append(v.Bestandteile, b)
		names = append(names, b.Name)
	}
	v.Herstellung = k.ext("KBV_EX_ERP_Medication_CompoundingInstruction").text()
	if v.Text == "" {
		v.Text = strings.Join(names, ", ")
	}
}

// dosierung takes the text that KBV 1.4 generates from a structured dosage, else the
// free text. Both in one, or one without the other, is against the profile.
func (l *leser) dosierung(m *knoten, v *rezept.Verordnung) {
	rendered := m.ext("extension-MedicationRequest.renderedDosageInstruction").text()
	var free []string
	structured := false
	for _, d := range m.alle("dosageInstruction") {
		if t := d.wert("text"); t != "" {
			free = append(free, t)
		}
		if t := d.wert("patientInstruction"); t != "" {
			free = append(free, t)
		}
		structured = structured || d.hat("timing") || d.hat("doseAndRate")
	}
	v.Dosierung = rendered
	if v.Dosierung == "" {
		v.Dosierung = strings.Join(free, "; ")
	}
	flag := m.ext("KBV_EX_ERP_DosageFlag")
	switch {
	case len(free) > 0 && structured:
		l.sag("R-131", befund.Warnung, v.Dosierung,
			"Die Dosierung steht zugleich als Text und gegliedert im E-Rezept; bitte in der Praxis nachfragen, was gilt.")
	case rendered != "" && len(free) == 0 && !structured, flag.text() == "false" && v.Dosierung != "":
		l.sag("R-132", befund.Warnung, v.Dosierung,
			"Das E-Rezept nennt einen Dosierungstext, aber keine Dosierung; bitte in der Praxis nachfragen, was gilt.")
	case structured && rendered == "":
		l.sag("R-133", befund.Warnung, "",
			"Die Dosierung ist gegliedert, aber ohne Text angegeben; bitte in der Praxis nach der Dosierung fragen.")
	}
}

func (l *leser) btm(e *knoten, v *rezept.Verordnung) {
	v.BtMKennzeichen = e.ext("BtM-Sonderkennzeichen").code()
	v.Substitution = e.ext("ErgaenzendeAngabenSubstitutionsmittel").text()
}

func tAngaben(e *knoten, v *rezept.Verordnung) {
	if !e.gibt() {
		return
	}
	v.TAngaben = &rezept.TAngaben{
		OffLabel: e.ext("Off-Label").ja(), GebaerfaehigeFrau: e.ext("GebaerfaehigeFrau").ja(),
		Sicherheitsmassnahmen: e.ext("EinhaltungSicherheitsmassnahmen").ja(),
		Informationsmaterial:  e.ext("AushaendigungInformationsmaterialien").ja(),
		Sachkenntnis:          e.ext("ErklaerungSachkenntnis").ja(),
	}
}
