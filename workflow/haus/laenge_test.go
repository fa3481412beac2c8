package haus_test

import (
	"strings"
	"testing"

	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/workflowtest"
)

// DSFinV-K 2.4 Anhang G: NAME has 60 characters, ORT 62, STNR 20. What is longer is refused when it
// is entered: a closing would keep it for ever.
func TestLongerThanTheExportTakes(t *testing.T) {
	for most, change := range map[int]func(e *haus.Einstellungen, s string){
		60: func(e *haus.Einstellungen, s string) { e.Name = s },
		62: func(e *haus.Einstellungen, s string) { e.Ort = s },
		20: func(e *haus.Einstellungen, s string) { e.Steuernummer = s },
	} {
		s := workflowtest.New(t, nil)
		h := haus.New(s.Kern)
		e := haus.Einstellungen{Name: "Löwen-Apotheke"}
		change(&e, strings.Repeat("ä", most))
		s.Must(h.Setzen(s.Ctx, s.A(), e))
		change(&e, strings.Repeat("ä", most+1))
		s.Fails(h.Setzen(s.Ctx, s.A(), e), "T-465")
	}
}
