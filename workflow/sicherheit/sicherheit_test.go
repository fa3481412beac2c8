package sicherheit_test

import (
	"context"
	"slices"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/sicherheit"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// nachbarn have what they have.
type nachbarn struct {
	anzahl int
	bis    uint64
	waited int
}

func (n *nachbarn) Anzahl() int                     { return n.anzahl }
func (n *nachbarn) Gesichert(journal.Origin) uint64 { return n.bis }
func (n *nachbarn) Safe(ctx context.Context, _ journal.Origin, seq uint64) bool {
	n.waited++
	return n.bis >= seq && ctx.Err() == nil
}

// A Bon is safe when another machine has its record; one alone has nothing safe.
func TestStand(t *testing.T) {
	s := workflowtest.New(t, nil)
	service := sicherheit.New(s.Kern)
	for i, nr := range []string{"1-000001", "1-000002", "1-000003"} {
		s.Book(event.EinstellungGesetzt{Schluessel: "x", Wert: string(rune('a' + i))})
		s.Book(event.VerkaufAbgeschlossen{Bon: bon.Bon{Nummer: nr, Tag: 20261123}})
	}
	n := &nachbarn{anzahl: 1}
	for _, c := range []struct {
		bis  uint64
		want []string
	}{
		{0, []string{"1-000003", "1-000002", "1-000001"}},
		{1, []string{"1-000003", "1-000002", "1-000001"}},
		{2, []string{"1-000003", "1-000002"}},
		{5, []string{"1-000003"}},
		{6, nil},
	} {
		s.Kern.Nachbarn, n.bis = n, c.bis
		st, err := service.Stand(s.Ctx)
		if err != nil || st.Allein || !slices.Equal(st.Bons, c.want) || st.Sicher("1-000003") != (c.want == nil) {
			t.Errorf("another has %d records: %+v %v, want %v", c.bis, st, err, c.want)
		}
	}
	for _, alone := range []func(){func() { s.Kern.Nachbarn = nil }, func() { s.Kern.Nachbarn = &nachbarn{} }} {
		alone()
		if st, err := service.Stand(s.Ctx); err != nil || !st.Allein || len(st.Bons) != 3 {
			t.Errorf("alone: %+v %v", st, err)
		}
	}
}
