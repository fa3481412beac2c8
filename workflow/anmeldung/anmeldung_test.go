package anmeldung_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/offizin/offizin/domain/berechtigung"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/anmeldung"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/rechte"
	"github.com/offizin/offizin/workflow/workflowtest"
)

const (
	pinAB = "493817"
	pinEF = "715203"
)

type stand struct {
	*workflowtest.Stand
	s *anmeldung.Service
	h *haus.Service
}

// oeffne is a pharmacy with an Inhaber AB, a PTA EF, a PKA GH and XY without a role. Only
// if it is armed, AB and EF have a PIN.
func oeffne(t *testing.T, armed bool) *stand {
	t.Helper()
	x := workflowtest.New(t, nil)
	l := &stand{x, anmeldung.New(x.Kern), haus.New(x.Kern)}
	for _, b := range []haus.Benutzer{
		{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber", Aktiv: true},
		{Kuerzel: "CD", Name: "Clara Dorn", Rolle: "Apotheker", Aktiv: true},
		{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA", Aktiv: true},
		{Kuerzel: "GH", Name: "Georg Hahn", Rolle: "PKA", Aktiv: true},
		{Kuerzel: "XY", Name: "Alt", Aktiv: true},
	} {
		x.Must(l.h.BenutzerSetzen(x.Ctx, x.A(), b))
	}
	if armed {
		x.Must(l.s.PINSetzen(x.Ctx, x.A(), "AB", pinAB))
		x.Must(l.s.PINSetzen(x.Ctx, x.A(), "EF", pinEF))
	}
	return l
}

func (l *stand) als(kuerzel string) workflow.Auftrag {
	a := l.A()
	a.Actor = kuerzel
	return a
}

func (l *stand) code(kuerzel string, t berechtigung.Tat) string {
	u, err := workflow.View(l.Ctx, l.Kern, func(rows journal.Rows) (berechtigung.Urteil, error) {
		return rechte.Check(rows, kuerzel, t, 0, civil.Must(2026, 11, 23))
	})
	l.Must(err)
	if u.Aufsicht {
		return "Aufsicht"
	}
	return u.Code
}

// Until an Inhaber has a PIN nobody loses anything; then roles count, and who has no PIN
// sells and no more.
func TestScharf(t *testing.T) {
	before, after := oeffne(t, false), oeffne(t, true)
	for _, c := range []struct {
		kuerzel string
		tat     berechtigung.Tat
		want    string
	}{
		{"AB", berechtigung.Verwalten, ""},
		{"CD", berechtigung.Abgeben, "Aufsicht"}, // an Apotheker without PIN could be anybody
		{"CD", berechtigung.Storno, "G-111"},
		{"CD", berechtigung.Abzeichnen, "G-111"},
		{"EF", berechtigung.Abgeben, "Aufsicht"},
		{"EF", berechtigung.Abzeichnen, "G-104"},
		{"EF", berechtigung.Verwalten, "G-107"},
		{"GH", berechtigung.Freiverkauf, ""},
		{"GH", berechtigung.Abgeben, "G-103"},
		{"XY", berechtigung.Abgeben, "Aufsicht"},
		{"XY", berechtigung.Verwalten, "G-111"},
		{"ZZ", berechtigung.Freiverkauf, "G-110"},
	} {
		if got := before.code(c.kuerzel, c.tat); got != "" {
			t.Errorf("before any PIN: %s may not %s: %s", c.kuerzel, c.tat, got)
		}
		if got := after.code(c.kuerzel, c.tat); got != c.want {
			t.Errorf("%s, %s: %q, want %q", c.kuerzel, c.tat, got, c.want)
		}
	}
	after.Fails(after.h.Setzen(after.Ctx, after.als("EF"), haus.Einstellungen{Name: "A"}), "G-107")
	after.Fails(after.h.BenutzerSetzen(after.Ctx, after.als("EF"),
		haus.Benutzer{Kuerzel: "EF", Name: "Elif", Rolle: "Inhaber", Aktiv: true}), "G-107")
	after.Fails(after.s.PINSetzen(after.Ctx, after.als("EF"), "AB", "271828"), "G-113")
	after.Fails(after.s.PINSetzen(after.Ctx, after.als("XY"), "XY", "271828"), "G-111")
	after.Must(after.s.PINSetzen(after.Ctx, after.als("EF"), "EF", "271828")) // his own
}

func TestAnmelden(t *testing.T) {
	l := oeffne(t, true)
	token, err := l.s.Anmelden(l.Ctx, "ef", pinEF)
	l.Must(err)
	if got := l.s.Wer(l.Ctx, token, true); got != "EF" {
		t.Errorf("session of %q", got)
	}
	for _, forged := range []string{"", "EF", token + "x", token[1:]} {
		if got := l.s.Wer(l.Ctx, forged, true); got != "" {
			t.Errorf("token %q opens the session of %s", forged, got)
		}
	}
	l.Uhr.Advance(89 * time.Second)
	l.s.Wer(l.Ctx, token, false) // a page that looks by itself does not keep it open
	l.Uhr.Set(l.Uhr.Now().Add(-time.Hour))
	l.Uhr.Advance(2 * time.Second)
	if got := l.s.Wer(l.Ctx, token, true); got != "" {
		t.Errorf("after 91 seconds still open for %s", got)
	}
	if got := l.s.Wer(l.Ctx, token, true); got != "" {
		t.Errorf("a locked session was opened again by its old token: %s", got)
	}
}

// A new PIN, leaving the pharmacy and logging out end a session.
func TestSitzungEndet(t *testing.T) {
	l := oeffne(t, true)
	open := func() string {
		token, err := l.s.Anmelden(l.Ctx, "EF", pinEF)
		l.Must(err)
		return token
	}
	a, b := open(), open()
	l.s.Abmelden(a)
	if l.s.Wer(l.Ctx, a, true) != "" || l.s.Wer(l.Ctx, b, true) != "EF" {
		t.Error("logging out ends one session")
	}
	l.Must(l.h.BenutzerSetzen(l.Ctx, l.als("AB"), haus.Benutzer{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA"}))
	if l.s.Wer(l.Ctx, b, true) != "" {
		t.Error("who has left is still at the till")
	}
	l.Must(l.h.BenutzerSetzen(l.Ctx, l.als("AB"), haus.Benutzer{Kuerzel: "EF", Name: "Elif Falk", Rolle: "PTA", Aktiv: true}))
	c := open()
	l.Must(l.s.PINSetzen(l.Ctx, l.als("AB"), "EF", "271828"))
	if l.s.Wer(l.Ctx, c, true) != "" {
		t.Error("a session outlives its PIN")
	}
}

// Five wrong tries make that user wait, longer each time, by the monotonic clock; nobody
// else waits.
func TestFalschePIN(t *testing.T) {
	l := oeffne(t, true)
	try := func(pin, code string) {
		t.Helper()
		_, err := l.s.Anmelden(l.Ctx, "EF", pin)
		l.Fails(err, code)
	}
	for range 5 {
		try("000000", "G-124")
	}
	try(pinEF, "G-121") // even the right one
	l.Uhr.Set(l.Uhr.Now().Add(24 * time.Hour))
	try(pinEF, "G-121") // setting the clock does not help
	if _, err := l.s.Anmelden(l.Ctx, "AB", pinAB); err != nil {
		t.Error("somebody else has to wait, too:", err)
	}
	l.Uhr.Advance(30 * time.Second)
	try("1", "G-124")
	l.Uhr.Advance(59 * time.Second)
	try(pinEF, "G-121")
	l.Uhr.Advance(time.Second)
	_, err := l.s.Anmelden(l.Ctx, "EF", pinEF)
	l.Must(err)
	_, err = l.s.Anmelden(l.Ctx, "GH", "")
	l.Fails(err, "G-123")
	_, err = l.s.Anmelden(l.Ctx, "ZZ", pinEF)
	l.Fails(err, "G-122")
	for _, pin := range []string{"", "12345", "1234567", "12345a", "１２３４５６"} {
		l.Fails(l.s.PINSetzen(l.Ctx, l.als("AB"), "GH", pin), "G-130")
	}
	for _, pin := range []string{"000000", "123456", "654321"} {
		l.Fails(l.s.PINSetzen(l.Ctx, l.als("AB"), "GH", pin), "G-131")
	}
}

// To start the program anew gives nobody more tries: what was refused before still counts, for him and
// on this machine, and once he has waited the right PIN lets him in and all is forgotten.
func TestFalschePINNeustart(t *testing.T) {
	l := oeffne(t, true)
	try := func(pin, code string) {
		t.Helper()
		_, err := l.s.Anmelden(l.Ctx, "EF", pin)
		l.Fails(err, code)
	}
	again := func() { l.s = anmeldung.New(l.Kern) }
	for range 3 {
		try("000000", "G-124")
		again()
	}
	try("000000", "G-124")
	try("000000", "G-124")
	again()
	try(pinEF, "G-121")
	l.Uhr.Advance(29 * time.Second)
	again()
	try(pinEF, "G-121")
	l.Uhr.Advance(time.Second)
	try("000000", "G-124") // the sixth: now a minute
	again()
	l.Uhr.Set(l.Uhr.Now().Add(-24 * time.Hour)) // a clock that goes back makes nobody wait for longer
	l.Uhr.Advance(59 * time.Second)
	try(pinEF, "G-121")
	if _, err := l.s.Anmelden(l.Ctx, "AB", pinAB); err != nil {
		t.Error("somebody else has to wait, too:", err)
	}
	l.Uhr.Advance(24*time.Hour + time.Second)
	_, err := l.s.Anmelden(l.Ctx, "EF", pinEF)
	l.Must(err)
	again()
	for range 4 {
		try("000000", "G-124")
	}
	_, err = l.s.Anmelden(l.Ctx, "EF", pinEF)
	l.Must(err)
	elsewhere := *l.Kern
	elsewhere.Platz = "platz-9"
	for range 5 {
		try("000000", "G-124")
	}
	if _, err := anmeldung.New(&elsewhere).Anmelden(l.Ctx, "EF", pinEF); err != nil {
		t.Error("he cannot go to another machine:", err)
	}
}

// Many tries at once are no way round the delay.
func TestFalschePINZugleich(t *testing.T) {
	l := oeffne(t, true)
	done := make(chan error)
	for range 12 {
		go func() {
			_, err := l.s.Anmelden(l.Ctx, "EF", "000000")
			done <- err
		}()
	}
	wrong := 0
	for range 12 {
		if err := <-done; bytes.Contains([]byte(err.Error()), []byte("G-124")) {
			wrong++
		}
	}
	if wrong != 5 {
		t.Errorf("%d tries were looked at, want 5", wrong)
	}
}

func TestAusweis(t *testing.T) {
	l := oeffne(t, true)
	code, err := l.s.AusweisAusgeben(l.Ctx, l.als("AB"), "EF")
	l.Must(err)
	token, wer, err := l.s.Ausweis(l.Ctx, code)
	l.Must(err)
	if wer != "EF" || l.s.Wer(l.Ctx, token, true) != "EF" || !anmeldung.IstAusweis(code) {
		t.Errorf("badge of %s", wer)
	}
	_, err = l.s.AusweisAusgeben(l.Ctx, l.als("EF"), "EF")
	l.Fails(err, "G-107")
	_, err = l.s.AusweisAusgeben(l.Ctx, l.als("AB"), "GH")
	l.Fails(err, "G-133")
	second, err := l.s.AusweisAusgeben(l.Ctx, l.als("AB"), "EF")
	l.Must(err)
	_, _, err = l.s.Ausweis(l.Ctx, code)
	l.Fails(err, "G-125")
	l.Must(l.s.AusweisEntziehen(l.Ctx, l.als("AB"), "EF"))
	for _, bad := range []string{second, "", "OA1", "OA" + second} {
		_, _, err = l.s.Ausweis(l.Ctx, bad)
		l.Fails(err, "G-125")
	}
}

func TestBestaetigen(t *testing.T) {
	l := oeffne(t, true)
	token, err := l.s.Anmelden(l.Ctx, "EF", pinEF)
	l.Must(err)
	l.Uhr.Advance(80 * time.Second)
	l.s.Wer(l.Ctx, token, true)
	l.Uhr.Advance(41 * time.Second)
	if l.s.Bestaetigt(token) {
		t.Error("a proof of two minutes ago still counts")
	}
	l.Fails(l.s.Bestaetigen(l.Ctx, token, pinAB), "G-124")
	l.Must(l.s.Bestaetigen(l.Ctx, token, pinEF))
	if !l.s.Bestaetigt(token) || l.s.Bestaetigt("") {
		t.Error("the proof does not count")
	}
	l.Fails(l.s.Bestaetigen(l.Ctx, "x", pinEF), "G-120")
}

// The sealed code opens once, loudly, and only an Inhaber gets one.
func TestNotschluessel(t *testing.T) {
	l := oeffne(t, true)
	_, err := l.s.NotschluesselAusstellen(l.Ctx, l.als("EF"))
	l.Fails(err, "G-145")
	code, err := l.s.NotschluesselAusstellen(l.Ctx, l.als("AB"))
	l.Must(err)
	if _, _, err := l.s.Notzugang(l.Ctx, code[:31]+"x"); err == nil {
		t.Error("a wrong code opened")
	}
	token, wer, err := l.s.Notzugang(l.Ctx, code[:2]+" "+code[2:12]+"-"+code[12:])
	l.Must(err)
	if wer != "AB" || l.s.Wer(l.Ctx, token, true) != "AB" || !l.s.Bestaetigt(token) {
		t.Errorf("opened for %q", wer)
	}
	_, _, err = l.s.Notzugang(l.Ctx, code)
	l.Fails(err, "G-126")
	lage, err := l.s.Lage(l.Ctx)
	l.Must(err)
	if !lage.Notfall {
		t.Error("nobody is told that the seal is broken")
	}
	l.Must(l.s.PINSetzen(l.Ctx, l.als("AB"), "AB", "271828")) // that is what it is for
	if l.s.Wer(l.Ctx, token, true) != "AB" {
		t.Error("the session of the sealed code ends with the new PIN")
	}
}

// A permit is on paper, from others, and counts on its days only.
func TestErlaubnis(t *testing.T) {
	l := oeffne(t, true)
	day := civil.Must(2026, 11, 23)
	p := berechtigung.Erlaubnis{Art: berechtigung.ErlaubnisAbzeichnen, Ab: day, Datum: day, Dokument: "Ordner 3"}
	l.Fails(l.s.Erteilen(l.Ctx, l.als("EF"), "EF", p), "G-144")
	l.Fails(l.s.Erteilen(l.Ctx, l.als("EF"), "GH", p), "G-107")
	l.Fails(l.s.Erteilen(l.Ctx, l.als("AB"), "EF", berechtigung.Erlaubnis{Art: p.Art, Ab: day, Datum: day}), "G-141")
	l.Must(l.s.Erteilen(l.Ctx, l.als("AB"), "EF", p))
	if got := l.code("EF", berechtigung.Abzeichnen); got != "" {
		t.Errorf("with permit: %s", got)
	}
	list, err := l.s.Erlaubnisse(l.Ctx)
	l.Must(err)
	if len(list) != 1 || list[0].Aussteller != "AB" {
		t.Fatalf("%+v", list)
	}
	l.Must(l.s.Widerrufen(l.Ctx, l.als("AB"), list[0].ID))
	if got := l.code("EF", berechtigung.Abzeichnen); got != "G-104" {
		t.Errorf("after revocation: %q", got)
	}
}

// No PIN and no code stands in the journal.
func TestKeinGeheimnisImJournal(t *testing.T) {
	l := oeffne(t, true)
	code, err := l.s.AusweisAusgeben(l.Ctx, l.als("AB"), "EF")
	l.Must(err)
	_, err = l.s.Anmelden(l.Ctx, "EF", "314159")
	l.Fails(err, "G-124")
	heads, err := l.Kern.Store.Heads(l.Ctx)
	l.Must(err)
	l.Must(l.Kern.Store.Records(l.Ctx, heads[0].Origin, 0, func(r journal.Record) (bool, error) {
		for _, secret := range []string{pinAB, pinEF, code, "314159"} {
			if bytes.Contains(r.Payload, []byte(secret)) || bytes.Contains([]byte(r.Key), []byte(secret)) {
				t.Errorf("%s holds a secret: %s", r.Type, r.Payload)
			}
		}
		return true, nil
	}))
	audit, err := l.s.Vermerke(l.Ctx, civil.Must(2026, 11, 23), "EF")
	l.Must(err)
	if len(audit) != 3 || audit[0].Was != "abgelehnt" || audit[1].Was != "Ausweis ausgegeben" || audit[2].Was != "PIN gesetzt" {
		t.Errorf("%+v", audit)
	}
}

// To whom the Inhaber has delegated the keeping of users cannot take his place.
func TestUebertragen(t *testing.T) {
	l := oeffne(t, true)
	day := civil.Must(2026, 11, 1)
	l.Must(l.s.PINSetzen(l.Ctx, l.als("AB"), "CD", "314159"))
	p := berechtigung.Erlaubnis{Art: berechtigung.ErlaubnisVerwalten, Ab: day, Datum: day, Dokument: "Ordner 1"}
	l.Must(l.s.Erteilen(l.Ctx, l.als("AB"), "CD", p))
	l.Must(l.s.PINSetzen(l.Ctx, l.als("CD"), "GH", "271828")) // that is what it is for
	l.Fails(l.s.Erteilen(l.Ctx, l.als("CD"), "EF", p), "G-145")
	l.Fails(l.s.PINSetzen(l.Ctx, l.als("CD"), "AB", "271828"), "G-113")
	_, err := l.s.AusweisAusgeben(l.Ctx, l.als("CD"), "AB")
	l.Fails(err, "G-113")
	l.Fails(l.h.BenutzerSetzen(l.Ctx, l.als("CD"),
		haus.Benutzer{Kuerzel: "CD", Name: "Clara Dorn", Rolle: "Inhaber", Aktiv: true}), "G-113")
	l.Fails(l.h.BenutzerSetzen(l.Ctx, l.als("CD"),
		haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "PTA", Aktiv: true}), "G-113")
	l.Fails(l.h.BenutzerSetzen(l.Ctx, l.als("AB"), // nobody would be left for whom rights hold
		haus.Benutzer{Kuerzel: "AB", Name: "Anna Berg", Rolle: "Inhaber"}), "G-114")
}
