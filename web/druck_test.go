package web_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/integration/muster16"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/workflow/verkauf"
)

// The first print of a Muster 16 is on record as a print, the second as a reprint; the
// same request again is no print.
func TestErsterDruckIstKeinNachdruck(t *testing.T) {
	l := oeffne(t)
	l.d.Muster16PDF = func(_ context.Context, v verkauf.BonAnsicht, rezept string) ([]byte, error) {
		return muster16.PDF(muster16.AusBon(v.Bon, rezept, "309999992"), muster16.Versatz{})
	}
	var err error
	l.h, err = web.New(l.d)
	l.Must(err)
	l.verkaufe(t)
	b, err := l.d.Verkauf.Bon(l.Ctx, "1-000001")
	l.Must(err)
	druck := "/rezepte/" + b.Bon.Positionen[0].Rezept + "/druck/1-000001"
	for _, key := range []string{"d1", "d1", "d2"} {
		if status, body, _ := l.post(druck, "key", key); status != http.StatusOK || !strings.HasPrefix(body, "%PDF") {
			t.Fatalf("%d %s", status, alert(body))
		}
	}
	heads, err := l.Kern.Store.Heads(l.Ctx)
	l.Must(err)
	var got []string
	l.Must(l.Kern.Store.Records(l.Ctx, heads[0].Origin, 0, func(r journal.Record) (bool, error) {
		if strings.HasPrefix(r.Type, "beleg.") {
			got = append(got, r.Type+" "+string(r.Payload))
		}
		return true, nil
	}))
	gedruckt := `beleg.gedruckt.v1 {"bon":"1-000001","art":"muster-16","rezept":"` + b.Bon.Positionen[0].Rezept + `","druck":`
	if d := cmp.Diff([]string{gedruckt + "1}", gedruckt + "2}"}, got); d != "" {
		t.Error(d)
	}
}
