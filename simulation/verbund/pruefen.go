package verbund

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/alle"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
)

// pruefe audits the healed pharmacy: five virtual minutes after the last trouble all
// machines are equal, and everything that was acknowledged is on each of them.
func (l *lauf) pruefe(ctx context.Context) {
	var first, stand string
	for _, m := range l.rechner {
		if m.leben == nil {
			l.fehler("machine %d is not running", m.nr)
			return
		}
		if m.benutz.tut != nil {
			l.fehler("%s at machine %d was not finished", m.benutz.tut.art, m.nr)
		}
		m.nachher(ctx)
		heads, rows := m.stand(ctx)
		if first == "" {
			first, stand = heads, rows
		}
		if heads != first {
			l.fehler("machine %d has other records than machine 0:\n%s\n%s", m.nr, heads, first)
		} else if rows != stand {
			l.fehler("machine %d has the records of machine 0 and other read models", m.nr)
		}
		l.zusagenDa(m)
		m.beglaubigt(ctx)
	}
	l.sage("all machines: %s %s", first, stand)
	l.suche("log", l.protokoll.Bytes())
	if l.Gut() {
		l.buecher(ctx, l.rechner[0].leben)
	}
}

// stand is what a machine holds: the ends of all logs, and a hash of all read models.
func (m *rechner) stand(ctx context.Context) (heads, rows string) {
	list, err := m.leben.store.Heads(ctx)
	var ends []string
	for _, h := range list {
		if h.Seq > 0 {
			ends = append(ends, fmt.Sprintf("%s %d %x", h.Origin, h.Seq, h.Hash[:4]))
		}
	}
	slices.Sort(ends)
	sum := sha256.New()
	err = errors.Join(err, m.leben.store.View(ctx, func(r journal.Rows) error {
		for _, p := range alle.Projections() {
			err := r.Scan(p.Name(), journal.Range{}, func(key string, v []byte) (bool, error) {
				fmt.Fprintf(sum, "%s %s %s\n", p.Name(), key, v)
				return true, nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		m.l.fehler("machine %d cannot be read: %v", m.nr, err)
	}
	return strings.Join(ends, ", "), fmt.Sprintf("%x", sum.Sum(nil)[:8])
}

// zusagenDa holds that all acknowledged acts are on the machine, but for those that went
// with the only disk that had them.
func (l *lauf) zusagenDa(m *rechner) {
	for _, key := range l.zusagen {
		if !m.hat(key) && !l.verloren[key] {
			l.Verloren++
			l.fehler("act %s was acknowledged, and machine %d does not have it", key, m.nr)
		}
	}
}

// beglaubigt checks the chain and the read models, and that no patient stands on the disk
// in clear text.
func (m *rechner) beglaubigt(ctx context.Context) {
	report, err := m.leben.store.Verify(ctx)
	if err != nil {
		m.l.fehler("machine %d, verify: %v", m.nr, err)
	}
	for _, f := range report.Funde {
		m.l.fehler("machine %d: %s: %s", m.nr, f.Ort, f.Text)
	}
	if m.disk.Contains([]byte(kanari)) {
		m.l.fehler("the name of a patient stands in clear text on the disk of machine %d", m.nr)
	}
}

// akten is what all records say, without the read models.
type akten struct {
	l         *lauf
	taten     map[string]bool            // keys of acts that count for the stock
	lager     map[kennung.PZN]int        // stock by all records
	nummern   map[string]map[string]bool // acts that have the number of a Bon
	tills     map[string]int             // how many numbers there are of a till
	belege    map[string]map[string]bool // acts of a delivery note
	verkauf   map[string]map[string]bool // acts that finished a cart
	storno    map[string]map[string]bool // acts that undid a Bon
	siegel    []journal.Sealed
	auftraege []event.BesorgungAufgegeben
	gebucht   map[string]buchung // Bons that count, by act
}

// buecher holds the records against themselves and against the read models.
func (l *lauf) buecher(ctx context.Context, lb *leben) {
	a := &akten{
		l: l, taten: map[string]bool{}, lager: map[kennung.PZN]int{}, nummern: map[string]map[string]bool{},
		tills: map[string]int{}, belege: map[string]map[string]bool{}, verkauf: map[string]map[string]bool{},
		storno: map[string]map[string]bool{}, gebucht: map[string]buchung{},
	}
	heads, err := lb.store.Heads(ctx)
	for _, h := range heads {
		err = errors.Join(err, lb.store.Records(ctx, h.Origin, 0, a.satz))
	}
	if err != nil {
		l.fehler("reading all records: %v", err)
		return
	}
	a.einmal()
	a.luecken()
	a.bestand(ctx, lb)
	a.bons(ctx, lb)
	a.kassenbuch(ctx, lb)
	a.besorgungen(ctx, lb)
	for _, m := range l.rechner {
		a.oeffne(ctx, m)
	}
}

// satz takes one record in. The same act of two machines counts once.
func (a *akten) satz(r journal.Record) (bool, error) {
	key, _, _ := journal.SplitKey(r.Key)
	e, err := event.Decode(r.Type, r.Payload)
	if err != nil {
		return false, err
	}
	zum := func(m map[string]map[string]bool, name string) {
		if m[name] == nil {
			m[name] = map[string]bool{}
		}
		m[name][key] = true
	}
	switch e := e.(type) {
	case event.BestandGeaendert:
		zum(a.belege, e.Beleg)
		if !a.taten[r.Key] {
			a.lager[e.PZN] += e.Delta
		}
	case event.VerkaufAbgeschlossen:
		a.bon(e.Bon, zum)
		a.geld(r, e.Bon)
		if !a.taten[r.Key] {
			a.ware(e.Bon)
		}
	case event.PersonGesetzt:
		a.siegel = append(a.siegel, e.Daten)
	case event.BesorgungAufgegeben:
		a.auftrag(e, r.Key)
	case event.RezeptAngenommen:
		a.siegel = append(a.siegel, e.Daten)
	}
	a.taten[r.Key] = true
	return true, nil
}

func (a *akten) ware(b bon.Bon) {
	for _, p := range b.Positionen {
		if p.PZN != "" && !p.OhneLager {
			a.lager[p.PZN] -= p.Menge
		}
	}
}

// bon checks one Bon: what is paid is what is due, and its day is the day of its time.
func (a *akten) bon(b bon.Bon, zum func(map[string]map[string]bool, string)) {
	if len(a.nummern[b.Nummer]) == 0 {
		till, _, err := bons.Split(b.Nummer)
		if err != nil {
			a.l.fehler("%v", err)
		}
		a.tills[till]++
	}
	zum(a.nummern, b.Nummer)
	if b.Art == bon.Verkauf {
		zum(a.verkauf, b.Vorgang)
	} else {
		zum(a.storno, b.Bezug)
	}
	var paid money.Cent
	for _, z := range b.Zahlungen {
		paid += z.Betrag
	}
	if paid != b.Summen().Patient {
		a.l.fehler("Bon %s: %s due, %s paid", b.Nummer, b.Summen().Patient, paid)
	}
	if day := clock.DayOf(time.Unix(0, b.Zeit).UTC()); b.Tag != day {
		a.l.fehler("Bon %s is of %s and was booked on %s", b.Nummer, b.Tag, day)
	}
}

// einmal holds that nothing was done twice under two keys.
func (a *akten) einmal() {
	for _, name := range slices.Sorted(maps.Keys(a.belege)) {
		if n := len(a.belege[name]); n > 1 {
			a.l.fehler("delivery note %s was booked %d times", name, n)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(a.verkauf)) {
		if n := len(a.verkauf[name]); n > 1 {
			a.l.fehler("%s was sold %d times", name, n)
		}
	}
	for _, nummer := range slices.Sorted(maps.Keys(a.storno)) {
		// Of two Bons that an old copy gave one number each may be undone.
		if n := len(a.storno[nummer]); n > len(a.nummern[nummer]) {
			a.l.fehler("%s was undone %d times", nummer, n)
		}
	}
}

// luecken holds that the numbers of each till are gapless, and each is of one act.
func (a *akten) luecken() {
	for _, till := range slices.Sorted(maps.Keys(a.tills)) {
		for i := range a.tills[till] {
			n := bons.Number(till, i+1)
			switch acts := len(a.nummern[n]); {
			case acts == 0:
				a.l.fehler("Bon %s is missing", n)
			case acts > 1 && a.l.unsicher[till]:
				a.l.DoppelteNummern++
			case acts > 1:
				a.l.fehler("%d acts have the number %s: %v", acts, n, slices.Sorted(maps.Keys(a.nummern[n])))
			}
		}
	}
}

// bestand holds the stock against all records.
func (a *akten) bestand(ctx context.Context, lb *leben) {
	err := lb.store.View(ctx, func(rows journal.Rows) error {
		return bestand.Each(rows, func(p kennung.PZN, n int) (bool, error) {
			if a.lager[p] != n {
				a.l.fehler("stock of %s is %d, the records say %d", p, n, a.lager[p])
			}
			delete(a.lager, p)
			return true, nil
		})
	})
	for _, p := range slices.Sorted(maps.Keys(a.lager)) {
		a.l.fehler("stock of %s is missing, the records say %d", p, a.lager[p])
	}
	if err != nil {
		a.l.fehler("reading the stock: %v", err)
	}
}

// bons holds that each acknowledged sale is there once, as it was acknowledged.
func (a *akten) bons(ctx context.Context, lb *leben) {
	there := map[string][]bon.Bon{}
	err := lb.store.View(ctx, func(rows journal.Rows) error {
		return bons.Each(rows, 18750101, 21991231, func(b bon.Bon) (bool, error) {
			if b.Art == bon.Verkauf {
				there[b.Vorgang] = append(there[b.Vorgang], b)
			}
			return true, nil
		})
	})
	if err != nil {
		a.l.fehler("reading the Bons: %v", err)
	}
	for _, key := range a.l.zusagen {
		want, sold := a.l.bons[key]
		if !sold || a.l.verloren[key] {
			continue
		}
		list := there[want.Vorgang]
		if len(list) != 1 {
			a.l.fehler("sale %s is there %d times", want.Nummer, len(list))
			continue
		}
		x, errX := json.Marshal(want)
		y, errY := json.Marshal(list[0])
		if !bytes.Equal(x, y) || errX != nil || errY != nil {
			a.l.fehler("sale %s is not what was acknowledged", want.Nummer)
		}
	}
}

// oeffne holds that every machine can open what is sealed, unless the person was erased, and
// nothing of one who was.
func (a *akten) oeffne(ctx context.Context, m *rechner) {
	for _, s := range a.siegel {
		_, err := m.leben.store.Open(ctx, s)
		erased := errors.Is(err, journal.ErrErased)
		act, gone := a.l.geloescht[s.Person]
		gone = gone && !a.l.verloren[act] // an erasure, too, may go with the only disk that had it
		switch {
		case err != nil && !erased:
			a.l.fehler("machine %d cannot open data of %s: %v", m.nr, s.Person, err)
		case gone && !erased:
			a.l.fehler("machine %d opens data of %s, who was erased", m.nr, s.Person)
		case erased && !gone && !a.l.loeschtGerade(s.Person):
			a.l.fehler("machine %d has no key of %s", m.nr, s.Person)
		}
	}
}

// loeschtGerade reports whether the erasure of a person was asked for and not acknowledged.
func (l *lauf) loeschtGerade(person string) bool { return slices.Contains(l.gebeten, person) }
