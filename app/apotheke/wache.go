package apotheke

import (
	"context"
	"sync"
	"time"

	"github.com/offizin/offizin/integration/muster16"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/verkauf"
)

// testAbstand is how long a write test of the disk counts.
const testAbstand = 5 * time.Minute

// wache looks at the disk for package stoerung.
type wache struct {
	dir   string
	clock clock.Clock
	// seit is when the store was opened: opening checks the end of the chain, the whole
	// of it is checked by "offizin journal verify".
	seit time.Time

	mu     sync.Mutex
	letzte stoerung.Platte
}

// Platte asks how much is free, and tests writing when the last test is too old.
func (w *wache) Platte(context.Context) (stoerung.Platte, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	now := w.clock.Now()
	if w.letzte.Geprueft.IsZero() || now.Sub(w.letzte.Geprueft) > testAbstand || w.letzte.Fehler != nil {
		w.letzte.Schreibtest, w.letzte.Fehler = platte.Schreibtest(w.dir, w.clock)
		w.letzte.Geprueft = now
	}
	var err error
	w.letzte.Frei, w.letzte.Gesamt, err = platte.Frei(w.dir)
	return w.letzte, err
}

// muster16PDF prints on the paper form, moved as the settings say.
func muster16PDF(h *haus.Service) func(context.Context, verkauf.BonAnsicht, string) ([]byte, error) {
	return func(ctx context.Context, v verkauf.BonAnsicht, rezept string) ([]byte, error) {
		e, err := h.Einstellungen(ctx)
		if err != nil {
			return nil, err
		}
		return muster16.PDF(muster16.AusBon(v.Bon, rezept, e.IK), muster16.Versatz{X: e.Muster16X, Y: e.Muster16Y})
	}
}

// offen counts the rows of law a person must still compare with the source.
func offen(law *recht.Sammlung) func() int { return func() int { return len(law.Offen()) } }
