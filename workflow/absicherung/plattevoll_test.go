package absicherung_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow/absicherung"
)

// voll is a disk that has no room for the notes about the TSE, while sales still find some.
type voll struct {
	journal.Store

	jetzt atomic.Bool
}

func (v *voll) Append(ctx context.Context, a journal.Act) (journal.Result, error) {
	if v.jetzt.Load() && (strings.HasPrefix(a.Key, "gesichert-") || strings.HasPrefix(a.Key, "tse-")) {
		return journal.Result{}, errors.New("no space left on device")
	}
	return v.Store.Append(ctx, a)
}

// The disk is full when what was signed is to be written: it is written as soon as there is room,
// not only at the next start, which may be weeks away.
func TestPlatteVollNachDemSignieren(t *testing.T) {
	x := newTill(t)
	disk := &voll{Store: x.Kern.Store}
	x.Kern.Store = disk
	disk.jetzt.Store(true)
	first, second := x.verkaufen(), x.verkaufen()
	disk.jetzt.Store(false)
	x.verkaufen()
	for _, n := range []string{first.Nummer, second.Nummer} {
		if g := x.gesichert(n); g.Signatur == nil {
			t.Errorf("%+v", g)
		}
	}
	disk.jetzt.Store(true)
	last := x.verkaufen()
	disk.jetzt.Store(false)
	x.Must(x.Kern.Absicherung.(*absicherung.Service).Ordnen(x.Ctx)) // before a closing
	if g := x.gesichert(last.Nummer); g.Signatur == nil {
		t.Errorf("%+v", g)
	}
}

// AEAO zu § 146a Nr. 1.14.1: begin and end of an outage are on record, also if there was no room for
// the begin when it began.
func TestPlatteVollBeimAusfall(t *testing.T) {
	x := newTill(t)
	disk := &voll{Store: x.Kern.Store}
	x.Kern.Store = disk
	disk.jetzt.Store(true)
	x.geraet.Stoeren(simulator.Stoerung{Weg: true})
	begin := x.Uhr.Now().UnixNano()
	x.verkaufen()
	x.Uhr.Advance(time.Hour)
	disk.jetzt.Store(false)
	x.geraet.Stoeren(simulator.Stoerung{})
	for range 1000 {
		if list := x.ausfaelle(); len(list) == 1 && list[0].Ende != 0 {
			if list[0].Beginn != begin || list[0].Ende == begin {
				t.Errorf("%+v", list)
			}
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%+v", x.ausfaelle())
}
