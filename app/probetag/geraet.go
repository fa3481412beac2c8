package probetag

import (
	"context"
	"runtime"
	"sync"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
)

// geraet is a TSE as one life of the program has it. On request the program is dropped while it
// ends a transaction: whoever speaks to the device just then never comes back, and all that was in
// memory is gone. (The kill of a whole process is tried in simulation/abschuss.)
type geraet struct {
	anschluss.TSE

	einmal   sync.Once
	geordnet chan struct{} // closed when the program has asked what is begun

	mu      sync.Mutex
	absturz absturz
}

// absturz is when the program is dropped.
type absturz int

const (
	nie         absturz = iota
	vorEnde             // booked, and the TSE was not told
	nachEnde            // the TSE has signed, and nobody keeps its answer
	abgestuerzt         // it was
)

func (g *geraet) stuerze(a absturz) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.absturz = a
}

func (g *geraet) ist() absturz {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.absturz
}

// Offene tells besides that the program has asked.
func (g *geraet) Offene(ctx context.Context, client string) ([]tse.Offen, error) {
	list, err := g.TSE.Offene(ctx, client)
	if err == nil {
		g.einmal.Do(func() { close(g.geordnet) })
	}
	return list, err
}

// Beenden never returns when the program is to be dropped.
func (g *geraet) Beenden(
	ctx context.Context, client string, b tse.Beginn, prozess, daten string,
) (tse.Signatur, error) {
	when := g.ist()
	if when == vorEnde {
		g.weg()
	}
	sig, err := g.TSE.Beenden(ctx, client, b, prozess, daten)
	if when == nachEnde {
		g.weg()
	}
	return sig, err
}

func (g *geraet) weg() {
	g.stuerze(abgestuerzt)
	runtime.Goexit()
}
