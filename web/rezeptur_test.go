package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/rezept"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// verordnet puts a prescription with these lines on a cart.
func (l *laden) verordnet(t *testing.T, list ...rezept.Verordnung) (cart, id string) {
	t.Helper()
	e, err := l.d.Rezepte.Annehmen(l.Ctx, l.A(), rezept.Rezept{
		Herkunft: rezept.Muster16, Ausgestellt: 20261123,
		Patient:       rezept.Patient{Name: "Muster", Vorname: "Erika", Geburt: 19700503, KVNR: "A123456780"},
		Kostentraeger: rezept.Kostentraeger{Art: zuzahlung.GKV, IK: "109900019", Name: "Demo-Krankenkasse"},
		Verordnungen:  list,
	}, false)
	l.Must(err)
	if status, body, _ := l.post("/verkauf/rezept", "rezept", e.ID); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, alert(body))
	}
	v, err := l.d.Verkauf.Aktuell(l.Ctx)
	l.Must(err)
	return v.Vorgang.ID, e.ID
}

func salbe(stoffe ...rezept.Bestandteil) rezept.Verordnung {
	return rezept.Verordnung{
		Art: rezept.RezepturVerordnung, Text: "Salbe " + boese, Menge: "100", Einheit: "g", Packungen: 1, Bestandteile: stoffe,
	}
}

// From the panel to the Bon: the line that prescribes a Rezeptur gets it, whatever stands
// before it; what the prescription says is filled in, and never run.
func TestRezepturBisBon(t *testing.T) {
	l := oeffne(t)
	pzn := rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: "01126111", Text: "Demolol", Packungen: 1}
	cart, id := l.verordnet(t, pzn, salbe(rezept.Bestandteil{Name: "Harnstoff " + boese, Menge: "3 g"}))
	body := l.page(t, "/verkauf?panel=rezeptur&vorgang="+cart)
	for _, want := range []string{
		`name="verordnung" value="1"`, `name="menge" value="100"`, `name="name1" value="Harnstoff &lt;script&gt;`,
		`name="arbeit" autofocus`, "bis 200 g · Nr. 2", `name="name6"`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("the panel lacks %s", want)
		}
	}
	form := []string{
		"vorgang", cart, "panel", "rezeptur", "rezept", id, "verordnung", "1", "bezeichnung", "Salbe", "arbeit", "salbe",
		"menge", "100", "name1", "Harnstoff", "ek1", "12,00", "teil1", "0,75", "von1", "5", "sok", "09999011",
	}
	status, body, _ := l.post("/verkauf/rezeptur", append(form, "name2", boese)...)
	if status != http.StatusBadRequest && status != http.StatusUnprocessableEntity || !strings.Contains(body, "V-146") {
		t.Errorf("%d %s", status, alert(body))
	}
	for _, want := range []string{`value="0,75"`, `value="12,00"`, `value="salbe" selected`, `name="ek2" value=""`, "&lt;script&gt;"} {
		if !strings.Contains(body, want) {
			t.Errorf("what was typed is gone: %s", want)
		}
	}
	status, body, to := l.post("/verkauf/rezeptur", append(form, "name2", "Kruke", "ek2", "1,00", "dann", "rezept")...)
	if status != http.StatusSeeOther || !strings.Contains(to, "panel=auswahl") { // on to the line before
		t.Fatalf("%d %s %s", status, to, alert(body))
	}
	v, err := l.d.Verkauf.Ansicht(l.Ctx, cart)
	l.Must(err)
	// 12,00 × 1,9 × 0,75/5 = 3,42; 1,90; 6,00; 8,35: net 19,67 €, 23,41 €; Zuzahlung 5,00 € (§ 61 SGB V)
	if p := v.Zeilen[0].Rechnung; p.Gesamt != 2341 || p.Zuzahlung != 500 || p.Verordnung != 1 {
		t.Fatalf("%+v", p)
	}
	if status, body, _ := l.post("/verkauf/bezahlen", "vorgang", cart, "erwartet", "500"); status != http.StatusSeeOther {
		t.Fatalf("payment: %d %s", status, alert(body))
	}
	last, _, err := l.d.Verkauf.Letzter(l.Ctx)
	l.Must(err)
	if diff := cmp.Diff(&preis.Zubereitung{Arbeit: preis.Salbe, Menge: 100, Bestandteile: []preis.Bestandteil{
		{Name: "Harnstoff", EK: 1200, Teil: 75, Ganz: 500}, {Name: "Kruke", EK: 100},
	}}, last.Positionen[0].Zubereitung); diff != "" {
		t.Error(diff)
	}
}

// A stated price keeps the Sonderkennzeichen that was chosen, though names and quantity
// are filled in; with a composition beside it, it is refused.
func TestRezepturFest(t *testing.T) {
	l := oeffne(t)
	cart, id := l.verordnet(t, salbe(rezept.Bestandteil{Name: "Stoff"}))
	form := []string{
		"vorgang", cart, "rezept", id, "verordnung", "0", "bezeichnung", "Infusion", "menge", "100", "name1", "Stoff",
		"betrag", "357,04", "sok", "09999092",
	}
	for code, more := range map[string][]string{
		"V-142": {"arbeit", "salbe"}, "V-143": {"betrag", ""}, "W-108": {"ek1", "zwölf"}, "W-107": {"menge", "viel"},
	} {
		if status, body, _ := l.post("/verkauf/rezeptur", slices.Concat(form, more)...); status < 400 || !strings.Contains(body, code) {
			t.Errorf("%s: %d %s", code, status, alert(body))
		}
	}
	if status, body, _ := l.post("/verkauf/rezeptur", form...); status != http.StatusSeeOther {
		t.Fatalf("%d %s", status, alert(body))
	}
	v, err := l.d.Verkauf.Ansicht(l.Ctx, cart)
	l.Must(err)
	if p := v.Zeilen[0].Rechnung; p.Gesamt != 35704 || p.SOK != "09999092" || p.Zubereitung != nil {
		t.Errorf("%+v", p)
	}
}

// A prescription with many ingredients has a row for each, and one for the vessel, up to
// twelve; without one of a Rezeptur the line of free text is meant.
func TestRezepturZeilen(t *testing.T) {
	l := oeffne(t)
	for n, rows := range map[int]int{0: 6, 5: 6, 6: 7, 11: 12, 20: 12} {
		stoffe := make([]rezept.Bestandteil, n)
		for i := range stoffe {
			stoffe[i] = rezept.Bestandteil{Name: fmt.Sprintf("Stoff %d %s", i, strings.Repeat("ä", 200))}
		}
		cart, id := l.verordnet(t, salbe(stoffe...))
		q := url.Values{"panel": {"rezeptur"}, "vorgang": {cart}, "rezept": {id}, "verordnung": {"0"}}
		body := l.page(t, "/verkauf?"+q.Encode())
		if !strings.Contains(body, `name="name`+strconv.Itoa(rows)+`"`) || strings.Contains(body, `name="name`+strconv.Itoa(rows+1)+`"`) {
			t.Errorf("%d ingredients: not %d rows", n, rows)
		}
	}
	frei := oeffne(t)
	pzn := rezept.Verordnung{Art: rezept.PZNVerordnung, PZN: "01126111", Text: "Demolol", Packungen: 1}
	cart, _ := frei.verordnet(t, pzn, rezept.Verordnung{Art: rezept.FreitextVerordnung, Text: "Salbe", Packungen: 1})
	if body := frei.page(t, "/verkauf?panel=rezeptur&vorgang="+cart); !strings.Contains(body, `name="verordnung" value="1"`) {
		t.Error("not on the line of free text")
	}
}
