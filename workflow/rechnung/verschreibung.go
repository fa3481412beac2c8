package rechnung

import (
	"fmt"
	"slices"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// checkRezepte says what stands against the prescriptions that lines are sold on:
// validity on the day of handing over, packs beyond what was prescribed.
func (l *lage) checkRezepte(out *Ansicht) {
	for i := range l.rezepte {
		r := &l.rezepte[i]
		r.Befunde = nil
		if !r.Geloescht {
			r.Befunde = rezeptannahme.Befunde(nachArtikel(r, out.Zeilen), l.tag)
		}
		if !serves(out.Zeilen, r.ID) {
			continue
		}
		out.Hinweise = append(out.Hinweise, r.Befunde...)
		add := func(code string, grade befund.Schwere, text string) {
			out.Hinweise = append(out.Hinweise, befund.Befund{Code: code, Schwere: grade, Subject: r.ID, Text: text})
		}
		if r.Geloescht {
			add("V-304", befund.Hindernis,
				"Die Daten des Patienten sind gelöscht – das Rezept ist nicht mehr lesbar, entfernen Sie es.")
			continue
		}
		if r.Zustand == rezeptannahme.Zurueckgegeben {
			add("V-305", befund.Hindernis, "Das Rezept ist zurückgegeben – nehmen Sie es neu an oder entfernen Sie es.")
		}
		if l.kunde != nil && !l.isPatient(r) {
			add("V-213", befund.Hinweis, "Das Rezept ist für eine andere Person als den gewählten Kunden ausgestellt.")
		}
		l.checkPacks(out, r)
	}
}

// nachArtikel is the prescription with the category of what is handed over for it: paper
// does not state that it is a BtM-Rezept or a T-Rezept, and their periods are short
// (BtMVV § 12, AMVV § 3a).
func nachArtikel(e *rezeptannahme.Eintrag, zeilen []Zeile) rezept.Rezept {
	r := e.Rezept
	r.Verordnungen = slices.Clone(r.Verordnungen)
	for _, z := range zeilen {
		if _, ok := verordnung(r, z.Position); !ok || z.Position.Rezept != e.ID {
			continue
		}
		was := &r.Verordnungen[z.Position.Verordnung]
		switch {
		case z.Artikel.BtM:
			was.Kategorie = rezept.KategorieBtM
		case z.Artikel.TRezept:
			was.Kategorie = rezept.KategorieT
		}
	}
	return r
}

// isPatient says whether the customer is who the prescription is for.
func (l *lage) isPatient(r *rezeptannahme.Eintrag) bool {
	kvnr := r.Rezept.Patient.KVNR
	return l.kunde.ID == r.Person || kvnr != "" && kvnr == l.kunde.KVNR
}

func serves(zeilen []Zeile, id string) bool {
	return slices.ContainsFunc(zeilen, func(z Zeile) bool { return z.Position.Rezept == id })
}

// checkPacks warns on the last line of each Verordnung that exceeds it. An exchange
// for smaller packs or parts in a shortage is counted by the prescribed quantity.
func (l *lage) checkPacks(out *Ansicht, r *rezeptannahme.Eintrag) {
	for nr, was := range r.Rezept.Verordnungen {
		packs, last, exchange := 0, -1, false
		for i, z := range out.Zeilen {
			p := z.Position
			if p.Rezept != r.ID || p.Verordnung != nr || p.Art == vorgang.Gebuehr {
				continue
			}
			packs, last = packs+p.Menge, i
			exchange = exchange || p.EngpassPZN != "" || p.TeilVon > 0
		}
		before := 0
		if nr < len(r.Abgegeben) {
			before = r.Abgegeben[nr]
		}
		prescribed := max(was.Packungen, 1)
		if last < 0 || exchange || before+packs <= prescribed {
			continue
		}
		out.Zeilen[last].add("V-306", befund.Warnung, fmt.Sprintf(
			"Verordnet sind %d Packungen, abgegeben %d, in diesem Vorgang %d – mehr als verordnet; bitte prüfen.",
			prescribed, before, packs))
	}
}

// traeger is who pays for the lines of a prescription, and its IK. When the days at the
// cost of the insurer are over the patient pays (AM-RL § 11 Abs. 4). Of an
// Entlassrezept they are not counted here, because holidays prolong them.
func (l *lage) traeger(e *rezeptannahme.Eintrag) (zuzahlung.Traeger, string) {
	r := e.Rezept
	if f := r.Fristen(); l.tag > f.Traeger && l.tag <= f.Ende && !r.Entlassrezept() {
		return zuzahlung.Selbstzahler, ""
	}
	return r.Kostentraeger.Art, r.Kostentraeger.IK
}

// ausschluss makes a line private that the GKV does not pay whatever is prescribed.
func (z *Zeile) ausschluss() {
	b := &z.Rechnung
	if b.Traeger != zuzahlung.GKV || !z.Artikel.Lifestyle && !z.Artikel.Negativliste {
		return
	}
	b.Traeger, b.IK = zuzahlung.Selbstzahler, ""
	z.Befunde = append(z.Befunde, befund.Befund{
		Code: "V-312", Schwere: befund.Warnung, Norm: "SGB V § 34", Subject: string(z.Position.PZN),
		Text: "Die Krankenkasse zahlt dieses Arzneimittel nicht (Lifestyle oder Negativliste) – der Patient zahlt es privat.",
	})
}

// verordnung is the line of the prescription that a line of the cart is sold on; false
// if it has none such.
func verordnung(r rezept.Rezept, p vorgang.Position) (rezept.Verordnung, bool) {
	if p.Verordnung < 0 || p.Verordnung >= len(r.Verordnungen) {
		return rezept.Verordnung{}, false
	}
	return r.Verordnungen[p.Verordnung], true
}

// checkVerordnung compares a line with the line of the prescription it is sold on.
func (z *Zeile) checkVerordnung(r rezept.Rezept) {
	p := z.Position
	v, ok := verordnung(r, p)
	if !ok {
		z.add("V-307", befund.Hindernis, "Diese Zeile hat das Rezept nicht – ordnen Sie den Artikel neu zu (F6).")
		return
	}
	if v.PZN == "" || p.PZN == "" || v.PZN == p.PZN || p.EngpassPZN == v.PZN {
		return
	}
	if v.AutIdemKreuz && !p.Wunsch {
		z.add("V-308", befund.Warnung,
			"Der Arzt hat den Austausch ausgeschlossen (aut idem); abgegeben wird ein anderer Artikel – bitte prüfen.")
		return
	}
	z.add("V-309", befund.Hinweis, "Abgegeben wird ein anderer Artikel als verordnet.")
}
