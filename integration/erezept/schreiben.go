package erezept

import (
	"strconv"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
)

// profil14 is what Write writes.
const profil14 = verordnungBundle + "|1.4"

// Write writes a prescription as KBV_PR_ERP_Bundle 1.4, for practice and tests: it is
// not signed and no prescription. Parse reads the same back.
func Write(r rezept.Rezept) ([]byte, error) {
	if len(r.Verordnungen) != 1 || r.Sprechstundenbedarf || !idForm(r.ID) || !r.Ausgestellt.Valid() {
		return nil, fault.New(fault.Invalid, "R-116",
			"Nur ein Rezept mit Nummer, Datum und genau einer Verordnung wird ein E-Rezept; bitte aufteilen.", nil)
	}
	a := ausgabe{r: r, v: r.Verordnungen[0]}
	a.b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n" + `<Bundle xmlns="http://hl7.org/fhir">` + "\n")
	a.tiefe = 1
	a.val("id", a.id("Bundle"))
	a.el("meta", func() { a.val("profile", kbv+profil14) })
	a.el("identifier", func() {
		a.val("system", "https://gematik.de/fhir/erp/NamingSystem/GEM_ERP_NS_PrescriptionId")
		a.val("value", r.ID)
	})
	a.val("type", "document")
	a.val("timestamp", a.zeit())
	a.eintrag("Composition", "KBV_PR_ERP_Composition|1.4", a.composition)
	a.eintrag("MedicationRequest", "KBV_PR_ERP_Prescription|1.4", a.anforderung)
	a.eintrag("Medication", a.mittelProfil(), a.mittel)
	a.eintrag("Patient", "KBV_PR_FOR_Patient|1.3", a.patient)
	a.eintrag("Practitioner", "KBV_PR_FOR_Practitioner|1.3", a.verordner)
	a.eintrag("Organization", "KBV_PR_FOR_Organization|1.3", a.einrichtung)
	a.eintrag("Coverage", "KBV_PR_FOR_Coverage|1.3", a.kosten)
	a.b.WriteString("</Bundle>\n")
	return []byte(a.b.String()), nil
}

// ausgabe is the writing of one prescription under way.
type ausgabe struct {
	schreiber
	r rezept.Rezept
	v rezept.Verordnung
}

func (a *ausgabe) id(art string) string   { return uuid(a.r.ID, art) }
func (a *ausgabe) ref(art string) string  { return "urn:uuid:" + a.id(art) }
func (a *ausgabe) zeit() string           { return a.r.Ausgestellt.String() + "T08:00:00Z" }
func (a *ausgabe) verweis(el, art string) { a.el(el, func() { a.val("reference", a.ref(art)) }) }

func (a *ausgabe) eintrag(art, profil string, body func()) {
	a.el("entry", func() {
		a.val("fullUrl", a.ref(art))
		a.el("resource", func() {
			a.el(art, func() {
				a.val("id", a.id(art))
				a.el("meta", func() { a.val("profile", kbv+profil) })
				body()
			})
		})
	})
}

func (a *ausgabe) composition() {
	grund := a.r.Rechtsgrundlage
	if grund != "" {
		a.extCode(kbv+"KBV_EX_FOR_Legal_basis", kbvCS+"KBV_CS_SFHIR_KBV_STATUSKENNZEICHEN", grund)
	}
	a.val("status", "final")
	a.el("type", func() { a.coding(kbvCS+"KBV_CS_SFHIR_KBV_FORMULAR_ART", "e16A") })
	a.verweis("subject", "Patient")
	a.val("date", a.zeit())
	a.el("author", func() { a.val("reference", a.ref("Practitioner")); a.val("type", "Practitioner") })
	a.val("title", "elektronische Arzneimittelverordnung")
	a.verweis("custodian", "Organization")
	for _, s := range [][2]string{{"Prescription", "MedicationRequest"}, {"Coverage", "Coverage"}} {
		a.el("section", func() {
			a.el("code", func() { a.coding(kbvCS+"KBV_CS_ERP_Section_Type", s[0]) })
			a.verweis("entry", s[1])
		})
	}
}

func (a *ausgabe) anforderung() {
	if s := a.r.Status; s != rezept.StatusUnbekannt {
		a.extCode(kbv+"KBV_EX_FOR_StatusCoPayment", kbvCS+"KBV_CS_FOR_StatusCoPayment", strconv.Itoa(int(s)))
	}
	a.extWert(kbv+"KBV_EX_ERP_EmergencyServicesFee", "valueBoolean", ja(a.r.Noctu))
	a.extWert(kbv+"KBV_EX_FOR_SER", "valueBoolean", ja(a.r.BVG))
	a.unfall()
	a.mehrfach()
	a.besonderes()
	if d := a.v.Dosierung; d != "" {
		a.extWert(kbv+"KBV_EX_ERP_DosageFlag", "valueBoolean", "true")
		a.extWert(dosierEx, "valueMarkdown", d)
		a.ext(dosierMe, func() {
			a.extWert("algorithmVersion", "valueString", "1.0.1")
			a.extWert("language", "valueCode", "de-DE")
		})
	}
	a.val("status", "active")
	a.val("intent", "order")
	a.verweis("medicationReference", "Medication")
	a.verweis("subject", "Patient")
	a.val("authoredOn", a.r.Ausgestellt.String())
	a.verweis("requester", "Practitioner")
	a.verweis("insurance", "Coverage")
	if a.v.Hinweis != "" {
		a.el("note", func() { a.val("text", a.v.Hinweis) })
	}
	if a.v.Dosierung != "" {
		a.el("dosageInstruction", func() { a.val("text", a.v.Dosierung) })
	}
	a.abgabe()
}

func (a *ausgabe) abgabe() {
	a.el("dispenseRequest", func() {
		a.el("quantity", func() { a.val("value", strconv.Itoa(a.v.Packungen)); a.val("unit", "Packung") })
		if n, unit, ok := zahlEinheit(a.v.Reichdauer); ok {
			a.el("expectedSupplyDuration", func() { a.val("value", n); a.val("unit", unit) })
		}
	})
	if a.v.Art == rezept.PZNVerordnung || a.v.AutIdemKreuz {
		a.el("substitution", func() { a.val("allowedBoolean", ja(!a.v.AutIdemKreuz)) })
	}
}

func (a *ausgabe) unfall() {
	if a.r.Unfall == rezept.KeinUnfall {
		return
	}
	a.ext(kbv+"KBV_EX_FOR_Accident", func() {
		a.extCode("Unfallkennzeichen", kbvCS+"KBV_CS_FOR_Ursache_Type", strconv.Itoa(int(a.r.Unfall)))
		a.extWert("Unfalltag", "valueDate", tagText(a.r.Unfalltag))
		a.extWert("Unfallbetrieb", "valueString", a.r.Unfallbetrieb)
	})
}

func (a *ausgabe) mehrfach() {
	a.ext(kbv+"KBV_EX_ERP_Multiple_Prescription", func() {
		m := a.r.Mehrfach
		a.extWert("Kennzeichen", "valueBoolean", ja(m != nil))
		if m == nil {
			return
		}
		a.ext("Nummerierung", func() {
			a.el("valueRatio", func() {
				a.el("numerator", func() { a.val("value", strconv.Itoa(m.Nummer)) })
				a.el("denominator", func() { a.val("value", strconv.Itoa(m.Gesamt)) })
			})
		})
		a.ext("Zeitraum", func() {
			a.el("valuePeriod", func() { a.val("start", tagText(m.Ab)); a.val("end", tagText(m.Bis)) })
		})
		a.ext("ID", func() {
			a.el("valueIdentifier", func() {
				a.val("system", "urn:ietf:rfc:3986")
				a.val("value", a.ref("Mehrfach"))
			})
		})
	})
}

// besonderes are the statements on Betaeubungsmittel and T-Rezepte.
func (a *ausgabe) besonderes() {
	if a.v.BtMKennzeichen != "" || a.v.Substitution != "" {
		a.ext(kbv+"KBV_EX_ERP_Narcotic", func() {
			if k := a.v.BtMKennzeichen; k != "" {
				a.extCode("BtM-Sonderkennzeichen", kbvCS+"KBV_CS_SFHIR_BTM_KENNZEICHEN", k)
			}
			a.extWert("ErgaenzendeAngabenSubstitutionsmittel", "valueString", a.v.Substitution)
		})
	}
	if t := a.v.TAngaben; t != nil {
		a.ext(kbv+"KBV_EX_ERP_Teratogenic", func() {
			a.extWert("Off-Label", "valueBoolean", ja(t.OffLabel))
			a.extWert("GebaerfaehigeFrau", "valueBoolean", ja(t.GebaerfaehigeFrau))
			a.extWert("EinhaltungSicherheitsmassnahmen", "valueBoolean", ja(t.Sicherheitsmassnahmen))
			a.extWert("AushaendigungInformationsmaterialien", "valueBoolean", ja(t.Informationsmaterial))
			a.extWert("ErklaerungSachkenntnis", "valueBoolean", ja(t.Sachkenntnis))
		})
	}
}

func tagText(d civil.Day) string {
	if !d.Valid() {
		return ""
	}
	return d.String()
}

func (a *ausgabe) kosten() {
	k := a.r.Kostentraeger
	system, code := "http://fhir.de/CodeSystem/versicherungsart-de-basis", string(k.Art)
	switch k.Art {
	case zuzahlung.Pflege:
		code = "GPV"
	case zuzahlung.SKT:
		system = kbvCS + "KBV_CS_FOR_Payor_Type_KBV"
	default:
	}
	a.val("status", "active")
	a.el("type", func() { a.coding(system, code) })
	a.verweis("beneficiary", "Patient")
	a.el("payor", func() {
		a.el("identifier", func() {
			if k.AlternativIK != "" {
				a.ext(kbv+"KBV_EX_FOR_Alternative_IK", func() {
					a.el("valueIdentifier", func() { a.val("system", iknr); a.val("value", k.AlternativIK) })
				})
			}
			a.val("system", iknr)
			a.val("value", k.IK)
		})
		a.val("display", k.Name)
	})
}
