package knoten_test

import (
	"crypto/ed25519"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/haus"
)

// probe signs law for tests only.
func probe(seed byte) ed25519.PrivateKey {
	s := [ed25519.SeedSize]byte{seed}
	return ed25519.NewKeyFromSeed(s[:])
}

func rechtsschluessel() recht.Schluesselbund {
	public, _ := probe(1).Public().(ed25519.PublicKey)
	return recht.Schluesselbund{"probe": public}
}

const (
	fixum   = "ampreisv/p3/fixum"
	fixumAb = civil.Day(20990401)
)

// nachtrag is a signed amendment that sets the Fixum from a day on.
func nachtrag(t *testing.T, key ed25519.PrivateKey, wert string) []byte {
	t.Helper()
	b, err := recht.Signiere("n", fmt.Appendf(nil, "nachtrag: %d\ndatum: 2027-03-02\nschluessel: probe\ngrund: Zur Probe\n\n"+
		"parameter: %s\nab: %s\nwert: %s\nnorm: AMPreisV § 3\nquelle: BGBl.\ngeprueft: 2027-03-02\n", recht.Eingearbeitet+1, fixum, fixumAb, wert), key)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// fixum is what a machine computes with from the day on.
func (m *laufend) fixum() string {
	m.t.Helper()
	law, err := m.Recht.Sammlung()
	if err != nil {
		m.t.Fatal(err)
	}
	p, _ := law.Suche(fixum)
	z, _ := p.Am(fixumAb)
	return strings.TrimSuffix(z.WertText(), " €")
}

// A signed amendment of the law that is laid down on one machine counts on all of them within
// seconds, while they run; one that is not signed, or by somebody else, stays where it is. A
// Festlegung made on one machine counts on all of them as well.
func TestRechtAufAllenRechnern(t *testing.T) {
	a, b, c := drei(t)
	all := []*laufend{a, b, c}
	for name, data := range map[string][]byte{
		"fremd.recht": nachtrag(t, probe(2), "7,77"), "offen.recht": []byte("nachtrag: 9002\n"), "2099.recht": nachtrag(t, probe(1), "9,50"),
	} {
		if err := os.WriteFile(filepath.Join(b.dir, "recht", name), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	bald(t, "the amendment counts everywhere", 10*time.Second, alle(all, func(m *laufend) bool { return m.fixum() == "9,50" }))
	if list, err := os.ReadDir(filepath.Join(c.dir, "recht")); err != nil || len(list) != 1 || list[0].Name() != "2099.recht" {
		t.Errorf("what is not signed has travelled: %v %v", list, err)
	}
	for _, m := range all {
		if bad := m.Recht.Stoerungen(); m != b && len(bad) > 0 {
			t.Errorf("on %s: %v", m.dir, bad)
		}
	}
	if err := a.Dienste.Haus.BenutzerSetzen(t.Context(), workflow.Auftrag{Key: "u", Actor: "AB"}, haus.Benutzer{
		Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true,
	}); err != nil {
		t.Fatal(err)
	}
	err := a.Recht.Festlegen(t.Context(), workflow.Auftrag{Key: "f", Actor: "AB"}, fixum, fixumAb, "9,99", "zur Probe hier")
	if err != nil {
		t.Fatal(err)
	}
	bald(t, "the Festlegung counts everywhere", 5*time.Second, alle(all, func(m *laufend) bool { return m.fixum() == "9,99" }))
}
