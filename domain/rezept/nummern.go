package rezept

import (
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Nummern checks the numbers of a prescription that was typed: insurer, insured person,
// prescriber, packs. A wrong one warns, because the paper counts as it is.
func Nummern(r Rezept) []befund.Befund {
	var list []befund.Befund
	prove := func(art kennung.Art, wert, subject string) {
		if wert == "" {
			return
		}
		if e := kennung.Pruefe(art, wert); e.Befund != nil {
			b := *e.Befund
			b.Schwere, b.Subject = min(b.Schwere, befund.Warnung), subject
			list = append(list, b)
		}
	}
	if r.Kostentraeger.Art == zuzahlung.GKV && r.Kostentraeger.IK == "" {
		list = append(list, befund.Befund{
			Code: "R-219", Schwere: befund.Warnung, Norm: "SGB V § 293", Subject: "Kostenträger",
			Text: "Die Kassen-IK fehlt, so lässt sich das Rezept nicht abrechnen; bitte vom Rezept ergänzen.",
		})
	}
	prove(kennung.ArtIK, r.Kostentraeger.IK, "Kostenträger")
	prove(kennung.ArtKVNR, r.Patient.KVNR, "Patient")
	prove(kennung.ArtLANR, r.Verordner.LANR, "Verordner")
	prove(kennung.ArtBSNR, r.Verordner.BSNR, "Verordner")
	for _, v := range r.Verordnungen {
		prove(kennung.ArtPZN, string(v.PZN), v.Text)
	}
	return list
}
