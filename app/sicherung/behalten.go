package sicherung

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// How long backups stay.
const (
	immer  = 5  // backups, whenever they were made
	tage   = 35 // days, the newest backup of each
	monate = 13 // months, the newest backup of each
)

// ueberzaehlig are the backups that may go, of a list that is newest first: all but the
// newest five, and the newest of each of the last 35 days and 13 months that have one.
func ueberzaehlig(list []datei) (gone []datei) {
	days, months := map[int]bool{}, map[int]bool{}
	for i, d := range list {
		day := clock.DayOf(d.zeit)
		month := day.Year()*100 + day.Month()
		keep := i < immer
		if !days[int(day)] && len(days) < tage {
			days[int(day)], keep = true, true
		}
		if !months[month] && len(months) < monate {
			months[month], keep = true, true
		}
		if !keep {
			gone = append(gone, d)
		}
	}
	return gone
}

// raeume removes what is too old. The backup that was just made is the newest and stays.
func (s *Sicherungen) raeume(ordner, apotheke string) error {
	list, err := s.liste(ordner, apotheke)
	if err != nil {
		return err
	}
	for _, d := range ueberzaehlig(list) {
		err = errors.Join(err, os.Remove(filepath.Join(ordner, d.name)))
	}
	if err != nil {
		return fault.New(fault.Unavailable, "D-109", "Alte Sicherungen im Ordner „"+ordner+"“ lassen sich nicht löschen; "+
			"bitte die Rechte des Ordners prüfen.", fmt.Errorf("remove old backups: %w", err))
	}
	return nil
}
