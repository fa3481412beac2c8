package web_test

import (
	"context"
	"html"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/app/bondrucker"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/escpos/sim"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/verkauf"
)

// mitDrucker is a shop with the virtual printer; it is not set up yet.
func mitDrucker(t *testing.T) (l *laden, printer *sim.Drucker, adresse string) {
	t.Helper()
	l = oeffne(t)
	l.d.Drucker = drucker.New(l.Kern, drucker.Dienste{
		Verkauf: l.d.Verkauf, Haus: l.d.Haus, Personen: l.d.Personen, Geraet: &bondrucker.Geraet{},
		Ablage: bondrucker.Ablage{Dir: t.TempDir()}, Geduld: 4 * time.Second,
	})
	l.d.BonPDF = func(context.Context, verkauf.BonAnsicht) ([]byte, error) { return []byte("%PDF"), nil }
	l.d.BelegPDF = func(b quittung.Beleg) ([]byte, error) { return []byte("%PDF " + b.Titel() + b.Patient.Name), nil }
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	l.Must(err)
	printer = sim.New(nil)
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan struct{}, 2)
	go func() { _ = printer.Serve(ctx, listener); ended <- struct{}{} }()
	go func() { l.d.Drucker.Laufen(ctx); ended <- struct{}{} }()
	t.Cleanup(func() { stop(); <-ended; <-ended })
	return l, printer, listener.Addr().String()
}

// bis waits until a page says something.
func (l *laden) bis(t *testing.T, path, want string) string {
	t.Helper()
	body := ""
	for range 500 {
		if body = html.UnescapeString(l.page(t, path)); strings.Contains(body, want) {
			return body
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("%s never says %q:\n%s", path, want, body)
	return ""
}

// The printer is set up, tried, prints a sale by itself and on F11 a copy; the page of the Bon
// says how far it is, and offers the Zuzahlungsquittung.
func TestBondrucker(t *testing.T) {
	l, printer, adresse := mitDrucker(t)
	if body := l.page(t, "/einstellungen/drucker"); !strings.Contains(body, "Noch kein Drucker eingestellt") {
		t.Error("no text without a printer")
	}
	const settings = "/einstellungen/drucker"
	if status, body, _ := l.post(settings, "adresse", "a b", "wann", "immer"); status < 400 || !strings.Contains(alert(body), "T-301") {
		t.Errorf("%d %s", status, alert(body))
	}
	l.geht(t, settings, "adresse", adresse, "wann", "immer", "lade", "ja")
	l.geht(t, settings+"/probe")
	l.bis(t, settings, "Der Drucker ist bereit")
	l.verkaufe(t)
	body := l.bis(t, "/bon/1-000001", "✓ gedruckt.")
	for _, want := range []string{"Zuzahlungsquittung mit Namen · Erika Muster", "PZN 01126111, 1 ×", "Bar", "Beginn 23.11.2026"} {
		if !strings.Contains(body, want) {
			t.Errorf("Bon without %q", want)
		}
	}
	if article, _, _ := strings.Cut(body, "</article>"); strings.Contains(article, "Erika") {
		t.Error("the receipt names the patient")
	}
	l.geht(t, "/bon/1-000001/nachdruck")
	l.bis(t, "/bon/1-000001", "Kopie: ✓ gedruckt.")
	if sheets, _, err := printer.Stand(); len(sheets) != 3 || err != nil {
		t.Errorf("%d sheets, %v", len(sheets), err)
	}
	printer.Set(sim.NoPaper)
	l.geht(t, "/bon/1-000001/nachdruck")
	l.bis(t, "/bon/1-000001", "T-305")
	l.bis(t, settings, "legen Sie eine neue Rolle ein")
}

// Without a printer F11 shows the Bon as a copy; further receipts are there as PDF.
func TestBonAlsKopie(t *testing.T) {
	l, _, _ := mitDrucker(t)
	l.verkaufe(t)
	if to := l.geht(t, "/bon/1-000001/nachdruck", "kopie", "ja"); to != "/bon/1-000001?kopie=ja" {
		t.Errorf("leads to %s", to)
	}
	body := l.page(t, "/bon/1-000001?kopie=ja")
	if !strings.Contains(body, "KOPIE, gedruckt am 23.11.2026") || strings.Contains(l.page(t, "/bon/1-000001"), "KOPIE") {
		t.Error("the copy is not marked, or the original is")
	}
	b, err := l.d.Verkauf.Bon(l.Ctx, "1-000001")
	l.Must(err)
	id := drucker.Patienten(b.Bon)
	if len(id) != 1 {
		t.Fatalf("%v", id)
	}
	if status, pdf := l.get("/bon/1-000001.pdf?art=zuzahlung&patient=" + id[0]); status != http.StatusOK ||
		pdf != "%PDF Zuzahlungsquittung zu Bon 1-000001Erika Muster" {
		t.Errorf("%d %s", status, pdf)
	}
	if status, body := l.get("/bon/1-000001.pdf?art=kulanz"); status != http.StatusNotFound || !strings.Contains(body, "T-312") {
		t.Errorf("%d", status)
	}
	if status, body, _ := l.post("/bon/1-000001/wiederholen"); status < 400 || !strings.Contains(alert(body), "T-314") {
		t.Errorf("%d %s", status, alert(body))
	}
}
