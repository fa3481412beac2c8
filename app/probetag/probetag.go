// Package probetag plays a day of an invented pharmacy through the real program: the real services
// on real data folders, with simulated TSEs and a clock that is moved by hand, so that hours pass
// at once. What it leaves can be exported and judged by anyone (issue 5, DSFinV-K 2.4).
package probetag

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// Ergebnis is what the days have left, and what is wrong with it.
type Ergebnis struct {
	Von, Bis   civil.Day // business days of the closings
	Belege     []Anzahl  // by BON_TYP
	Geschaefte []Anzahl  // business cases by GV_TYP
	Tills      []Till    // in order of their prefix
	Ohne       int       // records that no TSE signed, each marked with the reason
	Crashes    int       // how often the program was dropped
	Spur       string    // hash of all that follows from the seed: the same for the same seed
	Funde      []string  // German sentences; empty: all holds
}

// Anzahl is how often something is there.
type Anzahl struct {
	Name string
	N    int
}

// Till is one till of the pharmacy.
type Till struct {
	Till, Serie, Platz string
	Belege             int
	Abschluesse        int
	Ausfaelle          int // of its TSE
}

// anfang is the morning of the first day that is played, a Monday.
func anfang() time.Time { return time.Date(2026, 11, 23, 7, 30, 0, 0, clock.Berlin()) }

// lauf is a run under way.
type lauf struct {
	dir       string
	seed      uint64
	r         *rand.Rand
	uhr       *clock.Manual
	eins      *platz // its journal is the one that others are filled from
	zwei      *platz
	act       int // number of the last act
	abstuerze int

	// What waits for the next morning: a cart, a Bon on credit, a reservation that is paid.
	geparkt, kredit, vorgemerkt string
}

// Laufe plays the days of a seed into a folder, which must be empty or absent: platz-1 and
// platz-2 are the data folders, tse-1 and tse-2 the memories of the TSEs. Fault T-901: there is
// something in the folder.
func Laufe(ctx context.Context, dir string, seed uint64) (e Ergebnis, err error) {
	if dir, err = leer(dir); err != nil {
		return e, err
	}
	l := &lauf{dir: dir, seed: seed, r: rand.New(rand.NewPCG(seed, 0x7a6)), uhr: clock.NewManual(anfang())}
	defer func() { err = errors.Join(err, l.ende()) }()
	if l.eins, err = l.neuerPlatz("1"); err != nil {
		return e, err
	}
	if l.zwei, err = l.neuerPlatz("2"); err != nil {
		return e, err
	}
	for _, a := range l.ablauf() {
		if err := a.tu(ctx); err != nil {
			return e, fmt.Errorf("%s, %s: %w", l.uhr.Now().In(clock.Berlin()).Format("2.1. 15:04"), a.was, err)
		}
	}
	return l.pruefe(ctx)
}

// leer makes the folder, and refuses one that holds something.
func leer(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err == nil {
		err = os.MkdirAll(dir, 0o700)
	}
	if err != nil {
		return "", fmt.Errorf("make folder: %w", err)
	}
	list, err := os.ReadDir(dir)
	if err != nil {
		return "", fmt.Errorf("read folder: %w", err)
	}
	if len(list) > 0 {
		return "", fault.New(fault.Invalid, "T-901",
			"In dem Ordner liegt schon etwas; bitte einen leeren oder neuen angeben.", nil)
	}
	return dir, nil
}

// ende ends both programs and takes the TSEs away.
func (l *lauf) ende() (err error) {
	for _, p := range l.plaetze() {
		err = errors.Join(err, p.beenden(), p.tse.Close())
		for _, old := range p.alte {
			err = errors.Join(err, old.Close())
		}
	}
	return err
}

func (l *lauf) plaetze() []*platz {
	return slices.DeleteFunc([]*platz{l.eins, l.zwei}, func(p *platz) bool { return p == nil })
}

// um moves the clock on to a time of the first day, or so many days after it; never back.
func (l *lauf) um(tag, stunde, minute int) {
	a := anfang()
	then := time.Date(a.Year(), a.Month(), a.Day()+tag, stunde, minute, 0, 0, a.Location())
	if d := then.Sub(l.uhr.Now()); d > 0 {
		l.uhr.Advance(d)
	}
}

// vergeht lets between one and so many minutes pass.
func (l *lauf) vergeht(minuten int) {
	l.uhr.Advance(time.Duration(20+l.r.IntN(60*minuten)) * time.Second)
}

// zwischen draws a number, both ends included.
func (l *lauf) zwischen(a, b int) int { return a + l.r.IntN(b-a+1) }
