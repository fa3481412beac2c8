package verkauf

import (
	"net/http"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/artikelsuche"
)

// treffer are the hits below the input line.
type treffer struct {
	Vorgang, Key string
	Q            string
	Ergebnis     artikelsuche.Ergebnis
	Fehler       *ui.Fehler
}

func (s *Seite) treffer(r *http.Request, q string) treffer {
	e, err := s.Suche.Suche(r.Context(), catalogue.Anfrage{Text: q, Limit: 8})
	return treffer{Q: q, Ergebnis: e, Fehler: s.rahmen.FehlerAus(r, err)}
}

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
	t := treffer{Q: f.Text("q")}
	if f.Err != nil {
		s.rahmen.FehlerZeigen(w, r, f.Err)
		return
	}
	if t.Q != "" {
		t = s.treffer(r, t.Q)
	}
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
