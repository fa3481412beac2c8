package erezept

import (
	"strings"

	"github.com/offizin/offizin/domain/rezept"
)

func (a *ausgabe) mittelProfil() string {
	kind := map[rezept.Art]string{
		rezept.PZNVerordnung: "PZN", rezept.WirkstoffVerordnung: "Ingredient", rezept.RezepturVerordnung: "Compounding",
		rezept.FreitextVerordnung: "FreeText",
	}[a.v.Art]
	return "KBV_PR_ERP_Medication_" + kind + "|1.4"
}

func (a *ausgabe) mittel() {
	if a.v.Kategorie != "" {
		a.extCode(kbv+"KBV_EX_ERP_Medication_Category", kbvCS+"KBV_CS_ERP_Medication_Category", a.v.Kategorie)
	}
	a.extWert(kbv+"KBV_EX_ERP_Medication_Vaccine", "valueBoolean", ja(a.r.Impfstoff))
	a.extWert(fhirDE+"normgroesse", "valueCode", a.v.Normgroesse)
	a.extWert(kbv+"KBV_EX_ERP_Medication_CompoundingInstruction", "valueString", a.v.Herstellung)
	a.el("code", a.mittelCode)
	a.formUndMenge()
	a.zutaten()
}

func (a *ausgabe) mittelCode() {
	switch a.v.Art {
	case rezept.PZNVerordnung:
		a.coding(pznCS, string(a.v.PZN))
	case rezept.FreitextVerordnung:
		a.coding(kbvCS+"KBV_CS_ERP_Medication_Type", "freitext")
	case rezept.WirkstoffVerordnung:
		a.coding(kbvCS+"KBV_CS_ERP_Medication_Type", "wirkstoff")
	case rezept.RezepturVerordnung:
		a.coding(kbvCS+"KBV_CS_ERP_Medication_Type", "rezeptur")
	}
	a.val("text", a.v.Text)
}

func (a *ausgabe) formUndMenge() {
	if f := a.v.Darreichungsform; f != "" {
		a.el("form", func() {
			if a.v.Art == rezept.PZNVerordnung {
				a.coding(kbvCS+"KBV_CS_SFHIR_KBV_DARREICHUNGSFORM", f)
			} else {
				a.val("text", f)
			}
		})
	}
	if a.v.Menge != "" {
		a.el("amount", func() {
			a.el("numerator", func() {
				a.extWert(kbv+"KBV_EX_ERP_Medication_PackagingSize", "valueString", a.v.Menge)
				a.val("unit", a.v.Einheit)
			})
			a.el("denominator", func() { a.val("value", "1") })
		})
	}
}

// zutaten writes the active ingredients, or those of a preparation.
func (a *ausgabe) zutaten() {
	if a.v.Art == rezept.RezepturVerordnung {
		for _, b := range a.v.Bestandteile {
			a.el("ingredient", func() {
				a.el("itemCodeableConcept", func() {
					if b.PZN != "" {
						a.coding(pznCS, string(b.PZN))
					}
					a.val("text", b.Name)
				})
				a.el("strength", func() {
					a.extWert(kbv+"KBV_EX_ERP_Medication_Ingredient_Amount", "valueString", b.Menge)
				})
			})
		}
		return
	}
	if a.v.Wirkstoff == "" && a.v.Wirkstaerke == "" {
		return
	}
	names, strengths := strings.Split(a.v.Wirkstoff, " + "), strings.Split(a.v.Wirkstaerke, " + ")
	if len(names) != len(strengths) {
		names, strengths = []string{a.v.Wirkstoff}, []string{a.v.Wirkstaerke}
	}
	for i, n := range names {
		a.el("ingredient", func() {
			a.el("itemCodeableConcept", func() { a.val("text", n) })
			a.staerke(strengths[i])
		})
	}
}

// staerke writes "400 mg" or "5 mg/1 ml".
func (a *ausgabe) staerke(text string) {
	if text == "" {
		return
	}
	upper, lower, _ := strings.Cut(text, "/")
	part := func(name, text string) {
		n, unit, ok := zahlEinheit(text)
		if !ok {
			n, unit = "", text
		}
		a.el(name, func() { a.val("value", n); a.val("unit", unit) })
	}
	a.el("strength", func() {
		part("numerator", upper)
		if lower == "" {
			a.el("denominator", func() { a.val("value", "1") })
			return
		}
		part("denominator", lower)
	})
}

// zahlEinheit splits "4 Woche(n)".
func zahlEinheit(text string) (number, unit string, ok bool) {
	number, unit, ok = strings.Cut(text, " ")
	if !ok || number == "" || number[0] < '0' || number[0] > '9' {
		return "", "", false
	}
	return number, unit, true
}

func (a *ausgabe) patient() {
	p := a.r.Patient
	if p.KVNR != "" {
		a.el("identifier", func() {
			a.el("type", func() { a.coding("http://fhir.de/CodeSystem/identifier-type-de-basis", "KVZ10") })
			a.val("system", "http://fhir.de/sid/gkv/kvid-10")
			a.val("value", p.KVNR)
		})
	}
	a.name(p.Name, p.Vorname)
	birth := p.GeburtText
	if birth == "" {
		birth = tagText(p.Geburt)
	}
	a.val("birthDate", birth)
	a.anschrift(p.Strasse, p.PLZ, p.Ort)
}

func (a *ausgabe) name(family, given string) {
	a.el("name", func() {
		a.val("use", "official")
		a.val("family", family)
		a.val("given", given)
	})
}

func (a *ausgabe) anschrift(strasse, plz, ort string) {
	if strasse == "" && plz == "" && ort == "" {
		return
	}
	a.el("address", func() {
		a.val("type", "both")
		a.val("line", strasse)
		a.val("city", ort)
		a.val("postalCode", plz)
		a.val("country", "D")
	})
}

func (a *ausgabe) verordner() {
	v := a.r.Verordner
	a.nummer("LANR", "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_ANR", v.LANR)
	a.nummer("ZANR", "http://fhir.de/sid/kzbv/zahnarztnummer", v.ZANR)
	family, given := v.Name, ""
	if i := strings.LastIndex(family, " "); i > 0 {
		family, given = family[i+1:], family[:i]
	}
	a.name(family, given)
	a.el("qualification", func() {
		a.el("code", func() { a.coding(kbvCS+"KBV_CS_FOR_Qualification_Type", "00") })
	})
	if v.Bezeichnung != "" {
		a.el("qualification", func() {
			a.el("code", func() {
				a.coding(kbvCS+"KBV_CS_FOR_Berufsbezeichnung", "Berufsbezeichnung")
				a.val("text", v.Bezeichnung)
			})
		})
	}
}

func (a *ausgabe) nummer(typ, system, value string) {
	if value == "" {
		return
	}
	a.el("identifier", func() {
		a.el("type", func() { a.coding(v20203, typ) })
		a.val("system", system)
		a.val("value", value)
	})
}

func (a *ausgabe) einrichtung() {
	v := a.r.Verordner
	a.nummer("BSNR", "https://fhir.kbv.de/NamingSystem/KBV_NS_Base_BSNR", v.BSNR)
	a.nummer("KZVA", "http://fhir.de/sid/kzbv/kzvabrechnungsnummer", v.KZVA)
	a.nummer("XX", iknr, v.EinrichtungIK)
	a.val("name", v.Einrichtung)
	if v.Telefon != "" {
		a.el("telecom", func() { a.val("system", "phone"); a.val("value", v.Telefon) })
	}
	a.anschrift(v.Strasse, v.PLZ, v.Ort)
}
