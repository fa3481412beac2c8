package refusal_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/node/refusal"
)

// A fault arrives as it was said, without its cause; what is none is M-100.
func TestHinUndZurueck(t *testing.T) {
	for _, c := range []struct {
		err  error
		code string
	}{
		{fmt.Errorf("x: %w", fault.New(fault.Conflict, "M-101", "Bitte aktualisieren.", errors.New("geheim"))), "M-101"},
		{errors.New("geheim"), "M-100"},
	} {
		w := httptest.NewRecorder()
		refusal.Write(w, http.StatusConflict, c.err)
		if strings.Contains(w.Body.String(), "geheim") || w.Code != http.StatusConflict {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		f, err := refusal.Read(w.Body, fault.Denied)
		if err != nil || f.Code != c.code || f.Kind != fault.Denied || f.Text == "" {
			t.Errorf("%+v %v", f, err)
		}
	}
	for _, body := range []string{"", "<html>", `{"text":"ohne Code"}`, strings.Repeat(" ", 1<<20) + `{"code":"X"}`} {
		if f, err := refusal.Read(strings.NewReader(body), fault.Denied); err == nil {
			t.Errorf("%.20q: %+v", body, f)
		}
	}
}
