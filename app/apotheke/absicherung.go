package apotheke

import (
	"context"
	"log/slog"
	"time"

	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/stoerung"
)

// How long setting a TSE up may take – a self-test may take two minutes –, and how often it is
// tried while there is none.
const (
	tseFrist = 3 * time.Minute
	tseAlle  = 30 * time.Second
)

// TSEAnschliessen connects the TSE of this till as it was set up last, if there is one: before
// the first sale, and without asking it anything.
func (a *Apotheke) TSEAnschliessen(ctx context.Context, log *slog.Logger) error {
	a.tseLock.Lock()
	defer a.tseLock.Unlock()
	cfg, device, err := a.tse()
	if err != nil || device == nil {
		return err
	}
	s, set, err := absicherung.New(ctx, a.Kern, device, a.tseOptionen(log))
	if err != nil || !set {
		return err
	}
	log.Info("TSE connected", slog.String("treiber", cfg.Treiber))
	a.Absicherung.Einstecken(s)
	return nil
}

func (a *Apotheke) tseOptionen(log *slog.Logger) absicherung.Options {
	return absicherung.Options{Log: log, Inhalt: a.Dienste.Verkauf.Inhalt}
}

// tse opens the TSE that tse.json in the data folder names, in place of the one before; nil: it
// names none. While none is open, what is sold is marked as in any outage.
func (a *Apotheke) tse() (anschluss.Konfig, anschluss.TSE, error) {
	cfg, found, err := anschluss.Lesen(a.dir)
	if err != nil || !found {
		return cfg, nil, err
	}
	if err := a.tseZu(); err != nil {
		return cfg, nil, err
	}
	a.tseOffen, err = anschluss.Open(cfg, a.Kern.Clock)
	return cfg, a.tseOffen, err
}

// tseZu closes the TSE that is open.
func (a *Apotheke) tseZu() error {
	if a.tseOffen == nil {
		return nil
	}
	err := a.tseOffen.Close()
	a.tseOffen = nil
	return err
}

// TSEEinrichten has the TSE of tse.json sign for this till from now on: the first one, or
// another one than before. The faults are T-204, T-205, T-601 and T-602.
func (a *Apotheke) TSEEinrichten(ctx context.Context, auftrag workflow.Auftrag, log *slog.Logger) error {
	a.tseLock.Lock()
	defer a.tseLock.Unlock()
	cfg, device, err := a.tse()
	if err != nil {
		return err
	}
	if device == nil {
		return fault.New(fault.Invalid, "T-602",
			"Im Datenordner steht keine TSE – legen Sie sie zuerst mit „offizin tse setup“ fest.", nil)
	}
	within, stop := context.WithTimeout(ctx, tseFrist)
	defer stop()
	if err := absicherung.Einrichten(within, a.Kern, auftrag, cfg.Treiber, device); err != nil {
		return err
	}
	s, _, err := absicherung.New(ctx, a.Kern, device, a.tseOptionen(log))
	if err != nil {
		return err
	}
	a.Absicherung.Einstecken(s)
	return nil
}

// tseLaufen sets up the first TSE of this till as soon as it answers, and runs what goes on
// beside the sales.
func (a *Apotheke) tseLaufen(ctx context.Context, log *slog.Logger) {
	if cfg, found, _ := anschluss.Lesen(a.dir); found && cfg.Treiber != "" {
		a.ersteTSE(ctx, log)
	}
	a.Absicherung.Laufen(ctx)
}

func (a *Apotheke) ersteTSE(ctx context.Context, log *slog.Logger) {
	for {
		if _, set, err := a.Absicherung.Lage(ctx); set || err != nil {
			return
		}
		err := a.TSEEinrichten(ctx, workflow.Auftrag{Key: "tse-erste", Actor: absicherung.Actor}, log)
		if err == nil {
			return
		}
		log.Error("TSE not set up", slog.Any("error", err))
		timer := time.NewTimer(tseAlle)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// tseLage is how the TSE stands, as Störungen shows it.
func (a *Apotheke) tseLage(ctx context.Context) stoerung.TSE {
	l, set, err := a.Absicherung.Lage(ctx)
	t := stoerung.TSE{Eingerichtet: set, Uebung: l.Geraet.Uebung, Ablauf: l.Geraet.Ablauf, Grund: l.Grund, Fehler: err}
	if l.Seit != 0 {
		t.Seit = time.Unix(0, l.Seit).UTC()
	}
	return t
}

// tsedienst is the TSE as its page needs it.
type tsedienst struct {
	a   *Apotheke
	log *slog.Logger
}

// Lage implements tse.Dienst.
func (d tsedienst) Lage(ctx context.Context) (absicherung.Lage, bool, error) {
	return d.a.Absicherung.Lage(ctx)
}

// Einrichten implements tse.Dienst.
func (d tsedienst) Einrichten(ctx context.Context, a workflow.Auftrag) error {
	return d.a.TSEEinrichten(ctx, a, d.log)
}
