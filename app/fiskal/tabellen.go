package fiskal

import (
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/gdpdu"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/aenderungen"
	"github.com/offizin/offizin/projection/bestand"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/eigene"
)

// Tabellen are the data of a span of days that are not in the export of the tills (GoBD Z3):
// goods that moved, prices and articles of the pharmacy's own, prescriptions without patients.
func Tabellen(rows journal.Rows, von, bis civil.Day) []gdpdu.Tabelle {
	return []gdpdu.Tabelle{
		bewegungen(rows, von, bis), verkaeufe(rows, von, bis), rezepte(rows, von, bis), preise(rows, von, bis), artikel(rows),
	}
}

// sp is a column.
func sp(name, what string, a gdpdu.Art) gdpdu.Spalte {
	return gdpdu.Spalte{Name: name, Beschreibung: what, Art: a}
}

func bewegungen(rows journal.Rows, von, bis civil.Day) gdpdu.Tabelle {
	return gdpdu.Tabelle{
		Datei: "warenbewegungen.csv", Name: "Warenbewegungen", Beschreibung: "Zu- und Abgänge des Bestands je Artikel",
		Spalten: []gdpdu.Spalte{
			sp("PZN", "Artikel", gdpdu.Text), sp("TAG", "Kalendertag", gdpdu.Tag), sp("ZEIT", "Zeitpunkt", gdpdu.Text),
			sp("ART", "Art der Bewegung", gdpdu.Text), sp("MENGE", "Packungen, Abgang negativ", gdpdu.Zahl),
			sp("BELEG", "Nummer des Belegs", gdpdu.Text), sp("GRUND", "Grund", gdpdu.Text), sp("BENUTZER", "Kürzel", gdpdu.Text),
		},
		Zeilen: func(f func(...any) error) error {
			return bestand.EachBewegung(rows, func(pzn kennung.PZN, m bestand.Bewegung) (bool, error) {
				at := time.Unix(0, m.Zeit).In(clock.Berlin())
				day := clock.DayOf(at)
				if day < von || day > bis {
					return true, nil
				}
				return true, f(string(pzn), day, at.Format(time.RFC3339), m.Art, m.Delta, m.Beleg, m.Grund, m.Wer)
			})
		},
	}
}

// jede calls f for each line of the Bons of the days; practice is left out.
func jede(rows journal.Rows, von, bis civil.Day, f func(bon.Bon, bon.Position) error) error {
	return bons.Each(rows, von, bis, func(b bon.Bon) (bool, error) {
		if b.Uebung {
			return true, nil
		}
		for _, p := range b.Positionen {
			if err := f(b, p); err != nil {
				return false, err
			}
		}
		return true, nil
	})
}

func verkaeufe(rows journal.Rows, von, bis civil.Day) gdpdu.Tabelle {
	return gdpdu.Tabelle{
		Datei: "verkaeufe.csv", Name: "Verkäufe", Beschreibung: "Zeilen aller Bons mit dem Preis, der galt",
		Spalten: []gdpdu.Spalte{
			sp("BELEG", "Nummer des Bons", gdpdu.Text), sp("TAG", "Tag der Abgabe", gdpdu.Tag),
			sp("ART", "Verkauf, Storno oder Retoure", gdpdu.Text), sp("BEZUG", "Bon, den er umkehrt", gdpdu.Text),
			sp("POSITION", "Nummer der Zeile", gdpdu.Zahl), sp("PZN", "Artikel", gdpdu.Text),
			sp("SOK", "Sonderkennzeichen", gdpdu.Text),
			sp("BEZEICHNUNG", "Bezeichnung", gdpdu.Text), sp("MENGE", "Packungen", gdpdu.Zahl),
			sp("PREIS", "Preis je Packung, brutto", gdpdu.Betrag), sp("RABATT", "Rabatt der Zeile", gdpdu.Betrag),
			sp("GESAMT", "Betrag der Zeile, brutto", gdpdu.Betrag), sp("MWST", "Steuersatz", gdpdu.Text),
			sp("BENUTZER", "Kürzel", gdpdu.Text),
		},
		Zeilen: func(f func(...any) error) error {
			return jede(rows, von, bis, func(b bon.Bon, p bon.Position) error {
				return f(b.Nummer, b.Tag, string(b.Art), b.Bezug, p.Nr, string(p.PZN), p.SOK, p.Bezeichnung, p.Menge, p.Preis,
					p.Rabatt, p.Gesamt, p.MwSt.String(), b.Benutzer)
			})
		},
	}
}

// rezepte name neither patient nor prescriber nor the number of the prescription.
func rezepte(rows journal.Rows, von, bis civil.Day) gdpdu.Tabelle {
	return gdpdu.Tabelle{
		Datei: "rezepte.csv", Name: "Rezepte", Beschreibung: "Abgaben auf Rezept, ohne Angaben über Patienten",
		Spalten: []gdpdu.Spalte{
			sp("BELEG", "Nummer des Bons", gdpdu.Text), sp("TAG", "Tag der Abgabe", gdpdu.Tag),
			sp("POSITION", "Nummer der Zeile", gdpdu.Zahl), sp("PZN", "Artikel", gdpdu.Text),
			sp("MENGE", "Packungen", gdpdu.Zahl),
			sp("KOSTENTRAEGER", "Art des Kostenträgers", gdpdu.Text), sp("IK", "Kostenträger", gdpdu.Text),
			sp("GESAMT", "Betrag der Zeile, brutto", gdpdu.Betrag), sp("ZUZAHLUNG", "Zuzahlung", gdpdu.Betrag),
			sp("MEHRKOSTEN", "Mehrkosten", gdpdu.Betrag), sp("EIGENANTEIL", "Eigenbeteiligung", gdpdu.Betrag),
			sp("ERLASSEN", "erlassene Zuzahlung", gdpdu.Betrag), sp("FORDERUNG", "Forderung an den Kostenträger", gdpdu.Betrag),
			sp("ABSCHLAG", "Abschlag nach § 130 SGB V", gdpdu.Betrag),
		},
		Zeilen: func(f func(...any) error) error {
			return jede(rows, von, bis, func(b bon.Bon, p bon.Position) error {
				if p.Rezept == "" && p.Traeger == "" {
					return nil
				}
				return f(b.Nummer, b.Tag, p.Nr, string(p.PZN), p.Menge, string(p.Traeger), p.IK, p.Gesamt, p.Zuzahlung,
					p.Mehrkosten, p.Eigenbeteiligung, p.Kulanz, p.TraegerZahlt, p.Abschlag)
			})
		},
	}
}

func preise(rows journal.Rows, von, bis civil.Day) gdpdu.Tabelle {
	return gdpdu.Tabelle{
		Datei: "aenderungen.csv", Name: "Änderungen",
		Beschreibung: "Preise, Artikel und alle anderen Stammdaten, mit Vorher und Nachher",
		Spalten: []gdpdu.Spalte{
			sp("ZEIT", "Zeitpunkt", gdpdu.Text), sp("BENUTZER", "Kürzel", gdpdu.Text),
			sp("ART", "Was für Stammdaten", gdpdu.Text), sp("WAS", "Welche davon", gdpdu.Text),
			sp("VORHER", "Stand davor", gdpdu.Text), sp("NACHHER", "Stand danach", gdpdu.Text),
		},
		Zeilen: func(f func(...any) error) error {
			return aenderungen.Each(rows, von, bis, func(z aenderungen.Zeile) (bool, error) {
				at := time.Unix(0, z.Zeit).In(clock.Berlin()).Format(time.RFC3339)
				return true, f(at, z.Wer, z.Art, z.Was, z.Vorher, z.Nachher)
			})
		},
	}
}

// artikel are those of the pharmacy's own, as they are now; those of the lists that it buys are
// named in each sale.
func artikel(rows journal.Rows) gdpdu.Tabelle {
	return gdpdu.Tabelle{
		Datei: "artikel.csv", Name: "Eigene Artikel", Beschreibung: "Artikelstamm der Apotheke selbst, heutiger Stand",
		Spalten: []gdpdu.Spalte{
			sp("PZN", "Artikel", gdpdu.Text), sp("NAME", "Bezeichnung", gdpdu.Text), sp("MENGE", "Packungsgröße", gdpdu.Text),
			sp("EINHEIT", "Einheit", gdpdu.Text), sp("PREIS", "Verkaufspreis, brutto", gdpdu.Betrag),
			sp("EINKAUF", "Einkaufspreis, netto", gdpdu.Betrag),
		},
		Zeilen: func(f func(...any) error) error {
			list, err := eigene.Artikel(rows)
			for _, a := range list {
				if err == nil {
					err = f(string(a.PZN), a.Name, a.Menge, a.Einheit, a.Preis, a.Einkauf)
				}
			}
			return err
		},
	}
}
