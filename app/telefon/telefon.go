package telefon

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/telefon"
)

// Dir is the folder of everything about phones, in the data folder.
const Dir = "telefon"

// Options say where phones may come in.
type Options struct {
	Daten    string // data folder of the pharmacy
	Listen   string // address of the Preisauskunft; empty: no phone comes in
	Koppeln  string // address of the pairing; empty: the port after that
	Name     string // of this machine in the network; empty: what it may be
	Clock    clock.Clock
	Log      *slog.Logger
	Programm func() (string, error) // this program; nil: as the system names it
	Quelle   func(context.Context) (preisauskunft.Quelle, error)
}

// Telefon is the way in for phones.
type Telefon struct {
	opt        Options
	aussteller *Aussteller
	ausweis    *ausweis
	liste      *liste
	seiten     net.Listener
	koppeln    net.Listener
	fehler     error // why nobody comes in, or not by that name
}

// Pruefe reports what is wrong with the addresses, before anything is started.
func (o Options) Pruefe() error {
	for flag, addr := range map[string]string{"--phone": o.Listen, "--phone-pairing": o.Koppeln} {
		if addr == "" {
			continue
		}
		host, port, err := net.SplitHostPort(addr)
		if n, numErr := strconv.Atoi(port); err != nil || numErr != nil || n < 0 || n > 65535 ||
			host != "" && net.ParseIP(host) == nil {
			return fault.New(fault.Invalid, "A-726",
				"Bitte bei "+flag+" eine Adresse dieses Rechners und einen Port angeben, etwa 0.0.0.0:8443.", err)
		}
	}
	if o.Name != "" && !hausname(namen(o.Name)[0]) {
		return fault.New(fault.Invalid, "A-830", "Bitte bei --phone-name einen Namen angeben, der nur diesem Rechner "+
			"gehört, etwa offizin.lan oder offizin.rosen-apotheke.de; Umlaute gehen nicht.", nil)
	}
	return nil
}

// Open makes everything ready for phones. It never fails: the till goes on, and its page
// about phones says what is wrong.
func Open(ctx context.Context, o Options) *Telefon {
	if o.Programm == nil {
		o.Programm = os.Executable
	}
	t := &Telefon{opt: o}
	if o.Listen == "" {
		return t
	}
	if t.fehler = t.open(ctx); t.fehler != nil {
		o.Log.Error("phones cannot come in", slog.Any("error", t.fehler))
	}
	return t
}

func (t *Telefon) open(ctx context.Context) error {
	dir := filepath.Join(t.opt.Daten, Dir)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return unlesbar(err)
	}
	names := namen(t.opt.Name)
	var err error
	if t.aussteller, err = OpenAussteller(dir, t.opt.Clock.Now(), names); err != nil {
		return err
	}
	t.ausweis = &ausweis{aussteller: t.aussteller, clock: t.opt.Clock}
	if t.seiten, err = lausche(ctx, t.opt.Listen, t.opt.Clock); err != nil {
		return err
	}
	if t.koppeln, err = lausche(ctx, t.zweite(), t.opt.Clock); err != nil {
		return errors.Join(err, t.seiten.Close())
	}
	t.liste = &liste{
		dir: dir, daten: t.opt.Daten, clock: t.opt.Clock, log: t.opt.Log, programm: t.opt.Programm, quelle: t.opt.Quelle,
		geraet: &telefon.Geraet{},
	}
	t.schaue()
	if t.opt.Name != "" && !t.aussteller.Erlaubt(names[0]) {
		return fault.New(fault.Invalid, "A-725", "Das Zertifikat der Apotheke gilt nicht für „"+names[0]+"“; bitte den "+
			"früheren Namen nehmen, oder „telefon/aussteller.pem“ löschen und alle Telefone neu koppeln.", nil)
	}
	return nil
}

// zweite is the address of the pairing.
func (t *Telefon) zweite() string {
	if t.opt.Koppeln != "" {
		return t.opt.Koppeln
	}
	host, port, _ := net.SplitHostPort(t.opt.Listen) // checked
	n, _ := strconv.Atoi(port)                       // checked
	if n > 0 {
		n = n%65535 + 1
	}
	return net.JoinHostPort(host, strconv.Itoa(n))
}

func lausche(ctx context.Context, addr string, c clock.Clock) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "A-722", "Für Telefone ist "+addr+" nicht frei oder keine Adresse dieses "+
			"Rechners; bitte mit --phone eine andere angeben und neu starten.", err)
	}
	return newTuer(l, c), nil
}

// schaue looks under which addresses the machine can be reached now.
func (t *Telefon) schaue() {
	t.ausweis.setze(orte{names: namen(t.opt.Name), ips: t.ips()})
}

func (t *Telefon) ips() []net.IP {
	all, _ := net.InterfaceAddrs() // none: the page says so
	return adressen(t.seiten.Addr(), all)
}

// Serve serves phones until ctx ends.
func (t *Telefon) Serve(ctx context.Context) {
	if t.liste == nil {
		return
	}
	pair, err := telefon.Koppeln(t.aussteller.Wurzel, t.seiteFuer)
	if err != nil {
		t.opt.Log.Error("pairing of phones not served", slog.Any("error", err))
		return
	}
	list := server(t.liste.geraet.Handler(), t.opt.Clock)
	other := server(pair, t.opt.Clock)
	var beside sync.WaitGroup
	beside.Go(func() { t.melde(list.Serve(tls.NewListener(t.seiten, t.ausweis.tls()))) })
	beside.Go(func() { t.melde(other.Serve(t.koppeln)) })
	t.liste.hole() // here, for it reads the whole program: the till does not wait for that
	t.wache(ctx)
	t.melde(errors.Join(list.Close(), other.Close()))
	beside.Wait()
}

func (t *Telefon) melde(err error) {
	if err != nil && !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		t.opt.Log.Error("phones are not served any more", slog.Any("error", err))
	}
}

// wache keeps list and addresses right.
func (t *Telefon) wache(ctx context.Context) {
	tick := time.NewTicker(takt)
	defer tick.Stop()
	for {
		t.schaue()
		t.liste.pruefe(ctx)
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// seiteFuer is the address of the Preisauskunft for a phone that came to a host; a host that
// is not ours gets the one that we would have told.
func (t *Telefon) seiteFuer(hostport string) string {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	list := t.orte()
	for _, a := range list {
		if a.Name == host {
			return a.Seite
		}
	}
	if len(list) > 0 {
		return list[0].Seite
	}
	return t.ort(host).Seite
}

func (t *Telefon) ort(host string) telefon.Adresse {
	port := func(l net.Listener) string {
		_, p, _ := net.SplitHostPort(l.Addr().String()) // it has one
		return p
	}
	return telefon.Adresse{
		Name:    host,
		Koppeln: fmt.Sprintf("http://%s/", net.JoinHostPort(host, port(t.koppeln))),
		Seite:   fmt.Sprintf("https://%s/", net.JoinHostPort(host, port(t.seiten))),
	}
}

func (t *Telefon) orte() (list []telefon.Adresse) {
	if t.opt.Name != "" && t.aussteller.Erlaubt(namen(t.opt.Name)[0]) {
		list = append(list, t.ort(namen(t.opt.Name)[0]))
	}
	for _, ip := range t.ips() {
		list = append(list, t.ort(ip.String()))
	}
	return slices.Clip(list)
}

// Zustand is how it stands with the phones, for the page of the till.
func (t *Telefon) Zustand() telefon.Zustand {
	z := telefon.Zustand{An: t.opt.Listen != "", Fehler: t.fehler}
	if t.liste == nil {
		return z
	}
	z.Adressen, z.Fingerabdruck = t.orte(), telefon.Fingerabdruck(t.aussteller.Wurzel)
	z.Zertifikat, z.Bis = t.aussteller.Wurzel.Subject.CommonName, clock.DayOf(t.aussteller.Wurzel.NotAfter)
	stand, err := t.liste.stand()
	if z.Stand = stand; z.Fehler == nil {
		z.Fehler = err
	}
	return z
}
