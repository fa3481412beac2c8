package verkauf

import (
	"net/url"
	"slices"
	"strconv"

	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
)

// wunsch is what shall be seen: which cart, and which panel beside it.
type wunsch struct {
	Vorgang    string
	Panel      string
	Nr         int // chosen line
	Q          string
	Rezept     string
	Verordnung int
	Bon        string // just paid
	Zettel     string // reservation just made
}

// panels are the panels of the till, by the name in the address.
func panels() []string {
	return []string{
		"menge", "preis", "rabatt", "kulanz", "abweichung", "warum", "kunde", "person", "rezept", "muster16", "auswahl",
		"bar", "karte", "geparkt", "storno", "verwerfen", "nacherfassung", "gebuehr", "rezeptur", "vormerken", "mehr",
	}
}

func wunschAus(f *ui.Form) wunsch {
	w := wunsch{
		Vorgang: f.Text("vorgang"), Panel: f.Text("panel"), Nr: f.Zahl("nr"), Q: f.Text("q"),
		Rezept: f.Text("rezept"), Verordnung: f.Zahl("verordnung"), Bon: f.Text("bon"),
		Zettel: f.Text("zettel"),
	}
	if !slices.Contains(panels(), w.Panel) {
		w.Panel = ""
	}
	return w
}

// danach is what is shown after an act that went well: the panel the form names.
func (w wunsch) danach(f *ui.Form, e ergebnis) wunsch {
	next := wunsch{
		Vorgang: e.Ansicht.Vorgang.ID, Nr: w.Nr, Panel: f.Text("dann"), Rezept: w.Rezept,
		Verordnung: w.Verordnung,
	}
	if !slices.Contains(panels(), next.Panel) {
		next.Panel = ""
	}
	next.Zettel = e.Zettel
	if e.Rezept != "" {
		next.Rezept = e.Rezept
	}
	if e.Bon != nil {
		next.Bon = e.Bon.Nummer
	}
	if e.Scan != nil {
		next.Nr = e.Scan.Nr
	}
	if next.Panel == "rezept" {
		next.naechste(e.Ansicht)
	}
	return next
}

// naechste goes to the next line of a prescription that still lacks its article, so that
// Enter leads through all of them; when none is left the panel closes. The prescription
// at hand comes first: it is the one that is being read.
func (w *wunsch) naechste(v verkauf.Ansicht) {
	w.Panel = ""
	list := slices.Clone(v.Rezepte)
	slices.SortStableFunc(list, func(a, b rezeptannahme.Eintrag) int { // the one in hand first
		switch w.Rezept {
		case a.ID:
			return -1
		case b.ID:
			return 1
		}
		return 0
	})
	for _, r := range list {
		for i, p := range r.Rezept.Verordnungen {
			if !offen(v, r, i) {
				continue
			}
			w.Panel, w.Rezept, w.Verordnung = "rezept", r.ID, i
			switch p.Art {
			case rezept.PZNVerordnung, rezept.WirkstoffVerordnung:
				w.Panel = "auswahl"
				return
			case rezept.RezepturVerordnung:
				w.Panel = "rezeptur"
				return
			case rezept.FreitextVerordnung:
			}
		}
	}
}

// offen reports whether a line of a prescription has packs left and none in the cart.
func offen(v verkauf.Ansicht, r rezeptannahme.Eintrag, nr int) bool {
	inCart := slices.ContainsFunc(v.Zeilen, func(z verkauf.Zeile) bool {
		return z.Position.Rezept == r.ID && z.Position.Verordnung == nr && z.Position.Art != vorgang.Gebuehr
	})
	return !inCart && r.Rezept.Verordnungen[nr].Packungen > r.Abgegeben[nr]
}

// pfad is the address that shows it.
func (w wunsch) pfad() string {
	q := url.Values{}
	for key, v := range map[string]string{
		"vorgang": w.Vorgang, "panel": w.Panel, "q": w.Q, "rezept": w.Rezept, "bon": w.Bon, "zettel": w.Zettel,
	} {
		if v != "" {
			q.Set(key, v)
		}
	}
	if w.Nr != 0 {
		q.Set("nr", strconv.Itoa(w.Nr))
	}
	if w.Rezept != "" {
		q.Set("verordnung", strconv.Itoa(w.Verordnung))
	}
	if len(q) == 0 {
		return "/verkauf"
	}
	return "/verkauf?" + q.Encode()
}
