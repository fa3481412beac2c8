package ausgang_test

import (
	"context"
	"testing"
	"time"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// zaehlend is a wholesaler that counts how often it is asked, and answers everything so.
func zaehlend(answer error) (d *draussen, tries *int) {
	tries = new(int)
	return &draussen{antwort: func(what, _ string) error {
		if what == "fragen" {
			*tries++
		}
		return answer
	}}, tries
}

// minute goes on for a minute, looking every second.
func minute(s *workflowtest.Stand, out *ausgang.Service) {
	for range 60 {
		_ = out.Runde(s.Ctx) // its faults are what is tested
		s.Uhr.Advance(time.Second)
	}
}

// A pause of nine seconds or more was below zero after 30 tries: then the place was asked every second.
func TestPauseBleibt(t *testing.T) {
	s := workflowtest.New(t, nil)
	d, tries := zaehlend(errLost)
	out := ausgang.New(s.Kern, map[string]ausgang.Regel{
		"bestellung": {Bote: d, Pause: 10 * time.Second, MaxPause: time.Minute, MaxFehler: 1000},
	})
	gib(t, out, s.Kern, s.A())
	for range 100 {
		runde(t, out)
		s.Uhr.Advance(time.Minute)
	}
	before := *tries
	if minute(s, out); before != 100 || *tries != 101 {
		t.Errorf("after %d tries %d in a minute", before, *tries-before)
	}
}

// voll is a journal on a disk that is full.
type voll struct{ journal.Store }

func (voll) Append(context.Context, journal.Act) (journal.Result, error) {
	return journal.Result{}, errLost
}

// An errand that was done, and could not be noted on a full disk, was done again every second.
func TestNichtNotiert(t *testing.T) {
	s := workflowtest.New(t, nil)
	d, tries := zaehlend(nil)
	out := ausgang.New(s.Kern, regeln(d))
	gib(t, out, s.Kern, s.A())
	whole := s.Kern.Store
	s.Kern.Store = voll{whole}
	if minute(s, out); *tries > 6 {
		t.Errorf("asked %d times in a minute", *tries)
	}
	s.Kern.Store = whole
	s.Uhr.Advance(4 * time.Minute)
	runde(t, out)
	if open, err := out.Offene(s.Ctx, 9); err != nil || len(open) != 0 || len(d.getan) != 1 {
		t.Errorf("%d open, done %v, %v", len(open), d.getan, err)
	}
}
