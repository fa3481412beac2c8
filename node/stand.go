package node

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/node/shipping"
)

// Stand is how this machine stands among the others.
type Stand struct {
	Platz   string    `json:"platz"`
	Rang    int       `json:"rang"`
	Fuehrt  bool      `json:"fuehrt"`          // does the errands of the pharmacy
	Folgt   string    `json:"folgt,omitempty"` // ships to this machine; empty: it is the best that answers
	Seq     uint64    `json:"seq"`             // records of this machine
	Sicher  uint64    `json:"sicher"`          // of these, on another machine as well
	Saetze  uint64    `json:"saetze"`          // records of all machines that are here
	Warten  Warten    `json:"warten"`          // of the last sales, for a second machine
	Twin    string    `json:"twin,omitempty"`  // held another history of this one, which has a new name since; empty: none
	Rechner []Anderer `json:"rechner"`

	Abgewiesen []Abgewiesen `json:"abgewiesen,omitempty"` // in the last hour, one for each reason

	Fehlt    []string `json:"kataloge_fehlen,omitempty"` // catalogues and law that another machine has
	Progress string   `json:"holt,omitempty"`            // what of it is being fetched
	Anteil   int      `json:"holt_prozent,omitempty"`    // how far, 0 to 100
	Grund    string   `json:"kataloge_fehler,omitempty"` // why the last one was not taken in, code and sentence
}

// Anderer is another machine, as this one sees it.
type Anderer struct {
	Platz      string  `json:"platz"`
	Rang       int     `json:"rang"`
	Adresse    string  `json:"adresse"`
	Erreichbar bool    `json:"erreichbar"`
	Seit       float64 `json:"seit"` // seconds since it answers, or since its last answer; -1: it never did
	Fuehrt     bool    `json:"fuehrt"`
	Folgt      string  `json:"folgt,omitempty"`
	Hat        uint64  `json:"hat"`    // records of this machine that it is known to have
	Gleich     bool    `json:"gleich"` // has had the same records within the last seconds
	Fehlen     int64   `json:"fehlen"` // records of this machine that it does not have yet; -1: not known
	Skew       float64 `json:"uhr"`    // seconds its own clock is ahead of that of this one
	Programm   string  `json:"programm,omitempty"`
	Geliefert  bool    `json:"geliefert"`        // this machine ships to it
	Zwist      bool    `json:"zwist,omitempty"`  // two histories of a third machine are between them
	Fehler     string  `json:"fehler,omitempty"` // code and sentence

	Fehlt []string `json:"kataloge_fehlen,omitempty"` // catalogues and law that this machine has
}

// Stand tells how things are now.
func (k *Knoten) Stand(ctx context.Context) (Stand, error) {
	heads, err := k.opt.Store.Heads(ctx)
	if err != nil {
		return Stand{}, err
	}
	now := k.opt.Clock.Mono()
	k.mu.Lock()
	defer k.mu.Unlock()
	st := Stand{
		Platz: k.opt.Self.Platz, Rang: k.opt.Self.Rang, Fuehrt: k.now.Leads, Folgt: k.now.Parent, Seq: heads[0].Seq,
		Sicher: min(heads[0].Seq, k.copies.Up(heads[0].Origin)), Warten: k.waits.stand(),
		Twin: k.reborn, Abgewiesen: k.refused.lately(now),
	}
	for _, h := range heads {
		st.Saetze += h.Seq
	}
	for _, s := range k.sights {
		a := k.other(s, now)
		a.Fehlen = k.missing(s, heads[0])
		a.Hat = k.copies.Of(s.Platz, heads[0].Origin)
		st.Rechner = append(st.Rechner, a)
	}
	k.files(&st)
	slices.SortFunc(st.Rechner, func(a, b Anderer) int {
		return cmp.Or(cmp.Compare(a.Rang, b.Rang), cmp.Compare(a.Platz, b.Platz))
	})
	return st, nil
}

// missing is how many own records another machine does not have. That is known of those that
// this one ships to, and of those that ship to it.
func (k *Knoten) missing(s *sight, head journal.Head) int64 {
	if k.links[s.Platz] == nil && s.last.Folgt != k.opt.Self.Platz {
		return -1
	}
	return int64(head.Seq - min(head.Seq, k.copies.Of(s.Platz, head.Origin)))
}

func (k *Knoten) other(s *sight, now time.Duration) Anderer {
	a := Anderer{Platz: s.Platz, Rang: s.Rang, Adresse: s.Adresse, Seit: -1, Programm: s.last.Programm}
	if s.answered != rang.Never {
		a.Erreichbar, a.Seit = s.answers(now), (now - s.answered).Seconds()
		if here := k.moment(); here.wach(s.asked) {
			a.Skew = s.meint(now).Zeit.Sub(here.wall).Seconds()
		}
	}
	if a.Erreichbar {
		a.Seit, a.Fuehrt, a.Folgt, a.Gleich = (now - s.since).Seconds(), s.last.Fuehrt, s.last.Folgt, s.peer(now).Equal
	}
	err := s.err
	if l := k.links[s.Platz]; l != nil {
		a.Geliefert, a.Zwist = l.err == nil, l.fork
		err = cmp.Or(err, l.err)
	}
	if err != nil {
		a.Fehler = "keine Antwort"
		if f, ok := errors.AsType[*fault.Fault](err); ok {
			a.Fehler = f.Error()
		}
	}
	return a
}

// Safe waits until another machine has the records of an origin up to a number durably, at
// most as long as the context; it does not wait if there is nobody to wait for.
func (k *Knoten) Safe(ctx context.Context, o journal.Origin, seq uint64) bool {
	began := k.opt.Clock.Mono()
	if k.copies.Up(o) < seq && !k.company() {
		return false
	}
	safe := k.copies.Safe(ctx, o, seq)
	k.waits.note(k.opt.Clock.Mono()-began, safe)
	return safe
}

// Fetch gets one record from whoever has it whole; false if nobody who answers has.
func (k *Knoten) Fetch(ctx context.Context, o journal.Origin, seq uint64) (r journal.Record, ok bool) {
	k.mu.Lock()
	var list []*shipping.Parent
	for _, s := range k.sights {
		list = append(list, &shipping.Parent{URL: "https://" + s.Adresse, HTTP: s.http})
	}
	k.mu.Unlock()
	for _, p := range list {
		if r, ok, err := p.Fetch(ctx, o, seq); err == nil && ok {
			return r, true
		}
	}
	return r, false
}

// Anzahl is how many other machines belong to the pharmacy.
func (k *Knoten) Anzahl() int { return len(k.opt.Mitglieder()) }

// Gesichert is up to where another machine has the records of an origin.
func (k *Knoten) Gesichert(o journal.Origin) uint64 { return k.copies.Up(o) }

// company reports whether a machine answers that gets what is written here: one that this machine
// ships to, or any if it ships to nobody. One that has just failed to answer is not waited for.
func (k *Knoten) company() bool {
	now := k.opt.Clock.Mono()
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, l := range k.links {
		if l.err == nil {
			return true
		}
	}
	for _, s := range k.sights {
		if len(k.links) == 0 && s.err == nil && s.answers(now) {
			return true
		}
	}
	return false
}

// Changes are the sources of news about the other machines: each returns a channel that is
// closed when one begins or ceases to lead or to answer, or has more of the records.
func (k *Knoten) Changes() []func() <-chan struct{} {
	return []func() <-chan struct{}{k.tell.Changed, k.copies.Changed}
}

// Antwortet reports whether the machine of a name answers.
func (k *Knoten) Antwortet(platz string) bool {
	now := k.opt.Clock.Mono()
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.sights[platz]
	return s != nil && s.answers(now)
}
