package node

import (
	"context"
	"testing"
	"time"

	"github.com/offizin/offizin/node/rang"
)

// Whoever waits for news of the other machines hears that one has ceased to answer, also if nobody follows it.
func TestVerstummt(t *testing.T) {
	uhr := neueUhr()
	o := optionen(t, uhr, rang.Name{Rang: 1, Platz: "platz-1"})
	o.Mitglieder = func() []Mitglied { return []Mitglied{{Name: rang.Name{Rang: 2, Platz: "platz-2"}, Adresse: "h:1"}} }
	k := New(o)
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	uhr.Advance(rang.Stable)
	k.meet(ctx)
	k.mu.Lock()
	k.sights["platz-2"].heard(wer{Platz: "platz-2"}, k.moment(), uhr.Mono())
	k.mu.Unlock()
	k.order(ctx)
	news := k.tell.Changed()
	for range 3 * rang.Lost / step {
		uhr.Advance(step)
		k.order(ctx)
	}
	select {
	case <-news:
	default:
		t.Error("nobody was told")
	}
	news = k.tell.Changed()
	uhr.Advance(time.Minute)
	k.order(ctx)
	select {
	case <-news:
		t.Error("told again")
	default:
	}
}
