package rechner_test

import (
	"log/slog"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/rechner"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// seite is a machine with a journal of its own.
func seite(t *testing.T, platz, till string) (*workflowtest.Stand, *rechner.Service) {
	t.Helper()
	s := workflowtest.NewPlatz(t, platz, till, nil)
	return s, rechner.New(s.Kern, func(epoche int) (rechner.Aussteller, error) {
		return rechner.Aussteller{Epoche: epoche, Zertifikat: []byte(platz), Schluessel: []byte(platz)}, nil
	})
}

// treffen makes the journals of two machines equal.
func treffen(t *testing.T, a, b *workflowtest.Stand) {
	t.Helper()
	server := httptest.NewServer(shipping.NewServer(a.Kern.Store, slog.New(slog.DiscardHandler)))
	defer server.Close()
	_, err := shipping.NewChild(b.Kern.Store, &shipping.Parent{URL: server.URL, HTTP: server.Client()}).Sync(t.Context())
	a.Must(err)
}

func auftrag(key string) workflow.Auftrag { return workflow.Auftrag{Key: key, Actor: "AB"} }

// Machines are removed on two sides of a network that is cut. Each side makes an authority, and the
// machine that the other side has removed gets its key. When the sides meet, both removals hold,
// and whoever leads makes an authority that neither has.
func TestEntferntAufZweiSeiten(t *testing.T) {
	for _, more := range []bool{false, true} { // one side removes two: its epoch is higher
		a, ra := seite(t, "platz-1", "1")
		b, rb := seite(t, "platz-2", "2")
		a.Must(ra.Gruenden(a.Ctx, auftrag("g"), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
		for _, f := range []string{"b", "c", "d", "e"} {
			_, err := ra.Aufnehmen(a.Ctx, auftrag("auf-"+f), rechner.Rechner{Fingerabdruck: schluessel(f)})
			a.Must(err)
		}
		treffen(t, a, b)
		gone := []string{"c", "d"}
		a.Must(ra.Entfernen(a.Ctx, auftrag("e1"), schluessel("c"), "weg"))
		if more {
			a.Must(ra.Entfernen(a.Ctx, auftrag("e2"), schluessel("e"), "weg"))
			gone = append(gone, "e")
		}
		b.Must(rb.Entfernen(b.Ctx, auftrag("e3"), schluessel("d"), "weg"))
		treffen(t, a, b)
		before, _, _ := ra.Aussteller(a.Ctx)
		made, err := ra.Einigen(a.Ctx, auftrag("einig"))
		if a.Must(err); !made {
			t.Error("the authority of one side stays")
		}
		after, _, err := ra.Aussteller(a.Ctx)
		if a.Must(err); after.Epoche <= before.Epoche {
			t.Errorf("epoch %d after %d", after.Epoche, before.Epoche)
		}
		made, err = ra.Einigen(a.Ctx, auftrag("noch-einmal"))
		if a.Must(err); made {
			t.Error("twice")
		}
		treffen(t, a, b)
		list, err := rb.Alle(b.Ctx)
		b.Must(err)
		for _, m := range list {
			out := false
			for _, f := range gone {
				out = out || m.Fingerabdruck == schluessel(f)
			}
			if m.Entfernt != out {
				t.Errorf("%s removed: %v", m.Fingerabdruck[:1], m.Entfernt)
			}
		}
	}
}

// A machine that took its own place with a new key made no authority: its keys were locked, or its release made
// none. Whoever leads makes it, once.
func TestErsetztOhneAussteller(t *testing.T) {
	a, ra := seite(t, "platz-1", "1")
	a.Must(ra.Gruenden(a.Ctx, auftrag("g"), rechner.Rechner{Fingerabdruck: schluessel("a"), Platz: "platz-1", Till: "1", Rang: 1}))
	for _, f := range []string{"b", "c"} {
		_, err := ra.Aufnehmen(a.Ctx, auftrag("auf-"+f), rechner.Rechner{Fingerabdruck: schluessel(f)})
		a.Must(err)
	}
	a.Book(event.RechnerEntfernt{Fingerabdruck: schluessel("b"), Platz: "platz-2", Grund: "ersetzt"},
		event.RechnerAufgenommen{Fingerabdruck: schluessel("d"), Platz: "platz-2", Till: "2abc", Rang: 2})
	for _, want := range []bool{true, false} {
		made, err := ra.Einigen(a.Ctx, auftrag("einig"+strconv.FormatBool(want)))
		if a.Must(err); made != want {
			t.Errorf("made %v", made)
		}
		if x, _, err := ra.Aussteller(a.Ctx); err != nil || x.Epoche != 2 {
			t.Errorf("epoch %d %v", x.Epoche, err)
		}
	}
	a.Must(ra.Entfernen(a.Ctx, auftrag("e"), schluessel("c"), "weg")) // which makes one itself
	made, err := ra.Einigen(a.Ctx, auftrag("danach"))
	if a.Must(err); made {
		t.Error("one more")
	}
}
