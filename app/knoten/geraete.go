package knoten

import (
	"cmp"
	"context"
	"crypto/tls"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"github.com/offizin/offizin/app/telefon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/web"
	geraeteseite "github.com/offizin/offizin/web/geraete"
	telefonseite "github.com/offizin/offizin/web/telefon"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/geraete"
)

// The cookie that a permitted device keeps, one per machine: cookies know no port.
const (
	geraetKeks  = "__Host-geraet-"
	geraetDauer = 400 * 24 * 60 * 60 // seconds; browsers keep none longer
)

// geraetAbstand is how far the port for devices lies from that of this machine, unless it is told.
const geraetAbstand = 2000

// seitenAlle is how often is looked whether the way in is as it should be.
const seitenAlle = 15 * time.Second

// geraetetuer serves the pages of this machine to permitted devices (ADR 0030).
type geraetetuer struct {
	k      *Knoten
	dienst *geraete.Service
	pages  http.Handler

	mu      sync.Mutex
	ausweis *telefon.Ausweis
	offen   *offeneTuer
	fehler  error // why nobody comes in although it is switched on
}

// offeneTuer is a way in that is open.
type offeneTuer struct {
	seiten geraete.Seiten
	l      net.Listener
	server *http.Server
	offen  *http.Server // what comes without encryption
}

// folge opens and closes the way in as the journal says, until the context ends.
func (t *geraetetuer) folge(ctx context.Context) {
	defer t.schliesse(context.WithoutCancel(ctx))
	tick := time.NewTicker(seitenAlle)
	defer tick.Stop()
	for {
		bell := t.k.Store.Changed()
		t.pruefe(ctx)
		select {
		case <-bell:
		case <-tick.C:
		case <-ctx.Done():
			return
		}
	}
}

func (t *geraetetuer) pruefe(ctx context.Context) {
	want, err := t.dienst.Seiten(ctx)
	if err != nil {
		return // the next look tells
	}
	if t.k.members.entfernt() {
		want = geraete.Seiten{}
	}
	t.mu.Lock()
	now := t.offen
	t.mu.Unlock()
	switch {
	case now != nil && now.seiten == want:
		t.ausweis.Gilt(now.l.Addr()) // addresses come and go
		return
	case now != nil:
		t.schliesse(ctx)
	}
	if !want.An {
		t.setze(nil, nil)
		return
	}
	open, err := t.oeffne(ctx, want)
	if err != nil && t.fehlerNeu() {
		t.k.opt.Apotheke.Log.Error("pages are not served to devices", slog.Any("error", err))
	}
	t.setze(open, err)
}

func (t *geraetetuer) fehlerNeu() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fehler == nil
}

func (t *geraetetuer) setze(o *offeneTuer, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.offen, t.fehler = o, err
}

// oeffne listens on the address of this machine in the network, and nowhere else.
func (t *geraetetuer) oeffne(ctx context.Context, s geraete.Seiten) (*offeneTuer, error) {
	if t.ausweis == nil {
		a, err := telefon.OpenAusweis(t.k.opt.Apotheke.Dir, t.k.Kern.Clock)
		if err != nil {
			return nil, err
		}
		t.mu.Lock()
		t.ausweis = a
		t.mu.Unlock()
	}
	refuse, err := geraeteseite.NewKoppeln(t.k.Kern.Platz, t.k.opt.Apotheke.Log, t.erlaube)
	if err != nil {
		return nil, err
	}
	addr := net.JoinHostPort(t.host(), strconv.Itoa(s.Port))
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fault.New(fault.Unavailable, "M-295", "Für andere Geräte ist "+addr+" nicht frei oder keine Adresse "+
			"dieses Rechners; bitte ausschalten und mit einem anderen Port wieder einschalten.", err)
	}
	t.ausweis.Gilt(l.Addr())
	w := newWeiche(hausnetz{l})
	w.zaehltAlle = true
	go w.stelle()
	quiet := slog.New(slog.DiscardHandler) // strangers could fill the disk with what goes wrong with them
	o := &offeneTuer{seiten: s, l: l, server: web.Server(t.einlass(refuse), quiet), offen: web.Server(nurTLS(), quiet)}
	o.server.ConnContext = mitGast
	go func() { _ = o.server.Serve(tls.NewListener(w.sicher, t.ausweis.TLS())) }() // ends when it is closed
	go func() { _ = o.offen.Serve(w.offen) }()                                     // as above
	return o, nil
}

// host is the address of this machine in the network: where it listens, or where the others call it.
func (t *geraetetuer) host() string {
	host, _, _ := net.SplitHostPort(t.k.l.Addr().String()) // it has one
	if ip := net.ParseIP(host); ip == nil || !ip.IsUnspecified() {
		return host
	}
	told, _, _ := net.SplitHostPort(t.k.opt.Adresse)
	if net.ParseIP(told) == nil {
		told, _, _ = net.SplitHostPort(eigeneAdresse(t.k.l.Addr().String()))
	}
	return cmp.Or(told, "127.0.0.1")
}

func (t *geraetetuer) schliesse(ctx context.Context) {
	t.mu.Lock()
	o := t.offen
	t.offen = nil
	t.mu.Unlock()
	if o == nil {
		return
	}
	_ = o.l.Close()
	patience, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_ = o.server.Shutdown(patience) // who still asks then is cut off
	_, _ = o.server.Close(), o.offen.Close()
}

// nurTLS refuses what comes without encryption.
func nurTLS() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "Diese Seiten gibt es nur verschlüsselt; bitte die Adresse mit https:// beginnen. (M-285)",
			http.StatusForbidden)
	})
}

// einlass shows the pages to permitted devices, and to all others the page that asks for a code.
func (t *geraetetuer) einlass(refuse http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !t.ausweis.Kennt(r.Host) {
			unterFremdemNamen(w)
			return
		}
		token := ""
		if c, err := r.Cookie(t.keks()); err == nil {
			token = c.Value
		}
		g, ok, err := t.dienst.Wer(r.Context(), token)
		if err != nil || !ok {
			refuse.ServeHTTP(w, r)
			return
		}
		if n, ok := r.Context().Value(gastKey{}).(*unbekannter); ok {
			n.vertraut()
		}
		ctx := workflow.MitGeraet(ui.MitFern(r.Context()), workflow.Geraet{ID: g.ID, Name: g.Name})
		t.pages.ServeHTTP(w, r.WithContext(ctx))
	})
}

func (t *geraetetuer) keks() string { return geraetKeks + t.k.identity.Fingerabdruck()[:8] }

// erlaube lets a device in that knows the code.
func (t *geraetetuer) erlaube(ctx context.Context, w http.ResponseWriter, r *http.Request, code string) error {
	token, err := t.dienst.Koppeln(ctx, code)
	if err != nil {
		return err
	}
	t.k.opt.Apotheke.Log.Info("device let in", slog.String("from", r.RemoteAddr))
	http.SetCookie(w, &http.Cookie{
		Name: t.keks(), Value: token, Path: "/", MaxAge: geraetDauer, HttpOnly: true, Secure: true,
		SameSite: http.SameSiteStrictMode,
	})
	w.Header().Set("Location", "/")
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Zustand implements geraete.Tuer.
func (t *geraetetuer) Zustand(context.Context) geraeteseite.Zustand {
	t.mu.Lock()
	defer t.mu.Unlock()
	host := t.host()
	z := geraeteseite.Zustand{Port: t.port(), Fehler: t.fehler, NurHier: nurLokal(net.JoinHostPort(host, "0"))}
	if t.offen != nil {
		z.Port = t.offen.seiten.Port
		z.Adressen = []string{"https://" + net.JoinHostPort(host, strconv.Itoa(z.Port)) + "/"}
	}
	if t.ausweis != nil {
		c := t.ausweis.Wurzel()
		z.Zertifikat, z.Name, z.Bis = c.Raw, c.Subject.CommonName, clock.DayOf(c.NotAfter)
		z.Fingerabdruck = telefonseite.Fingerabdruck(c)
	}
	return z
}

// port is one that is likely to be free.
func (t *geraetetuer) port() int {
	_, text, _ := net.SplitHostPort(t.k.l.Addr().String()) // it has one
	n, _ := strconv.Atoi(text)                             // as above
	if n+geraetAbstand > 65535 {
		return n - geraetAbstand
	}
	return n + geraetAbstand
}

// hausnetz is a listener that hears only who calls from a private network, or from this machine.
type hausnetz struct{ net.Listener }

// Accept implements net.Listener.
func (h hausnetz) Accept() (net.Conn, error) {
	for {
		c, err := h.Listener.Accept()
		if err != nil || telefon.ImHaus(c.RemoteAddr()) {
			return c, err //nolint:wrapcheck // the caller looks at its kind
		}
		_ = c.Close()
	}
}
