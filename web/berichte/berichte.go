// Package berichte shows what was sold on a day, which Zuzahlung was taken and which
// was waived, each also as a CSV file.
package berichte

import (
	"embed"
	"html/template"
	"io"
	"net/http"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/offeneposten"
)

//go:embed *.html
var files embed.FS

const pfad = "/berichte"

// Dienste is what the pages stand on.
type Dienste struct {
	Bericht      *bericht.Service
	Clock        clock.Clock
	Notfallmappe Notfallmappe          // nil: not set up
	Posten       *offeneposten.Service // nil: nobody keeps open items
}

// Seite shows reports.
type Seite struct {
	bericht                    *bericht.Service
	clock                      clock.Clock
	mappe                      Notfallmappe
	rahmen                     *ui.Rahmen
	posten                     *offeneposten.Service
	tag, zuz, kulanzen, mappen *template.Template
	offen                      *template.Template
}

// New returns the page.
func New(r *ui.Rahmen, d Dienste) (*Seite, error) {
	s := &Seite{bericht: d.Bericht, clock: d.Clock, mappe: d.Notfallmappe, posten: d.Posten, rahmen: r}
	for _, p := range []struct {
		t    **template.Template
		file string
	}{
		{&s.tag, "tag.html"},
		{&s.zuz, "zuzahlung.html"},
		{&s.kulanzen, "kulanz.html"},
		{&s.mappen, "notfallmappe.html"},
		{&s.offen, "offen.html"},
	} {
		var err error
		if *p.t, err = r.Parse(files, p.file, "kopf.html"); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// Routes registers the addresses of the reports.
func (s *Seite) Routes(mux *http.ServeMux) {
	mux.HandleFunc("GET /berichte", s.desTages)
	mux.HandleFunc("GET /berichte/zuzahlung", s.zuzahlung)
	mux.HandleFunc("GET /berichte/kulanz", s.kulanz)
	if s.posten != nil {
		mux.HandleFunc("GET /berichte/offen", s.offenePosten)
	}
	if s.mappe != nil {
		mux.HandleFunc("GET /berichte/notfallmappe", func(w http.ResponseWriter, r *http.Request) {
			s.mappeZeigen(w, r, nil)
		})
		mux.HandleFunc("POST /berichte/notfallmappe", s.mappeErstellen)
		mux.HandleFunc("GET /berichte/notfallmappe/datei", s.mappeOeffnen)
	}
}

// kopf is what all reports show above their table.
type kopf struct {
	ui.Base
	Welcher  string // "tag", "zuzahlung", "kulanz", "notfallmappe"
	Mappe    bool   // there is a Notfallmappe
	Offen    bool   // there are open items
	Von, Bis civil.Day
	CSV      string // address of the file
}

// Zahler names a kind of payer, as the files do.
func (kopf) Zahler(t string) string { return bericht.TraegerName(zuzahlung.Traeger(t)) }

type tagSeite struct {
	kopf
	Bericht bericht.Tagesbericht
	Davor   civil.Day
	Danach  civil.Day // zero: the day shown is today
}

type zuzahlungSeite struct {
	kopf
	Bericht bericht.Zuzahlungsbericht
}

type kulanzSeite struct {
	kopf
	Bericht bericht.Kulanzbericht
}

func (s *Seite) heute() civil.Day { return clock.Today(s.clock) }

func (s *Seite) desTages(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	day := f.Tag("tag")
	if day == 0 {
		day = s.heute()
	}
	page := tagSeite{kopf: s.kopf(r, "tag", day, day)}
	var err error
	if page.Bericht, err = s.bericht.Tag(r.Context(), day); f.Err != nil {
		err = f.Err
	}
	if err == nil && csv(w, r, "tagesbericht-"+day.String(), page.Bericht.CSV) {
		return
	}
	page.Davor = day.AddDays(-1)
	if day < s.heute() {
		page.Danach = day.AddDays(1)
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, err)
	s.rahmen.SeiteStatus(w, r, s.tag, status, page)
}

// zeitraum reads from and to; without them the month so far.
func (s *Seite) zeitraum(f *ui.Form) (von, bis civil.Day) {
	von, bis = f.Tag("von"), f.Tag("bis")
	today := s.heute()
	if von == 0 {
		von = civil.Must(today.Year(), int(today.Month()), 1)
	}
	if bis == 0 {
		bis = today
	}
	return von, bis
}

func (s *Seite) zuzahlung(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	von, bis := s.zeitraum(f)
	page := zuzahlungSeite{kopf: s.kopf(r, "zuzahlung", von, bis)}
	var err error
	if page.Bericht, err = s.bericht.Zuzahlung(r.Context(), von, bis); f.Err != nil {
		err = f.Err
	}
	if err == nil && csv(w, r, "zuzahlung-"+von.String(), page.Bericht.CSV) {
		return
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, err)
	s.rahmen.SeiteStatus(w, r, s.zuz, status, page)
}

func (s *Seite) kulanz(w http.ResponseWriter, r *http.Request) {
	f := ui.Anfrage(r)
	von, bis := s.zeitraum(f)
	page := kulanzSeite{kopf: s.kopf(r, "kulanz", von, bis)}
	var err error
	if page.Bericht, err = s.bericht.Kulanz(r.Context(), von, bis); f.Err != nil {
		err = f.Err
	}
	if err == nil && csv(w, r, "kulanz-"+von.String(), page.Bericht.CSV) {
		return
	}
	status := s.rahmen.Abgelehnt(r, &page.Base, err)
	s.rahmen.SeiteStatus(w, r, s.kulanzen, status, page)
}

func (s *Seite) kopf(r *http.Request, which string, von, bis civil.Day) kopf {
	k := kopf{
		Base: s.rahmen.Base(r, pfad, "berichte."+which), Welcher: which, Mappe: s.mappe != nil,
		Offen: s.posten != nil, Von: von, Bis: bis,
	}
	q := r.URL.Query()
	q.Set("format", "csv")
	k.CSV = r.URL.Path + "?" + q.Encode()
	return k
}

// csv answers with the file if that was asked for.
func csv(w http.ResponseWriter, r *http.Request, name string, write func(io.Writer) error) bool {
	if r.URL.Query().Get("format") != "csv" {
		return false
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`.csv"`)
	_ = write(w) // the client has gone away: nobody is left to tell
	return true
}
