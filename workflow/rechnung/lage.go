package rechnung

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/gebuehr"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/projection/vorgaenge"
	"github.com/offizin/offizin/projection/vormerkungen"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
)

// lage is everything a cart is priced with: the day, its law and catalogue, the
// customer, the prescriptions and their patients, and what was booked before.
type lage struct {
	rows      journal.Rows
	tag       civil.Day
	at        time.Time // when it is handed over
	gen       catalogue.Generation
	stand     recht.Stand
	kunde     *person.Person
	rezepte   []rezeptannahme.Eintrag
	patienten map[string]person.Person // by id
	land      gebuehr.Land             // decides the holidays

	uebung, unbar, produktiv bool

	positionen []vorgang.Position      // all lines of the cart
	vorher     []bon.Position          // those computed so far
	waren      map[int]artikel.Artikel // by line
}

// When is the moment of handing over: now, or the true time of a Nacherfassung.
func When(v vorgang.Vorgang, now time.Time) time.Time {
	if v.Geschehen != 0 {
		return time.Unix(0, v.Geschehen).UTC()
	}
	return now
}

// lage gathers what a cart is priced with; *Missing if sealed data must be opened first.
func (s *Service) lage(rows journal.Rows, v vorgang.Vorgang, now time.Time) (lage, error) {
	at := When(v, now)
	l := lage{rows: rows, at: at, tag: clock.DayOf(at)}
	if err := s.law(&l); err != nil {
		return lage{}, err
	}
	if err := s.house(&l); err != nil {
		return lage{}, err
	}
	missing := &Missing{}
	if err := s.people(&l, v, missing); err != nil {
		return lage{}, err
	}
	if !missing.Leer() {
		return lage{}, missing
	}
	return l, nil
}

// house adds the settings that count.
func (s *Service) house(l *lage) error {
	set, err := haus.Einstellungen(l.rows)
	l.land = gebuehr.Land(set["bundesland"])
	l.uebung = set[haus.UebungSchluessel(s.kern.Till)] == "ja"
	l.unbar, l.produktiv = set["rezept_unbar"] == "ja", set["produktiv"] == "ja"
	return err
}

// people adds the customer, the prescriptions and their patients.
func (s *Service) people(l *lage, v vorgang.Vorgang, m *Missing) error {
	var err error
	if v.Kunde != "" {
		if l.kunde, err = s.vorrat.person(l.rows, v.Kunde, m); err != nil {
			return err
		}
	}
	l.patienten = map[string]person.Person{}
	for _, id := range v.Rezepte {
		r, err := s.vorrat.rezept(l.rows, id, m)
		if err != nil {
			return err
		}
		if r == nil {
			continue
		}
		p, err := s.vorrat.person(l.rows, r.Person, m)
		if err != nil {
			return err
		}
		l.rezepte = append(l.rezepte, *r)
		if p != nil {
			l.patienten[r.Person] = *p
		} else { // erased: what was opened before must not be used any more
			l.rezepte[len(l.rezepte)-1] = rezeptannahme.Eintrag{ID: id, Person: r.Person, Geloescht: true}
		}
	}
	return nil
}

// law sets catalogue and law of the day.
func (s *Service) law(l *lage) error {
	var err error
	if l.gen, err = s.kern.KatalogIn(l.rows).Am(l.tag); err != nil {
		return fmt.Errorf("choose catalogue: %w", err)
	}
	if l.stand, err = s.kern.Recht.Am(l.tag); err != nil {
		return falscheUhr(l.tag, err)
	}
	return nil
}

// falscheUhr names the reason why there is no law of a day: a cart is of today, or entered
// later for a day of the last year.
func falscheUhr(tag civil.Day, err error) error {
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == "L-120" {
		return fault.New(fault.Invalid, "V-160", "Der Rechner zeigt den "+tag.German()+
			", das kann nicht stimmen – stellen Sie Datum und Uhrzeit richtig, dann geht der Verkauf weiter.", err)
	}
	return fmt.Errorf("law of %s: %w", tag, err)
}

func (l *lage) rezept(id string) *rezeptannahme.Eintrag {
	for i := range l.rezepte {
		if l.rezepte[i].ID == id {
			return &l.rezepte[i]
		}
	}
	return nil
}

// Ansicht prices a cart as of one moment. If the day has changed since it was last
// priced, it says what that changes.
func (s *Service) Ansicht(
	ctx context.Context, rows journal.Rows, v vorgaenge.Eintrag, now time.Time,
) (Ansicht, error) {
	l, err := s.lage(rows, v.Vorgang, now)
	if err != nil {
		return Ansicht{}, err
	}
	out := Ansicht{
		Vorgang: v.Vorgang, Kunde: l.kunde, Tag: l.tag, Katalog: l.gen.Manifest().ID,
		KannZurueck: v.KannZurueck(), Zuletzt: v.Was, Uebung: l.uebung, Unbar: l.unbar,
	}
	if out.Zeilen, err = l.price(ctx, v.Vorgang); err != nil {
		return Ansicht{}, err
	}
	out.Summen = sum(out.Zeilen)
	if err := s.dayChange(ctx, v.Vorgang, l, &out); err != nil {
		return Ansicht{}, err
	}
	l.checkKatalog(&out)
	l.checkUebung(&out)
	if err := l.checkBetrieb(&out, s.kern.Till); err != nil {
		return out, err
	}
	if err := l.checkBeleg(&out); err != nil {
		return Ansicht{}, err
	}
	checkSumme(&out)
	l.checkRezepte(&out)
	out.Rezepte = l.rezepte
	out.Noctu = l.proposeNoctu(v.Vorgang)
	return out, nil
}

// price computes all lines. A later line may depend on an earlier one; see phase.
func (l *lage) price(ctx context.Context, v vorgang.Vorgang) ([]Zeile, error) {
	l.positionen, l.vorher, l.waren = v.Positionen, nil, map[int]artikel.Artikel{}
	zeilen := make([]Zeile, len(v.Positionen))
	for turn := range phasen {
		for i, p := range v.Positionen {
			if phase(p) != turn {
				continue
			}
			var err error
			if zeilen[i], err = l.zeile(ctx, v, p); err != nil {
				return nil, err
			}
			l.vorher = append(l.vorher, zeilen[i].Rechnung)
		}
	}
	return zeilen, nil
}

func (s *Service) dayChange(ctx context.Context, v vorgang.Vorgang, l lage, out *Ansicht) error {
	wrongClock := v.Tag < recht.Beginn // the cart was filled then: no prices to compare with
	if v.Tag == l.tag || wrongClock || len(v.Positionen) == 0 {
		return nil
	}
	before := l
	before.tag = v.Tag
	if err := s.law(&before); err != nil {
		return err
	}
	zeilen, err := before.price(ctx, v)
	if err != nil {
		return err
	}
	was, is := sum(zeilen).Patient, out.Summen.Patient
	if was != is {
		out.Hinweise = append(out.Hinweise, befund.Befund{
			Code: "V-211", Schwere: befund.Warnung,
			Text: fmt.Sprintf("Seit dem %s gelten andere Preise: bisher %s, jetzt %s – bitte dem Kunden sagen.",
				v.Tag.German(), was, is),
		})
	}
	return nil
}

// checkKatalog tells when no catalogue reaches back to the day.
func (l *lage) checkKatalog(out *Ansicht) {
	if m := l.gen.Manifest(); m.GueltigAb > l.tag && len(out.Zeilen) > 0 {
		out.Hinweise = append(out.Hinweise, befund.Befund{
			Code: "V-212", Schwere: befund.Warnung,
			Text: fmt.Sprintf("Für den %s liegt kein Katalog vor; es gelten die Preise vom %s – "+
				"bitte mit dem Handbeleg vergleichen.", l.tag.German(), m.GueltigAb.German()),
		})
	}
}

// CodeUebung is the code of the warning that a till practises: who pays has seen it.
const CodeUebung = "V-530"

// checkUebung tells that nothing is sold, and that practice prescriptions are for practice.
func (l *lage) checkUebung(out *Ansicht) {
	if l.uebung && len(out.Zeilen) > 0 {
		out.Hinweise = append(out.Hinweise, befund.Befund{
			Code: CodeUebung, Schwere: befund.Warnung,
			Text: "Übungsbetrieb: Es wird nichts verkauft – geben Sie keine Ware ab und nehmen Sie kein Geld.",
		})
	}
	for _, r := range l.rezepte {
		if r.Uebung && l.produktiv && !l.uebung && serves(out.Zeilen, r.ID) {
			out.Hinweise = append(out.Hinweise, befund.Befund{
				Code: "V-535", Schwere: befund.Hindernis, Subject: r.ID,
				Text: "Das Rezept ist eine Übung – im Echtbetrieb wird darauf nichts abgegeben, entfernen Sie es.",
			})
		}
	}
}

// checkBetrieb tells that the till is out of use: paying puts it into use again.
func (l *lage) checkBetrieb(out *Ansicht, till string) error {
	e, is, err := kassenmeldung.Ausser(l.rows, till)
	if is && len(out.Zeilen) > 0 {
		out.Hinweise = append(out.Hinweise, kassenmeldung.Hinweis(e))
	}
	return err
}

// checkBeleg tells that a sale by hand seems to be entered already: a Bon that stands
// names the same slip.
func (l *lage) checkBeleg(out *Ansicht) error {
	if out.Vorgang.Beleg == "" {
		return nil
	}
	list, err := bons.OfBeleg(l.rows, out.Vorgang.Beleg)
	if err != nil {
		return err
	}
	for _, b := range list {
		undoing, err := bons.Undoing(l.rows, b.Nummer)
		if err != nil {
			return err
		}
		if slices.ContainsFunc(undoing, func(u bon.Bon) bool { return u.Art == bon.Storno }) {
			continue
		}
		out.Hinweise = append(out.Hinweise, befund.Befund{
			Code: "V-216", Schwere: befund.Warnung, Subject: b.Nummer,
			Text: fmt.Sprintf("Mit diesem Handbeleg ist schon der Bon %s vom %s erfasst – "+
				"prüfen Sie, ob es derselbe Verkauf ist.", b.Nummer, b.Tag.German()),
		})
		return nil
	}
	return nil
}

// checkSumme stops what is a slip of the finger, before any field is too small for it.
func checkSumme(out *Ansicht) {
	if out.Summen.Gesamt > money.MaxInput {
		out.Hinweise = append(out.Hinweise, befund.Befund{
			Code: "V-217", Schwere: befund.Hindernis,
			Text: "Die Summe ist größer als 9.999.999,99 € – prüfen Sie Mengen und Preise.",
		})
	}
}

// Lager adds what the screen shows of the stock; nothing that is booked depends on it.
func Lager(rows journal.Rows, zeilen []Zeile) error {
	for i := range zeilen {
		z := &zeilen[i]
		if z.Position.PZN == "" {
			continue
		}
		var err error
		if z.Bestand, err = bestand.Menge(rows, z.Position.PZN); err != nil {
			return err
		}
		if z.Vorgemerkt, err = vormerkungen.Menge(rows, z.Position.PZN); err != nil {
			return err
		}
	}
	return nil
}

func (l *lage) artikel(ctx context.Context, pzn kennung.PZN) (artikel.Artikel, bool, error) {
	a, ok, err := l.gen.Artikel(ctx, pzn)
	if err != nil {
		return a, false, fmt.Errorf("look up article: %w", err)
	}
	return a, ok, nil
}

func sum(zeilen []Zeile) bon.Summen {
	list := make([]bon.Position, len(zeilen))
	for i, z := range zeilen {
		list[i] = z.Rechnung
	}
	return bon.Sum(list)
}
