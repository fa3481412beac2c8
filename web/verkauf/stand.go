package verkauf

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/projection/kartenzahlungen"
	"github.com/offizin/offizin/web/rezepte"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/offeneposten"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
)

// stand is everything on the counter: the part of the page that changes with each act.
type stand struct {
	Ansicht verkauf.Ansicht
	Wunsch  wunsch
	Zeile   *verkauf.Zeile // the chosen line; nil: there is none
	Key     string
	Fehler  *ui.Fehler
	Scan    *verkauf.ScanErgebnis // advice of the last scan
	Letzter *bon.Bon              // last Bon of this till
	Schild  string                // of it, as of sicherheit
	Bezahlt *bon.Bon              // just paid
	Digital bool                  // its receipt can be given as QR code
	Gezeigt bool                  // the customer sees that code
	Anzeige bool                  // there is a screen for customers
	Geparkt []verkauf.Kurz
	Klaeren int // what take-overs left behind

	Terminal  bool                      // cards are read at a terminal
	Unklar    []kartenzahlungen.Zahlung // payments there that must be settled
	Bewilligt money.Cent                // taken there for this cart, on no Bon yet

	Schulden schulden              // of the customer
	Abholer  []offeneposten.Posten // panel mehr: paid and not fetched yet

	Personen   []person.Person         // panel kunde
	Offene     []rezeptannahme.Eintrag // panel rezept: those that can be added
	Auswahl    *wahl                   // panel auswahl
	Vormerkung *vormerkung.Vormerkung  // just made: the slip
	Storno     *verkauf.BonAnsicht     // panel storno
	Uebung     bool                    // panel storno: in practice nothing is undone
	Rezeptur   *rezepturfelder         // panel rezeptur

	getippt url.Values // what was sent and refused
}

// stand collects what is shown; an error of the act stands above all else.
func (s *Seite) stand(r *http.Request, w wunsch, e ergebnis, act error) (stand, int) {
	st := stand{Ansicht: e.Ansicht, Wunsch: w, Key: ui.NeuerKey(), Scan: e.Scan, Bezahlt: e.Bon}
	if act != nil && r.PostForm.Get("panel") == w.Panel { // a scan beside the panel is not of it
		st.getippt = r.PostForm
	}
	err := s.fill(r.Context(), &st)
	if act == nil {
		act = err
	}
	if st.Fehler = s.rahmen.FehlerAus(r, act); st.Fehler != nil {
		if st.Fehler.Code == frageUebernahme {
			st.Wunsch.Panel = "uebernahme"
		}
		return st, st.Fehler.Status
	}
	return st, http.StatusOK
}

func (s *Seite) fill(ctx context.Context, st *stand) error {
	var failed error
	if st.Ansicht.Vorgang.ID == "" {
		if st.Ansicht, failed = s.ansicht(ctx, st.Wunsch.Vorgang); failed != nil {
			st.Ansicht, _ = s.Verkauf.Aktuell(ctx) // the cart asked for is gone: show the open one, tell why
		}
	}
	st.choose()
	last, ok, err := s.Verkauf.Letzter(ctx)
	if ok {
		st.Letzter, st.Schild = &last, s.Sicherheit.Schild(ctx, last.Nummer)
	}
	if st.Bezahlt == nil && ok && st.Wunsch.Bon == last.Nummer {
		st.Bezahlt = &last
	}
	if err == nil {
		err = s.geuebt(ctx, st)
	}
	if err == nil {
		err = s.anzeige(ctx, st)
	}
	if err == nil {
		st.Terminal = s.Karten != nil
		err = s.kartenstand(ctx, st)
	}
	parked, err2 := s.Verkauf.Offene(ctx)
	for _, k := range parked {
		if k.ID != st.Ansicht.Vorgang.ID {
			st.Geparkt = append(st.Geparkt, k)
		}
	}
	return errors.Join(failed, err, err2, s.klaeren(ctx, st), s.schuldet(ctx, st), s.slip(ctx, st), s.panel(ctx, st))
}

// geuebt shows what was just paid in practice; it is not the last Bon of the till.
func (s *Seite) geuebt(ctx context.Context, st *stand) error {
	nummer := st.Wunsch.Bon
	if st.Bezahlt != nil {
		nummer = ""
		if st.Bezahlt.Uebung {
			nummer = st.Bezahlt.Nummer // F12 shows what was just paid
		}
	}
	if nummer == "" {
		return nil
	}
	b, err := s.Verkauf.Bon(ctx, nummer)
	if err == nil && b.Geuebt {
		st.Bezahlt, st.Letzter, st.Schild = &b.Bon, &b.Bon, ""
	}
	if fault.KindOf(err) == fault.NotFound {
		return nil
	}
	return err
}

// klaeren counts what somebody has to settle.
func (s *Seite) klaeren(ctx context.Context, st *stand) error {
	if s.Uebernahme == nil {
		return nil
	}
	list, err := s.Uebernahme.Aufgaben(ctx)
	st.Klaeren = list.Anzahl()
	return err
}

// slip fetches the reservation that was just made.
func (s *Seite) slip(ctx context.Context, st *stand) error {
	if st.Wunsch.Zettel == "" {
		return nil
	}
	v, err := s.Vormerkung.Find(ctx, st.Wunsch.Zettel)
	if err == nil {
		st.Vormerkung = &v
	}
	return err
}

// choose finds the line the keys act on: the one asked for, else the last.
func (st *stand) choose() {
	for i := range st.Ansicht.Zeilen {
		z := &st.Ansicht.Zeilen[i]
		if st.Zeile == nil || st.Zeile.Position.Nr != st.Wunsch.Nr {
			st.Zeile = z
		}
	}
}

// panel fetches what the open panel shows.
func (s *Seite) panel(ctx context.Context, st *stand) error {
	var err error
	switch st.Wunsch.Panel {
	case "kunde":
		st.Personen, err = s.Personen.Suche(ctx, st.Wunsch.Q)
		st.Personen = st.Personen[:min(len(st.Personen), 8)]
	case "rezept":
		st.Offene, err = s.addable(ctx, st.Ansicht)
	case "auswahl":
		st.Auswahl, err = s.wahl(ctx, st.Wunsch, st.Ansicht.Vorgang.ID)
	case "rezeptur":
		st.Rezeptur, err = s.rezepturfelder(*st, st.getippt)
	case "mehr":
		err = s.bezahlte(ctx, st)
	case "storno":
		if st.Letzter != nil {
			var v verkauf.BonAnsicht
			v, err = s.Verkauf.Bon(ctx, st.Letzter.Nummer)
			st.Storno = &v
		}
		if kopf, e := s.rahmen.Kopf(ctx); e == nil {
			st.Uebung = kopf.Uebung
		}
	}
	return err
}

// addable are the open prescriptions that are not in the cart yet.
func (s *Seite) addable(ctx context.Context, v verkauf.Ansicht) ([]rezeptannahme.Eintrag, error) {
	in := map[string]bool{}
	for _, id := range v.Vorgang.Rezepte {
		in[id] = true
	}
	var list []rezeptannahme.Eintrag
	for _, z := range []rezeptannahme.Zustand{rezeptannahme.Offen, rezeptannahme.Teilweise} {
		found, err := s.Rezepte.Liste(ctx, rezeptannahme.Filter{Zustand: z, Limit: 12})
		if err != nil {
			return nil, err
		}
		for _, e := range found {
			if !in[e.ID] && !e.Geloescht {
				list = append(list, e)
			}
		}
	}
	return list[:min(len(list), 12)], nil
}

// Leer reports whether nothing lies on the counter.
func (st stand) Leer() bool { return len(st.Ansicht.Zeilen) == 0 }

// Nr is the number of the chosen line; 0 if there is none.
func (st stand) Nr() int {
	if st.Zeile == nil {
		return 0
	}
	return st.Zeile.Position.Nr
}

// IK is the insurer whose contracts count for what is looked for: that of the prescription
// of the chosen line, else of the last one on the counter; empty without a prescription of
// the GKV.
func (st stand) IK() (ik string) {
	for _, r := range st.Ansicht.Rezepte {
		k := r.Rezept.Kostentraeger
		if k.Art != zuzahlung.GKV {
			continue
		}
		if ik = k.IK; k.AlternativIK != "" {
			ik = k.AlternativIK
		}
		if st.Zeile != nil && st.Zeile.Position.Rezept == r.ID {
			return ik
		}
	}
	return ik
}

// AufRezept reports whether the chosen line belongs to a prescription.
func (st stand) AufRezept() bool { return st.Zeile != nil && st.Zeile.Position.Rezept != "" }

// Zahlen reports whether a payment is being taken.
func (st stand) Zahlen() bool {
	return (st.Wunsch.Panel == "bar" || st.Wunsch.Panel == "karte") && !st.Leer()
}

// Kartenzahlung is what stands in the field for the card: what was taken already, all of it where
// a card is to pay, or nothing.
func (st stand) Kartenzahlung() string {
	switch {
	case st.Bewilligt > 0:
		return st.Bewilligt.Plain()
	case st.Wunsch.Panel == "karte":
		return st.Ansicht.Summen.Patient.Plain()
	}
	return ""
}

// Warnungen are the verdicts that paying confirms, each code once.
func (st stand) Warnungen() []befund.Befund { return st.befunde(befund.Warnung) }

// Hindernisse are the verdicts that stop paying.
func (st stand) Hindernisse() []befund.Befund { return st.befunde(befund.Hindernis) }

func (st stand) befunde(grade befund.Schwere) []befund.Befund {
	all := append([]befund.Befund{}, st.Ansicht.Hinweise...)
	for _, z := range st.Ansicht.Zeilen {
		all = append(all, z.Befunde...)
	}
	var list []befund.Befund
	seen := map[string]bool{}
	for _, b := range all {
		if b.Schwere == grade && !seen[b.Code+b.Text] {
			seen[b.Code+b.Text] = true
			list = append(list, b)
		}
	}
	return list
}

// Hinweise are the verdicts on the whole cart; those on a prescription stand beside it.
func (st stand) Hinweise() []befund.Befund {
	return slices.DeleteFunc(slices.Clone(st.Ansicht.Hinweise), func(b befund.Befund) bool {
		return slices.ContainsFunc(st.Ansicht.Rezepte, func(r rezeptannahme.Eintrag) bool {
			return slices.ContainsFunc(r.Befunde, func(other befund.Befund) bool {
				return b.Code == other.Code && b.Text == other.Text
			})
		})
	})
}

// Verordnungen are the lines of a prescription in the cart with what was put on them.
func (st stand) Verordnungen(e rezeptannahme.Eintrag) []verordnung {
	var list []verordnung
	for i, v := range e.Rezept.Verordnungen {
		x := verordnung{
			Index: i, Text: benannt(v), Wirkstoff: v.Wirkstoff, Packungen: v.Packungen,
			Art: string(v.Art), AutIdem: v.AutIdemKreuz,
		}
		for _, z := range st.Ansicht.Zeilen {
			if z.Position.Rezept == e.ID && z.Position.Verordnung == i {
				x.Zeilen = append(x.Zeilen, z.Position.Nr)
			}
		}
		list = append(list, x)
	}
	return list
}

// benannt is what a line prescribes: from paper often nothing but a PZN.
func benannt(v rezept.Verordnung) string {
	if v.Text == "" && v.Wirkstoff == "" {
		return "PZN " + string(v.PZN)
	}
	return v.Text
}

type verordnung struct {
	Index, Packungen     int
	Text, Wirkstoff, Art string
	AutIdem              bool
	Zeilen               []int
}

// Gebuehren are the fees that can be added.
func (stand) Gebuehren() []gebuehr.Art { return gebuehr.Liste() }

// Traeger are the kinds of payer a person can be insured with.
func (stand) Traeger() []zuzahlung.Traeger { return rezepte.Traeger() }

// Rueckgeld is the change of what was just paid.
func (st stand) Rueckgeld() money.Cent { return st.Bezahlt.Rueckgeld() }
