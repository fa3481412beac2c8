package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/stoerung"
)

// The page shows when a link was out of order, and leads to the sheets for an outage.
func TestStoerungenVerlaufUndBlaetter(t *testing.T) {
	x := oeffne(t)
	down := false
	machine := stoerung.Rechner{Platz: "platz-2", Programm: "1", Seit: time.Hour, Gleich: true, Fuehrt: true}
	x.d.Stoerung = stoerung.New(x.Kern, stoerung.Options{Rechner: func(context.Context) stoerung.Rechnerlage {
		machine.Erreichbar = !down
		return stoerung.Rechnerlage{Platz: "platz-1", Programm: "1", Andere: []stoerung.Rechner{machine}}
	}})
	x.d.Anleitungen = func(_ context.Context, thema string) ([]byte, error) {
		if thema != "strom" {
			return nil, fault.New(fault.NotFound, "S-638", "Dieses Blatt gibt es nicht.", nil)
		}
		return []byte("%PDF"), nil
	}
	h, err := web.New(x.d)
	x.Must(err)
	x.h = h
	if _, body := x.get("/stoerungen"); !strings.Contains(body, "/stoerungen/anleitung/uhr") || strings.Contains(body, "S-610") {
		t.Error(body)
	}
	down = true
	if _, body := x.get("/stoerungen"); !strings.Contains(body, "platz-2 antwortet seit") || !strings.Contains(body, "dauert an") {
		t.Error(body)
	}
	down = false
	x.Uhr.Advance(2 * time.Minute)
	_, body := x.get("/stoerungen")
	if _, list, _ := strings.Cut(body, `id="verlauf"`); !strings.Contains(list, "platz-2 <code>S-610</code>") ||
		!strings.Contains(list, "23.11.2026 12:00") || !strings.Contains(list, "23.11.2026 12:02") {
		t.Error(list)
	}
	if status, body := x.get("/stoerungen/anleitung/strom"); status != http.StatusOK || body != "%PDF" {
		t.Errorf("%d %s", status, body)
	}
	if status, _ := x.get("/stoerungen/anleitung/nichts"); status != http.StatusNotFound {
		t.Errorf("%d", status)
	}
}
