package verkauf

import (
	"context"

	"github.com/offizin/offizin/domain/abgabe"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/verkauf"
)

// maxKandidaten bounds what is shown: beyond it somebody searches by name.
const maxKandidaten = 12

// wahl is what may be handed over for a line of a prescription, best first.
type wahl struct {
	auswahl.Ergebnis
	Kandidaten []kandidat
	Gewaehlt   int // the one Enter takes; -1: none may be taken
}

// kandidat is an article that may be handed over, with its reasons.
type kandidat struct {
	auswahl.Vorschlag
	Patient, Zuzahlung money.Cent // what the patient would pay for all open packs
}

// Verboten reports whether it is shown only to say why it may not be taken.
func (k kandidat) Verboten() bool { return k.Urteil == abgabe.NichtErlaubt }

// Bevorzugt reports whether it is to be taken before all others.
func (k kandidat) Bevorzugt() bool { return k.Urteil == abgabe.Bevorzugt }

// wahl gathers the candidates and what each would cost the patient of this cart.
func (s *Seite) wahl(ctx context.Context, w wunsch, cart string) (*wahl, error) {
	e, err := s.Auswahl.Auswahl(ctx, w.Rezept, w.Verordnung)
	if err != nil {
		return nil, err
	}
	out := &wahl{Ergebnis: e, Gewaehlt: -1}
	e.Vorschlaege = e.Vorschlaege[:min(len(e.Vorschlaege), maxKandidaten)]
	in := make([]verkauf.Eingabe, len(e.Vorschlaege))
	for i, v := range e.Vorschlaege {
		in[i] = verkauf.Eingabe{PZN: v.Artikel.PZN, Menge: out.Packungen(), Rezept: w.Rezept, Verordnung: w.Verordnung}
	}
	lines, err := s.Verkauf.Voranschlag(ctx, cart, in)
	if err != nil {
		return nil, err
	}
	for i, v := range e.Vorschlaege {
		k := kandidat{v, lines[i].Rechnung.Patient(), lines[i].Rechnung.Zuzahlung}
		if out.Gewaehlt < 0 && !k.Verboten() {
			out.Gewaehlt = i
		}
		out.Kandidaten = append(out.Kandidaten, k)
	}
	return out, nil
}

// Packungen are the packs one choice puts into the cart.
func (w *wahl) Packungen() int { return max(w.Offen, 1) }
