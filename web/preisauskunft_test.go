package web_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/web/preisauskunft"
)

// The page of the articles offers the price list as a file; it is made one at a time, and
// a catalogue that is too large for the button says what to do instead.
func TestPreisauskunftLaden(t *testing.T) {
	l := warenhaus(t)
	made := func(ctx context.Context) (*preisauskunft.Liste, error) {
		return preisauskunft.New(ctx, preisauskunft.Quelle{
			Katalog: l.Kern.Katalog, Tag: clock.Today(l.Uhr),
			Recht: func(day civil.Day) (preisauskunft.Recht, error) {
				s, err := l.Kern.Recht.Am(day)
				return preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
			},
		})
	}
	entered, leave := make(chan bool), make(chan bool)
	slow := false
	l.d.Preisauskunft = func(ctx context.Context) (*preisauskunft.Liste, error) {
		if !slow {
			return made(ctx)
		}
		entered <- true
		<-leave
		return nil, context.DeadlineExceeded
	}
	var err error
	l.h, err = web.New(l.d)
	l.Must(err)

	if body := l.page(t, "/artikel"); !strings.Contains(body, `href="/preisauskunft"`) {
		t.Error("no link to the file")
	}
	if body := l.page(t, "/artikel?q=ibu"); strings.Contains(body, `href="/preisauskunft"`) {
		t.Error("the link stands below hits, too")
	}
	w := httptest.NewRecorder()
	l.h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "http://localhost/preisauskunft", nil))
	if w.Code != http.StatusOK || w.Header().Get("Content-Disposition") != `attachment; filename="preisauskunft.html"` ||
		!strings.HasPrefix(w.Body.String(), "<!doctype html>") {
		t.Errorf("%d %v %.60s", w.Code, w.Header(), w.Body)
	}

	slow = true
	answer := make(chan string)
	go func() {
		_, body := l.get("/preisauskunft")
		answer <- body
	}()
	<-entered
	if status, body := l.get("/preisauskunft"); status == http.StatusOK || !strings.Contains(body, "A-565") {
		t.Errorf("two at a time: %d %s", status, alert(body))
	}
	leave <- true
	select {
	case body := <-answer:
		if !strings.Contains(body, "A-566") {
			t.Errorf("too slow: %s", alert(body))
		}
	case <-time.After(10 * time.Second):
		t.Error("no answer")
	}
}
