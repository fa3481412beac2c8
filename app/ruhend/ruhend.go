// Package ruhend opens, for a command, the pharmacy of a data folder on which the program does not
// run, and reads the span of days that a command is given.
package ruhend

import (
	"os"
	"path/filepath"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/sqlite"
)

// Open opens the pharmacy of a folder. None is made where there is none: that is a wrong call
// (J-217).
func Open(e *env.Env, dir string) (*apotheke.Apotheke, error) {
	if err := Vorhanden(dir); err != nil {
		return nil, err
	}
	return apotheke.Open(e.Ctx, apotheke.Options{Dir: dir, Clock: e.Clock, Log: e.Log})
}

// Vorhanden refuses a folder without a journal.
func Vorhanden(dir string) error {
	if _, err := os.Stat(filepath.Join(dir, sqlite.File)); err != nil {
		return &env.Exit{Code: env.ExitUsage, Text: sqlite.Missing(err).Error(), Cause: err}
	}
	return nil
}

// Zeitraum reads two days as people write them (T-463).
func Zeitraum(von, bis string) (a, b civil.Day, err error) {
	for _, d := range []struct {
		text string
		to   *civil.Day
	}{{von, &a}, {bis, &b}} {
		if *d.to, err = civil.ParseGerman(d.text); err != nil {
			return a, b, env.Usage("„%s“ ist kein Tag; bitte wie 2027-01-01 oder 1.1.2027 angeben. (T-463)", d.text)
		}
	}
	if a > b {
		return a, b, env.Usage("Der Zeitraum endet vor seinem Anfang; bitte die beiden Tage tauschen. (T-463)")
	}
	return a, b, nil
}
