package doctorcmd

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/knoten"
	"github.com/offizin/offizin/app/sicherung"
	"github.com/offizin/offizin/app/uhr"
	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/keystore"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/sqlite"
	knotenschluessel "github.com/offizin/offizin/sqlite/schluessel"
	"github.com/offizin/offizin/workflow/stoerung"
)

// untersuche looks into a folder with which no program runs. It changes nothing: the write
// test removes its file again, and a lock that is free is let go at once.
func untersuche(ctx context.Context, dir string, machine clock.Clock) stoerung.Lage {
	list := []stoerung.Glied{ordner(dir)}
	if list[0].Zustand == stoerung.Gut {
		u, _ := uhr.New(dir, machine)
		today := clock.Today(u)
		list = append(list, programm(dir), festplatte(dir, u), journal(dir), schluessel(ctx, dir), rechner(dir),
			stoerung.Uhr(u.Stand()), katalog(dir, u),
			stoerung.Sicherungen(sicherung.New(sicherung.Options{Daten: dir}).Stand(), today),
			gut("fuehrung", "Führung", "Wer führt, ist nicht bekannt, solange Offizin hier nicht läuft."))
	}
	return stoerung.Lage{Ampel: stoerung.Zusammen(list), Glieder: list}
}

func gut(id, name, text string) stoerung.Glied {
	return stoerung.Glied{ID: id, Name: name, Zustand: stoerung.Gut, Text: text}
}

func bad(id, name string, z stoerung.Zustand, code, text, ausweg string) stoerung.Glied {
	return stoerung.Glied{ID: id, Name: name, Zustand: z, Code: code, Text: text, Ausweg: ausweg}
}

func ordner(dir string) stoerung.Glied {
	const id, name = "ordner", "Datenordner"
	fi, err := os.Stat(dir)
	switch {
	case err != nil || !fi.IsDir():
		return bad(id, name, stoerung.Gestoert, "S-630", "Den Datenordner „"+dir+"“ gibt es nicht – prüfen "+
			"Sie --daten und ob die "+
			"Platte angeschlossen ist.", "An einem anderen Rechner weiterverkaufen.")
	case !apotheke.Exists(dir) && !knoten.Neu(dir):
		return bad(id, name, stoerung.Gestoert, "S-631", "Im Datenordner fehlt das Journal – schreiben Sie "+
			"nichts hinein und holen Sie "+
			"es zurück.", "An einem anderen Rechner weiterverkaufen; diesen neu aufnehmen oder die "+
			"Datensicherung wiederherstellen.")
	case !apotheke.Exists(dir):
		return bad(id, name, stoerung.Gestoert, "S-632", "In diesem Ordner liegt noch keine Apotheke – "+
			"prüfen Sie --daten.", "")
	}
	return gut(id, name, "Ist da.")
}

// programm: no program has answered; one that holds the folder all the same hangs.
func programm(dir string) stoerung.Glied {
	const id, name = "programm", "Programm"
	if _, err := os.Stat(filepath.Join(dir, "journal.lock")); err == nil { // without it nothing holds the folder
		release, err := sqlite.Claim(dir)
		if err == nil {
			err = release()
		}
		if fault.KindOf(err) == fault.Conflict {
			return bad(id, name, stoerung.Gestoert, "S-633", "Ein Offizin arbeitet mit diesem Ordner und "+
				"antwortet nicht – beenden Sie es "+
				"und starten Sie es neu.", "Solange an einem anderen Rechner verkaufen; was bezahlt war, "+
				"ist gebucht.")
		}
	}
	return stoerung.Glied{
		ID: id, Name: name, Zustand: stoerung.Gut, Text: "Offizin läuft gerade nicht mit diesem Ordner.",
		Ausweg: "Starten mit „offizin node --daten " + dir + " --listen ADRESSE:PORT“.",
	}
}

func festplatte(dir string, c clock.Clock) stoerung.Glied {
	free, all, err := platte.Frei(dir)
	p := stoerung.Platte{Frei: free, Gesamt: all, Geprueft: c.Now()}
	if err == nil {
		p.Schreibtest, err = platte.Schreibtest(dir, c)
	}
	p.Fehler = err
	return stoerung.Festplatte(p, c.Now())
}

// kopfLen is how many bytes the head of an SQLite database has; it begins with kopfText.
const (
	kopfLen  = 100
	kopfText = "SQLite format 3\x00"
)

var errKopf = errors.New("not the head of a database")

// journal reads the head only: who checks all of it runs `offizin journal verify`.
func journal(dir string) stoerung.Glied {
	const id, name = "journal", "Journal"
	size, err := kopf(filepath.Join(dir, sqlite.File))
	if err != nil {
		return bad(id, name, stoerung.Gestoert, "S-634", "Der Anfang des Journals ist nicht lesbar – "+
			"starten Sie nicht und löschen Sie "+
			"nichts.", "An einem anderen Rechner weiterverkaufen; diesen neu aufnehmen oder die "+
			"Datensicherung wiederherstellen.")
	}
	text := fmt.Sprintf("Der Anfang ist lesbar (%d MB); alles prüft „offizin journal verify“.", size>>20)
	if fi, err := os.Stat(filepath.Join(dir, sqlite.File+"-wal")); err == nil && fi.Size() > 0 {
		text += " Offizin wurde nicht ordentlich beendet, das holt der nächste Start nach."
	}
	return gut(id, name, text)
}

func kopf(name string) (size int64, err error) {
	f, err := os.Open(name)
	if err != nil {
		return 0, fmt.Errorf("open journal: %w", err)
	}
	defer f.Close() //nolint:errcheck // only read
	head := make([]byte, kopfLen)
	if _, err := io.ReadFull(f, head); err != nil {
		return 0, fmt.Errorf("read head of journal: %w", err)
	}
	fi, err := f.Stat()
	if err != nil || !strings.HasPrefix(string(head), kopfText) {
		return 0, errors.Join(err, errKopf)
	}
	return fi.Size(), nil
}

func schluessel(ctx context.Context, dir string) stoerung.Glied {
	const id, name = "schluessel", "Schlüssel"
	fi, err := os.Stat(filepath.Join(dir, knotenschluessel.File))
	file := err == nil && fi.Size() > 0
	key, l := knotenschluessel.Ort{Dir: dir, Speicher: keystore.System()}.AusSpeicher(ctx)
	switch {
	case key != nil || l.Fehler != nil:
		st := stoerung.Schluessel{Da: key != nil || file, Speicher: l.Speicher, Fehler: l.Fehler}
		g := stoerung.Schluesselspeicher(st)[0]
		g.ID, g.Name = id, name
		return g
	case !file:
		return bad(id, name, stoerung.Warnung, "S-635", "Die Datei knoten.key fehlt, Kundendaten bleiben "+
			"verschlossen – holen Sie sie "+
			"aus der Sicherung.", "Verkauft wird weiter; Preise, Bestand und Bons sind da.")
	}
	return gut(id, name, "Der Schlüssel der Kundendaten ist da.")
}

func rechner(dir string) stoerung.Glied {
	const id, name = "rechner", "Rechner"
	a, known, err := knoten.LiesAusweis(dir)
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return bad(id, name, stoerung.Warnung, f.Code, f.Text, "An einem anderen Rechner weiterverkaufen.")
	}
	if !known {
		return gut(id, name, "Ohne Ausweis: Beim nächsten Start meldet sich dieser Rechner neu an, mit "+
			"neuen Bonnummern.")
	}
	if a.Uncertified {
		g := stoerung.Ausweislos()
		g.ID, g.Name = id, name
		return g
	}
	return gut(id, name, fmt.Sprintf("Dieser ist %s (Rang %d); die anderen sind erst im Betrieb zu "+
		"sehen.", a.Platz, a.Rang))
}

// katalog reads what the generations say of themselves; signatures are checked at the start.
func katalog(dir string, c clock.Clock) stoerung.Glied {
	const id, name = "katalog", "Artikelkatalog"
	today := clock.Today(c)
	best := catalogue.Manifest{}
	pattern := filepath.Join(dir, apotheke.KatalogDir, "[0-9]*", "manifest.json")
	files, _ := filepath.Glob(pattern) // it is well formed, if dir is none: then there is no catalogue
	for _, file := range files {
		var m catalogue.Manifest
		b, err := os.ReadFile(file)
		if err == nil && json.Unmarshal(b, &m) == nil && m.GueltigAb <= today && m.GueltigAb > best.GueltigAb {
			best = m
		}
	}
	if best.ID == "" {
		return bad(id, name, stoerung.Gestoert, "S-636", "Für heute liegt kein Artikelkatalog da – spielen "+
			"Sie einen ein.",
			"„offizin catalogue list“ zeigt, was da ist; bis dahin Preise aus der Notfallmappe nehmen.")
	}
	if age := today.Sub(best.GueltigAb); age > katalogAlter {
		return bad(id, name, stoerung.Warnung, "S-637", fmt.Sprintf("Der neueste Artikelkatalog ist %d Tage "+
			"alt – spielen Sie einen "+
			"neuen ein.", age), "Verkauft wird weiter, mit den Preisen vom "+best.GueltigAb.German()+".")
	}
	return gut(id, name, fmt.Sprintf("Stand %s mit %d Artikeln.", best.GueltigAb.German(), best.Artikel))
}

const katalogAlter = 16 // civil days, as on Störungen
