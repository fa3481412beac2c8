// Package simulator is a TSE that can be had without one: it signs for real, with a key of its
// own (P-256), in genuine log messages (BSI TR-03151, version 2), keeps what it signed on disk,
// exports it as a TAR file – and misbehaves on request. It is not certified, proves nothing,
// and refuses to serve a real till. PROTOCOL.md beside it says what it does and what not.
package simulator

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
)

// Bezeichnung is what it calls itself, on every screen and in every export.
const Bezeichnung = "SIMULATOR – nicht zertifiziert"

// Name is its name as a driver.
const Name = "simulator"

// Optionen say how it is built.
type Optionen struct {
	Ordner        string // where its file lies; it is made
	Zeitformat    string // "unixTime" if empty; only of a new one: later the file says
	MaxOffen      int    // transactions at once; 0: 512
	MaxSignaturen uint64 // 0: 20 million
	Echtbetrieb   bool   // the till is a real one: refused
	Stoerung      Stoerung
}

// Simulator is the device. Safe for concurrent use: it does one thing after the other.
type Simulator struct {
	opt   Optionen
	clk   clock.Clock
	frei  chan struct{} // holds one token while nobody uses the device
	datei *datei
	zu    bool // closed

	mu       sync.Mutex // guards stoerung
	stoerung Stoerung
}

// Open opens the simulator of a folder, or makes a new one there with a key of its own.
func Open(opt Optionen, c clock.Clock) (*Simulator, error) {
	if opt.Echtbetrieb {
		return nil, fault.New(fault.Denied, "T-201",
			"Der TSE-Simulator signiert keine echten Verkäufe – bitte eine zertifizierte TSE einrichten.", nil)
	}
	if opt.MaxOffen == 0 {
		opt.MaxOffen = 512
	}
	if opt.MaxSignaturen == 0 {
		opt.MaxSignaturen = 20_000_000
	}
	f, err := openDatei(opt, c.Now())
	if err != nil {
		return nil, err
	}
	s := &Simulator{opt: opt, clk: c, frei: make(chan struct{}, 1), datei: f, stoerung: opt.Stoerung}
	s.frei <- struct{}{}
	return s, nil
}

// Close closes its file. What was signed is on disk already.
func (s *Simulator) Close() error {
	<-s.frei
	defer func() { s.frei <- struct{}{} }()
	if s.zu {
		return nil
	}
	s.zu = true
	return s.datei.close()
}

// Stand says how it is.
func (s *Simulator) Stand(ctx context.Context) (stand tse.Stand, err error) {
	err = s.tun(ctx, func() error {
		g, d := s.stoer(), s.datei
		stand = tse.Stand{
			Geraet: d.geraet(s.opt.Ordner), Clients: slices.Clone(d.clients), Offene: len(d.offen), MaxOffen: s.opt.MaxOffen,
			Signaturen: d.zaehler, MaxSignaturen: s.opt.MaxSignaturen, Selbsttest: g.Selbsttest, Uhr: s.jetzt().UnixNano(),
		}
		if g.Voll {
			stand.MaxSignaturen = stand.Signaturen
		}
		if !g.Abgelaufen {
			return nil
		}
		old, err := zertifikat(d.key, s.jetzt().AddDate(-gueltig, 0, -1))
		stand.Ablauf = clock.DayOf(s.jetzt().AddDate(0, 0, -1))
		stand.Zertifikate = []string{base64.StdEncoding.EncodeToString(old)}
		return err
	})
	return stand, err
}

// Selbsttest tests it; afterwards it wants none.
func (s *Simulator) Selbsttest(ctx context.Context) error {
	return s.tun(ctx, func() error {
		if err := s.system("SelfTest", ""); err != nil {
			return err
		}
		s.aendern(func(g *Stoerung) { g.Selbsttest = false })
		return nil
	})
}

// Stellen sets its time right.
func (s *Simulator) Stellen(ctx context.Context) error {
	return s.tun(ctx, func() error {
		s.aendern(func(g *Stoerung) { g.Uhr = 0 })
		return s.system("UpdateTime", "")
	})
}

// Anmelden registers a till by its serial number. It may be registered already.
func (s *Simulator) Anmelden(ctx context.Context, client string) error {
	return s.tun(ctx, func() error {
		if !erlaubt(client) {
			return fehler(tse.Einrichtung, Ungueltig, "Seriennummer des Platzes ist für eine TSE ungültig")
		}
		if slices.Contains(s.datei.clients, client) {
			return nil
		}
		return s.system(registrieren, client)
	})
}

// Abmelden takes a till off. It may be unknown.
func (s *Simulator) Abmelden(ctx context.Context, client string) error {
	return s.tun(ctx, func() error {
		if !slices.Contains(s.datei.clients, client) {
			return nil
		}
		return s.system(abmelden, client)
	})
}

// erlaubt reports whether a client id is a PrintableString of at most 30 characters (facts: AEAO, TR-03151).
func erlaubt(client string) bool {
	for _, r := range client {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		if !letter && !slices.Contains([]rune(" '()+,-./:=?"), r) {
			return false
		}
	}
	return client != "" && len(client) <= 30
}

// Beginnen starts a transaction; the same key of the same till gives the same again.
func (s *Simulator) Beginnen(ctx context.Context, client, schluessel string) (b tse.Beginn, err error) {
	err = s.signiere(ctx, func() error {
		if nr, ok := s.datei.bekannt[kennung{client, schluessel}]; ok && schluessel != "" {
			b, err = s.datei.beginn(nr)
			return err
		}
		if !slices.Contains(s.datei.clients, client) {
			return fehler(tse.Einrichtung, OhneAnmeldung, "Platz "+client+" ist an der TSE nicht angemeldet")
		}
		if len(s.datei.offen) >= s.opt.MaxOffen {
			return fehler(tse.Ausfall, MaxOffen, "Zu viele offene Vorgänge an der TSE")
		}
		n := lognachricht.Nachricht{
			Operation: lognachricht.Start, ClientID: client, Nummer: s.datei.letzte + 1,
			ProcessData: []byte{}, ProcessType: []byte{},
		}
		if err := s.schreiben(n, schluessel); err != nil {
			return err
		}
		b, err = s.datei.beginn(n.Nummer)
		return err
	})
	return b, err
}

// Beenden finishes a transaction. The same again gives the same signature: nothing is signed
// twice.
func (s *Simulator) Beenden(
	ctx context.Context, client string, b tse.Beginn, prozess, daten string,
) (g tse.Signatur, err error) {
	err = s.signiere(ctx, func() error {
		vorgang, ok := s.datei.offen[b.Transaktion]
		if ok && vorgang.Client == client {
			err := s.schreiben(lognachricht.Nachricht{
				Operation: lognachricht.Finish, ClientID: client, Nummer: b.Transaktion,
				ProcessData: []byte(daten), ProcessType: []byte(prozess),
			}, "")
			if err != nil {
				return err
			}
		}
		n, found, err := s.datei.ende(b.Transaktion)
		switch {
		case err != nil:
			return err
		case !found || n.ClientID != client:
			return fehler(tse.Einrichtung, Unbekannt, "Die TSE kennt den Vorgang nicht")
		case string(n.ProcessData) != daten || string(n.ProcessType) != prozess:
			return fehler(tse.Einrichtung, AndereDaten, "Der Vorgang ist mit anderen Daten beendet")
		}
		g, err = s.datei.signatur(n)
		return err
	})
	return g, err
}

// Offene are the transactions of a till that were started and not finished, in their order;
// those of all tills if client is empty.
func (s *Simulator) Offene(ctx context.Context, client string) (list []tse.Offen, err error) {
	err = s.tun(ctx, func() error {
		for _, o := range s.datei.offen {
			if client == "" || o.Client == client {
				list = append(list, o)
			}
		}
		slices.SortFunc(list, func(a, b tse.Offen) int { return int(a.Transaktion) - int(b.Transaktion) })
		return nil
	})
	return list, err
}

// Beendet gives the signature of a transaction that was finished, from the log; false if it
// was not, or not by that till.
func (s *Simulator) Beendet(
	ctx context.Context, client string, transaktion uint64,
) (g tse.Signatur, found bool, err error) {
	err = s.tun(ctx, func() error {
		n, ok, err := s.datei.ende(transaktion)
		if err != nil || !ok || n.ClientID != client {
			return err
		}
		found = true
		g, err = s.datei.signatur(n)
		return err
	})
	return g, found && err == nil, err
}

// Letzte is the number of the last transaction that a till has ended; false if there is none.
func (s *Simulator) Letzte(ctx context.Context, client string) (nr uint64, found bool, err error) {
	err = s.tun(ctx, func() error {
		nr, found = s.datei.beendet[client]
		return nil
	})
	return nr, found && err == nil, err
}

// signiere is tun for what needs a signature: only a device in order makes one.
func (s *Simulator) signiere(ctx context.Context, do func() error) error {
	verloren := false
	err := s.tun(ctx, func() error {
		g := s.stoer()
		switch {
		case g.Voll || s.datei.zaehler >= s.opt.MaxSignaturen:
			return fehler(tse.Ausfall, Voll, "Der Speicher der TSE ist voll")
		case g.Selbsttest:
			return fehler(tse.Ausfall, Selbsttest, "Die TSE braucht einen Selbsttest")
		case g.Abgelaufen || clock.DayOf(s.jetzt()) > s.datei.ablauf:
			return fehler(tse.Einrichtung, Abgelaufen, "Das Zertifikat der TSE ist abgelaufen")
		}
		if g.Verloren > 0 {
			s.aendern(func(g *Stoerung) { g.Verloren-- })
			verloren = true
		}
		return do()
	})
	if err == nil && verloren {
		return fehler(tse.Ausfall, Verloren, "Die Antwort der TSE ging verloren")
	}
	return err
}

// jetzt is the time of its own clock.
func (s *Simulator) jetzt() time.Time {
	return s.clk.Now().Add(s.stoer().Uhr)
}

// schreiben signs a log message and keeps it.
func (s *Simulator) schreiben(n lognachricht.Nachricht, schluessel string) error {
	if n.Art == 0 {
		n.Art = lognachricht.Transaktion
	}
	return s.datei.schreiben(n, s.jetzt(), schluessel)
}

// system writes what it did itself into its log.
func (s *Simulator) system(operation, client string) error {
	return s.schreiben(lognachricht.Nachricht{
		Art: lognachricht.System, Operation: operation, Systemdaten: systemdaten(client),
	}, "")
}

// Schluessel is the public key of a simulator in a folder, to check its signatures.
func (s *Simulator) Schluessel() *ecdsa.PublicKey { return &s.datei.key.PublicKey }

func fehler(art tse.Art, why Grund, text string) error {
	return &tse.Fehler{Art: art, Text: text, Err: why}
}

func kaputt(err error) error {
	if f, ok := errors.AsType[*tse.Fehler](err); ok {
		return f
	}
	return &tse.Fehler{Art: tse.Ausfall, Text: "Der Speicher der TSE ist nicht lesbar oder voll", Err: err}
}

// punkt is a public key as receipts have it: 04‖X‖Y.
func punkt(key *ecdsa.PublicKey) []byte {
	b, err := key.Bytes()
	if err != nil {
		panic(err) // our own key, on P-256
	}
	return b
}

func seriennummer(key *ecdsa.PublicKey) []byte {
	sum := sha256.Sum256(punkt(key))
	return sum[:]
}

// geraet is what it says about itself.
func (d *datei) geraet(ordner string) tse.Geraet {
	return tse.Geraet{
		Treiber: Name, Adresse: filepath.Base(ordner), Seriennummer: hex.EncodeToString(seriennummer(&d.key.PublicKey)),
		Schluessel:  base64.StdEncoding.EncodeToString(punkt(&d.key.PublicKey)),
		Algorithmus: lognachricht.SHA256.String(), Zeitformat: string(d.form),
		Zertifikate: []string{base64.StdEncoding.EncodeToString(d.kopf.Zertifikat)},
		Ablauf:      d.ablauf, Uebung: true, Bezeichnung: Bezeichnung,
	}
}
