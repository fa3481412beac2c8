package rezepte

import (
	"cmp"
	"net/http"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
)

// formularseite is the form for a prescription on paper, with what was typed.
type formularseite struct {
	ui.Base
	F       map[string]string
	Zeilen  []string
	Traeger []zuzahlung.Traeger
}

func (s *Seite) formular(w http.ResponseWriter, r *http.Request, typed *ui.Form, refused error) {
	page := formularseite{
		Base: s.rahmen.Base(r, pfad, "rezepte.muster16"), F: map[string]string{}, Zeilen: zeilen(), Traeger: Traeger(),
	}
	page.Hier = pfad + "/muster16"
	for name := range typed.Werte {
		page.F[name] = typed.Werte.Get(name)
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, refused)
	s.rahmen.SeiteStatus(w, r, s.papier, status, page)
}

// zeilen are the three lines a form has room for.
func zeilen() []string { return []string{"1", "2", "3"} }

func (s *Seite) erfassen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		p := ParseMuster16(f)
		if f.Err != nil {
			return "", f.Err
		}
		e, err := s.Rezepte.Annehmen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, p, false)
		return adresse(e.ID), err
	}, func(f *ui.Form, refused error) { s.formular(w, r, f, refused) })
}

// Traeger are the kinds of payer to choose from.
func Traeger() []zuzahlung.Traeger {
	return []zuzahlung.Traeger{
		zuzahlung.GKV, zuzahlung.PKV, zuzahlung.BG, zuzahlung.SKT, zuzahlung.Pflege, zuzahlung.Selbstzahler,
	}
}

// ParseMuster16 reads a prescription that was typed from paper, here or at the till.
func ParseMuster16(f *ui.Form) rezept.Rezept {
	p := rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: f.Tag("ausgestellt"), Noctu: f.Ja("noctu"), Schwanger: f.Ja("schwanger"),
		Patient: rezept.Patient{
			Name: f.Text("name"), Vorname: f.Text("vorname"), Geburt: f.Tag("geburt"), KVNR: f.Text("kvnr"),
		},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.Traeger(f.Text("traeger")), IK: f.Text("ik")},
		Verordner:     rezept.Verordner{Name: f.Text("arzt"), LANR: f.Text("lanr"), BSNR: f.Text("bsnr")},
		Status:        rezept.Zuzahlungspflichtig,
	}
	if f.Ja("befreit") {
		p.Status = rezept.Zuzahlungsbefreit
	}
	if f.Ja("unfall") {
		p.Unfall = rezept.Arbeitsunfall
	}
	if f.Ja("privat") {
		p.Kostentraeger.Art = zuzahlung.PKV
	}
	if p.Kostentraeger.Art == zuzahlung.PKV || p.Kostentraeger.Art == zuzahlung.Selbstzahler {
		p.Herkunft = rezept.Privat
	}
	p.Verordnungen = verordnungen(f)
	return p
}

// verordnungen reads the lines that are filled in; no count is one pack.
func verordnungen(f *ui.Form) []rezept.Verordnung {
	var list []rezept.Verordnung
	for _, n := range zeilen() {
		v := rezept.Verordnung{
			Art: rezept.FreitextVerordnung, PZN: kennung.PZN(f.Text("pzn" + n)), Text: f.Text("text" + n),
			Packungen: cmp.Or(f.Zahl("packungen"+n), 1), AutIdemKreuz: f.Ja("aut_idem" + n),
		}
		if v.PZN != "" {
			v.Art = rezept.PZNVerordnung
		}
		if v.PZN != "" || v.Text != "" {
			list = append(list, v)
		}
	}
	return list
}
