package absicherung_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/integration/tse/simulator"
)

// A TSE that does not know a transaction any more – its memory is an older one – signs on: the record
// that names it is marked, once. It is no outage that never ends.
func TestTSEKenntVorgangNicht(t *testing.T) {
	x := newTill(t)
	memory := filepath.Join(x.dir, simulator.Datei)
	older, err := os.ReadFile(memory)
	x.Must(err)
	number := x.bezahltBis(func(bon.Bon) {})
	x.stop()
	x.Must(os.WriteFile(memory, older, 0o600))
	x.einschalten()
	if g := x.gesichert(number); g.Signatur != nil || g.Ausfall != "Die TSE kennt den Vorgang nicht" {
		t.Errorf("%+v", g)
	}
	x.wartenAufBeginn(0)
	if b := x.verkaufen(); x.gesichert(b.Nummer).Signatur == nil {
		t.Errorf("%+v", x.gesichert(b.Nummer))
	}
	if list := x.ausfaelle(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
