package knoten

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/workflow/rechner"
)

// mitglieder is what this machine knows of the others, ready in memory: whom to let in must
// not wait for the journal. It implements identity.Mitglieder.
type mitglieder struct {
	self string // own fingerprint

	mu         sync.RWMutex
	known      map[string]rechner.Rechner // by fingerprint, removed ones too
	aussteller []byte
	fremd      []rechner.Rechner // from the pairing: until the journal has come, or fremdBis
	fremdBis   time.Duration     // monotonic
	uhr        clock.Clock       // nil: fremd stays as it is
}

// What the pairing has said of the others counts until the journal names this machine itself – then
// it has come from one of them – and a little longer, since some of it may still be on its way; one
// hour at most if it does not come at all. Then the journal alone says who belongs to the pharmacy.
const (
	fremdNoch    = 2 * time.Minute
	fremdHoechst = time.Hour
)

// begrenze begins the time for which the pairing counts.
func (m *mitglieder) begrenze(uhr clock.Clock) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.uhr, m.fremdBis = uhr, uhr.Mono()+fremdHoechst
}

// bekannte are those of the pairing, while it counts.
func (m *mitglieder) bekannte() []rechner.Rechner {
	if m.uhr != nil && m.uhr.Mono() >= m.fremdBis {
		return nil
	}
	return m.fremd
}

// Mitglied implements identity.Mitglieder.
func (m *mitglieder) Mitglied(fingerabdruck string) (platz string, known, removed bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	if r, ok := m.known[fingerabdruck]; ok {
		return r.Platz, !r.Entfernt, r.Entfernt
	}
	for _, r := range m.bekannte() {
		if r.Fingerabdruck == fingerabdruck {
			return r.Platz, true, false
		}
	}
	return "", false, false
}

// Aussteller implements identity.Mitglieder.
func (m *mitglieder) Aussteller() []byte {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.aussteller
}

// andere are the machines to talk to. While the journal still comes, it names some of them only,
// and not always the one it comes from. Of two that have one name it is one, always the same; one that
// has the name of this machine is none of them: both call the others.
func (m *mitglieder) andere() (list []node.Mitglied) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	there := map[string]bool{m.known[m.self].Platz: true}
	add := func(r rechner.Rechner) {
		if r.Fingerabdruck != m.self && !r.Entfernt && r.Adresse != "" && !there[r.Platz] {
			there[r.Platz] = true
			list = append(list, node.Mitglied{Name: rang.Name{Rang: r.Rang, Platz: r.Platz}, Adresse: r.Adresse})
		}
	}
	for _, f := range slices.Sorted(maps.Keys(m.known)) {
		add(m.known[f])
	}
	for _, r := range m.bekannte() {
		if _, known := m.known[r.Fingerabdruck]; !known {
			add(r)
		}
	}
	return list
}

// entfernt reports whether this machine was taken out of the pharmacy.
func (m *mitglieder) entfernt() bool {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.known[m.self].Entfernt
}

// gleichnamig are the names that two machines have.
func (m *mitglieder) gleichnamig() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return rechner.Gleichnamig(slices.Collect(maps.Values(m.known)))
}

// gleicheNummern are the prefixes of receipt numbers that two machines have.
func (m *mitglieder) gleicheNummern() []string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return rechner.GleicheNummern(slices.Collect(maps.Values(m.known)))
}

// neueNummern reports whether the journal has another prefix for this machine than it uses, and none
// that it had before.
func (m *mitglieder) neueNummern(till string, before []string) bool {
	next := m.till()
	return next != "" && next != till && !slices.Contains(before, next)
}

// till is the prefix of this machine, as the journal has it; empty: it does not know.
func (m *mitglieder) till() string {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.known[m.self].Till
}

// rang is that of this machine, as the journal has it; 0: it does not know.
func (m *mitglieder) rang() int {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.known[m.self].Rang
}

// adresse is that of this machine, as the journal has it; false: it does not know it, or it was removed.
func (m *mitglieder) adresse() (string, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	self, known := m.known[m.self]
	return self.Adresse, known && !self.Entfernt
}

// lies takes over what the journal says.
func (m *mitglieder) lies(ctx context.Context, s *rechner.Service) error {
	list, err := s.Alle(ctx)
	if err != nil {
		return err
	}
	authority, ok, locked := s.Aussteller(ctx) // its certificate is there also when the keys are locked
	known := map[string]rechner.Rechner{}
	for _, r := range list {
		known[r.Fingerabdruck] = r
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if _, before := m.known[m.self]; !before && m.uhr != nil {
		if _, now := known[m.self]; now {
			m.fremdBis = min(m.fremdBis, m.uhr.Mono()+fremdNoch)
		}
	}
	m.known = known
	if ok {
		m.aussteller = authority.Zertifikat
	} else if locked != nil {
		return locked
	}
	return nil
}

// nochmalLesen is how soon what failed is tried again: until somebody writes the next record, a night may pass, in
// which a machine that was removed would still be let in.
const nochmalLesen = 5 * time.Second

// folge keeps it as the journal says until the context ends.
func (m *mitglieder) folge(
	ctx context.Context, changed func() <-chan struct{}, s *rechner.Service, then func() error, log *slog.Logger,
) {
	for {
		bell := changed()
		err := m.lies(ctx, s)
		if err == nil {
			err = then()
		}
		if err != nil && ctx.Err() == nil {
			log.Error("list of machines not read", slog.Any("error", err))
		}
		again := time.NewTimer(nochmalLesen)
		if err == nil {
			again.Stop()
		}
		select {
		case <-bell:
		case <-again.C:
		case <-ctx.Done():
			return
		}
	}
}
