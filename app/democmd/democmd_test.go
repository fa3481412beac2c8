package democmd_test

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/offizin/offizin/app/democmd"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/internal/clock"
)

// greeting ends the demo as soon as it has said that it runs.
type greeting struct {
	strings.Builder
	end context.CancelFunc
}

func (g *greeting) Write(b []byte) (int, error) {
	defer g.end()
	return g.Builder.Write(b)
}

func start(t *testing.T, dir string) string {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out := &greeting{end: cancel}
	c := democmd.Demo{Daten: dir, Listen: "127.0.0.1:0", Artikel: 100}
	err := c.Run(&env.Env{
		Ctx: ctx, Stdout: out, Stderr: t.Output(), Clock: clock.NewReal(), Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
	})
	if err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The prescriptions to try are written once; a later start does not send people to a
// folder that they have deleted.
func TestGreetingNamesTheERezepteThatAreThere(t *testing.T) {
	dir := t.TempDir()
	folder := filepath.Join(dir, "e-rezepte")
	for range 2 {
		if text := start(t, dir); !strings.Contains(text, folder) {
			t.Errorf("the E-Rezepte are not named:\n%s", text)
		}
	}
	if err := os.RemoveAll(folder); err != nil {
		t.Fatal(err)
	}
	if text := start(t, dir); strings.Contains(text, "E-Rezepte") || !strings.Contains(text, dir) {
		t.Errorf("the deleted E-Rezepte are named:\n%s", text)
	}
}
