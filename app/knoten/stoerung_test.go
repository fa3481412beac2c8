package knoten_test

import (
	"crypto/tls"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/workflow/stoerung"
)

// glied is a link of a machine by its id.
func (m *laufend) glied(id string) stoerung.Glied {
	for _, g := range m.Dienste.Stoerung.Zustand(m.t.Context()).Glieder {
		if g.ID == id {
			return g
		}
	}
	return stoerung.Glied{}
}

// Three machines: each tells of the two others and of who leads. The lead dies: the others say
// so and who leads now, their sales are still on a second machine, and the last one left says
// that its sales lie there only. When the lead is back all is well again.
func TestStoerungenDreierRechner(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b, c := a.dazu(filepath.Join(dir, "b")), a.dazu(filepath.Join(dir, "c"))
	if g := a.glied("sicherung"); g.Zustand != stoerung.Gut {
		t.Errorf("%+v", g)
	}
	bald(t, "all see each other", 10*time.Second, func() bool {
		for _, m := range []*laufend{b, c} {
			if m.glied("fuehrung").Text != "platz-1 führt." || m.glied("rechner-platz-1").Zustand != stoerung.Gut {
				return false
			}
		}
		return a.glied("rechner-platz-2").Zustand == stoerung.Gut && a.glied("rechner-platz-3").Zustand == stoerung.Gut
	})
	b.nenne(t.Context(), "n1", "Rosen-Apotheke")
	bald(t, "all of b is safe", 5*time.Second, func() bool { st := b.stand(); return st.Seq > 0 && st.Sicher == st.Seq })

	a.stop()
	bald(t, "b tells that a is gone and leads", 5*time.Second, func() bool {
		return b.glied("rechner-platz-1").Code == "S-610" && b.glied("fuehrung").Text == "Dieser Rechner (platz-2) führt."
	})
	if g := b.glied("sicherung"); g.Code != "" {
		t.Errorf("%+v", g)
	}
	c.stop()
	bald(t, "b is the last one", 5*time.Second, func() bool { return b.glied("sicherung").Code == "S-602" })

	a = starte(t, a.dir, a.addr, knoten.Options{})
	bald(t, "a is back", 10*time.Second, func() bool {
		return b.glied("rechner-platz-1").Code == "" && b.glied("sicherung").Code == ""
	})
	running, err := knoten.Find(b.dir) // what the command line hears
	if err != nil {
		t.Fatal(err)
	}
	if l, err := running.Lage(t.Context()); err != nil || len(l.Glieder) < 10 {
		t.Errorf("%+v, %v", l, err)
	}
	if files, err := running.Anleitungen(t.Context()); err != nil || len(files) != 4 {
		t.Errorf("%d instructions, %v", len(files), err)
	}
}

// A machine that was removed says in red that nothing it sells arrives anywhere.
func TestStoerungEntfernt(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b follows", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	if err := a.Entfernen(t.Context(), "platz-2"); err != nil {
		t.Fatal(err)
	}
	bald(t, "b is refused", 10*time.Second, func() bool { return b.glied("rechner-platz-1").Code == "S-611" })
	if g := b.glied("sicherung"); g.Code != "S-601" || !strings.Contains(g.Ausweg, "leeren Datenordner") { // M-213 otherwise
		t.Errorf("%+v", g)
	}
	bald(t, "a tells who was refused", 5*time.Second, func() bool {
		g := a.glied("zutritt")
		return g.Code == "S-618" && strings.Contains(g.Text, "127.0.0.1") && strings.Contains(g.Ausweg, "M-113")
	})
}

// Whoever is no machine of the pharmacy, guesses codes or sends what cannot be read is told of on the
// machine that refused him; a typing mistake, or a code that another machine shows, is not.
func TestAbgewiesen(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	b := a.dazu(filepath.Join(dir, "b"))
	bald(t, "b follows", 5*time.Second, func() bool { return b.stand().Folgt == "platz-1" })
	id, err := identity.New()
	if err != nil {
		t.Fatal(err)
	}
	guess := func() {
		_, _ = kopplung.Koppeln(t.Context(), a.addr, "0000-0000", kopplung.Antrag{Public: id.Public()})
	}
	guess() // no code is open
	a.Tuer.Oeffnen()
	for range 4 {
		guess()
	}
	if g := a.glied("zutritt"); g.ID != "" {
		t.Errorf("%+v", g)
	}
	guess() // the last try
	if g := a.glied("zutritt"); g.Code != "S-618" || !strings.Contains(g.Ausweg, "M-121") {
		t.Errorf("%+v", g)
	}
	own, err := tls.LoadX509KeyPair(filepath.Join(b.dir, knoten.Dir, "rechner.pem"), filepath.Join(b.dir, knoten.Dir, "rechner.pem"))
	if err != nil {
		t.Fatal(err)
	}
	member := insecure()
	member.Certificates = []tls.Certificate{own}
	c := http.Client{Transport: &http.Transport{TLSClientConfig: member}}
	resp, err := c.Post("https://"+a.addr+"/knoten/v1/records", "application/x-ndjson", strings.NewReader("kaputt"))
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if g := a.glied("unlesbar"); g.Code != "S-619" || !strings.Contains(g.Text, "platz-2") || !strings.Contains(g.Ausweg, "M-102") {
		t.Errorf("%+v", g)
	}
	if st := a.stand(); len(st.Abgewiesen) != 2 || st.Abgewiesen[0].Von != "127.0.0.1" || st.Abgewiesen[1].Anzahl != 1 {
		t.Errorf("%+v", st.Abgewiesen)
	}
}
