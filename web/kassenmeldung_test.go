package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	domain "github.com/offizin/offizin/domain/kassenmeldung"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/kassenmeldung"
)

// A till with a certified TSE is to be notified within a month; marked as sent, nothing is open.
func TestKassenmeldung(t *testing.T) {
	l := buchladen(t)
	l.d.Kassenmeldung = kassenmeldung.New(l.Kern, "Offizin 1")
	l.d.Meldungsvorlage = func(_ context.Context, m domain.Meldung) (string, []byte, error) {
		return "x.xml", []byte(m.Systeme[0].Serie), nil
	}
	h, err := web.New(l.d)
	l.Must(err)
	l.h = h
	l.zeigt("/kassenbuch/meldung", "Noch keine Kasse mit zertifizierter TSE")
	l.Book(event.TSEGesetzt{Till: "1", Serie: "OF-1", Geraet: tse.Geraet{Seriennummer: "ab12", Zertifizierung: "BSI-K-TR-0412-2020"}})
	l.zeigt("/kassenbuch/meldung", "Löwen-Apotheke", "BSI-K-TR-0412-2020", "ab12", "mitzuteilen bis 23.12.2026", "Kassenplatz eingerichtet")
	l.zeigt("/kassenbuch/meldung/vorlage", "OF-1")
	if status, body, _ := l.post("/kassenbuch/meldung", "tag", "23.11.2026"); status != http.StatusUnprocessableEntity || !strings.Contains(body, "T-711") {
		t.Errorf("%d: %s", status, alert(body))
	}
	if _, body, to := l.post("/kassenbuch/meldung", "tag", "23.11.2026", "weg", "Mein ELSTER"); to != "/kassenbuch/meldung" {
		t.Error(alert(body))
	}
	l.zeigt("/kassenbuch/meldung", "ist mitgeteilt", "Mein ELSTER")
	if _, body, to := l.post("/kassenbuch/meldung/ende", "till", "1", "tag", "23.11.2026", "grund", "ersetzt"); to == "" {
		t.Error(alert(body))
	}
	l.zeigt("/kassenbuch/meldung", "Kassenplatz außer Betrieb")
}
