package rechner

import (
	"cmp"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/projection/rechner"
	"github.com/offizin/offizin/workflow"
)

// Hinterlegen keeps the key of this machine with the others, if there are others and it does not lie
// there yet (ADR 0016).
func (s *Service) Hinterlegen(ctx context.Context, a workflow.Auftrag, fingerabdruck string, key []byte) error {
	sum := sha256.Sum256(key)
	hash := hex.EncodeToString(sum[:])
	list, err := s.Alle(ctx)
	if err != nil {
		return err
	}
	others := 0
	for _, m := range list {
		if !m.Entfernt && m.Fingerabdruck != fingerabdruck {
			others++
		}
	}
	there, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (bool, error) {
		return liegt(rows, fingerabdruck, hash)
	})
	if err != nil || there || others == 0 {
		return err
	}
	// Under a name that nobody can guess, as the key of the authority.
	sealed, err := s.kern.Store.Seal(ctx, "rechner-"+fingerabdruck[:16]+"-"+rand.Text(), key)
	if err != nil {
		return fmt.Errorf("seal key of the machine: %w", err)
	}
	e := event.SchluesselHinterlegt{Rechner: fingerabdruck, Hash: hash, Schluessel: sealed}
	_, err = s.kern.Do(ctx, a, []string{"hinterlegen", fingerabdruck, hash},
		func(rows journal.Rows) ([]journal.Event, error) {
			if there, err := liegt(rows, fingerabdruck, hash); err != nil || there {
				return nil, cmp.Or(err, workflow.ErrUnchanged)
			}
			return []journal.Event{e}, nil
		})
	return err
}

func liegt(rows journal.Rows, fingerabdruck, hash string) (bool, error) {
	e, ok, err := rechner.Hinterlegt(rows, fingerabdruck)
	return ok && e.Hash == hash, err
}

// Hinterlegt returns the key of a machine that lies with the others; false: none does, or the machine is
// removed. That is asked of the journal in the same moment: who is let in is known to a connection a little
// later.
func (s *Service) Hinterlegt(ctx context.Context, fingerabdruck string) (key []byte, found bool, err error) {
	e, err := workflow.View(ctx, s.kern, func(rows journal.Rows) (e event.SchluesselHinterlegt, err error) {
		list, err := alle(rows)
		gone := slices.ContainsFunc(list, func(m Rechner) bool { return m.Fingerabdruck == fingerabdruck && m.Entfernt })
		if err != nil || gone {
			return e, err
		}
		e, found, err = rechner.Hinterlegt(rows, fingerabdruck)
		return e, err
	})
	if err != nil || !found {
		return nil, false, err
	}
	if key, err = s.kern.Store.Open(ctx, e.Schluessel); err != nil {
		return nil, false, fmt.Errorf("open key of a machine: %w", err)
	}
	return key, true, nil
}
