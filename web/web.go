// Package web is the user interface: German pages rendered on the server, one folder
// per page, usable with keyboard and scanner alone.
package web

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/anmelden"
	"github.com/offizin/offizin/web/artikel"
	ausgangsseite "github.com/offizin/offizin/web/ausgang"
	"github.com/offizin/offizin/web/berichte"
	"github.com/offizin/offizin/web/bon"
	"github.com/offizin/offizin/web/datensicherung"
	druckerseite "github.com/offizin/offizin/web/drucker"
	eigeneseite "github.com/offizin/offizin/web/eigene"
	"github.com/offizin/offizin/web/einstellungen"
	geraeteseite "github.com/offizin/offizin/web/geraete"
	bereitschaft "github.com/offizin/offizin/web/inbetriebnahme"
	"github.com/offizin/offizin/web/karten"
	kassenbuchseite "github.com/offizin/offizin/web/kassenbuch"
	meldungsseite "github.com/offizin/offizin/web/kassenmeldung"
	"github.com/offizin/offizin/web/katalog"
	"github.com/offizin/offizin/web/kunden"
	anzeigeseite "github.com/offizin/offizin/web/kundenanzeige"
	lagerseite "github.com/offizin/offizin/web/lager"
	"github.com/offizin/offizin/web/locale"
	"github.com/offizin/offizin/web/neuigkeiten"
	"github.com/offizin/offizin/web/preisauskunft"
	pruefungsseite "github.com/offizin/offizin/web/pruefung"
	"github.com/offizin/offizin/web/rechner"
	"github.com/offizin/offizin/web/rezepte"
	"github.com/offizin/offizin/web/static"
	"github.com/offizin/offizin/web/stoerungen"
	"github.com/offizin/offizin/web/telefon"
	tseseite "github.com/offizin/offizin/web/tse"
	"github.com/offizin/offizin/web/uebernahmen"
	"github.com/offizin/offizin/web/ui"
	verkaufsseite "github.com/offizin/offizin/web/verkauf"
	"github.com/offizin/offizin/workflow/anmeldung"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/bonsuche"
	"github.com/offizin/offizin/workflow/buchhaltung"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/einspielung"
	"github.com/offizin/offizin/workflow/festlegung"
	"github.com/offizin/offizin/workflow/geraete"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/inbetriebnahme"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/katalogstand"
	"github.com/offizin/offizin/workflow/katalogwahl"
	"github.com/offizin/offizin/workflow/kundenanzeige"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/offeneposten"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/pruefung"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/sicherheit"
	"github.com/offizin/offizin/workflow/stoerung"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/uebernahme"
	"github.com/offizin/offizin/workflow/uebungsbetrieb"
	"github.com/offizin/offizin/workflow/uhr"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/vormerkung"
	"github.com/offizin/offizin/workflow/zuzahlungsnachweis"
)

// Dienste is everything the pages stand on.
type Dienste struct {
	Clock clock.Clock
	Log   *slog.Logger
	Platz string   // this machine, as shown
	Hosts []string // public names under which it may be reached, if any

	Verkauf      *verkauf.Service
	Artikelsuche *artikelsuche.Service
	Personen     *person.Service
	Rezepte      *rezeptannahme.Service
	Haus         *haus.Service
	Auswahl      *auswahl.Service
	Vormerkung   *vormerkung.Service
	BonPDF       bon.PDF          // nil: not set up
	BelegPDF     bon.BelegPDF     // nil: not set up
	Drucker      *drucker.Service // nil: there is no printer of receipts

	Kundenanzeige *kundenanzeige.Service // nil: there is no screen for customers
	Bonseite      func() []byte          // the page on the web for digital receipts; nil: not set up

	Ausgang     *ausgang.Service // nil: nothing goes out
	TSE         tseseite.Dienst  // nil: there is no page of it
	Exporte     kassenbuchseite.Exporte
	Bonsuche    *bonsuche.Service
	Sicherheit  *sicherheit.Service // nil: nobody says what is safe
	Stoerung    *stoerung.Service   // nil: nothing is watched
	Anleitungen stoerungen.PDF      // nil: not set up
	Recht       *festlegung.Service // nil: nothing can be laid down
	Muster16PDF rezepte.Muster16PDF // nil: not set up

	Posten         *offeneposten.Service   // nil: nobody keeps open items
	Uebungsbetrieb *uebungsbetrieb.Service // nil: nobody practises
	Karten         *kartenzahlung.Service  // nil: there is no card terminal
	Klaerung       *kartenzahlung.Klaerung // nil: nobody settles card payments of other tills

	Lager   *lager.Service
	Bericht *bericht.Service
	Zettel  func(context.Context, vormerkung.Vormerkung) ([]byte, error) // nil: not set up

	Preisauskunft func(context.Context) (*preisauskunft.Liste, error) // nil: not set up
	Telefon       func() telefon.Zustand                              // nil: not set up
	Katalogstand  *katalogstand.Service                               // nil: not set up
	Eigene        *eigene.Service                                     // nil: not set up
	Katalogwahl   *katalogwahl.Service                                // nil: nothing can be chosen
	Einspielung   *einspielung.Service                                // nil: nothing can be read in
	Notfallmappe  berichte.Notfallmappe                               // nil: not set up

	Datensicherung datensicherung.Dienst   // nil: not set up
	Uhr            *uhr.Service            // nil: nothing to confirm
	Anmeldung      *anmeldung.Service      // nil: nobody has a PIN
	Uebernahme     *uebernahme.Service     // nil: nothing is taken over
	Rechner        rechner.Dienst          // nil: this machine is alone
	Geraete        *geraete.Service        // nil: pages are for this machine only
	Geraetetuer    geraeteseite.Tuer       // where devices come in
	Tagesabschluss *tagesabschluss.Service // nil: not set up

	Buchhaltung    *buchhaltung.Service   // nil: not set up
	Buchungsstapel kassenbuchseite.Stapel // for DATEV

	Pruefung         *pruefung.Service        // nil: not set up
	Pruefungsdateien pruefungsseite.Dateien   // what an auditor takes with him; nil: nothing
	Verfahren        pruefungsseite.Verfahren // the Verfahrensdokumentation; nil: cannot be written

	Zuzahlungsnachweis *zuzahlungsnachweis.Service // nil: not set up
	NachweisPDF        kunden.PDF                  // nil: cannot be printed

	Inbetriebnahme *inbetriebnahme.Service // nil: nobody is led through it

	Kassenmeldung   *kassenmeldung.Service // nil: not set up
	Meldungsvorlage meldungsseite.Vorlage

	// Neues are what open screens look again for: each returns a channel that is closed at the
	// next change. None: they look now and then.
	Neues []func() <-chan struct{}
}

// page is a page: it registers its own addresses.
type page interface{ Routes(*http.ServeMux) }

// New returns the handler of all pages.
func New(d Dienste) (http.Handler, error) {
	c := ui.Config{
		Clock: d.Clock, Log: d.Log, Texte: locale.DE(), Nav: d.nav(), Kopf: d.kopf, Ampel: d.ampel, Files: static.Files,
		Heikel: heikel,
	}
	if d.Anmeldung != nil {
		c.Anmeldung = d.Anmeldung
	}
	r, err := ui.New(c)
	if err != nil {
		return nil, err
	}
	pages, err := d.pages(r)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", d.anfang)
	mux.HandleFunc("GET /gesund", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "ok\n") })
	r.Routes(mux)
	if len(d.Neues) > 0 {
		neuigkeiten.New(d.Neues).Routes(mux)
	}
	for _, p := range pages {
		p.Routes(mux)
	}
	if d.Anmeldung != nil {
		login, err := anmelden.New(r, d.Anmeldung)
		if err != nil {
			return nil, err
		}
		login.Routes(mux)
	}
	return r.Schutz(mux, d.Hosts), nil
}

// anfang leads to the till; where nobody works yet, to what a new till needs.
func (d Dienste) anfang(w http.ResponseWriter, r *http.Request) {
	to := "/verkauf"
	if d.Inbetriebnahme != nil {
		if staff, err := d.Haus.Benutzer(r.Context()); err == nil && len(staff) == 0 {
			to = bereitschaft.Pfad
		}
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// pages builds every page. A new page is a folder, a line here and one in nav.
func (d Dienste) pages(r *ui.Rahmen) ([]page, error) {
	till, err := verkaufsseite.New(r, verkaufsseite.Dienste{
		Verkauf: d.Verkauf, Suche: d.Artikelsuche, Personen: d.Personen, Rezepte: d.Rezepte,
		Auswahl: d.Auswahl, Vormerkung: d.Vormerkung, Sicherheit: d.Sicherheit,
		Uebernahme: d.Uebernahme, Posten: d.Posten, Karten: d.Karten, Anzeige: d.Kundenanzeige,
	})
	if err != nil {
		return nil, err
	}
	receipt, err := bon.New(r, bon.Dienste{
		Verkauf: d.Verkauf, Haus: d.Haus, PDF: d.BonPDF, Sicherheit: d.Sicherheit, Drucker: d.Drucker, BelegPDF: d.BelegPDF,
		Anzeige: d.Kundenanzeige, Karten: d.Karten,
	})
	if err != nil {
		return nil, err
	}
	found, err := bon.NewSuche(r, d.Bonsuche)
	if err != nil {
		return nil, err
	}
	more, err := d.verwaltung(r)
	if err != nil {
		return nil, err
	}
	stock, err := d.waren(r)
	if err != nil {
		return nil, err
	}
	return append(append([]page{till, receipt, found}, more...), stock...), nil
}

// waren are the pages about articles, stock and what was sold.
func (d Dienste) waren(r *ui.Rahmen) ([]page, error) {
	articles, err := artikel.New(r, artikel.Dienste{
		Suche: d.Artikelsuche, Telefon: d.Preisauskunft != nil, Koppeln: d.Telefon != nil, Katalog: d.Katalogstand != nil,
		Eigene: d.Eigene,
	})
	if err != nil {
		return nil, err
	}
	stock, err := lagerseite.New(r, lagerseite.Dienste{Lager: d.Lager, Vormerkung: d.Vormerkung, Zettel: d.Zettel})
	if err != nil {
		return nil, err
	}
	reports, err := berichte.New(r, berichte.Dienste{
		Bericht: d.Bericht, Clock: d.Clock, Notfallmappe: d.Notfallmappe, Posten: d.Posten,
	})
	if err != nil {
		return nil, err
	}
	list := []page{articles, stock, reports}
	if d.Katalogstand != nil {
		catalogues, err := katalog.New(r, katalog.Dienste{
			Stand: d.Katalogstand, Wahl: d.Katalogwahl, Einspielung: d.Einspielung,
		})
		if err != nil {
			return nil, err
		}
		list = append(list, catalogues)
	}
	if d.Eigene != nil {
		own, err := eigeneseite.New(r, d.Eigene)
		if err != nil {
			return nil, err
		}
		list = append(list, own)
	}
	if d.Preisauskunft != nil {
		list = append(list, preisauskunft.NewSeite(r, d.Preisauskunft))
	}
	if d.Telefon != nil {
		phones, err := telefon.New(r, d.Telefon)
		if err != nil {
			return nil, err
		}
		list = append(list, phones)
	}
	return list, nil
}

// verwaltung are the pages beside the till: prescriptions, customers, links, settings.
func (d Dienste) verwaltung(r *ui.Rahmen) ([]page, error) {
	scripts, err := rezepte.New(r, rezepte.Dienste{
		Rezepte: d.Rezepte, Auswahl: d.Auswahl, Verkauf: d.Verkauf, Haus: d.Haus, PDF: d.Muster16PDF,
	})
	if err != nil {
		return nil, err
	}
	customers, err := kunden.New(r, d.Personen, d.Posten)
	if err != nil {
		return nil, err
	}
	links, err := stoerungen.New(r, d.Stoerung, d.Uhr, d.Anleitungen)
	if err != nil {
		return nil, err
	}
	settings, err := einstellungen.New(r, einstellungen.Dienste{
		Haus: d.Haus, Recht: d.Recht, Uebung: d.Uebungsbetrieb, Bonseite: d.Bonseite,
	})
	if err != nil {
		return nil, err
	}
	list, err := d.rechner(r)
	if err != nil {
		return nil, err
	}
	list = append(list, scripts, customers, links, settings)
	till, err := d.till(r)
	if err != nil {
		return nil, err
	}
	list = append(list, till...)
	if d.Datensicherung != nil {
		backups, err := datensicherung.New(r, d.Datensicherung)
		if err != nil {
			return nil, err
		}
		list = append(list, backups)
	}
	if d.Ausgang != nil {
		out, err := ausgangsseite.New(r, d.Ausgang)
		if err != nil {
			return nil, err
		}
		list = append(list, out)
	}
	return list, nil
}

// till are the pages about the cash, the printer and the TSE of this till.
func (d Dienste) till(r *ui.Rahmen) (list []page, err error) {
	if d.Tagesabschluss != nil {
		cash, err := kassenbuchseite.New(r, d.Tagesabschluss)
		if err != nil {
			return nil, err
		}
		list = append(list, cash)
	}
	if d.Drucker != nil {
		printer, err := druckerseite.New(r, d.Drucker)
		if err != nil {
			return nil, err
		}
		list = append(list, printer)
	}
	if d.Kundenanzeige != nil {
		screen, err := anzeigeseite.New(r, d.Kundenanzeige)
		if err != nil {
			return nil, err
		}
		list = append(list, screen)
	}
	if d.Exporte != nil {
		out, err := kassenbuchseite.NewExport(r, d.Exporte, d.Clock)
		if err != nil {
			return nil, err
		}
		list = append(list, out)
	}
	if d.Buchhaltung != nil {
		books, err := kassenbuchseite.NewDATEV(r, d.Buchhaltung, d.Buchungsstapel, d.Clock)
		if err != nil {
			return nil, err
		}
		list = append(list, books)
	}
	if d.TSE != nil {
		signs, err := tseseite.New(r, d.TSE, d.Clock)
		if err != nil {
			return nil, err
		}
		list = append(list, signs)
	}
	more, err := d.pflichten(r)
	return append(list, more...), err
}

// pflichten are the pages about what must be told and shown to others.
func (d Dienste) pflichten(r *ui.Rahmen) (list []page, err error) {
	if d.Zuzahlungsnachweis != nil {
		paid, err := kunden.NewNachweis(r, d.Zuzahlungsnachweis, d.NachweisPDF)
		if err != nil {
			return nil, err
		}
		list = append(list, paid)
	}
	if d.Pruefung != nil {
		audit, err := pruefungsseite.New(r, d.Pruefung, d.Pruefungsdateien, d.Verfahren)
		if err != nil {
			return nil, err
		}
		list = append(list, audit)
	}
	if d.Inbetriebnahme != nil {
		steps, err := bereitschaft.New(r, d.Inbetriebnahme, d.Haus)
		if err != nil {
			return nil, err
		}
		list = append(list, steps)
	}
	if d.Kassenmeldung != nil {
		told, err := meldungsseite.New(r, d.Kassenmeldung, d.Meldungsvorlage)
		if err != nil {
			return nil, err
		}
		list = append(list, told)
	}
	return list, nil
}

// rechner are the pages about several machines.
func (d Dienste) rechner(r *ui.Rahmen) (list []page, err error) {
	machines, err := rechner.New(r, d.Rechner)
	if err != nil {
		return nil, err
	}
	list = append(list, machines)
	if d.Geraete != nil {
		devices, err := geraeteseite.New(r, d.Geraete, d.Geraetetuer)
		if err != nil {
			return nil, err
		}
		list = append(list, devices)
	}
	if d.Klaerung != nil {
		cards, err := karten.New(r, d.Klaerung)
		if err != nil {
			return nil, err
		}
		list = append(list, cards)
	}
	if d.Uebernahme != nil {
		taken, err := uebernahmen.New(r, d.Uebernahme)
		if err != nil {
			return nil, err
		}
		list = append(list, taken)
	}
	return list, nil
}

// nav are the areas, in the order of the design; Alt and the digit jump there.
func (d Dienste) nav() []ui.Punkt {
	list := []ui.Punkt{
		{Pfad: "/verkauf", Text: "nav.verkauf", Taste: "1"},
		{Pfad: "/rezepte", Text: "nav.rezepte", Taste: "2"},
		{Pfad: "/artikel", Text: "nav.artikel", Taste: "3"},
		{Pfad: "/lager", Text: "nav.lager", Taste: "4"},
		{Pfad: "/kunden", Text: "nav.kunden", Taste: "5"},
		{Pfad: "/kassenbuch", Text: "nav.kassenbuch", Taste: "9"},
		{Pfad: "/berichte", Text: "nav.berichte", Taste: "6"},
		{Pfad: "/stoerungen", Text: "nav.stoerungen", Taste: "7"},
		{Pfad: "/einstellungen", Text: "nav.einstellungen", Taste: "8"},
	}
	if d.Pruefung != nil {
		list = append(list, ui.Punkt{Pfad: "/pruefung", Text: "nav.pruefung", Verborgen: true})
	}
	if d.Tagesabschluss == nil {
		list = slices.DeleteFunc(list, func(p ui.Punkt) bool { return p.Pfad == "/kassenbuch" })
	}
	return list
}

func (d Dienste) kopf(ctx context.Context) (ui.Kopf, error) {
	k := ui.Kopf{Platz: d.Platz}
	e, err := d.Haus.Einstellungen(ctx)
	if err != nil {
		return k, err
	}
	k.Apotheke = e.Name
	if d.Uebungsbetrieb != nil {
		if k.Uebung, err = d.Uebungsbetrieb.An(ctx); err != nil {
			return k, err
		}
	}
	staff, err := d.Haus.Benutzer(ctx)
	if err != nil {
		return k, err
	}
	var ohne []string
	if d.Anmeldung != nil {
		if k.Scharf, ohne, err = d.Anmeldung.OhnePIN(ctx); err != nil {
			return k, err
		}
	}
	if d.Pruefung != nil && k.Scharf && len(ohne) > 0 {
		audit, err := d.Pruefung.Laeuft(ctx)
		if err != nil {
			return k, err
		}
		if audit { // an auditor could take their place
			k.Wartend = ohne
		}
	}
	k.Personal = d.personal(staff, ohne, k.Wartend)
	return k, nil
}

// personal are those who may be chosen.
func (d Dienste) personal(staff []haus.Benutzer, ohne, wartend []string) (list []ui.Benutzer) {
	for _, b := range staff {
		if b.Aktiv && !slices.Contains(wartend, b.Kuerzel) {
			pin := d.Anmeldung != nil && !slices.Contains(ohne, b.Kuerzel)
			u := ui.Benutzer{Kuerzel: b.Kuerzel, Name: b.Name, PIN: pin}
			if b.Rolle == string(berechtigung.Pruefer) {
				u.Nur = "/pruefung"
			}
			list = append(list, u)
		}
	}
	return list
}

// heikel are the POSTs that ask for the PIN again. Paying is none of them.
func heikel(path string) bool {
	return strings.HasPrefix(path, "/einstellungen") || strings.HasPrefix(path, "/pruefung") ||
		path == "/tse/einrichten" || path == "/kassenbuch/aus" || path == "/kassenbuch/datev" ||
		path == "/katalog/wahl" || path == "/katalog/einspielen" ||
		strings.HasPrefix(path, "/bon/") && (strings.HasSuffix(path, "/storno") || strings.HasSuffix(path, "/retoure"))
}

// Server returns a server with the limits of time that keep a stuck client from
// holding a connection for ever.
func Server(h http.Handler, log *slog.Logger) *http.Server {
	return neuigkeiten.Server(&http.Server{
		Handler: h, ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, WriteTimeout: 60 * time.Second,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10, ErrorLog: slog.NewLogLogger(log.Handler(), slog.LevelWarn),
	})
}
