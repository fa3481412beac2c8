package knoten

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/journal"
)

// nummernFolgen decides, before the first sale, with which prefix this machine gives receipt numbers
// out: as before, another one that somebody gave it, or another one of its own accord because its
// database is older than it was. It never goes back to one that it had before.
func (k *Knoten) nummernFolgen(ctx context.Context, d rechnerDatei) error {
	k.frueher = d.Frueher
	older, err := k.zurueckgesetzt(ctx)
	if err != nil {
		return err
	}
	if older {
		if err := k.neuAnfangen(ctx); err != nil { // a till that does not start is worse
			k.opt.Apotheke.Log.Error("database is older than it was, receipt numbers stay", slog.Any("error", err))
		}
		k.aelter = true
	}
	if now, next := k.Kern.Till, k.members.till(); k.members.neueNummern(now, d.Frueher) {
		k.opt.Apotheke.Log.Info("other receipt numbers", slog.String("before", now), slog.String("now", next))
		d.Frueher = append(d.Frueher, now)
		d.Till, k.Kern.Till, k.frueher = next, next, d.Frueher
		if err := d.sichere(k.opt.Apotheke.Dir); err != nil {
			return err
		}
	}
	return k.markiere(ctx)
}

// neuAnfangen goes on under a new name with new receipt numbers: what this machine wrote before its
// database was put back, and lost, may come back from others.
func (k *Knoten) neuAnfangen(ctx context.Context) error {
	heads, err := k.Store.Heads(ctx)
	if err == nil {
		err = k.Store.Reincarnate(ctx, heads[0].Seq+1)
	}
	if err == nil {
		_, err = k.Rechner.NeueNummern(ctx, k.auftrag("nummern"), k.identity.Fingerabdruck())
	}
	if err == nil {
		err = k.members.lies(ctx, k.Rechner)
	}
	return err
}

// hochstandFile is beside the journal and says up to where that was written: a database that was put
// back by hand does not know it.
const hochstandFile = "hochstand.json"

// hochstandAlle is how often it is written, if there was anything new.
const hochstandAlle = 5 * time.Minute

// hochstand is how far the own log was.
type hochstand struct {
	Platz       string `json:"platz"`
	Inkarnation string `json:"inkarnation"`
	Nr          uint64 `json:"nr"`
}

func (k *Knoten) hochstandPfad() string {
	return filepath.Join(k.opt.Apotheke.Dir, Dir, hochstandFile)
}

// zurueckgesetzt reports whether the journal ends before where it was, or knows nothing of the name
// under which it was written. Without a mark, or with one that cannot be read, nobody knows: then not.
func (k *Knoten) zurueckgesetzt(ctx context.Context) (bool, error) {
	b, err := os.ReadFile(k.hochstandPfad())
	var h hochstand
	if err != nil || json.Unmarshal(b, &h) != nil || h.Platz != k.Store.Self().Node || h.Nr == 0 {
		return false, nil //nolint:nilerr // it is a help, no sale depends on it
	}
	heads, err := k.Store.Heads(ctx)
	for _, head := range heads {
		if head.Origin == (journal.Origin{Node: h.Platz, Incarnation: h.Inkarnation}) {
			return head.Origin == k.Store.Self() && head.Seq < h.Nr, err
		}
	}
	return true, err
}

// markiere writes the mark.
func (k *Knoten) markiere(ctx context.Context) error {
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return err
	}
	own := heads[0]
	b, err := json.Marshal(hochstand{own.Origin.Node, own.Origin.Incarnation, own.Seq})
	if err != nil {
		return fmt.Errorf("write mark of the journal: %w", err)
	}
	if own.Seq == 0 {
		return nil
	}
	if err := platte.Replace(k.hochstandPfad(), b); err != nil {
		k.opt.Apotheke.Log.Warn("mark of the journal not written", slog.Any("error", err)) // no sale depends on it
	}
	return nil
}

// markieren writes the mark now and then and once more at the end.
func (k *Knoten) markieren(ctx context.Context) {
	t := time.NewTicker(hochstandAlle)
	defer t.Stop()
	for done := false; !done; {
		select {
		case <-t.C:
		case <-ctx.Done():
			done = true
		}
		if err := k.markiere(context.WithoutCancel(ctx)); err != nil && !errors.Is(err, journal.ErrClosed) {
			k.opt.Apotheke.Log.Warn("mark of the journal not written", slog.Any("error", err))
		}
	}
}
