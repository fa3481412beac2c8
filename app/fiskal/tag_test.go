package fiskal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/domain/abschluss"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/integration/dsfinvk"
	"github.com/offizin/offizin/integration/dsfinvk/pruefung"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/workflow/absicherung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/tagesabschluss"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const bonbon = "1111111"

// till is a till with a simulated TSE.
type till struct {
	*workflowtest.Stand
	*verkauf.Service

	geraet *simulator.Simulator
	tag    *tagesabschluss.Service
	stop   func()
}

func newTill(t *testing.T) *till {
	t.Helper()
	s := workflowtest.New(t, []artikel.Artikel{{
		PZN: workflowtest.PZN(bonbon), Name: "Salbeibonbons; „scharf“", Art: artikel.Freiwahl, Status: artikel.Verkehr,
		AVP: 398, UVP: 398, MwSt: artikel.MwStVoll,
	}})
	p := person.New(s.Kern)
	x := &till{Stand: s, Service: verkauf.New(s.Kern, p, rezeptannahme.New(s.Kern, p, erezept.Parse))}
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, x.Uhr)
	x.Must(err)
	x.Must(haus.New(s.Kern).Setzen(x.Ctx, x.A(), haus.Einstellungen{
		Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	x.Must(absicherung.Einrichten(x.Ctx, x.Kern, x.A(), simulator.Name, x.geraet))
	a, _, err := absicherung.New(x.Ctx, x.Kern, x.geraet, absicherung.Options{
		Log: slog.New(slog.DiscardHandler), Inhalt: x.Inhalt,
	})
	x.Must(err)
	x.Kern.Absicherung = a
	x.tag = tagesabschluss.New(x.Kern, abschluss.Geraet{Marke: "Offizin", Modell: "Platz", Software: "Offizin", Fassung: "1"})
	ctx, cancel := context.WithCancel(x.Ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Laufen(ctx)
	}()
	x.stop = func() {
		cancel()
		<-done
		a.Close()
		_ = x.geraet.Close()
	}
	return x
}

func (x *till) wagen(n int) string {
	x.T.Helper()
	v, err := x.Beginnen(x.Ctx, x.A())
	x.Must(err)
	for range n {
		_, err = x.Hinzufuegen(x.Ctx, x.A(), v.Vorgang.ID, verkauf.Eingabe{PZN: workflowtest.PZN(bonbon)})
		x.Must(err)
	}
	x.Uhr.Advance(time.Minute)
	return v.Vorgang.ID
}

func (x *till) verkaufen(n int) bon.Bon {
	x.T.Helper()
	b, err := x.Bezahlen(x.Ctx, x.A(), x.wagen(n), verkauf.Zahlung{Erwartet: 398 * money.Cent(n)})
	x.Must(err)
	return b
}

// warten waits until it is known of each number whether it was signed.
func (x *till) warten() {
	x.T.Helper()
	for range 5000 {
		var open []string
		x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) (err error) {
			open, err = belege.Ungesichert(rows, x.Kern.Till)
			return err
		}))
		if len(open) == 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	x.T.Fatal("the TSE never answers")
}

// begonnen waits until the TSE has a transaction for the cart that was begun last.
func (x *till) begonnen() {
	x.T.Helper()
	var set belege.Gesetzt
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) (err error) {
		set, _, err = belege.TSE(rows, x.Kern.Till)
		return err
	}))
	for range 5000 {
		list, err := x.geraet.Offene(x.Ctx, set.Serie)
		x.Must(err)
		if len(list) > 0 {
			return
		}
		time.Sleep(time.Millisecond)
	}
	x.T.Fatal("no transaction is begun")
}

func (x *till) abschliessen(c int64) abschluss.Abschluss {
	x.T.Helper()
	x.warten()
	e, err := x.tag.Pruefen(x.Ctx, "", abschluss.Zaehlung{{Wert: 1, Anzahl: int(c)}})
	x.Must(err)
	z, err := x.tag.Abschliessen(x.Ctx, x.A(), e.Zaehlung)
	x.Must(err)
	return z
}

// A day as tills book it: sales, a dropped cart, one that waits overnight, a TSE that fails. The
// export has nothing wrong with it. What refers to the day before names the closing that it is
// in, whichever days are exported.
func TestADayAtTheTill(t *testing.T) {
	x := newTill(t)
	defer x.stop()
	move := tagesabschluss.Bewegung{Geschaeft: bon.Anfangsbestand, Betrag: 10000, Grund: "Wechselgeld"}
	_, err := x.tag.Bewegen(x.Ctx, x.A(), move)
	x.Must(err)
	first := x.verkaufen(2)
	x.Must(x.Verwerfen(x.Ctx, x.A(), x.wagen(3)))
	waits := x.wagen(1)
	x.Must(x.Parken(x.Ctx, x.A(), waits, "holt morgen"))
	x.begonnen()
	x.warten()
	x.geraet.Stoeren(simulator.Stoerung{Weg: true})
	x.verkaufen(1)
	x.geraet.Stoeren(simulator.Stoerung{})
	x.abschliessen(11100)
	x.Uhr.Advance(26 * time.Hour)
	_, err = x.Fortsetzen(x.Ctx, x.A(), waits)
	x.Must(err)
	_, err = x.Bezahlen(x.Ctx, x.A(), waits, verkauf.Zahlung{Erwartet: 398})
	x.Must(err)
	_, err = x.Storno(x.Ctx, x.A(), first.Nummer, "falsch")
	x.Must(err)
	x.abschliessen(10600)
	report, found := check(t, x.export(civil.Must(2026, 1, 1)))
	if len(found) > 0 || report.Abschluesse != 2 || report.Belege != 9 || report.Signaturen < 3 {
		t.Errorf("%+v %q", report, found)
	}
	rows := table(t, x.export(clock.Today(x.Uhr)), "references.csv")
	for _, want := range []string{`"1";1;"1-000002"`, `"1";1;"1-000005"`} {
		if !strings.Contains(rows, want) {
			t.Errorf("references.csv without %s:\n%s", want, rows)
		}
	}
}

// Whatever a till books on whatever days, journal, closing and export agree: the checker finds
// nothing, and the cash of the last closing is that of the Kassenbuch.
func TestRandomDaysAtTheTill(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		x := newTill(t)
		defer x.stop()
		cash := int64(20000)
		_, err := x.tag.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{
			Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "Wechselgeld",
		})
		x.Must(err)
		days := rapid.IntRange(1, 2).Draw(r, "days")
		for range days {
			x.verkaufen(1) // without a record there is nothing to close
			cash += 398
			for range rapid.IntRange(1, 4).Draw(r, "acts") {
				cash += x.act(r)
				x.Uhr.Advance(time.Duration(rapid.IntRange(1, 90).Draw(r, "minutes")) * time.Minute)
			}
			x.geraet.Stoeren(simulator.Stoerung{})
			off := rapid.Int64Range(-3, 3).Draw(r, "difference")
			if z := x.abschliessen(cash + off); int64(z.Barbestand) != cash+off {
				r.Fatalf("%d in the drawer, the closing says %v", cash+off, z.Barbestand)
			}
			cash += off
			x.Uhr.Advance(20 * time.Hour)
		}
		raw := x.export(civil.Must(2026, 1, 1))
		if report, found := check(t, raw); len(found) > 0 || report.Abschluesse != days {
			r.Fatalf("%+v %q", report, found)
		}
		if want := fmt.Sprintf(";%d;\"EUR\";%d,%02d\r\n", days, cash/100, cash%100); !strings.HasSuffix(
			table(t, raw, "cash_per_currency.csv"), want) {
			r.Fatalf("%s without %s", table(t, raw, "cash_per_currency.csv"), want)
		}
	})
}

// act does something at the till and returns by how much it changes the cash.
func (x *till) act(r *rapid.T) int64 {
	n := rapid.IntRange(1, 3).Draw(r, "lines")
	switch rapid.IntRange(0, 6).Draw(r, "act") {
	case 0:
		x.Must(x.Verwerfen(x.Ctx, x.A(), x.wagen(n)))
		return 0
	case 1:
		_, err := x.Storno(x.Ctx, x.A(), x.verkaufen(n).Nummer, "falsch")
		x.Must(err)
		return 0
	case 2:
		x.Must(x.Parken(x.Ctx, x.A(), x.wagen(n), "holt morgen"))
		return 0
	case 3:
		x.warten()
		x.geraet.Stoeren(simulator.Stoerung{Weg: true})
	case 4:
		b, err := x.Bezahlen(x.Ctx, x.A(), x.wagen(n), verkauf.Zahlung{Erwartet: 398 * money.Cent(n), Karte: 100})
		x.Must(err)
		return int64(b.Zahlungen[len(b.Zahlungen)-1].Betrag)
	case 5:
		_, err := x.tag.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{
			Hinaus: true, Geschaeft: bon.Geldtransit, Betrag: 1000, Grund: "Tresor",
		})
		x.Must(err)
		return -1000
	}
	x.verkaufen(n)
	return 398 * int64(n)
}

func table(t *testing.T, raw []byte, name string) string {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	f, err := z.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(f)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func (x *till) export(von civil.Day) []byte {
	x.T.Helper()
	var b bytes.Buffer
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		q, err := fiskal.NewQuelle(rows, von, civil.Must(2026, 12, 31))
		if err == nil {
			_, err = dsfinvk.Schreiben(&b, x.T.TempDir(), q)
		}
		return err
	}))
	return b.Bytes()
}

func check(t *testing.T, raw []byte) (pruefung.Bericht, []string) {
	t.Helper()
	var found []string
	r, err := pruefung.Pruefen(bytes.NewReader(raw), int64(len(raw)), fiskal.Pruefer(), func(f pruefung.Fund) {
		found = append(found, f.String())
	})
	if err != nil {
		t.Fatal(err)
	}
	return r, found
}
