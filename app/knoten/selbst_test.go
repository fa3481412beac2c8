package knoten_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/workflow"
)

// No machine takes itself out, also not one that waits for a start to give other receipt numbers out.
func TestSelbstEntfernen(t *testing.T) {
	dir := t.TempDir()
	a := starte(t, filepath.Join(dir, "a"), "127.0.0.1:0", knoten.Options{})
	if err := a.Dienste.Rechner.Nummern(t.Context(), workflow.Auftrag{Key: "n", Actor: "AB"}, "platz-1"); err != nil {
		t.Fatal(err)
	}
	err := a.Entfernen(t.Context(), "platz-1")
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "M-203" {
		t.Errorf("on the command line: %v", err)
	}
	err = a.Dienste.Rechner.Entfernen(t.Context(), workflow.Auftrag{Key: "e", Actor: "AB"}, "platz-1")
	if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != "M-203" {
		t.Errorf("on the page: %v", err)
	}
}
