package muster

import (
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
)

// EachTag gives the closings of a till on so many days from 1 January 2026 on, each with so many
// sales of the usual kinds, one after the other.
func EachTag(till string, tage, verkaeufe int, f func(Z) error) error {
	device, err := NewTSE("Jahr " + till)
	if err != nil {
		return err
	}
	for d := range tage {
		open := time.Date(2026, 1, 1+d, 7, 0, 0, 0, time.UTC)
		var list []bon.Bon
		for i := range verkaeufe {
			b := faelle()[1+(d+i)%6]
			at := open.Add(time.Duration(i) * 10 * time.Hour / time.Duration(verkaeufe))
			b.Zeit, b.Beginn, b.Benutzer = at.UnixNano(), at.Add(-time.Minute).UnixNano(), "AB"
			b.Tag = civil.Must(2026, 1, 1).AddDays(d)
			list = append(list, b)
		}
		z, err := NewZ(till, d+1, 1+d*verkaeufe, open.Add(11*time.Hour), list, device, nil)
		if err != nil {
			return err
		}
		if err := f(z); err != nil {
			return err
		}
	}
	return nil
}
