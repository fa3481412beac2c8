package apotheke_test

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/internal/clock"
)

// Articles with another price and as many bytes, put there while the program did not run:
// found soon after the start, the catalogue before goes on, and Störungen says so.
func TestVertauschterKatalogWirdGefunden(t *testing.T) {
	dir := t.TempDir()
	katalog := filepath.Join(dir, "katalog")
	old, now := liste(t, katalog, 20261101, 398), liste(t, katalog, 20261115, 498)
	name := filepath.Join(katalog, now.ID, "artikel.db")
	b, err := os.ReadFile(name)
	if err != nil || !bytes.Contains(b, []byte(`"uvp":498`)) {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, bytes.ReplaceAll(b, []byte(`"uvp":498`), []byte(`"uvp":198`)), 0o600); err != nil {
		t.Fatal(err)
	}
	a, err := apotheke.Open(t.Context(), apotheke.Options{
		Dir: dir, Clock: clock.NewManual(time.Date(2026, 11, 23, 11, 0, 0, 0, time.UTC)), PruefenNach: time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		a.Nachpruefen(ctx, slog.New(slog.DiscardHandler))
	}()
	for tick := time.NewTicker(5 * time.Millisecond); ctx.Err() == nil; <-tick.C {
		if g, err := a.Katalog.Am(20261123); err == nil && g.Manifest().ID == old.ID {
			cancel()
		}
	}
	<-ended
	list := a.Katalog.Stoerungen()
	if len(list) != 1 || !strings.Contains(list[0].Error(), "A-654") || !strings.Contains(list[0].Error(), now.ID) {
		t.Errorf("%v", list)
	}
}
