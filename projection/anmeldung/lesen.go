package anmeldung

import (
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection"
)

// PIN returns the hash of a PIN; empty: there is none.
func PIN(rows journal.Rows, kuerzel string) (string, error) {
	v, _, err := projection.Get[stamped[string]](rows, table, "p/"+kuerzel)
	return v.Wert, err
}

// Ausweis returns the hash of a badge; empty: there is none.
func Ausweis(rows journal.Rows, kuerzel string) (string, error) {
	v, _, err := projection.Get[stamped[string]](rows, table, "b/"+kuerzel)
	return v.Wert, err
}

// Erlaubnis is a permit with its revocation.
type Erlaubnis struct {
	event.ErlaubnisErteilt
	Widerrufen civil.Day // first day on which it no longer holds; 0: not revoked
}

// Erlaubnisse returns the permits of a person, or of all if the Kuerzel is empty.
func Erlaubnisse(rows journal.Rows, kuerzel string) ([]Erlaubnis, error) {
	prefix := "e/"
	if kuerzel != "" {
		prefix += kuerzel + "/"
	}
	var list []Erlaubnis
	err := projection.Each(rows, table, journal.Prefix(prefix), func(_ string, e event.ErlaubnisErteilt) (bool, error) {
		list = append(list, Erlaubnis{ErlaubnisErteilt: e})
		return true, nil
	})
	for i := range list {
		if err != nil {
			break
		}
		list[i].Widerrufen, _, err = projection.Get[civil.Day](rows, table, "w/"+list[i].ID)
	}
	return list, err
}

// Notschluessel returns the sealed code of the Inhaber and whether it was used; an empty
// hash: there is none.
func Notschluessel(rows journal.Rows) (e event.NotschluesselGesetzt, used bool, err error) {
	v, ok, err := projection.Get[stamped[event.NotschluesselGesetzt]](rows, table, "n")
	if err != nil || !ok {
		return e, false, err
	}
	_, used, err = projection.Get[bool](rows, table, "u/"+v.Wert.Hash)
	return v.Wert, used, err
}

// Offen returns the dispensings that wait for a signature, by number of the Bon, at most
// limit.
func Offen(rows journal.Rows, limit int) ([]event.AbzeichnungOffen, error) {
	var list []event.AbzeichnungOffen
	err := projection.Each(rows, table, journal.Prefix("o/"), func(_ string, e event.AbzeichnungOffen) (bool, error) {
		_, signed, err := Abgezeichnet(rows, e.Bon)
		if err == nil && !signed {
			list = append(list, e)
		}
		return len(list) < limit, err
	})
	return list, err
}

// Wartet returns the dispensing of a Bon if it needs the signature of another.
func Wartet(rows journal.Rows, bon string) (event.AbzeichnungOffen, bool, error) {
	return projection.Get[event.AbzeichnungOffen](rows, table, "o/"+bon)
}

// Abgezeichnet returns who signed a Bon.
func Abgezeichnet(rows journal.Rows, bon string) (string, bool, error) {
	v, ok, err := projection.Get[stamped[string]](rows, table, "z/"+bon)
	return v.Wert, ok, err
}

// Refused counts the PINs of somebody that were refused at a machine since he proved one there, and
// when the last was; at most limit lines are looked at, the newest first.
func Refused(rows journal.Rows, kuerzel, platz string, limit int) (n int, zuletzt time.Time, err error) {
	r := journal.Prefix("v/")
	r.Reverse = true
	err = projection.Each(rows, table, r, func(_ string, v Vermerk) (bool, error) {
		limit--
		if v.Platz != platz || v.Wer != kuerzel && v.Wen != kuerzel {
			return limit > 0, nil
		}
		switch v.Was {
		case "angemeldet", "bestätigt", "abgezeichnet", "PIN gesetzt": // proven, or another PIN
			return false, nil
		case "abgelehnt":
			if n++; n == 1 {
				zuletzt = v.Wann()
			}
		}
		return limit > 0, nil
	})
	return n, zuletzt, err
}

// Vermerke returns the lines of a day (0: all), newest first, at most limit.
func Vermerke(rows journal.Rows, day civil.Day, wer string, limit int) ([]Vermerk, error) {
	var list []Vermerk
	r := journal.Prefix("v/")
	r.Reverse = true
	err := projection.Each(rows, table, r, func(_ string, v Vermerk) (bool, error) {
		if (day == 0 || v.Tag() == day) && (wer == "" || v.Wer == wer || v.Wen == wer) {
			list = append(list, v)
		}
		return len(list) < limit, nil
	})
	return list, err
}
