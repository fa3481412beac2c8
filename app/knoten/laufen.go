package knoten

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/app/finden"
	"github.com/offizin/offizin/internal/logs"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/web"
)

// erneuernAlle is how often the certificate is looked at.
const erneuernAlle = time.Hour

// How long requests that are running may take when the program ends: a payment may have to wait for its TSE,
// which is given up after three seconds. Then they are told that nobody waits for them, and may tidy up.
const (
	abschied = 4 * time.Second
	abbruch  = time.Second
)

// Laufen serves until the context ends, and does beside what is given.
func (k *Knoten) Laufen(ctx context.Context, beside ...func(context.Context)) error {
	pages, err := k.Handler()
	if err != nil {
		return err
	}
	k.tuer.pages = pages
	steuerung, err := k.steuerung()
	if err != nil {
		return err
	}
	defer steuerung.ende()
	running, stop := context.WithCancel(ctx)
	var both sync.WaitGroup
	defer both.Wait()
	defer stop()
	for _, f := range append(k.nebenbei(), beside...) {
		both.Go(func() { f(running) })
	}
	return k.serve(ctx, nurHier(steuerung.vor(pages)))
}

// nebenbei is what every machine does beside serving.
func (k *Knoten) nebenbei() []func(context.Context) {
	log := k.opt.Apotheke.Log
	return []func(context.Context){
		func(ctx context.Context) { k.Nebenher(ctx, log) },
		func(ctx context.Context) { k.Sicherung.Laufen(ctx, log) },
		func(ctx context.Context) {
			then := func() error { return errors.Join(k.rangFolgen(), k.adresseSagen(ctx)) }
			k.members.folge(ctx, k.Store.Changed, k.Rechner, then, log)
		},
		func(ctx context.Context) { k.Dienste.Ausgang.Laufen(ctx, k.fuehrt, log) },
		func(ctx context.Context) { finden.Melden(ctx, log, k.Kern.Platz, k.opt.Adresse) },
		k.Node.Run,
		k.tuer.folge,
		k.schluesselFolgen,
		k.erneuern,
		k.einigen,
		k.markieren,
		k.kopieSuchen,
	}
}

// einigenAlle is how often is looked whether a removed machine knows the present authority.
const einigenAlle = 5 * time.Second

// einigen makes a new authority after such removals, on the machine that leads.
func (k *Knoten) einigen(ctx context.Context) {
	t := time.NewTicker(einigenAlle)
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
		if !k.fuehrt() || k.members.entfernt() || !k.identity.Certified() { // the present one must vouch for it first
			continue
		}
		made, err := k.Rechner.Einigen(ctx, k.auftrag("einigen"))
		if err != nil && ctx.Err() == nil {
			k.opt.Apotheke.Log.Warn("authority not made anew", slog.Any("error", err))
		} else if made {
			k.opt.Apotheke.Log.Info("new authority: the one before was known to a machine that was removed")
		}
	}
}

// erneuern keeps the certificate fresh.
func (k *Knoten) erneuern(ctx context.Context) {
	t := time.NewTicker(erneuernAlle)
	defer t.Stop()
	for {
		if err := k.erneuere(ctx); err != nil && ctx.Err() == nil {
			k.opt.Apotheke.Log.Warn("certificate not renewed", slog.Any("error", err)) // machines that know each other go on
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// serve lets pages and machines in until the context ends.
//
//nolint:contextcheck // requests may go on a little after the end of ctx
func (k *Knoten) serve(ctx context.Context, pages http.Handler) error {
	w := newWeiche(k.l)
	go w.stelle()
	log := k.opt.Apotheke.Log
	open, secure := web.Server(pages, log), web.Server(k.maschinen(), logs.Server(log, k.opt.Apotheke.Clock))
	secure.TLSConfig, secure.ConnContext = k.admission.Server(), mitGast
	requests, halt := context.WithCancel(open.BaseContext(k.l))
	defer halt()
	open.BaseContext = func(net.Listener) context.Context { return requests }
	ended := make(chan error, 2)
	go func() { ended <- open.Serve(w.offen) }()
	go func() { ended <- secure.ServeTLS(w.sicher, "", "") }()
	var err error
	select {
	case err = <-ended:
	case <-ctx.Done():
	}
	closed := k.l.Close()
	_ = secure.Close() // other machines ask again
	err = errors.Join(err, closed, beende(context.WithoutCancel(ctx), open, halt))
	if err == nil || errors.Is(err, http.ErrServerClosed) || errors.Is(err, net.ErrClosed) {
		return nil
	}
	return err
}

// beende lets requests that are running end: by themselves, then by halt. What does not is cut off: an
// export reads for minutes, and of a request of which only half has come the rest may never.
func beende(ctx context.Context, s *http.Server, halt func()) error {
	err := warte(ctx, s, abschied)
	if errors.Is(err, context.DeadlineExceeded) {
		halt()
		err = warte(ctx, s, abbruch)
	}
	if errors.Is(err, context.DeadlineExceeded) {
		err = s.Close()
	}
	return err //nolint:wrapcheck // that of the server
}

func warte(ctx context.Context, s *http.Server, d time.Duration) error {
	patience, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	return s.Shutdown(patience) //nolint:wrapcheck // that of the server
}

// maschinen answers what comes encrypted: new machines, and those of the pharmacy.
func (k *Knoten) maschinen() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(kopplung.Path, k.Tuer)
	mux.Handle("/knoten/v1/", k.Node)
	mux.HandleFunc("GET "+pathSchluessel, k.gibSchluessel)
	return k.vertraute(mux)
}

// nurHier lets nobody read pages from another machine without encryption.
func nurHier(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, err := netip.ParseAddrPort(r.RemoteAddr)
		here, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
		if err != nil || !vonHier(net.TCPAddrFromAddrPort(from), here) {
			http.Error(w, "Diese Seiten gibt es nur auf dem Rechner selbst; bitte dort öffnen. (M-220)", http.StatusForbidden)
			return
		}
		if !eigenerName(r.Host) {
			unterFremdemNamen(w)
			return
		}
		h.ServeHTTP(w, r)
	})
}

// eigenerName reports whether a browser on this machine can mean it by a name: an address, localhost, or
// what the machine is called. Any other – also one of the local network, for which anybody in it can answer –
// may have been pointed here by a foreign page (DNS rebinding).
func eigenerName(hostport string) bool {
	host := hostport
	if h, _, err := net.SplitHostPort(hostport); err == nil {
		host = h
	}
	host = strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
	own, err := os.Hostname()
	return net.ParseIP(host) != nil || host == "localhost" || strings.HasSuffix(host, ".localhost") ||
		err == nil && strings.EqualFold(host, own)
}

func unterFremdemNamen(w http.ResponseWriter) {
	http.Error(w, "Unter diesem Namen ist dieser Rechner nicht zu erreichen; bitte die Adresse nehmen, die er "+
		"zeigt. (M-284)", http.StatusForbidden)
}
