package democmd

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/integration/escpos/sim"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
)

// bonsDir is where the pictures of printed receipts lie, below the data folder.
const bonsDir = "bons"

// bonsMax is how many of them are kept.
const bonsMax = 100

// druckerort is where the virtual printer listens; that of the last time if it is free.
const druckerort = "127.0.0.1:"

// drucke serves the virtual printer of the demo until ctx ends.
func (c *Demo) drucke(ctx context.Context, e *env.Env, l net.Listener) {
	if l == nil {
		return
	}
	if err := c.zeichne(ctx, e, l); err != nil && ctx.Err() == nil {
		fmt.Fprintf(e.Stderr, "Der Bondrucker der Demo ist nicht gestartet: %v\n", err)
	}
}

// lauschen is where the virtual printer listens before the first receipt is printed; nil: there is
// none. Somebody who has set up a printer keeps it.
func (c *Demo) lauschen(ctx context.Context, e *env.Env, a *apotheke.Apotheke) (net.Listener, error) {
	if !c.Papier {
		return nil, nil //nolint:nilnil // there is no printer, and that is no error
	}
	set, err := a.Dienste.Drucker.Einstellung(ctx)
	if err != nil || set.Adresse != "" && !strings.HasPrefix(set.Adresse, druckerort) {
		return nil, err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", set.Adresse)
	if set.Adresse == "" || err != nil {
		l, err = lc.Listen(ctx, "tcp", druckerort+"0")
	}
	if err != nil {
		return nil, fmt.Errorf("listen for printer: %w", err)
	}
	if next := l.Addr().String(); next != set.Adresse {
		set.Adresse, set.Lade = next, true
		if set.Wann == "" {
			set.Wann = drucker.Immer
		}
		key := fmt.Sprintf("demo-drucker-%d", e.Clock.Now().UnixNano())
		if err := a.Dienste.Drucker.Setzen(ctx, workflow.Auftrag{Key: key, Actor: system}, set); err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

// zeichne draws what is printed.
func (c *Demo) zeichne(ctx context.Context, e *env.Env, l net.Listener) error {
	var n atomic.Int64
	return sim.New(func(b sim.Blatt) {
		if err := c.ablegen(e.Clock, b, n.Add(1)); err != nil {
			e.Log.Error("picture of a receipt not kept", slog.Any("error", err))
		}
	}).Serve(ctx, l)
}

// ablegen keeps the picture of a receipt, and lets the oldest go.
func (c *Demo) ablegen(now clock.Clock, b sim.Blatt, n int64) error {
	dir := filepath.Join(c.Daten, bonsDir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make folder of receipts: %w", err)
	}
	data, err := b.PNG()
	if err != nil {
		return err
	}
	name := now.Now().In(clock.Berlin()).Format("20060102-150405") + fmt.Sprintf("-%04d.png", n%10_000)
	if err := os.WriteFile(filepath.Join(dir, name), data, 0o600); err != nil {
		return fmt.Errorf("keep picture of a receipt: %w", err)
	}
	list, err := filepath.Glob(filepath.Join(dir, "*.png"))
	if err != nil {
		return fmt.Errorf("list receipts: %w", err)
	}
	slices.Sort(list)
	for _, old := range list[:max(0, len(list)-bonsMax)] {
		if err := os.Remove(old); err != nil {
			return fmt.Errorf("remove old receipt: %w", err)
		}
	}
	return nil
}
