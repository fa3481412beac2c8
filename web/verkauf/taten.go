package verkauf

import (
	"context"
	"strconv"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/verkauf"
)

// frageUebernahme is the code of the question before a cart is taken over.
const frageUebernahme = "V-421"

// tat reads the fields of an act; what it returns does it.
type tat func(*ui.Form) akt

type akt func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error)

// ergebnis is what an act led to.
type ergebnis struct {
	Ansicht verkauf.Ansicht
	Scan    *verkauf.ScanErgebnis
	Bon     *bon.Bon
	Rezept  string // that was taken in
	Zettel  string // id of the reservation that was made
}

// abgelehnt is the reason why a scan added nothing; nil if there are hits to choose from.
func (e ergebnis) abgelehnt() error {
	if e.Scan == nil || e.Scan.Nr != 0 || len(e.Scan.Treffer) > 0 {
		return nil
	}
	for _, b := range e.Scan.Befunde {
		return b
	}
	return fault.New(fault.NotFound, "W-201",
		"Dazu ist kein Artikel bekannt – prüfen Sie die Ziffern oder suchen Sie nach dem Namen.", nil)
}

// fragt reports whether a scan left something to read or to choose: that stands in no
// address.
func (e ergebnis) fragt() bool {
	return e.Scan != nil && (e.Scan.Nr == 0 || len(e.Scan.Befunde) > 0)
}

func nur(v verkauf.Ansicht, err error) (ergebnis, error) { return ergebnis{Ansicht: v}, err }

// taten are the acts by the last part of their address.
func (s *Seite) taten() map[string]tat {
	return map[string]tat{
		"beginnen": s.beginnen, "scan": s.scan, "menge": s.menge, "preis": s.preis, "rabatt": s.rabatt, "kulanz": s.kulanz,
		"abweichung": s.abweichung, "entfernen": s.entfernen, "zurueck": s.zurueck,
		"parken": s.parken, "fortsetzen": s.fortsetzen, "verwerfen": s.verwerfen,
		"kunde": s.kunde, "person": s.person, "schalter": s.schalter,
		"rezept": s.rezept, "rezept-entfernen": s.rezeptEntfernen, "datei": s.datei, "muster16": s.muster16,
		"zuordnen": s.zuordnen, "abgabe": s.abgabe, "gebuehr": s.gebuehr, "rezeptur": s.rezeptur,
		"nacherfassung": s.nacherfassung, "bezahlen": s.bezahlen, "vormerken": s.vormerken,
		"digital": s.digital,
	}
}

// beginnt runs an act on the cart; without one on the open cart of this machine, and if
// there is none it begins one. Both acts have keys that follow from the same intent.
func (s *Seite) beginnt(ctx context.Context, a workflow.Auftrag, id string) (string, error) {
	if id != "" {
		return id, nil
	}
	v, err := s.Verkauf.Aktuell(ctx)
	if err != nil || v.Vorgang.ID != "" {
		return v.Vorgang.ID, err
	}
	v, err = s.Verkauf.Beginnen(ctx, workflow.Auftrag{Key: a.Key + "/a", Actor: a.Actor})
	return v.Vorgang.ID, err
}

// beginnen opens a cart of its own, whatever else lies on the counter.
func (s *Seite) beginnen(*ui.Form) akt {
	return func(ctx context.Context, a workflow.Auftrag, _ string) (ergebnis, error) {
		return nur(s.Verkauf.Beginnen(ctx, a))
	}
}

func (s *Seite) scan(f *ui.Form) akt {
	text := f.Roh("text")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		v, scan, err := s.Verkauf.Scan(ctx, a, id, text)
		return ergebnis{Ansicht: v, Scan: &scan}, err
	}
}

func (s *Seite) menge(f *ui.Form) akt {
	nr, menge := f.Zahl("nr"), f.Zahl("menge")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Menge(ctx, a, id, nr, menge))
	}
}

func (s *Seite) preis(f *ui.Form) akt {
	nr, preis := f.Zahl("nr"), f.Geld("preis")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Preis(ctx, a, id, nr, preis))
	}
}

func (s *Seite) rabatt(f *ui.Form) akt {
	nr, rabatt := f.Zahl("nr"), f.Prozent("rabatt")
	if f.Ja("alle") {
		nr = 0
	}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Rabatt(ctx, a, id, nr, rabatt))
	}
}

func (s *Seite) kulanz(f *ui.Form) akt {
	nr, grund := f.Zahl("nr"), f.Text("grund")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Kulanz(ctx, a, id, nr, grund))
	}
}

func (s *Seite) abweichung(f *ui.Form) akt {
	nr, w := f.Zahl("nr"), verkauf.Abweichung{
		NichtVerfuegbar: f.Ja("nicht_verfuegbar"), Wunsch: f.Ja("wunsch"),
		EngpassPZN: kennung.PZN(f.Text("engpass_pzn")), EngpassMenge: f.Zahl("engpass_menge"),
		TeilMenge: f.Zahl("teil_menge"), TeilVon: f.Zahl("teil_von"),
	}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Abweichung(ctx, a, id, nr, w))
	}
}

func (s *Seite) entfernen(f *ui.Form) akt {
	nr := f.Zahl("nr")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Entfernen(ctx, a, id, nr))
	}
}

func (s *Seite) zurueck(*ui.Form) akt {
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return nur(s.Verkauf.Zurueck(ctx, a, id))
	}
}

func (s *Seite) parken(f *ui.Form) akt {
	notiz := f.Text("notiz")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return ergebnis{}, s.Verkauf.Parken(ctx, a, id, notiz)
	}
}

// fortsetzen takes a parked cart back, or changes to another open one of this machine. One
// that is open on a machine that does not answer is taken over after one question.
func (s *Seite) fortsetzen(f *ui.Form) akt {
	sure := f.Ja("sicher") || s.Uebernahme == nil
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		platz := ""
		if !sure {
			var err error
			if platz, err = s.Uebernahme.Frage(ctx, id); err != nil {
				return ergebnis{}, err
			}
		}
		if platz != "" {
			return ergebnis{}, fault.New(fault.Conflict, frageUebernahme, "Ist "+platz+" wirklich aus? Der Vorgang ist dort "+
				"noch offen; bestätigen Sie nur, wenn dort niemand weiterarbeitet.", nil)
		}
		return nur(s.Verkauf.Fortsetzen(ctx, a, id))
	}
}

func (s *Seite) verwerfen(*ui.Form) akt {
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		return ergebnis{}, s.Verkauf.Verwerfen(ctx, a, id)
	}
}

func (s *Seite) gebuehr(f *ui.Form) akt {
	in := verkauf.GebuehrEingabe{SOK: f.Text("sok"), Betrag: f.Geld("betrag"), Rezept: f.Text("rezept")}
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Gebuehr(ctx, a, id, in))
	}
}

func (s *Seite) nacherfassung(f *ui.Form) akt {
	when, beleg := f.Zeit("tag", "uhrzeit"), f.Text("beleg")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		id, err := s.beginnt(ctx, a, id)
		if err != nil {
			return ergebnis{}, err
		}
		return nur(s.Verkauf.Nacherfassung(ctx, a, id, when, beleg))
	}
}

// bezahlen pays. The sum on the screen comes back in cents, as it was sent; what was
// handed over is an amount as people type it.
func (s *Seite) bezahlen(f *ui.Form) akt {
	z := verkauf.Zahlung{
		Erwartet: money.Cent(f.Zahl("erwartet")), Gegeben: f.Geld("gegeben"), Karte: f.Geld("karte"),
		Bestaetigt: f.Werte["bestaetigt"],
	}
	hand := f.Ja("von_hand")
	return func(ctx context.Context, a workflow.Auftrag, id string) (ergebnis, error) {
		if err := s.amTerminal(ctx, a, id, z, hand); err != nil {
			return ergebnis{}, err
		}
		b, err := s.Verkauf.Bezahlen(ctx, a, id, z)
		if err != nil {
			return ergebnis{}, err
		}
		return ergebnis{Bon: &b}, nil
	}
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
