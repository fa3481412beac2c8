// Package anmeldung keeps who can log in and with what, the written permits, the
// dispensings that nobody has signed yet, and what the audit shows. Table "anmeldung":
//
//	p/KUERZEL          hash of the PIN
//	b/KUERZEL          hash of the badge
//	e/KUERZEL/ID       permit
//	w/ID               its revocation
//	n                  sealed code of the Inhaber
//	u/HASH             a sealed code that was used
//	o/BON, z/BON       a dispensing that needs a signature; who signed
//	v/LAMPORT          what the audit shows
//
// A permit and its revocation, a dispensing and its signature are rows of their own: they
// may arrive in any order.
package anmeldung

import (
	"fmt"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

const table = "anmeldung"

type stamped[T any] struct {
	Wert  T                `json:"wert"`
	Stamp projection.Stamp `json:"stamp"`
}

// Vermerk is a line of the audit; it names no patient.
type Vermerk struct {
	Zeit   int64  `json:"zeit"` // UTC nanoseconds
	Wer    string `json:"wer"`
	Wen    string `json:"wen,omitempty"` // whom it concerns, if another
	Was    string `json:"was"`
	Platz  string `json:"platz,omitempty"`
	Detail string `json:"detail,omitempty"`
}

// Wann is the time of the line, UTC.
func (v Vermerk) Wann() time.Time { return time.Unix(0, v.Zeit).UTC() }

// Tag is the civil day of the line.
func (v Vermerk) Tag() civil.Day { return clock.DayOf(v.Wann()) }

// Projection folds logins and permits.
type Projection struct{}

// Name implements journal.Projection.
func (Projection) Name() string { return table }

// Schema implements journal.Projection.
func (Projection) Schema() int { return 1 }

// Apply implements journal.Projection.
func (Projection) Apply(tx journal.Tx, r journal.Record, e journal.Event) error {
	switch e := e.(type) {
	case event.PinGesetzt:
		return both(set(tx, r, "p/"+e.Kuerzel, e.Hash), note(tx, r, e.Kuerzel, "PIN gesetzt", ""))
	case event.AusweisGesetzt:
		was := "Ausweis ausgegeben"
		if e.Hash == "" {
			was = "Ausweis entzogen"
		}
		return both(set(tx, r, "b/"+e.Kuerzel, e.Hash), note(tx, r, e.Kuerzel, was, ""))
	case event.ErlaubnisErteilt:
		return both(projection.Put(tx, table, "e/"+e.Kuerzel+"/"+e.ID, e),
			note(tx, r, e.Kuerzel, "Erlaubnis erteilt", e.Art))
	case event.ErlaubnisWiderrufen:
		return both(revoke(tx, e), note(tx, r, e.Wem, "Erlaubnis widerrufen", ""))
	case event.NotschluesselGesetzt:
		return both(set(tx, r, "n", e), note(tx, r, e.Kuerzel, "Notschlüssel ausgestellt", ""))
	case event.NotschluesselBenutzt:
		return both(projection.Put(tx, table, "u/"+e.Hash, true), note(tx, r, e.Kuerzel, "Notschlüssel benutzt", ""))
	case event.AnmeldungVermerkt:
		return projection.Put(tx, table, key(r), Vermerk{
			Zeit: r.Wall, Wer: r.Actor, Wen: other(e.Kuerzel, r), Was: e.Was, Platz: e.Platz, Detail: e.Womit,
		})
	case event.GeraetBenutzt:
		return note(tx, r, r.Actor, "von Gerät", e.Name+" · "+e.Was)
	case event.GeraetErlaubt:
		return note(tx, r, r.Actor, "Gerät erlaubt", e.Name)
	case event.GeraetEntzogen:
		return note(tx, r, r.Actor, "Gerät entzogen", "")
	case event.SeitenGesetzt:
		was := "Seiten für Geräte aus"
		if e.An {
			was = "Seiten für Geräte ein"
		}
		return note(tx, r, r.Actor, was, "")
	case event.AbzeichnungOffen:
		return projection.Put(tx, table, "o/"+e.Bon, e)
	case event.Abgezeichnet:
		return both(set(tx, r, "z/"+e.Bon, e.Kuerzel), note(tx, r, e.Kuerzel, "abgezeichnet", "Bon "+e.Bon))
	}
	return nil
}

// revoke keeps the earliest day: two revocations of two machines are both meant.
func revoke(tx journal.Tx, e event.ErlaubnisWiderrufen) error {
	old, known, err := projection.Get[civil.Day](tx, table, "w/"+e.ID)
	if err != nil || known && old <= e.Ab {
		return err
	}
	return projection.Put(tx, table, "w/"+e.ID, e.Ab)
}

func both(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

func key(r journal.Record) string { return fmt.Sprintf("v/%016x/%s/%d", r.Lamport, r.Origin, r.Seq) }

func other(kuerzel string, r journal.Record) string {
	if kuerzel == r.Actor {
		return ""
	}
	return kuerzel
}

func note(tx journal.Tx, r journal.Record, wen, was, detail string) error {
	return projection.Put(tx, table, key(r), Vermerk{
		Zeit: r.Wall, Wer: r.Actor, Wen: other(wen, r), Was: was, Platz: r.Origin.Node, Detail: detail,
	})
}

func set[T any](tx journal.Tx, r journal.Record, key string, v T) error {
	old, known, err := projection.Get[stamped[T]](tx, table, key)
	if err != nil || known && projection.StampOf(r).Before(old.Stamp) {
		return err
	}
	return projection.Put(tx, table, key, stamped[T]{v, projection.StampOf(r)})
}
