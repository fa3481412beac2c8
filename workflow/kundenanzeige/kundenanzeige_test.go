package kundenanzeige_test

import (
	"crypto/sha256"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/offizin/offizin/app/bondrucker"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/kassenbeleg"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/quittung"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/domain/vorgang"
	"github.com/offizin/offizin/integration/bonseite"
	"github.com/offizin/offizin/integration/erezept"
	"github.com/offizin/offizin/internal/qr"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/drucker"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/kundenanzeige"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const adresse = "https://www.loewen-apotheke.example/bon.html"

// platz is a till with a screen for customers.
type platz struct {
	*workflowtest.Stand
	*kundenanzeige.Service
	haus  *haus.Service
	druck *drucker.Service
	last  quittung.Beleg // that was packed
}

func oeffne(t *testing.T) *platz {
	t.Helper()
	p := &platz{Stand: workflowtest.New(t, nil)}
	persons := person.New(p.Kern)
	p.haus = haus.New(p.Kern)
	sales := verkauf.New(p.Kern, persons, rezeptannahme.New(p.Kern, persons, erezept.Parse))
	p.druck = drucker.New(p.Kern, drucker.Dienste{
		Verkauf: sales, Haus: p.haus, Personen: persons, Geraet: &bondrucker.Geraet{},
	})
	p.Service = kundenanzeige.New(p.Kern, kundenanzeige.Dienste{
		Verkauf: sales, Drucker: p.druck,
		Packen: func(b quittung.Beleg) (string, error) { p.last = b; return bonseite.Aus(b).Packen() },
	})
	p.Must(p.haus.Setzen(p.Ctx, p.A(), haus.Einstellungen{Name: "Löwen-Apotheke", Bonseite: adresse}))
	return p
}

// verkaufe books a sale of n lines, paid in cash.
func (p *platz) verkaufe(nummer string, n int, more ...func(*bon.Bon)) {
	b := bon.Bon{
		Nummer: nummer, Art: bon.Verkauf, Tag: 20261123, Zeit: p.Uhr.Now().UnixNano(), Benutzer: "AB",
		Zahlungen: []bon.Zahlung{{Art: bon.Bar, Betrag: 500 * money.Cent(n), Gegeben: 500*money.Cent(n) + 12}},
	}
	for i := range n {
		b.Positionen = append(b.Positionen, bon.Position{
			Nr: i + 1, PZN: "12345600", Bezeichnung: fmt.Sprintf("RAMIPRIL Demo %d", i*i*7919),
			Packung: "100 St", Menge: 1, Preis: 1516, Gesamt: 1516, MwSt: 19 * money.Percent, Zuzahlung: 500, TraegerZahlt: 1016, Rx: true,
		})
	}
	for _, f := range more {
		f(&b)
	}
	p.Book(event.VerkaufAbgeschlossen{Bon: b})
}

// zeigt is what the screen shows now.
func (p *platz) zeigt() kundenanzeige.Stand {
	st, err := p.Service.Stand(p.Ctx)
	p.Must(err)
	return st
}

// gegeben are the receipts in the journal that were given as QR code: "1-000001", "1-000001 Kopie".
func (p *platz) gegeben() (list []string) {
	p.Must(p.Kern.Store.Records(p.Ctx, p.Kern.Store.Self(), 0, func(r journal.Record) (bool, error) {
		e, err := event.Decode(r.Type, r.Payload)
		if d, ok := e.(event.BelegDigital); ok {
			list = append(list, d.Bon+map[bool]string{true: " Kopie"}[d.Kopie])
		}
		return true, err
	}))
	return list
}

// The screen rests, thanks for a minute with the change, and rests again. A sale that was written
// down by hand during an outage, and what is no sale, thank nobody.
func TestDank(t *testing.T) {
	p := oeffne(t)
	if st := p.zeigt(); st.Lage != kundenanzeige.Ruht || st.Apotheke != "Löwen-Apotheke" || st.Uebung {
		t.Errorf("%+v", st)
	}
	p.verkaufe("1-000001", 2)
	st := p.zeigt()
	if st.Lage != kundenanzeige.Bezahlt || st.Summe != 1000 || st.Rueckgeld != 12 || len(st.Zeilen) != 2 || st.Noch != kundenanzeige.DankDauer {
		t.Errorf("%+v", st)
	}
	want := kundenanzeige.Zeile{Name: "RAMIPRIL Demo 0 100 St", Menge: 1, Preis: 1516, Zuzahlung: 500, Traeger: 1016, Betrag: 500}
	if st.Zeilen[0] != want {
		t.Errorf("%+v", st.Zeilen[0])
	}
	p.Uhr.Advance(kundenanzeige.DankDauer)
	if st := p.zeigt(); st.Lage != kundenanzeige.Ruht {
		t.Errorf("%+v", st)
	}
	p.verkaufe("1-000002", 1, func(b *bon.Bon) { b.Nacherfassung = true })
	if st := p.zeigt(); st.Lage != kundenanzeige.Ruht {
		t.Errorf("%+v", st)
	}
	p.Book(event.BelegGebucht{Bon: bon.Bon{Nummer: "1-000003", Art: bon.Bewegung, Zeit: p.Uhr.Now().UnixNano()}})
	if st := p.zeigt(); st.Lage != kundenanzeige.Ruht {
		t.Errorf("%+v", st)
	}
}

// Practice is marked (ADR 0031), and its receipt says so.
func TestUebung(t *testing.T) {
	p := oeffne(t)
	p.Book(event.EinstellungGesetzt{Schluessel: "uebungsbetrieb/1", Wert: "ja"}, event.BelegGebucht{Bon: bon.Bon{
		Nummer: "1-000001", Art: bon.Verkauf, Uebung: true, Zeit: p.Uhr.Now().UnixNano(), Positionen: []bon.Position{{Nr: 1, Privat: 100}},
	}})
	if st := p.zeigt(); st.Lage != kundenanzeige.Bezahlt || !st.Uebung || st.Summe != 100 {
		t.Errorf("%+v", st)
	}
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	if st := p.zeigt(); st.Lage != kundenanzeige.Digital || !st.Uebung || !slices.ContainsFunc(p.last.Zeilen(), func(z quittung.Zeile) bool {
		return strings.HasPrefix(z.Left, "ÜBUNG")
	}) {
		t.Errorf("%+v", st)
	}
}

// A voucher is worth money to whoever reads its number: the screen does not show it. Nor does it
// show whom a line is for.
func TestNichtGezeigt(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", 1, func(b *bon.Bon) {
		b.Kunde, b.Positionen[0].Person, b.Positionen[0].IK = "p-1", "p-1", "109900019"
		b.Positionen = append(b.Positionen, bon.Position{
			Nr: 2, Art: vorgang.Geschaeft, Geschaeft: bon.Gutscheinkauf, Bezug: "12345", Bezeichnung: "Gutschein 12345", Menge: 1, Privat: 5000,
		})
	})
	st := p.zeigt()
	if text := fmt.Sprintf("%+v", st); strings.Contains(text, "12345") || strings.Contains(text, "p-1") || strings.Contains(text, "1099") {
		t.Error(text)
	}
	if st.Zeilen[1].Name != "Gutschein" || st.Zeilen[1].Betrag != 5000 {
		t.Errorf("%+v", st.Zeilen)
	}
}

// AEAO zu § 146a Nr. 2.5.4: the customer who asks for it gets the receipt as QR code; that stands in
// the journal, once, however often the key is pressed while it is shown. It is the original if
// nobody has one; what is given or printed later is a copy.
func TestDigital(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", 2)
	act := p.A()
	for range 2 {
		p.Must(p.Zeigen(p.Ctx, act, "1-000001"))
	}
	st := p.zeigt()
	if st.Lage != kundenanzeige.Digital || st.Nummer != "1-000001" || len(st.Code) < 21 || len(st.Code) > qr.MaxScreen ||
		st.Noch != kundenanzeige.CodeDauer {
		t.Errorf("%+v", st)
	}
	if !p.last.Kopie.IsZero() || !p.last.Digital {
		t.Errorf("no original: %+v", p.last)
	}
	p.Uhr.Advance(time.Minute)
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001")) // once more: longer
	if st := p.zeigt(); st.Noch != kundenanzeige.CodeDauer {
		t.Errorf("%v", st.Noch)
	}
	if got := p.gegeben(); !slices.Equal(got, []string{"1-000001"}) {
		t.Errorf("%q", got)
	}
	p.Uhr.Advance(kundenanzeige.CodeDauer)
	if st := p.zeigt(); st.Lage != kundenanzeige.Ruht || st.Code != nil {
		t.Errorf("still there: %v", st.Lage)
	}
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	if got := p.gegeben(); !slices.Equal(got, []string{"1-000001", "1-000001 Kopie"}) || p.last.Kopie.IsZero() {
		t.Errorf("%q", got)
	}
}

// Two keys pressed at once give one receipt.
func TestZugleich(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", 1)
	var all sync.WaitGroup
	for _, a := range []workflow.Auftrag{p.A(), p.A(), p.A()} {
		all.Go(func() {
			if err := p.Zeigen(p.Ctx, a, "1-000001"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := p.gegeben(); !slices.Equal(got, []string{"1-000001"}) {
		t.Errorf("%q", got)
	}
}

// Where the printer prints on request only, the digital receipt is the original and the paper that
// is asked for afterwards a copy; where it prints always, the paper is the original.
func TestOriginalOderKopie(t *testing.T) {
	p := oeffne(t)
	p.Must(p.druck.Setzen(p.Ctx, p.A(), drucker.Einstellung{Adresse: "127.0.0.1:9", Wann: drucker.NurWunsch}))
	p.verkaufe("1-000001", 1)
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	p.Must(p.druck.Nachdruck(p.Ctx, p.A(), "1-000001", drucker.Wunsch{}))
	if list := p.druck.Von("1-000001"); !p.last.Kopie.IsZero() || len(list) != 1 || !list[0].Kopie {
		t.Errorf("digital %v, paper %+v", p.last.Kopie, list)
	}
	p.verkaufe("1-000002", 1)
	p.Must(p.druck.Nachdruck(p.Ctx, p.A(), "1-000002", drucker.Wunsch{}))
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000002"))
	if list := p.druck.Von("1-000002"); p.last.Kopie.IsZero() || len(list) != 1 || list[0].Kopie {
		t.Errorf("digital %v, paper %+v", p.last.Kopie, list)
	}
	p.Must(p.druck.Setzen(p.Ctx, p.A(), drucker.Einstellung{Adresse: "127.0.0.1:9", Wann: drucker.Immer}))
	p.verkaufe("1-000003", 1)
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000003"))
	if p.last.Kopie.IsZero() {
		t.Error("two originals")
	}
}

// The next sale takes the code away, and so does any other change of what lies on the counter.
func TestNaechsterVerkauf(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", 1)
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	_, err := p.Verkauf.Beginnen(p.Ctx, p.A())
	p.Must(err)
	if st := p.zeigt(); st.Lage == kundenanzeige.Digital {
		t.Error("the code is still there")
	}
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	if st := p.zeigt(); st.Lage != kundenanzeige.Digital {
		t.Errorf("not shown beside an empty cart: %v", st.Lage)
	}
	v, err := p.Verkauf.Aktuell(p.Ctx)
	p.Must(err)
	_, err = p.Verkauf.Gutschein(p.Ctx, p.A(), v.Vorgang.ID, 5000)
	p.Must(err)
	if st := p.zeigt(); st.Lage != kundenanzeige.Vorgang || st.Summe != 5000 {
		t.Errorf("%+v", st)
	}
}

// ADR 0025: nothing is issued before the TSE has answered, or has had its time; then the outage is
// marked as on paper (AEAO zu § 146a Nr. 1.14.2).
func TestTSE(t *testing.T) {
	p := oeffne(t)
	p.Book(event.TSEGesetzt{Till: "1", Serie: "OFZ-1", Geraet: tse.Geraet{Seriennummer: "ab", Algorithmus: "ecdsa-plain-SHA256"}})
	signed := func(b *bon.Bon) { b.Serie = "OFZ-1" }
	p.verkaufe("1-000001", 1, signed)
	p.Fails(p.Zeigen(p.Ctx, p.A(), "1-000001"), "W-802")
	p.Book(event.BelegGesichert{Gesichert: kassenbeleg.Gesichert{
		Nummer: "1-000001", Serie: "OFZ-1", Prozess: "Kassenbeleg-V1", Daten: "Beleg^5.00_0.00_0.00_0.00_0.00^5.00:Bar",
		Signatur: &tse.Signatur{Transaktion: 7, Zaehler: 9, Beginn: 1, Ende: 2, Wert: "c2ln", Seriennummer: "ab"},
	}})
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000001"))
	if s := p.last.Sicherung; s.Lage != quittung.Signiert || s.Transaktion != 7 || s.Pruefwert != "c2ln" {
		t.Errorf("%+v", s)
	}
	p.verkaufe("1-000002", 1, signed)
	p.Uhr.Advance(11 * time.Second)
	p.Must(p.Zeigen(p.Ctx, p.A(), "1-000002"))
	if p.last.Sicherung.Lage != quittung.Ausfall {
		t.Errorf("%+v", p.last.Sicherung)
	}
}

// What cannot be given is told in one sentence, and nothing is put on record.
func TestNichtGegeben(t *testing.T) {
	p := oeffne(t)
	p.verkaufe("1-000001", 40, func(b *bon.Bon) {
		for i := range b.Positionen { // no two articles are called alike
			b.Positionen[i].Bezeichnung = fmt.Sprintf("%x", sha256.Sum256([]byte{byte(i)}))
		}
	})
	p.Fails(p.Zeigen(p.Ctx, p.A(), "1-000001"), "W-804")
	p.Fails(p.Zeigen(p.Ctx, p.A(), "1-000009"), "V-401")
	nobody := p.A()
	nobody.Actor = ""
	p.Fails(p.Zeigen(p.Ctx, nobody, "1-000001"), "V-001")
	p.verkaufe("1-000002", 1)
	p.Must(p.haus.Setzen(p.Ctx, p.A(), haus.Einstellungen{Name: "Löwen-Apotheke"}))
	p.Fails(p.Zeigen(p.Ctx, p.A(), "1-000002"), "W-803")
	if ok, err := p.Eingerichtet(p.Ctx); ok || err != nil {
		t.Errorf("%t %v", ok, err)
	}
	if got := p.gegeben(); got != nil || p.zeigt().Code != nil {
		t.Errorf("%q", got)
	}
}
