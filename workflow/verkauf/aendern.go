package verkauf

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechnung"
)

// Eingabe is an article to add.
type Eingabe struct {
	PZN        kennung.PZN
	Menge      int    // 0: one
	Rezept     string // empty: without prescription
	Verordnung int
	Charge     string
	Serie      string
	Verfall    civil.Day
}

// Hinzufuegen adds an article; the same article on the same line of a prescription
// adds to its quantity.
func (s *Service) Hinzufuegen(ctx context.Context, a workflow.Auftrag, id string, in Eingabe) (Ansicht, error) {
	if in.Menge < 0 {
		return Ansicht{}, falscheMenge()
	}
	return s.add(ctx, a, id, vorgang.Position{
		Art: vorgang.Artikel, PZN: in.PZN, Menge: max(in.Menge, 1), Rezept: in.Rezept, Verordnung: in.Verordnung,
		Charge: in.Charge, Serie: in.Serie, Verfall: in.Verfall,
	})
}

// known finds an article in the catalogue of the cart's day.
func (s *Service) known(
	ctx context.Context, rows journal.Rows, v *vorgang.Vorgang, pzn kennung.PZN,
) (artikel.Artikel, error) {
	gen, err := s.kern.KatalogIn(rows).Am(clock.DayOf(rechnung.When(*v, s.kern.Clock.Now())))
	if err != nil {
		return artikel.Artikel{}, fmt.Errorf("choose catalogue: %w", err)
	}
	a, ok, err := gen.Artikel(ctx, pzn)
	if err != nil {
		return a, fmt.Errorf("look up article: %w", err)
	}
	if !ok {
		return a, keinArtikel()
	}
	return a, nil
}

func keinArtikel() error {
	return fault.New(fault.NotFound, "A-101",
		"Diese PZN steht nicht im Katalog – prüfen Sie die Ziffern oder suchen Sie nach dem Namen.", nil)
}

// add appends a line or adds to the same one: a pack with a serial number of its own
// is a line of its own.
func (s *Service) add(ctx context.Context, a workflow.Auftrag, id string, p vorgang.Position) (Ansicht, error) {
	return s.editRows(ctx, a, id, "Hinzufügen", p, func(rows journal.Rows, v *vorgang.Vorgang) error {
		if p.Art == vorgang.Artikel {
			if _, err := s.known(ctx, rows, v, p.PZN); err != nil {
				return err
			}
		}
		return insert(v, p)
	})
}

// insert adds to the line of the same article, or appends one.
func insert(v *vorgang.Vorgang, p vorgang.Position) error {
	for i := range v.Positionen {
		q := &v.Positionen[i]
		if p.Serie != "" && q.Serie == p.Serie && q.PZN == p.PZN {
			return fault.New(fault.Conflict, "V-119",
				"Diese Packung steht schon im Vorgang (gleiche Seriennummer) – scannen Sie die nächste Packung.", nil)
		}
		if same(*q, p) {
			return setMenge(q, q.Menge+p.Menge)
		}
	}
	return appendLine(v, p)
}

func appendLine(v *vorgang.Vorgang, p vorgang.Position) error {
	if err := zugehoerig(*v, p.Rezept); err != nil {
		return err
	}
	if len(v.Positionen) >= MaxZeilen {
		return fault.New(fault.Invalid, "V-105",
			"Ein Vorgang fasst 60 Zeilen – schließen Sie ihn ab und beginnen Sie den nächsten.", nil)
	}
	p.Nr = v.NextNr()
	v.Positionen = append(v.Positionen, p)
	return setMenge(&v.Positionen[len(v.Positionen)-1], p.Menge)
}

func same(q, p vorgang.Position) bool {
	return p.Art == vorgang.Artikel && q.Art == p.Art && q.PZN == p.PZN && q.Rezept == p.Rezept &&
		q.Verordnung == p.Verordnung && q.Serie == "" && p.Serie == "" && q.Charge == p.Charge && q.Verfall == p.Verfall &&
		!q.Wunsch && q.TeilVon == 0 && q.EngpassPZN == ""
}

func setMenge(p *vorgang.Position, menge int) error {
	if menge < 1 || menge > MaxMenge {
		return falscheMenge()
	}
	if p.Serie != "" && menge > 1 {
		return fault.New(fault.Invalid, "V-120",
			"Die Zeile ist eine Packung mit Seriennummer – scannen Sie die weiteren Packungen einzeln.", nil)
	}
	if menge > 1 && p.Art == vorgang.Geschaeft {
		return nurWare(*p)
	}
	if p.Art == vorgang.Gebuehr && menge > 1 {
		return fault.New(fault.Invalid, "V-121", "Eine Gebühr gibt es je Rezept nur einmal.", nil)
	}
	p.Menge = menge
	return nil
}

func falscheMenge() error {
	return fault.New(fault.Invalid, "V-106", "Die Menge muss zwischen 1 und 999 liegen – zum Entfernen dient F9.", nil)
}

// line edits one line.
func (s *Service) line(
	ctx context.Context, a workflow.Auftrag, id string, nr int, was string, input any, f func(*vorgang.Position) error,
) (Ansicht, error) {
	return s.edit(ctx, a, id, was, []any{nr, input}, func(v *vorgang.Vorgang) error {
		p := v.Find(nr)
		if p == nil {
			return keineZeile()
		}
		return f(p)
	})
}

// Menge sets the quantity of a line.
func (s *Service) Menge(ctx context.Context, a workflow.Auftrag, id string, nr, menge int) (Ansicht, error) {
	return s.line(ctx, a, id, nr, "Menge", menge, func(p *vorgang.Position) error { return setMenge(p, menge) })
}

// Entfernen voids a line.
func (s *Service) Entfernen(ctx context.Context, a workflow.Auftrag, id string, nr int) (Ansicht, error) {
	return s.edit(ctx, a, id, "Zeile entfernt", nr, func(v *vorgang.Vorgang) error {
		if v.Find(nr) == nil {
			return keineZeile()
		}
		v.Positionen = slices.DeleteFunc(v.Positionen, func(p vorgang.Position) bool { return p.Nr == nr })
		return nil
	})
}

// Preis sets the price of a line by hand, 0,01 to 99 999,99 €; prices of Rx drugs are
// fixed by law.
func (s *Service) Preis(
	ctx context.Context, a workflow.Auftrag, id string, nr int, preis money.Cent,
) (Ansicht, error) {
	if preis < 1 || preis > 9_999_999 {
		return Ansicht{}, fault.New(fault.Invalid, "V-107", "Der Preis muss zwischen 0,01 € und 99.999,99 € liegen.", nil)
	}
	v, err := s.Warum(ctx, id, nr)
	if err != nil {
		return Ansicht{}, err
	}
	if err := nurWare(v.Position); err != nil {
		return Ansicht{}, err
	}
	if v.Position.Art == vorgang.Gebuehr && v.Position.SOK != gebuehr.SOKBeschaffung {
		return Ansicht{}, fault.New(fault.Denied, "V-140",
			"Der Betrag dieser Gebühr ist gesetzlich fest (AMPreisV) – er lässt sich nicht ändern.", nil)
	}
	if v.Position.Zubereitung != nil {
		return Ansicht{}, fault.New(fault.Denied, "V-147",
			"Der Preis folgt aus der Zusammensetzung (AMPreisV §§ 4, 5) – "+
				"entfernen Sie die Zeile (F9) und erfassen Sie die Rezeptur neu.", nil)
	}
	if v.Artikel.Verschreibungspflichtig {
		return Ansicht{}, fault.New(fault.Denied, "V-108",
			"Der Preis verschreibungspflichtiger Arzneimittel ist gesetzlich fest (AMPreisV) – er lässt sich nicht ändern.", nil)
	}
	if rechnung.Fixed(v.Artikel, v.Rechnung.Traeger) && v.Rechnung.Regel != zuzahlung.RegelAusschluss {
		return Ansicht{}, fault.New(fault.Denied, "V-138",
			"Zu Lasten der Krankenkasse gilt der Preis nach § 129 Abs. 5a SGB V – lösen Sie die Zeile vom Rezept (F6).", nil)
	}
	return s.line(ctx, a, id, nr, "Preis", preis, func(p *vorgang.Position) error {
		if p.Art == vorgang.Artikel {
			p.Preis = &preis
		} else {
			p.Betrag = preis
		}
		return nil
	})
}

// Rabatt sets the discount, 0 to 100 %, of a line or, with nr 0, of all lines that may
// have one: what is neither Rx nor on a prescription.
func (s *Service) Rabatt(
	ctx context.Context, a workflow.Auftrag, id string, nr int, rabatt money.PPM,
) (Ansicht, error) {
	if rabatt < 0 || rabatt > 100*money.Percent {
		return Ansicht{}, fault.New(fault.Invalid, "V-109", "Der Rabatt muss zwischen 0 % und 100 % liegen.", nil)
	}
	v, err := s.Ansicht(ctx, id)
	if err != nil {
		return Ansicht{}, err
	}
	var allowed []int
	for _, z := range v.Zeilen {
		if !z.Artikel.Verschreibungspflichtig && z.Position.Rezept == "" && z.Position.Art == vorgang.Artikel {
			allowed = append(allowed, z.Position.Nr)
		}
	}
	if nr != 0 && !slices.Contains(allowed, nr) {
		return Ansicht{}, fault.New(fault.Denied, "V-110",
			"Auf verschreibungspflichtige Arzneimittel und Rezeptzeilen gibt es keinen Rabatt (§ 7 HWG, AMPreisV).", nil)
	}
	return s.edit(ctx, a, id, "Rabatt", []any{nr, rabatt}, func(v *vorgang.Vorgang) error {
		for i := range v.Positionen {
			p := &v.Positionen[i]
			if p.Nr == nr || nr == 0 && slices.Contains(allowed, p.Nr) {
				p.Rabatt = rabatt
			}
		}
		return nil
	})
}

// Kulanz waives the Zuzahlung of a line at the pharmacy's own cost; an empty reason
// takes it back.
func (s *Service) Kulanz(ctx context.Context, a workflow.Auftrag, id string, nr int, grund string) (Ansicht, error) {
	if len(grund) > 200 {
		return Ansicht{}, fault.New(fault.Invalid, "V-111", "Der Grund ist zu lang – höchstens 200 Zeichen.", nil)
	}
	grund = strings.TrimSpace(grund)
	return s.line(ctx, a, id, nr, "Kulanz", grund, func(p *vorgang.Position) error {
		if p.Rezept == "" && grund != "" {
			return fault.New(fault.Invalid, "V-137",
				"Eine Zuzahlung gibt es nur auf Rezept – ordnen Sie die Zeile zuerst zu (F6).", nil)
		}
		p.Kulanz = grund
		return nil
	})
}

// Abweichung is why another article is handed over than law would have it.
type Abweichung struct {
	NichtVerfuegbar bool
	Wunsch          bool
	EngpassPZN      kennung.PZN
	EngpassMenge    int
	TeilMenge       int
	TeilVon         int
}

// Abweichung sets the deviations of a line of a prescription.
func (s *Service) Abweichung(
	ctx context.Context, a workflow.Auftrag, id string, nr int, w Abweichung,
) (Ansicht, error) {
	if w.TeilVon < 0 || w.TeilMenge < 0 || w.TeilMenge > 0 && w.TeilMenge >= w.TeilVon || w.TeilVon > 10_000 ||
		(w.TeilMenge == 0) != (w.TeilVon == 0) {
		return Ansicht{}, fault.New(fault.Invalid, "V-112",
			"Die Teilmenge muss kleiner sein als die Packung – geben Sie beide Zahlen an, zum Beispiel 10 von 50.", nil)
	}
	if w.EngpassMenge < 0 || w.EngpassMenge > MaxMenge {
		return Ansicht{}, falscheMenge()
	}
	return s.line(ctx, a, id, nr, "Abweichung", w, func(p *vorgang.Position) error {
		if p.Rezept == "" {
			return fault.New(fault.Invalid, "V-113",
				"Abweichungen gibt es nur auf Rezept – ordnen Sie die Zeile zuerst zu (F6).", nil)
		}
		p.NichtVerfuegbar, p.Wunsch = w.NichtVerfuegbar, w.Wunsch
		p.EngpassPZN, p.EngpassMenge = w.EngpassPZN, w.EngpassMenge
		p.TeilMenge, p.TeilVon = w.TeilMenge, w.TeilVon
		return nil
	})
}

// Nacherfassung marks the cart as a sale made by hand at the given time.
func (s *Service) Nacherfassung(
	ctx context.Context, a workflow.Auftrag, id string, geschehen time.Time, beleg string,
) (Ansicht, error) {
	now, beleg := s.kern.Clock.Now(), strings.TrimSpace(beleg)
	if geschehen.After(now) || geschehen.Before(now.AddDate(-1, 0, 0)) {
		return Ansicht{}, fault.New(fault.Invalid, "V-115",
			"Der Zeitpunkt der Nacherfassung muss in der Vergangenheit liegen, höchstens ein Jahr zurück.", nil)
	}
	if len(beleg) > 40 {
		return Ansicht{}, fault.New(fault.Invalid, "V-116",
			"Die Nummer des Handbelegs ist zu lang – höchstens 40 Zeichen.", nil)
	}
	return s.edit(ctx, a, id, "Nacherfassung", []any{geschehen.UnixNano(), beleg}, func(v *vorgang.Vorgang) error {
		v.Geschehen, v.Beleg, v.Tag = geschehen.UnixNano(), beleg, clock.DayOf(geschehen)
		return nil
	})
}
