// Package knoten runs a pharmacy on one of its machines: it founds the pharmacy or joins it,
// serves pages and other machines, and does what goes on beside.
package knoten

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/offizin/offizin/app/apotheke"
	"github.com/offizin/offizin/app/finden"
	"github.com/offizin/offizin/app/knoten/hochstand"
	"github.com/offizin/offizin/app/knoten/rueckstand"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/geraete"
	"github.com/offizin/offizin/workflow/rechner"
)

// Options say which machine to run.
type Options struct {
	Apotheke apotheke.Options // Till is decided here, and Platz if empty

	Rang    int    // 1 is best; 0: as before, for a new machine behind the others
	Adresse string // host:port under which the others reach this one; empty: that of the listener
	Partner string // host:port of a machine that takes this one in, or Auto; empty: found a pharmacy
	Code    string // that the partner shows
	Version string // of the program

	// Trotzdem starts a folder also if the machine it belongs to runs elsewhere, or the others refuse it.
	Trotzdem bool

	// Hochstand is a folder outside the data folder that remembers how far the log was, so that a data folder
	// that was put back is found; Auto: the one for that of the system; empty: none.
	Hochstand string
}

// Auto is a partner that is looked for in the network, or a folder as the system has it.
const Auto = "auto"

// Actor is who acts when the program does something by itself.
const Actor = "offizin"

// Knoten is a running machine of a pharmacy.
type Knoten struct {
	*apotheke.Apotheke
	Node    *node.Knoten
	Rechner *rechner.Service
	Tuer    *kopplung.Tuer
	Geraete *geraete.Service

	opt       Options
	identity  *identity.Identity
	admission *identity.Admission
	members   *mitglieder
	tuer      *geraetetuer
	l         net.Listener
	rang      int
	gesagt    int      // how often its address since the start, by one goroutine
	frueher   []string // prefixes of receipt numbers that it had before
	aelter    string   // the witness by which this start has found that the database was put back; empty: none
	marken    *hochstand.Marken
	ortlos    error // why there is no folder for the one outside

	spaet      atomic.Bool // the TSE has found that only after the start
	unmarkiert atomic.Bool // nothing outside the data folder remembers how far it was

	rueckstand rueckstand.Stand
	kopie      kopie
}

// Open makes a machine ready; it takes over the listener. A folder that belongs to no machine
// yet founds a pharmacy, or joins that of the partner.
func Open(ctx context.Context, o Options, l net.Listener) (*Knoten, error) {
	o = o.filled(l)
	if err := os.MkdirAll(filepath.Join(o.Apotheke.Dir, Dir), 0o700); err != nil {
		return nil, fault.New(fault.Unavailable, "M-211",
			"Der Ordner „knoten“ lässt sich nicht beschreiben; bitte freien Platz und Rechte prüfen.", err)
	}
	id, err := ladeIdentity(o.Apotheke.Dir)
	if err != nil {
		return nil, err
	}
	d, err := o.wer(ctx, id)
	if err != nil {
		return nil, err
	}
	k := &Knoten{opt: o, identity: id, l: l, members: &mitglieder{
		self: id.Fingerabdruck(), aussteller: d.Aussteller, fremd: fremde(d.Mitglieder),
	}}
	o.Apotheke.Platz, o.Apotheke.Till, o.Apotheke.Fuehrt = cmp.Or(d.Platz, o.Apotheke.Platz), d.Till, k.fuehrt
	o.Apotheke.Fetch, o.Apotheke.Behind = k.fetch, k.rueckstand.Behind
	o.Apotheke.Rechner, o.Apotheke.Aelter = k.rechner, k.tseSpaet
	if k.Apotheke, err = apotheke.Open(ctx, o.Apotheke); err != nil {
		return nil, err
	}
	k.opt.Apotheke.Clock = k.Kern.Clock // the one that is believed
	k.members.begrenze(k.Kern.Clock)
	if err := k.connect(ctx, d); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	k.tseAnschliessen(ctx)
	if err := k.tseFragen(ctx); err != nil {
		return nil, errors.Join(err, k.Close())
	}
	return k, nil
}

func (o Options) filled(l net.Listener) Options {
	o.Adresse = eigeneAdresse(cmp.Or(o.Adresse, l.Addr().String()))
	if o.Apotheke.Log == nil {
		o.Apotheke.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

// fuehrt reports whether this machine does the errands of the pharmacy.
func (k *Knoten) fuehrt() bool { return k.Node != nil && k.Node.Fuehrt() }

// fetch gets a record from another machine.
func (k *Knoten) fetch(ctx context.Context, o journal.Origin, seq uint64) (journal.Record, bool) {
	if k.Node == nil {
		return journal.Record{}, false
	}
	return k.Node.Fetch(ctx, o, seq)
}

// Rang is where this machine stands in the order.
func (k *Knoten) Rang() int { return k.rang }

// Local is the address of its pages on this machine.
func (k *Knoten) Local() string { return lokal(k.l.Addr()) }

func ladeIdentity(dir string) (*identity.Identity, error) {
	name := filepath.Join(dir, Dir, identityFile)
	id, err := identity.Load(name)
	if errors.Is(err, os.ErrNotExist) {
		if id, err = identity.New(); err == nil {
			err = id.Save(name)
		}
	}
	if errors.Is(err, identity.ErrFile) {
		return nil, fault.New(fault.Corrupt, "M-212", "Die Datei knoten/rechner.pem ist nicht lesbar; bitte aus der "+
			"Sicherung holen oder den Ordner „knoten“ löschen und neu starten.", err)
	}
	if err != nil {
		return nil, fault.New(fault.Unavailable, "M-211",
			"Der Ordner „knoten“ lässt sich nicht beschreiben; bitte freien Platz und Rechte prüfen.", err)
	}
	return id, nil
}

// wer finds out who this machine is: as it was, as the partner says, or the first one.
func (o Options) wer(ctx context.Context, id *identity.Identity) (rechnerDatei, error) {
	d, known, err := lade(o.Apotheke.Dir)
	if err != nil {
		return d, err
	}
	switch {
	case known && o.Partner != "":
		o.Apotheke.Log.Warn("this machine belongs to a pharmacy already, partner and code are of no use")
	case o.Partner != "":
		if d, err = o.beitreten(ctx, id); err != nil {
			return d, err
		}
	case !known:
		d = rechnerDatei{Till: o.Apotheke.Till}
		if !apotheke.Exists(o.Apotheke.Dir) {
			d.Platz, d.Rang = cmp.Or(o.Apotheke.Platz, "platz-1"), 1
		}
	}
	before := d.Rang
	d.Rang = cmp.Or(o.Rang, d.Rang)
	if known && d.Rang == before || d.Platz == "" { // an older journal knows its name: written after it was opened
		return d, nil
	}
	return d, d.sichere(o.Apotheke.Dir)
}

// beitreten asks the partner to take this machine in.
func (o Options) beitreten(ctx context.Context, id *identity.Identity) (d rechnerDatei, err error) {
	if apotheke.Exists(o.Apotheke.Dir) {
		return d, fault.New(fault.Conflict, "M-213", "In diesem Datenordner liegt schon eine Apotheke; "+
			"bitte für den neuen Rechner einen leeren Ordner angeben.", nil)
	}
	if !nurLokal(o.Partner) && nurLokal(o.Adresse) {
		return d, fault.New(fault.Invalid, "M-281", "Die anderen Rechner erreichen diesen unter "+o.Adresse+" nicht; "+
			"bitte mit --listen seine Adresse im Netz angeben, etwa 192.168.1.21:7443.", nil)
	}
	z, err := o.koppeln(ctx, kopplung.Antrag{
		Public: id.Public(), Platz: o.Apotheke.Platz, Rang: o.Rang, Adresse: o.Adresse,
	})
	if err != nil {
		return d, err
	}
	if err := id.Setze(z.Zertifikat); err != nil {
		return d, err
	}
	if err := id.Save(filepath.Join(o.Apotheke.Dir, Dir, identityFile)); err != nil {
		return d, err
	}
	return rechnerDatei{
		Platz: z.Platz, Till: z.Till, Rang: z.Rang, Aussteller: z.Aussteller, Mitglieder: z.Mitglieder,
	}, nil
}

// suchdauer is how long machines are looked for in the network.
const suchdauer = 3 * time.Second

// koppeln asks the partner, or each machine that the network knows until one takes this one in:
// the code is open on one of them only, and a closed door counts no tries.
func (o Options) koppeln(ctx context.Context, a kopplung.Antrag) (z kopplung.Zusage, err error) {
	if o.Partner != Auto {
		return kopplung.Koppeln(ctx, o.Partner, o.Code, a)
	}
	list, err := finden.Suche(ctx, suchdauer)
	if len(list) == 0 {
		return z, fault.New(fault.Unavailable, "M-270", "Im Netz ist kein Rechner einer Apotheke zu finden; "+
			"bitte mit --partner die Adresse angeben, die beim Code steht.", err)
	}
	return kopplung.KoppelnAny(ctx, list, o.Code, a)
}

func fremde(list []kopplung.Mitglied) (out []rechner.Rechner) {
	for _, m := range list {
		out = append(out, rechner.Rechner{Platz: m.Platz, Rang: m.Rang, Adresse: m.Adresse, Fingerabdruck: m.Fingerabdruck})
	}
	return out
}

// connect fits this machine and the others together.
func (k *Knoten) connect(ctx context.Context, d rechnerDatei) error {
	k.Rechner = rechner.New(k.Kern, k.neuerAussteller)
	k.Rechner.Selbst = k.identity.Fingerabdruck()
	k.admission = &identity.Admission{Identity: k.identity, Mitglieder: k.members, Now: k.opt.Apotheke.Clock.Now}
	lost := d.Platz == "" // a journal without identity: restored, or of before there were machines
	if lost {
		d.Platz = k.Kern.Platz
	}
	if err := k.ausweisen(ctx); err != nil {
		return err
	}
	if err := k.vorgaenger(ctx, d.Platz); err != nil {
		return err
	}
	self, err := k.melde(ctx, d)
	if err != nil {
		return err
	}
	if lost {
		d.Till, k.Kern.Till, d.Rang = self.Till, self.Till, self.Rang
		if err := d.sichere(k.opt.Apotheke.Dir); err != nil {
			return err
		}
	}
	if err := k.members.lies(ctx, k.Rechner); err != nil {
		return err
	}
	if err := k.nummernFolgen(ctx, d); err != nil {
		return err
	}
	k.rang = self.Rang
	k.Node = node.New(node.Options{
		Store: k.Store, Self: rang.Name{Rang: d.Rang, Platz: d.Platz}, Admission: k.admission, Clock: k.Uhr,
		Log: k.opt.Apotheke.Log, Programm: k.opt.Version, Mitglieder: k.members.andere, Dateien: k.dateien(),
		Behind: k.rueckstand.Tell,
	})
	k.Kern.Nachbarn, k.Kern.Sicht, k.Kataloge = k.Node, k.Node, k.katalogstand
	k.Dienste.Rechner, k.Dienste.Neues = seite{k}, append(k.Dienste.Neues, k.Node.Changes()...)
	k.Geraete = geraete.New(k.Kern, k.identity.Fingerabdruck())
	k.tuer = &geraetetuer{k: k, dienst: k.Geraete}
	k.Dienste.Geraete, k.Dienste.Geraetetuer = k.Geraete, k.tuer
	k.Tuer = kopplung.NewTuer(k.opt.Apotheke.Clock, k.opt.Apotheke.Log, k.aufnehmen)
	k.Tuer.Refused = k.Node.Fremder
	if err := k.erneuere(ctx); err != nil { // keys that are locked stop no sale; it is tried again
		k.opt.Apotheke.Log.Warn("certificate not renewed", slog.Any("error", err))
	}
	return nil
}

// ausweisen has the authority that the others know vouch for a new key, before another one is made for the
// place that this machine takes. Where that cannot be – nothing founded yet, locked keys –, it is tried again.
func (k *Knoten) ausweisen(ctx context.Context) error {
	if _, founded, err := k.Rechner.Aussteller(ctx); err != nil || !founded || k.identity.Certified() {
		return nil //nolint:nilerr // locked keys stop no sale
	}
	err := k.erneuere(ctx)
	if err != nil && k.identity.Certified() { // with the next start it would be lost, and never made again
		return fault.New(fault.Unavailable, "M-211",
			"Der Ordner „knoten“ lässt sich nicht beschreiben; bitte freien Platz und Rechte prüfen.", err)
	}
	if err != nil {
		k.opt.Apotheke.Log.Warn("no certificate for a new key", slog.Any("error", err))
	}
	return nil
}

// melde writes into the journal that this machine is there: the first one founds the
// pharmacy, a later one tells its rank and address if they have changed. One that has just
// joined is in the journal of its partner already, and waits for it. One that has lost its key
// takes its place again with a new one, and with new receipt numbers: if its disk was put
// back, it does not know which it has given out.
func (k *Knoten) melde(ctx context.Context, d rechnerDatei) (rechner.Rechner, error) {
	self := rechner.Rechner{
		Fingerabdruck: k.identity.Fingerabdruck(), Platz: d.Platz, Till: d.Till, Rang: d.Rang, Adresse: k.opt.Adresse,
	}
	_, founded, err := k.Rechner.Aussteller(ctx)
	if !founded {
		if err != nil || len(d.Aussteller) > 0 {
			return self, err
		}
		self.Till, self.Rang = cmp.Or(d.Till, "1"), cmp.Or(d.Rang, 1)
		err = k.Rechner.Gruenden(ctx, workflow.Auftrag{Key: "gruenden", Actor: Actor}, self)
		if f, ok := errors.AsType[*fault.Fault](err); ok && f.Code == "J-215" { // locked keys stop no sale
			k.opt.Apotheke.Log.Warn("pharmacy not founded, it stays a single machine", slog.Any("error", err))
			err = nil
		}
		return self, err
	}
	list, err := k.Rechner.Alle(ctx) // a locked authority does not matter here
	if err != nil {
		return self, err
	}
	for _, r := range list {
		if r.Fingerabdruck != self.Fingerabdruck {
			continue
		}
		if k.opt.Rang == 0 { // what somebody decided elsewhere, also if it could not be written beside the journal
			self.Rang = cmp.Or(r.Rang, self.Rang)
		}
		if r.Entfernt || r.Rang == self.Rang && r.Adresse == self.Adresse {
			return self, nil
		}
	}
	if self.Till == "" {
		self.Till = rechner.NewTill(list, self)
	}
	return k.Rechner.Aufnehmen(ctx, k.auftrag("melden"), self)
}

// auftrag is something the program does by itself, once.
func (k *Knoten) auftrag(was string) workflow.Auftrag {
	key := was + "-" + k.identity.Fingerabdruck()[:16] + "-" + strconv.FormatInt(k.opt.Apotheke.Clock.Now().UnixNano(), 36)
	return workflow.Auftrag{Key: key, Actor: Actor}
}

func (k *Knoten) neuerAussteller(epoche int) (rechner.Aussteller, error) {
	a, err := identity.NewAussteller(epoche, k.opt.Apotheke.Clock.Now())
	if err != nil {
		return rechner.Aussteller{}, err
	}
	key, err := a.Schluessel()
	return rechner.Aussteller{Epoche: epoche, Zertifikat: a.Zertifikat(), Schluessel: key}, err
}

func (k *Knoten) aussteller(ctx context.Context) (*identity.Aussteller, error) {
	a, ok, err := k.Rechner.Aussteller(ctx)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, errors.New("the authority of the pharmacy has not come here yet")
	}
	return identity.LoadAussteller(a.Epoche, a.Zertifikat, a.Schluessel)
}

// erneuere makes the certificate of this machine anew when it is old. Every machine does so
// for itself; without it, machines that know each other go on.
func (k *Knoten) erneuere(ctx context.Context) error {
	if !k.identity.Alt(k.opt.Apotheke.Clock.Now()) {
		return nil
	}
	a, err := k.aussteller(ctx)
	if err != nil {
		return err
	}
	der, err := a.Sign(k.Kern.Platz, k.identity.Public(), k.opt.Apotheke.Clock.Now())
	if err == nil {
		err = k.identity.Setze(der)
	}
	if err == nil {
		err = k.identity.Save(filepath.Join(k.opt.Apotheke.Dir, Dir, identityFile))
	}
	if err != nil {
		return fmt.Errorf("renew certificate of this machine: %w", err)
	}
	return nil
}

// aufnehmen takes a machine in that has proven to know the code.
func (k *Knoten) aufnehmen(ctx context.Context, a kopplung.Antrag, von string) (z kopplung.Zusage, err error) {
	if _, err = k.aussteller(ctx); err == nil {
		err = k.frei(a)
	}
	if err != nil {
		return z, err
	}
	r, err := k.Rechner.Aufnehmen(ctx, k.auftrag("aufnehmen"), rechner.Rechner{
		Fingerabdruck: identity.Fingerabdruck(a.Public), Platz: a.Platz, Rang: a.Rang, Adresse: erreichbar(a.Adresse, von),
	})
	if err != nil {
		return z, err
	}
	authority, err := k.aussteller(ctx) // a new one, if another machine was replaced
	if err != nil {
		return z, err
	}
	z = kopplung.Zusage{Platz: r.Platz, Till: r.Till, Rang: r.Rang, Aussteller: authority.Zertifikat()}
	if z.Zertifikat, err = authority.Sign(r.Platz, a.Public, k.opt.Apotheke.Clock.Now()); err != nil {
		return z, err
	}
	list, err := k.Rechner.Alle(ctx)
	for _, m := range list {
		if !m.Entfernt && m.Fingerabdruck != r.Fingerabdruck {
			z.Mitglieder = append(z.Mitglieder, kopplung.Mitglied{
				Platz: m.Platz, Rang: m.Rang, Adresse: m.Adresse, Fingerabdruck: m.Fingerabdruck,
			})
		}
	}
	return z, err
}

// frei refuses the name of a machine that runs: a slip of the pen must not throw it out.
func (k *Knoten) frei(a kopplung.Antrag) error {
	_, known, _ := k.members.Mitglied(identity.Fingerabdruck(a.Public))
	if known || a.Platz != k.Kern.Platz && !k.Node.Antwortet(a.Platz) {
		return nil
	}
	return fault.New(fault.Conflict, "M-280", "Einen Rechner „"+a.Platz+"“ gibt es schon, und er läuft; "+
		"bitte einen anderen Namen angeben oder ihn zuerst ausschalten.", nil)
}

// erreichbar is an address under which a machine can be called that listens everywhere: the
// one it calls from.
func erreichbar(adresse, von string) string {
	host, port, err := net.SplitHostPort(adresse)
	if ip := net.ParseIP(host); err != nil || host != "" && (ip == nil || !ip.IsUnspecified()) {
		return adresse
	}
	from, _, err := net.SplitHostPort(von)
	if err != nil {
		return adresse
	}
	return net.JoinHostPort(from, port)
}
