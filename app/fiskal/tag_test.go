package fiskal_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/offizin/offizin/app/fiskal"
	"github.com/offizin/offizin/app/merkzettel"
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
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/projection/belege"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
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
	zettel string
	tag    *tagesabschluss.Service
	enden  func() // the program
	stop   func() // and the TSE
	z      int    // number of the last closing
}

func newTill(t *testing.T) *till { return newTillOf(t, "1", nil) }

// newTillOf is a till with this prefix, of the pharmacy of another one.
func newTillOf(t *testing.T, nr string, first *till) *till {
	t.Helper()
	s := workflowtest.NewPlatz(t, "platz-"+nr, nr, []artikel.Artikel{{
		PZN: workflowtest.PZN(bonbon), Name: "Salbeibonbons; „scharf“", Art: artikel.Freiwahl, Status: artikel.Verkehr,
		AVP: 398, UVP: 398, MwSt: artikel.MwStVoll,
	}})
	p := person.New(s.Kern)
	x := &till{Stand: s, Service: verkauf.New(s.Kern, p, rezeptannahme.New(s.Kern, p, erezept.Parse))}
	x.zettel = filepath.Join(t.TempDir(), merkzettel.Datei)
	if first != nil {
		join(first, x)
	}
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: t.TempDir()}, x.Uhr)
	x.Must(err)
	x.Must(haus.New(s.Kern).Setzen(x.Ctx, x.A(), haus.Einstellungen{
		Name: "Löwen-Apotheke", Strasse: "Markt 1", PLZ: "12345", Ort: "Stadt", Steuernummer: "12/345/67890",
	}))
	x.einstecken()
	x.programm("1")
	return x
}

// programm is that the till goes on with another version.
func (x *till) programm(fassung string) {
	x.Kern.Programm = fassung
	x.tag = tagesabschluss.New(x.Kern, abschluss.Geraet{Marke: "Offizin", Modell: "Platz", Software: "Offizin", Fassung: fassung})
}

// tauschen gives the till another TSE.
func (x *till) tauschen() {
	x.T.Helper()
	x.geraet.Stoeren(simulator.Stoerung{})
	x.Must(x.Kern.Absicherung.(*absicherung.Service).Raeumen(x.Ctx))
	x.stop()
	var err error
	x.geraet, err = simulator.Open(simulator.Optionen{Ordner: x.T.(*testing.T).TempDir()}, x.Uhr)
	x.Must(err)
	x.einstecken()
}

// ausgefallen reports whether the TSE signs nothing, or is about to be found not to.
func (x *till) ausgefallen() bool {
	x.T.Helper()
	_, err := x.geraet.Stand(x.Ctx)
	l, lerr := x.Kern.Absicherung.(*absicherung.Service).Lage(x.Ctx)
	x.Must(lerr)
	return err != nil || l.Grund != ""
}

// abstuerzen drops the program while a cart is begun at the TSE; what it had in memory is gone, and the
// next one finds the transaction open.
func (x *till) abstuerzen(n int) (cart string) {
	x.T.Helper()
	cart = x.wagen(n)
	x.begonnen()
	x.enden()
	x.einstecken()
	for range 5000 {
		list, err := x.geraet.Offene(x.Ctx, "")
		x.Must(err)
		if len(list) == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	x.warten()
	return cart
}

// einstecken has the TSE sign.
func (x *till) einstecken() {
	x.T.Helper()
	x.Must(absicherung.Einrichten(x.Ctx, x.Kern, x.A(), simulator.Name, x.geraet))
	a, _, err := absicherung.New(x.Ctx, x.Kern, x.geraet, absicherung.Options{
		Log: slog.New(slog.DiscardHandler), Inhalt: x.Inhalt, Zettel: merkzettel.Open(x.zettel),
	})
	x.Must(err)
	x.Kern.Absicherung = a
	ctx, cancel := context.WithCancel(x.Ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.Laufen(ctx)
	}()
	x.enden = func() {
		cancel()
		<-done
		a.Close()
	}
	x.stop = func() {
		x.enden()
		_ = x.geraet.Close()
	}
}

// A is the next act at this till; no other one has its key.
func (x *till) A() workflow.Auftrag {
	a := x.Stand.A()
	a.Key = x.Kern.Till + "-" + a.Key
	return a
}

// wire is the way to the server of another machine.
type wire struct{ h http.Handler }

func (w wire) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return rec.Result(), nil
}

// join makes the journals of two machines equal, as machines do that see each other.
func join(parent, child *till) {
	child.T.Helper()
	h := shipping.NewServer(parent.Kern.Store, slog.New(slog.DiscardHandler))
	c := shipping.NewChild(child.Kern.Store, &shipping.Parent{URL: "http://platz-1", HTTP: &http.Client{Transport: wire{h}}})
	st, err := c.Sync(child.Ctx)
	child.Must(errors.Join(err, st.Keys))
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
	x.z = z.Nummer
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

// A kill leaves a transaction open: it is ended as AVBelegabbruch with the lines of its cart and without
// any amount signed; the cart goes on, and its sale is another record (DSFinV-K 2.4, AVBelegabbruch).
func TestAbbruchMitZeilen(t *testing.T) {
	x := newTill(t)
	defer func() { x.stop() }()
	cart := x.abstuerzen(2)
	sold, err := x.Bezahlen(x.Ctx, x.A(), cart, verkauf.Zahlung{Erwartet: 796})
	x.Must(err)
	if sold.Nummer != "1-000002" {
		t.Errorf("sold as %s", sold.Nummer)
	}
	x.zettel += ".neu" // a power cut has taken the old one: then nobody knows the lines
	x.Must(x.Verwerfen(x.Ctx, x.A(), x.abstuerzen(1)))
	x.abschliessen(796)
	raw := x.export(civil.Must(2026, 1, 1))
	if report, found := check(t, raw); len(found) > 0 || report.Belege != 4 {
		t.Errorf("%+v %q", report, found)
	}
	if rows := table(t, raw, "transactions_tse.csv"); !strings.Contains(rows, "AVBelegabbruch^0.00_0.00_0.00_0.00_0.00^") {
		t.Error(rows)
	}
	lines := table(t, raw, "lines.csv")
	for number, want := range map[string]int{"1-000001": 1, "1-000002": 1, "1-000003": 0, "1-000004": 1} {
		if n := strings.Count(lines, `"`+number+`";`); n != want {
			t.Errorf("%s has %d lines:\n%s", number, n, lines)
		}
	}
}

// Another TSE in the middle of a business day: two rows in tse.csv, each record names the one that
// signed it, and one closing has both (facts of the standard: TSE swap). A TSE that only began a record
// is one of them, too.
func TestTSETausch(t *testing.T) {
	x := newTill(t)
	defer func() { x.stop() }()
	x.verkaufen(1)
	id := x.wagen(2) // begun at the old one
	x.begonnen()
	x.tauschen()
	_, err := x.Bezahlen(x.Ctx, x.A(), id, verkauf.Zahlung{Erwartet: 796})
	x.Must(err)
	x.verkaufen(1)
	x.abschliessen(3*398 + 398)
	raw := x.export(civil.Must(2026, 1, 1))
	if report, found := check(t, raw); len(found) > 0 || report.Abschluesse != 1 || report.Signaturen < 3 {
		t.Errorf("%+v %q", report, found)
	}
	if n := strings.Count(table(t, raw, "tse.csv"), "\r\n"); n != 3 {
		t.Errorf("%d rows with the head", n)
	}
	rows := table(t, raw, "transactions_tse.csv")
	for _, want := range []string{`"1-000001";1;`, `"1-000003";2;`, `"1-000004";2;`} {
		if !strings.Contains(rows, want) {
			t.Errorf("transactions_tse.csv without %s:\n%s", want, rows)
		}
	}
}

// Whatever two tills book on whatever days, journal, Kassenbuch, closings and export agree: the
// checker finds nothing; the cash of each drawer is that of the records, of the Kassenbuch and of
// the last closing; and the export is the same file on either machine.
func TestRandomDaysAtTheTills(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		one := newTill(t)
		defer func() { one.stop() }()
		two := newTillOf(t, "2", one)
		defer func() { two.stop() }()
		tills := []*till{one, two}
		cash := map[*till]int64{}
		for _, x := range tills {
			_, err := x.tag.Bewegen(x.Ctx, x.A(), tagesabschluss.Bewegung{
				Geschaeft: bon.Anfangsbestand, Betrag: 20000, Grund: "Wechselgeld",
			})
			x.Must(err)
			cash[x] = 20000
		}
		days := rapid.IntRange(1, 2).Draw(r, "days")
		for range days {
			for i, x := range tills {
				x.day(r, cash, tills[1-i])
			}
			for _, x := range tills {
				x.Uhr.Advance(16 * time.Hour)
			}
		}
		join(one, two)
		for _, x := range tills {
			agrees(r, x, map[string]int{"1": one.z, "2": two.z}, map[string]int64{"1": cash[one], "2": cash[two]})
		}
		if !bytes.Equal(one.export(civil.Must(2026, 1, 1)), two.export(civil.Must(2026, 1, 1))) {
			r.Fatal("two exports of the same days differ")
		}
	})
}

// day is a business day of a till, with its closing.
func (x *till) day(r *rapid.T, cash map[*till]int64, other *till) {
	x.verkaufen(1) // without a record there is nothing to close
	cash[x] += 398
	for range rapid.IntRange(1, 3).Draw(r, "acts") {
		cash[x] += x.act(r, other)
		x.Uhr.Advance(time.Duration(rapid.IntRange(1, 90).Draw(r, "minutes")) * time.Minute)
	}
	x.geraet.Stoeren(simulator.Stoerung{})
	off := rapid.Int64Range(-3, 3).Draw(r, "difference")
	if z := x.abschliessen(cash[x] + off); int64(z.Barbestand) != cash[x]+off {
		r.Fatalf("%d in the drawer, the closing says %v", cash[x]+off, z.Barbestand)
	}
	cash[x] += off
}

// agrees holds what one machine has to the cash in all drawers, which nobody but the test has added
// up.
func agrees(r *rapid.T, x *till, last map[string]int, cash map[string]int64) {
	raw := x.export(civil.Must(2026, 1, 1))
	if report, found := check(x.T, raw); len(found) > 0 || report.Abschluesse != last["1"]+last["2"] {
		r.Fatalf("%+v %q", report, found)
	}
	x.einFassung(r)
	sum := x.journal()
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		for nr, want := range cash {
			l, err := kassenbuch.Lade(rows, nr)
			if err != nil {
				return err
			}
			if int64(l.Bar) != want || int64(sum[nr]) != want {
				r.Fatalf("%s: %d in the drawer of %s, the Kassenbuch says %v, the journal %v", x.Kern.Platz, want, nr, l.Bar, sum[nr])
			}
			row := fmt.Sprintf(`"%s";"[^"]*";%d;"EUR";%d,%02d\r\n`, nr, last[nr], want/100, want%100)
			if text := table(x.T, raw, "cash_per_currency.csv"); !regexp.MustCompile(row).MatchString(text) {
				r.Fatalf("%s without %s", text, row)
			}
		}
		return nil
	}))
}

// einFassung holds each closing to the master data of its records: the version that booked them
// (DSFinV-K 2.4 Nr. 3.2).
func (x *till) einFassung(r *rapid.T) {
	x.Must(x.Kern.Store.View(x.Ctx, func(rows journal.Rows) error {
		q, err := fiskal.NewQuelle(rows, civil.Must(2026, 1, 1), civil.Must(2026, 12, 31))
		if err != nil {
			return err
		}
		return q.Abschluesse(func(a abschluss.Abschluss) error {
			return q.Belege(a, func(b dsfinvk.Beleg) error {
				if b.Bon.Programm != a.Stamm.Geraet.Fassung {
					r.Fatalf("%s is of version %s, Z %d of %s", b.Bon.Nummer, b.Bon.Programm, a.Nummer, a.Stamm.Geraet.Fassung)
				}
				return nil
			})
		})
	}))
}

// journal is the cash of each drawer as the records say, one by one.
func (x *till) journal() map[string]money.Cent {
	x.T.Helper()
	sum := map[string]money.Cent{}
	add := func(b bon.Bon) {
		nr, _, err := bons.Split(b.Nummer)
		x.Must(err)
		sum[nr] += abschluss.Bargeld(b, nr, nr)
	}
	heads, err := x.Kern.Store.Heads(x.Ctx)
	x.Must(err)
	for _, h := range heads {
		x.Must(x.Kern.Store.Records(x.Ctx, h.Origin, 0, func(rec journal.Record) (bool, error) {
			e, err := event.Decode(rec.Type, rec.Payload)
			switch e := e.(type) {
			case event.VerkaufAbgeschlossen:
				add(e.Bon)
			case event.BelegGebucht:
				add(e.Bon)
			}
			return true, err
		}))
	}
	return sum
}

// act does something at the till and returns by how much it changes the cash in its drawer.
func (x *till) act(r *rapid.T, other *till) int64 {
	n := rapid.IntRange(1, 3).Draw(r, "lines")
	switch rapid.IntRange(0, 10).Draw(r, "act") {
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
	case 6:
		return x.anderswo(other)
	case 7:
		x.programm(rapid.SampledFrom([]string{"1", "2"}).Draw(r, "version"))
	case 8:
		x.tauschen()
	case 9:
		if x.ausgefallen() {
			break // nothing is begun
		}
		_, err := x.Bezahlen(x.Ctx, x.A(), x.abstuerzen(n), verkauf.Zahlung{Erwartet: 398 * money.Cent(n)})
		x.Must(err)
		return 398 * int64(n)
	}
	x.verkaufen(n)
	return 398 * int64(n)
}

// anderswo undoes the last sale of the other till, if that was not undone: the cash goes out of
// this drawer.
func (x *till) anderswo(other *till) int64 {
	x.T.Helper()
	join(x, other)
	b, found, err := other.Letzter(x.Ctx)
	x.Must(err)
	if !found || b.Art != bon.Verkauf {
		return 0
	}
	s, err := x.Storno(x.Ctx, x.A(), b.Nummer, "falsch")
	if fault.KindOf(err) == fault.Conflict { // it was undone here before
		return 0
	}
	x.Must(err)
	return int64(abschluss.Bargeld(s, x.Kern.Till, x.Kern.Till))
}

func table(t testing.TB, raw []byte, name string) string {
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

func check(t testing.TB, raw []byte) (pruefung.Bericht, []string) {
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
