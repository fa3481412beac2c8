package kassenbuch

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/tagesabschluss"
)

// anfang is the address of the first change money of this till, counted by coin and note.
const anfang = pfad + "/anfang"

func (s *Seite) anfangsbestand(w http.ResponseWriter, r *http.Request, f *ui.Form, refused error) {
	b, err := s.basis(r, "buch", "kassenbuch.anfangsbestand")
	page := zaehlseite{basis: b, Felder: felder(f)}
	if err == nil {
		page.Lage, err = s.dienst.Lage(r.Context(), "")
	}
	page.Till, page.Hier = page.Lage.Till, anfang
	if refused != nil {
		err = refused
	}
	s.rahmen.SeiteStatus(w, r, s.anfang, s.rahmen.Abgelehnt(r, &page.Base, err), page)
}

func (s *Seite) anfangBuchen(w http.ResponseWriter, r *http.Request) {
	s.rahmen.Tat(w, r, func(f *ui.Form, key, user string) (string, error) {
		z := gezaehlt(f)
		v := tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: z.Summe(), Grund: stueckliste(z)}
		if f.Err != nil {
			return "", f.Err
		}
		_, err := s.dienst.Bewegen(r.Context(), workflow.Auftrag{Key: key, Actor: user}, v)
		return pfad, err
	}, func(f *ui.Form, refused error) { s.anfangsbestand(w, r, f, refused) })
}

// stueckliste says what was counted: "gezählt: 2 × 50,00 €, 10 × 5,00 €"; without the pieces if the
// reason of a movement has no room for them.
func stueckliste(z abschluss.Zaehlung) string {
	const word, room = "gezählt", 200
	var parts []string
	for _, x := range z {
		parts = append(parts, fmt.Sprintf("%d × %s", x.Anzahl, x.Wert))
	}
	text := word + ": " + strings.Join(parts, ", ")
	if len(parts) == 0 || len([]rune(text)) > room {
		return word
	}
	return text
}
