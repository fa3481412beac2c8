package bon

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rueckzahlung"
	"github.com/offizin/offizin/workflow/verkauf"
)

// rueckweg is how money can go back when the Bon is undone.
type rueckweg struct {
	MitKarte  money.Cent // that was paid by card
	Terminal  bool       // it gives back what was paid by card
	Erstattet *kartenzahlungen.Zahlung

	Abgelehnt string // "storno", "retoure": what was refused
	Fraglich  bool   // because the drawer has less by book: somebody has to confirm
	typed     url.Values
}

// Getippt is what stood in a field of what was refused.
func (r rueckweg) Getippt(act, name string) string {
	if r.Abgelehnt != act {
		return ""
	}
	return r.typed.Get(name)
}

// feld is the part of a form that says how the money goes back.
type feld struct {
	rueckweg
	Tat string
}

// Feld is that of an act.
func (r rueckweg) Feld(act string) feld { return feld{r, act} }

// Bestaetigen reports whether an act was refused that somebody may confirm.
func (r rueckweg) Bestaetigen(act string) bool { return r.Fraglich && r.Abgelehnt == act }

func (s *Seite) rueckweg(r *http.Request, v verkauf.BonAnsicht, refused *ui.Fehler) (out rueckweg, err error) {
	for _, z := range v.Bon.Zahlungen {
		if z.Art == bon.Karte {
			out.MitKarte += z.Betrag
		}
	}
	if r.Method == http.MethodPost {
		out.Abgelehnt, out.typed = r.URL.Path[strings.LastIndexByte(r.URL.Path, '/')+1:], r.PostForm
	}
	out.Fraglich = refused != nil && refused.Code == "V-604"
	if out.Terminal = s.Karten != nil; out.Terminal {
		out.Erstattet, err = s.Karten.Erstattet(r.Context(), v.Bon.Nummer)
	}
	return out, err
}

// wunsch reads how the money shall go back: on the card as far as it was paid with it, or in cash if
// somebody says why.
func (s *Seite) wunsch(f *ui.Form) rueckzahlung.Wunsch {
	w := rueckzahlung.Wunsch{
		Weg: rueckzahlung.AufKarte, Grund: f.Text("bar_grund"), Terminal: s.Karten != nil && !f.Ja("von_hand"),
		Bestaetigt: f.Ja("bestaetigt"),
	}
	if w.Grund != "" {
		w.Weg = rueckzahlung.InBar
	}
	return w
}

// buchen books what undoes a Bon, and has the terminal give back before what it has to.
func (s *Seite) buchen(r *http.Request, a workflow.Auftrag, f func() (bon.Bon, error)) (bon.Bon, error) {
	if s.Karten == nil {
		return f()
	}
	return s.Karten.Buchen(r.Context(), a, f)
}
