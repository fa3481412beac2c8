package drucker_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow/drucker"
)

// ohnePapier is a printer that is out of paper and says so at once; it counts how often it is asked.
type ohnePapier struct {
	drucker.Geraet

	n atomic.Int64
}

func (o *ohnePapier) Drucken(context.Context, drucker.Einstellung, quittung.Beleg) error {
	o.n.Add(1)
	return fault.New(fault.Unavailable, "T-305", "Der Bondrucker hat kein Papier – legen Sie eine neue Rolle ein.", nil)
}

func (*ohnePapier) Lade(context.Context, drucker.Einstellung) error { return nil }

// While a receipt waited behind one that the printer had refused, each record of any machine had the printer
// asked again: hundreds of times while a machine catches up, so that the part was taken for one that spins.
func TestAbgelehntesWartet(t *testing.T) {
	p := oeffne(t)
	printer := &ohnePapier{Geraet: p.Geraet}
	p.Geraet = printer
	p.laufen(t)
	p.verkaufe("1-000001", bon.Bar)
	p.verkaufe("1-000002", bon.Bar)
	p.warte(t, "refused", func() bool {
		return p.lage("1-000001") == drucker.Gestoert && p.lage("1-000002") == drucker.Wartet
	})
	before := printer.n.Load()
	for range 100 {
		p.Book(event.BestandGeaendert{PZN: "01234562", Delta: 1, Art: "zugang"})
		time.Sleep(5 * time.Millisecond)
	}
	if n := printer.n.Load() - before; n > 5 {
		t.Errorf("asked %d times", n)
	}
}
