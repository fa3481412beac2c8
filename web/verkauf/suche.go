package verkauf

import (
	"net/http"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/web/artikel"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// treffer are the hits below the input line.
type treffer struct {
	Vorgang, Key string
	Q            string
	artikel.Filter
	Ergebnis artikelsuche.Ergebnis
	Fehler   *ui.Fehler
}

// treffer searches with the filters of the address. An IK that is none, as it may stand on a
// prescription, is no reason to find nothing.
func (s *Seite) treffer(r *http.Request, q string) treffer {
	t := treffer{Q: q, Filter: artikel.FilterAus(ui.Anfrage(r))}
	if t.Neu {
		t.Q = "" // it named the article; what is cheaper is called otherwise
	}
	if t.Q == "" && t.Guenstiger == "" {
		return t
	}
	var err error
	t.Ergebnis, err = s.Suche.Suche(r.Context(), t.Anfrage(t.Q, 8))
	t.Fehler = s.rahmen.FehlerAus(r, err)
	return t
}

// Wahl is the article that the key for what is cheaper takes: the first hit, until another
// one is chosen.
func (t treffer) Wahl() kennung.PZN {
	if len(t.Ergebnis.Treffer) == 0 {
		return ""
	}
	return t.Ergebnis.Treffer[0].Artikel.PZN
}

// Asked reports whether something was looked for.
func (t treffer) Asked() bool { return t.Q != "" || t.Guenstiger != "" }

// kurz is a hit for machines.
type kurz struct {
	PZN     string `json:"pzn"`
	Name    string `json:"name"`
	Packung string `json:"packung"`
	Preis   int64  `json:"preis"`
	Bestand int    `json:"bestand"`
}

// suchen answers a search while it is typed.
func (s *Seite) suchen(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	q := f.Text("q")
	if f.Err != nil {
		s.rahmen.FehlerZeigen(w, r, f.Err)
		return
	}
	t := s.treffer(r, q)
	t.Vorgang, t.Key = f.Text("vorgang"), ui.NeuerKey()
	status := http.StatusOK
	if t.Fehler != nil {
		status = t.Fehler.Status
	}
	if !ui.WillJSON(r) {
		s.rahmen.Teil(w, r, s.tmpl, "treffer", status, t)
		return
	}
	hits := []kurz{}
	for _, h := range t.Ergebnis.Treffer {
		a := h.Artikel
		hits = append(hits, kurz{string(a.PZN), a.Name, a.Packung(), int64(a.Verkaufspreis()), h.Bestand})
	}
	ui.JSON(w, status, map[string]any{"treffer": hits, "fehler": t.Fehler})
}

// Dauer is the time of the search in tenths of a millisecond, as shown: "0,8".
func (t treffer) Dauer() string {
	tenths := t.Ergebnis.Dauer.Microseconds() / 100
	return itoa(tenths/10) + "," + itoa(tenths%10)
}
