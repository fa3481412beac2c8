package stoerung

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
)

// The limits at which somebody should look.
const (
	freiWarnung  = 5 << 30 // bytes
	freiGestoert = 500 << 20
	langsam      = time.Second      // append with fsync
	testAlter    = 15 * time.Minute // of the last write test
	uhrWarnung   = 5 * time.Second  // wall clock against monotonic clock
	uhrGestoert  = 5 * time.Minute
	pruefAlter   = 7  // civil days since the chain was checked
	katalogAlter = 16 // civil days: a new price file comes on the 1st and 15th
	katalogTot   = 45
	megabyte     = 1 << 20
)

func (s *Service) platte(ctx context.Context) Glied {
	const id, name = "platte", "Festplatte"
	if s.opt.Probe == nil {
		return bad(id, name, Warnung, "S-101", "Die Festplatte wird nicht überwacht – starten Sie Offizin neu.", "")
	}
	p, err := s.opt.Probe.Platte(ctx)
	if err != nil {
		p.Fehler = err
	}
	return Festplatte(p, s.kern.Clock.Now())
}

// Festplatte judges the disk with the data.
func Festplatte(p Platte, now time.Time) Glied {
	const id, name = "platte", "Festplatte"
	switch {
	case p.Fehler != nil:
		return bad(id, name, Gestoert, "S-102",
			"Auf die Festplatte lässt sich nicht schreiben – schreiben Sie Verkäufe von Hand auf.",
			"Später nacherfassen (Alt N); Platte und Kabel prüfen lassen.")
	case p.Frei < freiGestoert:
		return bad(id, name, Gestoert, "S-103",
			fmt.Sprintf("Nur noch %d MB frei – schaffen Sie sofort Platz auf der Festplatte.", p.Frei/megabyte),
			"Papierkorb leeren, alte Downloads löschen; die Daten von Offizin nicht anfassen.")
	case p.Frei < freiWarnung:
		return bad(id, name, Warnung, "S-104",
			fmt.Sprintf("Noch %d MB frei – schaffen Sie in den nächsten Tagen Platz.", p.Frei/megabyte),
			"Papierkorb leeren, alte Downloads löschen; die Daten von Offizin nicht anfassen.")
	case p.Geprueft.IsZero() || now.Sub(p.Geprueft) > testAlter:
		return bad(id, name, Warnung, "S-105",
			"Der letzte Schreibtest der Festplatte ist zu lange her – starten Sie Offizin neu.", "")
	case p.Schreibtest > langsam:
		return bad(id, name, Warnung, "S-106",
			fmt.Sprintf("Die Festplatte ist langsam (%d ms je Buchung) – lassen Sie sie prüfen.", p.Schreibtest.Milliseconds()),
			"Andere Programme schließen; hilft das nicht, die Platte ersetzen lassen.")
	}
	return gut(id, name, fmt.Sprintf("%d GB frei, der letzte Schreibtest ist gelungen.", p.Frei>>30))
}

// uhr compares the wall clock with the monotonic one since the start of the program, and
// with the journal: a clock that was wrong before the start has not jumped since.
func (s *Service) uhr(ctx context.Context) Glied {
	const id, name = "uhr", "Uhr"
	if s.opt.Uhr != nil {
		return Uhr(s.opt.Uhr())
	}
	jump := s.kern.Clock.Now().Sub(s.start) - (s.kern.Clock.Mono() - s.mono)
	ausweg := "Uhrzeit in den Einstellungen des Rechners auf „automatisch“ stellen, dann Offizin neu starten."
	switch {
	case jump.Abs() > uhrGestoert:
		return bad(id, name, Gestoert, "S-201",
			fmt.Sprintf("Die Uhr ist seit dem Start um %s gesprungen – stellen Sie die Uhrzeit richtig.", dauer(jump)), ausweg)
	case jump.Abs() > uhrWarnung:
		return bad(id, name, Warnung, "S-202",
			fmt.Sprintf("Die Uhr ist seit dem Start um %s gestellt worden – prüfen Sie die Uhrzeit.", dauer(jump)), ausweg)
	}
	if last := s.latest(ctx); last.Sub(s.kern.Clock.Now()) > uhrGestoert {
		return bad(id, name, Warnung, "S-203",
			fmt.Sprintf("Die Uhr steht vor der letzten Buchung vom %s – prüfen Sie Datum und Uhrzeit.",
				clock.DayOf(last).German()), ausweg)
	}
	return gut(id, name, "Die Uhr geht seit dem Start gleichmäßig.")
}

// latest is the latest time of a record that was the newest when somebody looked: what is
// booked with a wrong clock must not hide that it is wrong.
func (s *Service) latest(ctx context.Context) time.Time {
	_, at, err := s.lastRecord(ctx)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil && at.After(s.zuletzt) {
		s.zuletzt = at
	}
	return s.zuletzt
}

func dauer(d time.Duration) string {
	text := "vor"
	if d < 0 {
		text, d = "zurück", -d
	}
	if d < 2*time.Minute {
		return fmt.Sprintf("%d Sekunden %s", int(d.Seconds()), text)
	}
	return fmt.Sprintf("%d Minuten %s", int(d.Minutes()), text)
}

func (s *Service) journal(ctx context.Context) Glied {
	const id, name = "journal", "Journal"
	ausweg := "Keine Daten löschen; „offizin journal verify“ laufen lassen und die Ausgabe aufheben."
	seq, last, err := s.lastRecord(ctx)
	if err != nil {
		return bad(id, name, Gestoert, "S-301",
			"Das Journal lässt sich nicht lesen – schreiben Sie Verkäufe von Hand auf.", ausweg)
	}
	if s.opt.Probe == nil {
		return bad(id, name, Warnung, "S-302", "Das Journal wird nicht geprüft – starten Sie Offizin neu.", "")
	}
	check, err := s.opt.Probe.Journal(ctx)
	switch {
	case err != nil || check.Fehler != nil:
		return bad(id, name, Gestoert, "S-303",
			"Die Prüfung des Journals ist fehlgeschlagen – schreiben Sie Verkäufe von Hand auf.", ausweg)
	case check.Neubau.Laeuft:
		return neubau(check.Neubau)
	case check.Zeit.IsZero() && check.Running:
		return gut(id, name, "Das Journal wird gerade geprüft.")
	case check.Zeit.IsZero() || clock.Today(s.kern.Clock).Sub(clock.DayOf(check.Zeit)) > pruefAlter:
		return bad(id, name, Warnung, "S-304",
			"Das Journal ist länger als eine Woche nicht geprüft – starten Sie Offizin neu, dann prüft es sich.", "")
	}
	text := "Noch nichts gebucht, die Kette ist geprüft."
	if seq > 0 {
		hour, minute := clock.TimeOfDay(last)
		text = fmt.Sprintf("Eintrag %d ist der letzte, gebucht am %s um %02d:%02d; die Kette ist geprüft.",
			seq, clock.DayOf(last).German(), hour, minute)
	}
	return gut(id, name, text)
}

// neubau: what the screens show of other machines is that of before, for as long as it takes.
func neubau(n Neubau) Glied {
	const id, name = "journal", "Journal"
	if f, ok := errors.AsType[*fault.Fault](n.Fehler); ok {
		return bad(id, name, Warnung, f.Code, f.Text, "Verkauft wird weiter, nichts geht verloren. Gelingt auch "+
			"„offizin journal rebuild“ nicht: „offizin journal verify“ laufen lassen und die Ausgabe aufheben.")
	}
	return bad(id, name, Warnung, "J-306", fmt.Sprintf("Die Auswertungen werden gerade neu gebildet (%d %%); was andere "+
		"Rechner seither gebucht haben, erscheint danach – bitte so lange eingeschaltet lassen.", n.Prozent),
		"Nichts zu tun: Verkauft wird weiter; nach einem Neustart geht es dort weiter, wo es war.")
}

// lastRecord returns number and time of the newest own record; zero if there is none.
func (s *Service) lastRecord(ctx context.Context) (seq uint64, at time.Time, err error) {
	heads, err := s.kern.Store.Heads(ctx)
	if err != nil || len(heads) == 0 || heads[0].Seq == 0 {
		return 0, at, err
	}
	err = s.kern.Store.Records(ctx, heads[0].Origin, heads[0].Seq-1, func(r journal.Record) (bool, error) {
		at = time.Unix(0, r.Wall).UTC()
		return false, nil
	})
	return heads[0].Seq, at, err
}

func (s *Service) katalog() Glied {
	const id, name = "katalog", "Artikelkatalog"
	today := clock.Today(s.kern.Clock)
	ausweg := "Einen neuen Stand einspielen (Handbuch, Katalog); bis dahin Preise am Großhandel prüfen."
	held, isHeld := s.held()
	if isHeld {
		ausweg = "Unter Artikel, Katalog (Alt K) steht im Prüfbericht, warum der Katalog ab " + held.GueltigAb.German() +
			" in Quarantäne liegt, und was zu tun ist."
	}
	gen, err := s.kern.Katalog.Am(today)
	damaged, keys := s.damaged()
	if err != nil {
		if len(damaged) > 0 {
			ausweg = benannt(damaged[0])
		}
		return bad(id, name, Gestoert, "S-401", "Es ist kein Artikelkatalog da – spielen Sie einen ein.", ausweg)
	}
	active := gen.Manifest()
	age := today.Sub(active.GueltigAb)
	next := next(s.kern.Katalog.Generationen(), today)
	switch {
	case slices.ContainsFunc(damaged, func(err error) bool { return errors.Is(err, catalogue.ErrAuswahl) }):
		return bad(id, name, Warnung, "S-406", "Welche Kataloge zurückgenommen sind, ist nicht lesbar; es gelten die Preise "+
			"vom "+active.GueltigAb.German()+" – prüfen Sie, ob es die richtigen sind.",
			"„offizin catalogue list“ zeigt die Kataloge, „offizin catalogue activate“ wählt einen.")
	case len(damaged) > 0:
		return bad(id, name, Warnung, "S-405",
			"Ein Katalog ist beschädigt und wird übergangen; es gelten die Preise vom "+active.GueltigAb.German()+
				" – spielen Sie ihn neu ein.", benannt(damaged[0]))
	case len(keys) > 0:
		f, _ := errors.AsType[*fault.Fault](keys[0])
		return bad(id, name, Warnung, f.Code, f.Text, "Verkauft wird weiter, mit den Preisen vom "+
			active.GueltigAb.German()+".")
	case age < 0:
		return bad(id, name, Warnung, "S-402",
			fmt.Sprintf("Der Katalog gilt erst ab %s – prüfen Sie das Datum des Rechners.", active.GueltigAb.German()), ausweg)
	case age > katalogTot && next == 0:
		return bad(id, name, Gestoert, "S-403",
			fmt.Sprintf("Der Katalog ist %d Tage alt – spielen Sie einen neuen ein.", age), ausweg)
	case isHeld:
		return bad(id, name, Warnung, "S-407", fmt.Sprintf("Der neue Katalog ab %s liegt in Quarantäne, es gelten die "+
			"Preise vom %s – lesen Sie den Prüfbericht.", held.GueltigAb.German(), active.GueltigAb.German()), ausweg)
	case age > katalogAlter && next == 0:
		return bad(id, name, Warnung, "S-404",
			fmt.Sprintf("Der Katalog vom %s ist überfällig – spielen Sie den neuen ein.", active.GueltigAb.German()), ausweg)
	}
	text := fmt.Sprintf("Stand %s mit %d Artikeln.", active.GueltigAb.German(), active.Artikel)
	if next != 0 {
		text = fmt.Sprintf("Stand %s mit %d Artikeln, der nächste gilt ab %s.",
			active.GueltigAb.German(), active.Artikel, next.German())
	}
	return gut(id, name, text)
}

// damaged names what is damaged in the catalogue, and apart from it which keys cannot be read.
func (s *Service) damaged() (list, keys []error) {
	if s.opt.Damaged == nil {
		return nil, nil
	}
	for _, err := range s.opt.Damaged() {
		if _, named := errors.AsType[*fault.Fault](err); named && errors.Is(err, catalogue.ErrSchluessel) {
			keys = append(keys, err)
		} else {
			list = append(list, err)
		}
	}
	return list, keys
}

// benannt says of a damaged generation which it is and what to do.
func benannt(err error) string {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Error()
	}
	return "„offizin catalogue verify“ nennt ihn, „offizin catalogue remove“ entfernt ihn."
}

// held is the newest generation in quarantine that no other has settled: one for its day
// or a later one that was built after it and passed.
func (s *Service) held() (catalogue.Manifest, bool) {
	if s.opt.Quarantaene == nil {
		return catalogue.Manifest{}, false
	}
	passed := s.kern.Katalog.Generationen()
	for _, h := range s.opt.Quarantaene() {
		if !slices.ContainsFunc(passed, func(m catalogue.Manifest) bool {
			return m.GueltigAb >= h.GueltigAb && m.Gebaut > h.Gebaut
		}) {
			return h, true
		}
	}
	return catalogue.Manifest{}, false
}

// next is the day from which the next generation is valid; zero if none is there.
func next(list []catalogue.Manifest, today civil.Day) civil.Day {
	var day civil.Day
	for _, m := range list {
		if m.GueltigAb > today && (day == 0 || m.GueltigAb < day) {
			day = m.GueltigAb
		}
	}
	return day
}

func (s *Service) recht() Glied {
	const id, name = "recht", "Rechtsstand"
	if _, err := s.kern.Recht.Am(clock.Today(s.kern.Clock)); err != nil {
		return bad(id, name, Gestoert, "S-501", "Für heute ist kein Recht hinterlegt – prüfen Sie das Datum des Rechners.",
			"Ohne Rechtsstand rechnet Offizin keine Zuzahlung; Preise von Hand ansetzen.")
	}
	if s.opt.RechtOffen == nil {
		return gut(id, name, "Für heute ist Recht hinterlegt.")
	}
	return gut(id, name, fmt.Sprintf(
		"Für heute ist Recht hinterlegt; %d Werte sind noch am Original zu prüfen („offizin recht open“).",
		s.opt.RechtOffen()))
}
