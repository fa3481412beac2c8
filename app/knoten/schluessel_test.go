package knoten_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/person"
)

// jeder believes every machine: a caller that wants more than it may.
type jeder struct{}

func (jeder) Mitglied(string) (string, bool, bool) { return "platz-1", true, false }
func (jeder) Aussteller() []byte                   { return nil }

// frageSchluessel asks a machine for the key of the machine whose folder this is.
func frageSchluessel(t *testing.T, dir, addr string) (int, []byte) {
	t.Helper()
	id, err := identity.Load(filepath.Join(dir, knoten.Dir, "rechner.pem"))
	if err != nil {
		t.Fatal(err)
	}
	door := identity.Admission{Identity: id, Mitglieder: jeder{}, Now: clock.NewReal().Now}
	tr := &http.Transport{TLSClientConfig: door.Client("platz-1")}
	defer tr.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+addr+"/knoten/v1/schluessel", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := (&http.Client{Transport: tr, Timeout: 5 * time.Second}).Do(req)
	if err != nil {
		return 0, nil // the connection itself is refused
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, b
}

func (m *laufend) kennt(id string) bool {
	p, ok, err := m.Dienste.Personen.Find(context.Background(), id)
	return err == nil && ok && p.Name == "Muster"
}

// A machine starts and its key file is gone, or is that of another folder: another machine gives the
// key back to it, customers are read again without anybody doing anything, and the file is there. Each
// machine gets its own key only, a stranger none, and one that was removed none any more.
func TestSchluesselVonNachbarn(t *testing.T) {
	dir, ctx := t.TempDir(), t.Context()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	file := filepath.Join(b.dir, "knoten.key")
	key, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	hat := func(m *laufend, want []byte) func() bool {
		return func() bool {
			status, got := frageSchluessel(t, m.dir, a.addr)
			return status == http.StatusOK && bytes.Equal(got, want)
		}
	}
	bald(t, "the key of b lies with a", 20*time.Second, hat(b, key))
	other, err := os.ReadFile(filepath.Join(c.dir, "knoten.key"))
	if err != nil {
		t.Fatal(err)
	}
	bald(t, "c gets its own", 20*time.Second, hat(c, other))
	p, err := b.Dienste.Personen.Anlegen(ctx, workflow.Auftrag{Key: "p1", Actor: "AB"}, person.Person{Name: "Muster"})
	if err != nil {
		t.Fatal(err)
	}
	for _, lost := range []func() error{
		func() error { return os.Remove(file) },
		func() error { return os.WriteFile(file, other, 0o600) },
		func() error { return os.WriteFile(file, key[:7], 0o600) },
		func() error { // locked away by the key store of another system: the folder was moved
			foreign := keystore.System()[1].File()
			return errors.Join(os.Remove(file), os.WriteFile(filepath.Join(b.dir, foreign), []byte("x"), 0o600))
		},
	} {
		b.stop()
		if err := lost(); err != nil {
			t.Fatal(err)
		}
		b = starte(t, b.dir, b.addr, knoten.Options{})
		bald(t, "b reads its customers again", 20*time.Second, func() bool { return b.kennt(p.ID) })
		info, err := os.Stat(file)
		if now, err2 := os.ReadFile(file); err != nil || err2 != nil || !bytes.Equal(now, key) || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
			t.Errorf("the key file: %v %v %v", info, err, err2)
		}
		if g := b.glied("schluessel"); g.Code != "" {
			t.Errorf("%+v", g)
		}
	}
	if l := b.Store.Schluessellage(); l.Fehler == nil || b.glied("schluesselspeicher").Code == "" {
		t.Errorf("nobody says that the key store did not give it: %+v", l)
	}
	if set, err := os.ReadFile(file + ".alt"); err != nil || !bytes.Equal(set, key[:7]) {
		t.Errorf("what lay there was not set aside: %v", err)
	}

	stranger := filepath.Join(dir, "x")
	if err := os.MkdirAll(filepath.Join(stranger, knoten.Dir), 0o700); err != nil {
		t.Fatal(err)
	}
	id, err := identity.New()
	if err == nil {
		err = id.Save(filepath.Join(stranger, knoten.Dir, "rechner.pem"))
	}
	if err != nil {
		t.Fatal(err)
	}
	if status, got := frageSchluessel(t, stranger, a.addr); status == http.StatusOK || len(got) == 32 {
		t.Errorf("a stranger got %d bytes, %d", len(got), status)
	}
	b.stop()
	if err := a.Entfernen(ctx, "platz-2"); err != nil {
		t.Fatal(err)
	}
	if status, got := frageSchluessel(t, b.dir, a.addr); status == http.StatusOK || len(got) == 32 {
		t.Errorf("a machine that was removed got %d bytes, %d", len(got), status)
	}
	nirgends(t, filepath.Join(dir, "a"), string(key)) // only sealed
}

// A single machine keeps its key nowhere but in its file: there is nobody to give it back.
func TestSchluesselAllein(t *testing.T) {
	a := starte(t, filepath.Join(t.TempDir(), "a"), "127.0.0.1:0", knoten.Options{})
	key := a.Store.Knotenschluessel()
	if key == nil {
		t.Fatal("no key")
	}
	id, err := identity.Load(filepath.Join(a.dir, knoten.Dir, "rechner.pem"))
	if err != nil {
		t.Fatal(err)
	}
	before := a.stand().Seq
	act := workflow.Auftrag{Key: "h", Actor: "offizin"}
	if err := a.Rechner.Hinterlegen(t.Context(), act, id.Fingerabdruck(), key[:]); err != nil {
		t.Fatal(err)
	}
	if now := a.stand().Seq; now != before {
		t.Errorf("%d records", now-before)
	}
}
