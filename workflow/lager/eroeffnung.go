package lager

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/workflow"
)

// The limits of an opening stock.
const (
	MaxZeilen = 100_000
	maxDatei  = 4 << 20 // bytes
	maxFehler = 100     // lines listed
	schub     = 500     // articles per act, below journal.MaxEvents
)

// Zeilenfehler is a line of the file that cannot be booked.
type Zeilenfehler struct {
	Zeile int // from 1
	Text  string
}

// Bericht says what became of an opening stock.
type Bericht struct {
	Zeilen, Gebucht, Unveraendert int
	Fehler                        []Zeilenfehler // at most 100; if there is any, nothing is booked
	OhneKatalog                   []kennung.PZN  // booked, but the catalogue does not know them; at most 100
}

// posten is one line of the file.
type posten struct {
	PZN   kennung.PZN `json:"pzn"`
	Menge int         `json:"menge"`
}

// Eroeffnung sets the stock of each article of the file ("PZN;Menge", a head line is
// allowed) to its count. A file with a faulty line is refused as a whole. A large one
// is booked in several acts: if it is interrupted, the same file goes on where it
// stopped, and what is already right is not booked twice. fortschritt, if not nil, is
// told how many lines are done.
func (s *Service) Eroeffnung(
	ctx context.Context, a workflow.Auftrag, csv io.Reader, fortschritt func(erledigt, alle int),
) (Bericht, error) {
	list, bad, err := lesen(csv)
	out := Bericht{Zeilen: len(list), Fehler: bad}
	if err != nil {
		return out, err
	}
	if len(bad) > 0 {
		return out, fault.New(fault.Invalid, "B-201", fmt.Sprintf(
			"Die Datei hat fehlerhafte Zeilen, nichts ist gebucht – Zeile %d: %s", bad[0].Zeile, bad[0].Text), nil)
	}
	if len(list) == 0 {
		return out, fault.New(fault.Invalid, "B-202", "Die Datei enthält keine Zeile – erwartet wird „PZN;Menge“.", nil)
	}
	if out.OhneKatalog, err = s.strangers(ctx, list); err != nil {
		return out, err
	}
	for from := 0; from < len(list); from += schub {
		part := list[from:min(from+schub, len(list))]
		n, err := s.book(ctx, a, from/schub, part)
		if err != nil {
			return out, interrupted(from, err)
		}
		out.Gebucht += n
		out.Unveraendert += len(part) - n
		if fortschritt != nil {
			fortschritt(from+len(part), len(list))
		}
	}
	return out, nil
}

// book writes one part as an act of its own and returns how many counts it changed.
func (s *Service) book(ctx context.Context, a workflow.Auftrag, n int, part []posten) (int, error) {
	own := workflow.Auftrag{Key: fmt.Sprintf("e-%s-%04d", workflow.ID(a), n), Actor: a.Actor}
	r, err := s.kern.Do(ctx, own, []any{"eroeffnung", part}, func(rows journal.Rows) ([]journal.Event, error) {
		var events []journal.Event
		for _, p := range part {
			count, err := bestand.Menge(rows, p.PZN)
			if err != nil {
				return nil, err
			}
			if count != p.Menge {
				events = append(events, event.BestandGeaendert{PZN: p.PZN, Delta: p.Menge - count, Art: "eroeffnung"})
			}
		}
		if len(events) == 0 {
			return nil, workflow.ErrUnchanged
		}
		return events, nil
	})
	return len(r.Records), err
}

func interrupted(done int, err error) error {
	if done == 0 {
		return err
	}
	return fault.New(fault.KindOf(err), "B-203", fmt.Sprintf(
		"Nach %d Zeilen unterbrochen – laden Sie dieselbe Datei noch einmal, es geht dort weiter.", done), err)
}

func (s *Service) strangers(ctx context.Context, list []posten) ([]kennung.PZN, error) {
	gen, err := s.katalog()
	if err != nil {
		return nil, err
	}
	var out []kennung.PZN
	for _, p := range list {
		_, ok, err := gen.Artikel(ctx, p.PZN)
		if err != nil {
			return nil, err
		}
		if !ok && len(out) < maxFehler {
			out = append(out, p.PZN)
		}
	}
	return out, nil
}

// lesen reads the file to its end; faulty lines are collected.
func lesen(r io.Reader) ([]posten, []Zeilenfehler, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxDatei+1))
	if err != nil {
		return nil, nil, fmt.Errorf("read opening stock: %w", err)
	}
	if len(data) > maxDatei {
		return nil, nil, fault.New(fault.Invalid, "B-204", "Die Datei ist größer als 4 MB – teilen Sie sie auf.", nil)
	}
	var list []posten
	var bad []Zeilenfehler
	first := map[kennung.PZN]int{}
	nr := 0
	for line := range bytes.Lines(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))) {
		nr++
		fields := strings.Split(strings.TrimSpace(string(line)), ";")
		if fields[0] == "" && len(fields) == 1 || nr == 1 && strings.EqualFold(clean(fields[0]), "PZN") {
			continue
		}
		p, why := eine(fields)
		if why == "" && first[p.PZN] > 0 {
			why = fmt.Sprintf("die PZN steht schon in Zeile %d.", first[p.PZN])
		}
		if why != "" {
			if bad = append(bad, Zeilenfehler{nr, why}); len(bad) == maxFehler {
				break
			}
			continue
		}
		first[p.PZN] = nr
		if list = append(list, p); len(list) > MaxZeilen {
			return nil, nil, fault.New(fault.Invalid, "B-205",
				"Die Datei hat mehr als 100.000 Zeilen – teilen Sie sie auf.", nil)
		}
	}
	return list, bad, nil
}

// eine reads one line; why is empty if it is right.
func eine(fields []string) (p posten, why string) {
	if len(fields) != 2 {
		return p, "erwartet werden zwei Spalten „PZN;Menge“."
	}
	pzn, err := kennung.ParsePZN(clean(fields[0]))
	if err != nil {
		return p, "das ist keine gültige PZN – prüfen Sie die Ziffern."
	}
	menge, err := strconv.Atoi(clean(fields[1]))
	if err != nil || menge < 0 || menge > MaxMenge {
		return p, "die Menge muss eine ganze Zahl von 0 bis 99999 sein."
	}
	return posten{pzn, menge}, ""
}

func clean(field string) string { return strings.Trim(strings.TrimSpace(field), `"`) }
