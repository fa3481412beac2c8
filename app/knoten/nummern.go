package knoten

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/knoten/hochstand"
	"github.com/offizin/offizin/journal"
)

// nummernFolgen decides, before the first sale, with which prefix this machine gives receipt numbers
// out: as before, another one that somebody gave it, or another one of its own accord because its
// database is older than it was. It never goes back to one that it had before.
func (k *Knoten) nummernFolgen(ctx context.Context, d rechnerDatei) error {
	k.marken = k.neueMarken()
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return err
	}
	if where := k.marken.Aelter(heads); where != "" {
		k.neuAnfangen(ctx, where)
	}
	return k.nummernNehmen(ctx, d)
}

// nummernNehmen takes the prefix that the journal has for this machine.
func (k *Knoten) nummernNehmen(ctx context.Context, d rechnerDatei) error {
	k.frueher = d.Frueher
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
// database was put back, and lost, may come back from others. A till that does not start is worse than
// one that keeps its numbers.
func (k *Knoten) neuAnfangen(ctx context.Context, witness string) {
	log := k.opt.Apotheke.Log
	log.Error("database is older than it was", slog.String("witness", witness))
	heads, err := k.Store.Heads(ctx)
	if err == nil {
		err = k.Store.Reincarnate(ctx, heads[0].Seq+1)
	}
	if err == nil {
		err = k.nummernBestellen(ctx)
	}
	if err != nil {
		log.Error("receipt numbers stay", slog.Any("error", err))
	}
	k.aelter = witness
}

// nummernBestellen gives this machine another prefix, which it takes with its next start.
func (k *Knoten) nummernBestellen(ctx context.Context) error {
	_, err := k.Rechner.NeueNummern(ctx, k.auftrag("nummern"), k.identity.Fingerabdruck())
	if err == nil {
		err = k.members.lies(ctx, k.Rechner)
	}
	return err
}

// tseGeduld is how long a start waits for the TSE to say what it has signed last.
const tseGeduld = 2 * time.Second

// tseFragen asks the TSE for sales that the journal has lost, before the first sale: a disk that was put
// back as a whole has no other witness. One that does not answer is asked again when it does (tseSpaet).
func (k *Knoten) tseFragen(ctx context.Context) error {
	older, err := k.Absicherung.Aelter(ctx, tseGeduld)
	if err != nil {
		k.opt.Apotheke.Log.Info("TSE does not say yet what it has signed last", slog.Any("error", err))
	}
	if !older || k.aelter != "" {
		return nil
	}
	k.neuAnfangen(ctx, "TSE")
	d, _, err := lade(k.opt.Apotheke.Dir)
	if err == nil {
		err = k.nummernNehmen(ctx, d)
	}
	if err != nil {
		return err
	}
	k.tseAnschliessen(ctx) // with other numbers this is another till to the TSE
	return nil
}

// tseSpaet hears that the TSE has found it after the start: other numbers come with the next one.
func (k *Knoten) tseSpaet(ctx context.Context) {
	k.opt.Apotheke.Log.Error("database is older than it was", slog.String("witness", "TSE"))
	if err := k.nummernBestellen(ctx); err != nil {
		k.opt.Apotheke.Log.Error("receipt numbers stay", slog.Any("error", err))
	}
	k.spaet.Store(true)
}

func (k *Knoten) tseAnschliessen(ctx context.Context) {
	if err := k.TSEAnschliessen(ctx, k.opt.Apotheke.Log); err != nil { // the till sells without it
		k.opt.Apotheke.Log.Error("TSE not connected", slog.Any("error", err))
	}
}

// hochstandAlle is how often the marks are written, if there was anything new.
const hochstandAlle = 5 * time.Minute

// neueMarken are the files that say how far the log was, where the options want them.
func (k *Knoten) neueMarken() *hochstand.Marken {
	outside := k.opt.Hochstand
	if outside == Auto {
		outside, k.ortlos = hochstand.Ort(k.opt.Apotheke.Dir)
	}
	inside := filepath.Join(k.opt.Apotheke.Dir, Dir)
	return hochstand.New(inside, k.opt.Apotheke.Dir, outside, k.identity.Fingerabdruck())
}

// ohneMarke is whether something outside the data folder remembers how far it was; if not, it is said once.
func (k *Knoten) ohneMarke(err error) {
	if missing := err != nil; k.unmarkiert.Swap(missing) != missing && missing {
		k.opt.Apotheke.Log.Warn("mark of the journal outside the data folder not written", slog.Any("error", err))
	}
}

// markiere writes the marks. No sale depends on them.
func (k *Knoten) markiere(ctx context.Context) error {
	heads, err := k.Store.Heads(ctx)
	if err != nil {
		return err
	}
	inside, outside := k.marken.Schreiben(heads[0])
	if inside != nil {
		k.opt.Apotheke.Log.Warn("mark of the journal not written", slog.Any("error", inside))
	}
	k.ohneMarke(cmp.Or(outside, k.ortlos))
	return nil
}

// markieren writes the marks now and then and once more at the end.
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
