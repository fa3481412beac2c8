package workflow

import (
	"context"
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
)

// Geraet is another device, with whose browser somebody works on this machine (ADR 0030).
type Geraet struct{ ID, Name string }

type geraetKey struct{}

// MitGeraet says that what is done in the context is done from a device.
func MitGeraet(ctx context.Context, g Geraet) context.Context {
	return context.WithValue(ctx, geraetKey{}, g)
}

// GeraetVon returns the device from which something is done; false: on this machine itself.
func GeraetVon(ctx context.Context) (Geraet, bool) {
	g, ok := ctx.Value(geraetKey{}).(Geraet)
	return g, ok
}

// vermerkt has an act say from which device it was done. Only what changes a cart that is not
// paid yet says nothing: it becomes a Bon, or nothing.
func (g Geraet) vermerkt(decide Decide) Decide {
	return func(rows journal.Rows) ([]journal.Event, error) {
		events, err := decide(rows)
		if err != nil {
			return nil, err
		}
		was := ""
		for _, e := range events {
			switch e := e.(type) {
			case event.VorgangGeaendert:
			case event.AnmeldungVermerkt:
				was = e.Was
			case event.VerkaufAbgeschlossen:
				was = "Bon " + e.Bon.Nummer
			case event.BelegGebucht:
				was = "Beleg " + e.Bon.Nummer
			default:
				if was == "" {
					was = strings.TrimSuffix(e.EventType(), ".v1")
				}
			}
		}
		if was == "" {
			return events, nil
		}
		return append(events, event.GeraetBenutzt{ID: g.ID, Name: g.Name, Was: was}), nil
	}
}
