package kundenanzeige

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/qr"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/haus"
	"github.com/offizin/offizin/workflow"
)

// code is a code on the screen.
type code struct {
	key     string // of the act
	nummer  string
	rows    [][]bool
	bis     time.Duration // by the monotonic clock
	vorgang string        // cart on the counter when it came, and its version: a change ends it
	version int
}

// Eingerichtet says whether digital receipts can be given: the pharmacy has a page for them.
func (s *Service) Eingerichtet(ctx context.Context) (bool, error) {
	page, err := s.seite(ctx)
	return page != "" && s.Packen != nil, err
}

// Moeglich says whether the receipt of a Bon can be given as QR code: it is for a customer, and
// Eingerichtet.
func (s *Service) Moeglich(ctx context.Context, b bon.Bon) (bool, error) {
	if b.Art != bon.Verkauf && b.Art != bon.Storno && b.Art != bon.Retoure {
		return false, nil
	}
	return s.Eingerichtet(ctx)
}

// Gegeben says whether a customer was given the receipt of a Bon as QR code.
func (s *Service) Gegeben(ctx context.Context, nummer string) (bool, error) {
	n, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (int, error) { return bons.Digital(rows, nummer) })
	return n > 0, err
}

// seite is the address of the page of the pharmacy; empty: none.
func (s *Service) seite(ctx context.Context) (string, error) {
	return workflow.View(ctx, s.kern, func(rows journal.Rows) (string, error) {
		return haus.Einstellung(rows, haus.Bonseite)
	})
}

// Zeigen puts the receipt of a Bon on the screen as QR code, because the customer asked for it, and
// puts on record that it was given. Pressed again while it is shown, it stays longer. Faults:
// W-803 no page is set up, W-804 it is too long for a code, and those of drucker.Digital.
func (s *Service) Zeigen(ctx context.Context, a workflow.Auftrag, nummer string) error {
	if err := workflow.Angemeldet(a.Actor); err != nil {
		return err
	}
	s.giving.Lock()
	defer s.giving.Unlock()
	cart, err := s.Verkauf.Aktuell(ctx)
	if err != nil || s.laenger(a.Key, nummer) {
		return err
	}
	b, err := s.Drucker.Digital(ctx, nummer)
	if err != nil {
		return err
	}
	rows, err := s.bild(ctx, b)
	if err != nil {
		return err
	}
	if err := s.Drucker.Gegeben(ctx, a, b); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.code = &code{a.Key, nummer, rows, s.kern.Clock.Mono() + CodeDauer, cart.Vorgang.ID, cart.Vorgang.Version}
	s.bell.Ring()
	return nil
}

// bild is the code of a receipt.
func (s *Service) bild(ctx context.Context, b quittung.Beleg) ([][]bool, error) {
	page, err := s.seite(ctx)
	if err != nil {
		return nil, err
	}
	if page == "" || s.Packen == nil {
		return nil, fault.New(fault.Unavailable, "W-803", "Für digitale Bons fehlt die Adresse der Bonseite – "+
			"tragen Sie sie unter Einstellungen ein, oder drucken Sie den Bon.", nil)
	}
	packed, err := s.Packen(b)
	if err != nil {
		return nil, zuLang(err)
	}
	rows, err := qr.Screen(page + "#" + packed)
	if err != nil || len(rows) > qr.MaxScreen {
		return nil, zuLang(err)
	}
	return rows, nil
}

func zuLang(cause error) error {
	return fault.New(fault.Invalid, "W-804",
		"Dieser Bon ist für einen QR-Code zu lang – drucken Sie ihn.", cause)
}

// laenger keeps the code of a Bon on the screen that is asked for again; the same act changes
// nothing. It is the same receipt, given once.
func (s *Service) laenger(key, nummer string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.kern.Clock.Mono()
	if s.code == nil || s.code.nummer != nummer || s.code.bis <= now {
		return false
	}
	if s.code.key != key {
		s.code.bis = now + CodeDauer
		s.bell.Ring()
	}
	return true
}

// gezeigt is the code on the screen; nil: none, or it is over: its time has come, or the cart has
// changed.
func (s *Service) gezeigt(vorgang string, version int) *code {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.code
	if c == nil {
		return nil
	}
	other := vorgang != "" && (c.vorgang != vorgang || c.version != version)
	if other || c.bis <= s.kern.Clock.Mono() {
		s.code = nil
	}
	return s.code
}
