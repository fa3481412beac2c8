package apotheke

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"github.com/offizin/offizin/app/bondrucker"
	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/app/notfall"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/integration/bondruck"
	"github.com/offizin/offizin/integration/bonseite"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/integration/muster16"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/workflow/anmeldung"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/auswahl"
	"github.com/offizin/offizin/workflow/bericht"
	"github.com/offizin/offizin/workflow/bonsuche"
	"github.com/offizin/offizin/workflow/buchhaltung"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/inbetriebnahme"
	"github.com/offizin/offizin/workflow/kartenzahlung"
	"github.com/offizin/offizin/workflow/kassenmeldung"
	"github.com/offizin/offizin/workflow/katalogstand"
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

// dienste are the workflows, as the pages need them.
func (a *Apotheke) dienste(o Options) web.Dienste {
	d := web.Dienste{
		Clock: a.Kern.Clock, Log: o.Log, Platz: a.Kern.Platz, Recht: a.Recht,
		Artikelsuche: artikelsuche.New(a.Kern).Mit(a.Katalog), Personen: person.New(a.Kern), Haus: haus.New(a.Kern),
		Ausgang: ausgang.New(a.Kern, nil), Sicherheit: sicherheit.New(a.Kern), Lager: lager.New(a.Kern),
		Bericht: bericht.New(a.Kern), Bonsuche: bonsuche.New(a.Kern),
	}
	d.Rezepte = rezeptannahme.New(a.Kern, d.Personen, erezept.Parse)
	d.Verkauf = verkauf.New(a.Kern, d.Personen, d.Rezepte)
	d.Drucker = a.drucker(d, o.Dir)
	d.Kundenanzeige, d.Bonseite = kundenanzeige.New(a.Kern, kundenanzeige.Dienste{
		Verkauf: d.Verkauf, Drucker: d.Drucker, Packen: packen,
	}), bonseite.Seite
	d.Uebernahme = uebernahme.New(a.Kern)
	d.Neues = []func() <-chan struct{}{a.Store.Changed, d.Drucker.Changed, d.Kundenanzeige.Changed}
	d.Posten, d.Uebungsbetrieb = offeneposten.New(a.Kern, d.Personen), uebungsbetrieb.New(a.Kern)
	if o.Kartenterminal != nil {
		d.Karten = kartenzahlung.New(a.Kern, o.Kartenterminal)
	}
	d.Klaerung = kartenzahlung.NewKlaerung(a.Kern, d.Karten)
	d.Auswahl, d.Vormerkung = auswahl.New(a.Kern, d.Rezepte), vormerkung.New(a.Kern, d.Personen)
	a.Mappen = notfall.New(a.Kern, d.Personen, o.Dir)
	a.Sicherung = a.sicherungen(o)
	d.Personen.NachLoeschen(func() {
		a.Mappen.Erneuern()
		a.Sicherung.Erneuern()
	})
	d.Notfallmappe = mappen{a.Mappen}
	d.Datensicherung = datensicherung{a.Sicherung, a}
	d.Anmeldung = anmeldung.New(a.Kern)
	d.Kassenmeldung, d.Meldungsvorlage = kassenmeldung.New(a.Kern, "Offizin "+env.Version()), meldungsvorlage
	a.probe = newProbe(a, o)
	a.Arbeiten = a.tagesarbeiten(o.Log)
	d.Stoerung = stoerung.New(a.Kern, stoerung.Options{
		Probe: a.probe, RechtOffen: a.rechtOffen, Damaged: a.Katalog.Stoerungen, Quarantaene: a.Katalog.Quarantaene,
		Notfallmappe: a.Mappen.Stand, Datensicherung: a.Sicherung.Stand, Uhr: a.Uhr.Stand,
		Tagesarbeiten: a.Arbeiten.Zustand, Teile: a.Wacht.Lage, Anmeldung: anmeldungen(d.Anmeldung),
		Ausgang: ausgangslage(d.Ausgang), Bondrucker: drucklage(d.Drucker), Kataloge: a.katalogstand,
		Rechner: o.Rechner, Schluessel: a.schluessel, TSE: a.tseLage, Kassenmeldung: meldungslage(d.Kassenmeldung),
		Verlauf: verlauf{filepath.Join(o.Dir, VerlaufFile)},
	})
	d.TSE, d.Exporte = tsedienst{a, o.Log}, exporte{a}
	d.Preisauskunft, d.Katalogstand = a.preisauskunft, katalogstand.New(a.Kern, a.Katalog)
	d.Katalogwahl, d.Einspielung = a.wahl(), a.einspielung(o)
	d.Tagesabschluss = tagesabschluss.New(a.Kern, geraet(o.Fassung))
	d.Buchhaltung, d.Buchungsstapel = buchhaltung.New(a.Kern), a.buchungsstapel
	d.Pruefung, d.Pruefungsdateien, d.Verfahren = pruefung.New(a.Kern), a.pruefungsdateien(), a.verfahren
	d.Inbetriebnahme = inbetriebnahme.New(a.Kern, inbetriebnahme.Dienste{
		TSE: a.Absicherung.Lage, Drucker: d.Drucker, Kassenmeldung: d.Kassenmeldung, Kartenterminal: d.Karten != nil,
	})
	d.Zuzahlungsnachweis, d.NachweisPDF = zuzahlungsnachweis.New(a.Kern, d.Personen), nachweisPDF
	d.Eigene, d.Uhr = eigene.New(a.Kern, a.Katalog), uhr.New(a.Kern, a.Uhr)
	d.Anleitungen = a.Anleitung
	a.Mappen.Beilegen(a.Anleitungen)
	d.BonPDF, d.BelegPDF, d.Muster16PDF, d.Zettel = bonPDF(d.Drucker), bondruck.PDF, muster16PDF(d.Haus), a.zettel(d.Haus)
	return d
}

// geraet is a till of this program as a machine (DSFinV-K, cashregister).
func geraet(fassung string) abschluss.Geraet {
	return abschluss.Geraet{Marke: "Offizin", Modell: "Kassenplatz", Software: "Offizin", Fassung: fassung}
}

// anmeldungen is how logins stand, as Störungen needs it.
func anmeldungen(s *anmeldung.Service) func(context.Context) stoerung.Anmeldung {
	return func(ctx context.Context) stoerung.Anmeldung {
		l, err := s.Lage(ctx)
		return stoerung.Anmeldung{
			Scharf: l.Scharf, OhnePIN: l.OhnePIN, OhneRolle: l.OhneRolle, Notfall: l.Notfall,
			Produktiv: l.Produktiv, Fehler: err,
		}
	}
}

// ausgangslage is how the outbox stands, as Störungen shows it.
func ausgangslage(s *ausgang.Service) func(context.Context) stoerung.Ausgang {
	return func(ctx context.Context) stoerung.Ausgang {
		l, err := s.Lage(ctx)
		return stoerung.Ausgang{
			Wartet: l.Wartet, Gescheitert: l.Gescheitert, Unbekannt: l.Unbekannt, Seit: l.Seit, Fehler: err,
		}
	}
}

// preisauskunft is the price list of today, by the law that holds here.
func (a *Apotheke) preisauskunft(ctx context.Context) (*preisauskunft.Liste, error) {
	q, err := a.Preisquelle(ctx)
	if err != nil {
		return nil, err
	}
	return preisauskunft.New(ctx, q)
}

// Preisquelle is what a price list of today is made from.
func (a *Apotheke) Preisquelle(ctx context.Context) (q preisauskunft.Quelle, err error) {
	own, err := a.eigene.Eigene(ctx)
	if err != nil {
		return q, err
	}
	days, err := a.Dienste.Eigene.Wechsel(ctx)
	if err != nil {
		return q, err
	}
	return preisauskunft.Quelle{
		Katalog: a.Katalog, Tag: clock.Today(a.Kern.Clock), Eigene: own, Wechsel: days,
		Recht: func(day civil.Day) (preisauskunft.Recht, error) {
			s, err := a.Kern.Recht.Am(day)
			return preisauskunft.Recht{Preis: s.Preis, Zuzahlung: s.Zuzahlung}, err
		},
	}, nil
}

// mappen are the Notfallmappen, as their page needs them.
type mappen struct{ *notfall.Mappen }

// mappeDauer is how long somebody who asked for a Mappe waits for it: it reads the sales of
// a year, and that takes longer than a page may.
const mappeDauer = 50 * time.Second

// Neu makes that of today; the copy on the stick follows beside.
func (m mappen) Neu(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), mappeDauer)
	defer cancel()
	_, err := m.Erstellen(ctx)
	m.Erneuern()
	return err
}

// rechtOffen counts what is still to be checked of the law in force.
func (a *Apotheke) rechtOffen() int {
	s, err := a.Recht.Sammlung()
	if err != nil {
		return 0 // Störungen names the error of the law itself
	}
	return len(s.Offen())
}

// bonPDF prints the Bon as PDF: the original.
func bonPDF(d *drucker.Service) func(context.Context, verkauf.BonAnsicht) ([]byte, error) {
	return func(ctx context.Context, v verkauf.BonAnsicht) ([]byte, error) {
		b, err := d.Beleg(ctx, v.Bon.Nummer, drucker.Wunsch{})
		if err != nil {
			return nil, err
		}
		return bondruck.PDF(b)
	}
}

// packen packs a receipt for the page on the web that shows it.
func packen(b quittung.Beleg) (string, error) { return bonseite.Aus(b).Packen() }

// drucker prints receipts at this till.
func (a *Apotheke) drucker(d web.Dienste, dir string) *drucker.Service {
	return drucker.New(a.Kern, drucker.Dienste{
		Verkauf: d.Verkauf, Haus: d.Haus, Personen: d.Personen, Geraet: &bondrucker.Geraet{},
		Ablage: bondrucker.Ablage{Dir: dir},
	})
}

// drucklage is how the printer stands, as Störungen shows it.
func drucklage(d *drucker.Service) func(context.Context) stoerung.Bondrucker {
	return func(ctx context.Context) stoerung.Bondrucker {
		u, err := d.Schlange(ctx)
		return stoerung.Bondrucker{Adresse: u.Einstellung.Adresse, Wartet: len(u.Offen), Fehler: errors.Join(err, u.Fehler)}
	}
}

// muster16PDF prints what belongs on the paper prescription, moved as the settings say.
func muster16PDF(h *haus.Service) func(context.Context, verkauf.BonAnsicht, string) ([]byte, error) {
	return func(ctx context.Context, v verkauf.BonAnsicht, rezept string) ([]byte, error) {
		e, err := h.Einstellungen(ctx)
		if err != nil {
			return nil, err
		}
		return muster16.PDF(muster16.AusBon(v.Bon, rezept, e.IK), muster16.Versatz{X: e.Muster16X, Y: e.Muster16Y})
	}
}

// zettel prints the slip of a reservation for the customer.
func (a *Apotheke) zettel(h *haus.Service) func(context.Context, vormerkung.Vormerkung) ([]byte, error) {
	return func(ctx context.Context, v vormerkung.Vormerkung) ([]byte, error) {
		head, err := kopf(ctx, h)
		if err != nil {
			return nil, err
		}
		return bondruck.Abholzettel{
			Apotheke: head, Nummer: v.Nummer, Artikel: v.Artikel.Name + ", " + v.Artikel.Packung(), Menge: v.Menge,
			Tag: v.Tag, Kunde: v.Name, Gedruckt: a.Kern.Clock.Now().In(clock.Berlin()),
		}.PDF()
	}
}

// kopf is the head of everything that is printed.
func kopf(ctx context.Context, h *haus.Service) (quittung.Apotheke, error) {
	e, err := h.Einstellungen(ctx)
	return quittung.Apotheke{
		Name: e.Name, Inhaber: e.Inhaber, Strasse: e.Strasse, PLZ: e.PLZ, Ort: e.Ort, Telefon: e.Telefon, IK: e.IK,
		Steuernummer: e.Steuernummer,
	}, err
}
