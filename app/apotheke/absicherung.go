package apotheke

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/merkzettel"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/anschluss"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/geheim"
	tseseite "github.com/offizin/offizin/web/tse"
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
// the first sale, and without asking it anything. If its settings cannot be used that is an
// outage like any other.
func (a *Apotheke) TSEAnschliessen(ctx context.Context, log *slog.Logger) error {
	a.tseLock.Lock()
	defer a.tseLock.Unlock()
	return a.anschliessen(ctx, log)
}

func (a *Apotheke) anschliessen(ctx context.Context, log *slog.Logger) error {
	device, err := a.geraet(ctx)
	s, set, noService := absicherung.New(ctx, a.Kern, device, a.tseOptionen(log))
	if noService != nil {
		return errors.Join(err, noService)
	}
	if !set {
		s = nil // not for these receipt numbers yet; with others one may have been plugged in
	}
	a.Absicherung.Einstecken(s)
	return err
}

// geraet is the TSE of the settings, or what stands for it if they cannot be used.
func (a *Apotheke) geraet(ctx context.Context) (absicherung.Geraet, error) {
	cfg, found, err := anschluss.Lesen(a.dir)
	switch {
	case err != nil:
		return absicherung.Keine{Grund: "tse.json nicht lesbar"}, err
	case !found:
		return absicherung.Keine{Grund: "tse.json fehlt"}, nil
	}
	device, err := a.oeffnen(ctx, cfg)
	if err != nil {
		return absicherung.Keine{Grund: "Einstellungen der TSE nicht brauchbar"}, err
	}
	return device, nil
}

func (a *Apotheke) tseOptionen(log *slog.Logger) absicherung.Options {
	return absicherung.Options{
		Log: log, Inhalt: a.Dienste.Verkauf.Inhalt, Zettel: merkzettel.Open(filepath.Join(a.dir, merkzettel.Datei)),
		Spur: merkzettel.OpenSpur(filepath.Join(a.dir, merkzettel.SpurDatei)), Aelter: a.aelter,
	}
}

// oeffnen opens a TSE in place of the one before. While none is open, what is sold is marked as
// in any outage.
func (a *Apotheke) oeffnen(ctx context.Context, cfg anschluss.Konfig) (anschluss.TSE, error) {
	if err := a.tseZu(); err != nil {
		return nil, err
	}
	e, err := a.Dienste.Haus.Einstellungen(ctx)
	if err != nil {
		return nil, err
	}
	cfg.Echtbetrieb = e.Produktiv
	device, err := anschluss.Open(cfg, a.Kern.Clock)
	if err == nil {
		a.tseOffen = device
	}
	return device, err
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

// TSEEinrichten has a TSE sign for this till from now on: the first one, or another one than
// before. If that fails, the one before goes on. The faults are those of the driver, T-601, V-001 if
// nobody does it and G-1xx for who may not.
func (a *Apotheke) TSEEinrichten(
	ctx context.Context, auftrag workflow.Auftrag, cfg anschluss.Konfig, log *slog.Logger,
) error {
	if err := absicherung.Darf(ctx, a.Kern, auftrag.Actor); err != nil {
		return err // before any device hears of it
	}
	return a.tseEinrichten(ctx, auftrag, cfg, log)
}

func (a *Apotheke) tseEinrichten(
	ctx context.Context, auftrag workflow.Auftrag, cfg anschluss.Konfig, log *slog.Logger,
) error {
	a.tseLock.Lock()
	defer a.tseLock.Unlock()
	if err := a.Absicherung.Raeumen(ctx); err != nil {
		return err
	}
	within, stop := context.WithTimeout(ctx, tseFrist)
	defer stop()
	device, err := a.oeffnen(ctx, cfg)
	if err == nil {
		err = absicherung.Einrichten(within, a.Kern, auftrag, cfg.Treiber, device)
	}
	if err == nil {
		err = cfg.Schreiben(a.dir)
	}
	if err != nil {
		return errors.Join(err, a.anschliessen(ctx, log))
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
	a.ersteTSE(ctx, log)
	a.Absicherung.Laufen(ctx)
}

// ersteTSE tries until the TSE answers. What somebody must set right is not tried again: after a
// few wrong PINs a device blocks them.
func (a *Apotheke) ersteTSE(ctx context.Context, log *slog.Logger) {
	for {
		err := a.ErsteTSE(ctx, log)
		if err == nil {
			return
		}
		log.Error("TSE not set up", slog.Any("error", err))
		if f, ok := errors.AsType[*tse.Fehler](err); ok && f.Art == tse.Einrichtung {
			return
		}
		timer := time.NewTimer(tseAlle)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// ErsteTSE sets up the TSE that tse.json in the data folder names, if none was set up before.
func (a *Apotheke) ErsteTSE(ctx context.Context, log *slog.Logger) error {
	_, set, err := a.Absicherung.Lage(ctx)
	if err != nil || set {
		return err
	}
	cfg, found, err := anschluss.Lesen(a.dir)
	if err != nil || !found {
		return err
	}
	key := "tse-erste-" + a.Kern.Till // with other receipt numbers a machine is another till, with a serial of its own
	return a.tseEinrichten(ctx, workflow.Auftrag{Key: key, Actor: absicherung.Actor}, cfg, log)
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

// Konfig implements tse.Dienst.
func (d tsedienst) Konfig() (tseseite.Eingabe, error) {
	cfg, _, err := anschluss.Lesen(d.a.dir)
	return tseseite.Eingabe{
		Treiber: cfg.Treiber, Adresse: cfg.Adresse, Geraet: cfg.Geraet, TLS: cfg.TLS, Zertifizierung: cfg.Zertifizierung,
	}, err
}

// Einrichten implements tse.Dienst. A secret that is left empty stays what it was, and so does what
// the page does not ask for, as long as the same kind of TSE signs.
func (d tsedienst) Einrichten(ctx context.Context, a workflow.Auftrag, in tseseite.Eingabe) error {
	old, _, err := anschluss.Lesen(d.a.dir)
	if err != nil {
		old = anschluss.Konfig{} // what cannot be read is laid down anew
	}
	cfg := anschluss.Konfig{}
	if old.Treiber == in.Treiber {
		cfg = old
	}
	cfg.Treiber, cfg.Adresse, cfg.Geraet, cfg.TLS = in.Treiber, in.Adresse, in.Geraet, in.TLS
	cfg.Zertifizierung = in.Zertifizierung
	if in.Treiber == simulator.Name && cfg.Ordner == "" {
		cfg.Ordner = filepath.Join(d.a.dir, "tse")
	}
	same := old.Treiber == in.Treiber && old.Adresse == in.Adresse // else it would reach a stranger
	for _, s := range []struct {
		typed string
		kept  geheim.Wort
		to    *geheim.Wort
	}{
		{in.AdminPIN, old.AdminPIN, &cfg.AdminPIN},
		{in.ZeitPIN, old.ZeitPIN, &cfg.ZeitPIN},
		{in.Secret, old.Secret, &cfg.Secret},
		{in.APIKey, old.APIKey, &cfg.APIKey},
		{in.APISecret, old.APISecret, &cfg.APISecret},
	} {
		if *s.to = geheim.Wort(s.typed); s.typed == "" && same {
			*s.to = s.kept
		}
	}
	return d.a.TSEEinrichten(ctx, a, cfg, d.log)
}
