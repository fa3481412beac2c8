package node

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/logs"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/node/dateien"
	"github.com/offizin/offizin/node/identity"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/node/refusal"
	"github.com/offizin/offizin/node/shipping"
)

// step is how often the order of the machines is looked at.
const step = 250 * time.Millisecond

// How long a machine is called under an address at least, before it is called under another one; a
// machine whose address changes all the time is called anew ever less often.
const (
	firstMove = time.Second
	lastMove  = time.Minute
)

// Mitglied is another machine of the pharmacy.
type Mitglied struct {
	rang.Name
	Adresse string // host:port
}

// Options says what a node stands on.
type Options struct {
	Store     journal.Store
	Self      rang.Name
	Admission *identity.Admission
	Clock     Uhr
	Log       *slog.Logger
	Programm  string // version of the program

	// Mitglieder are the other machines, without those that were removed; it must answer at once.
	Mitglieder func() []Mitglied
	// Dateien are the files that travel beside the journal; nil: none.
	Dateien *dateien.Dateien
	// Behind hears that this machine takes many records in, and that it has them; nil: nobody does.
	Behind func(bool)
	// Dial connects; nil: as usual, within a second.
	Dial func(ctx context.Context, network, addr string) (net.Conn, error)
}

// Uhr is a clock that can go by those of other machines.
type Uhr interface {
	clock.Clock
	// Meinung is what the machine's own clock says.
	Meinung() clock.Meinung
	// Vergleichen hears what this machine is among the others, and what their clocks say; it must answer at once.
	// It reports whether the time of another machine counts from now on, or no longer does.
	Vergleichen(ich clock.Meinung, andere []clock.Meinung) bool
}

// Knoten is this machine among the others.
type Knoten struct {
	opt    Options
	start  time.Duration
	server *shipping.Server
	copies *shipping.Copies
	claims *shipping.Claims
	mux    *http.ServeMux
	tell   journal.Bell // something in Stand has changed
	waits  waits

	refused   abgewiesen
	strangers *slog.Logger // of those who do not belong here

	mu     sync.Mutex
	now    rang.State
	sights map[string]*sight // by name
	doubts map[string]bool   // machines that hold another history of this one: it must ask them
	links  map[string]*link
	reborn string // the machine for whose sake this one goes on under a new name since its start; empty: none
}

// link ships to another machine.
type link struct {
	stop context.CancelFunc
	done chan struct{}
	err  error         // of the last round; nil: it went well
	last time.Duration // when one went well, or when it began
	fork bool
}

// New returns a node that is alone until Run.
func New(o Options) *Knoten {
	if o.Dial == nil {
		o.Dial = (&net.Dialer{Timeout: pulseEnd}).DialContext
	}
	k := &Knoten{
		opt: o, start: o.Clock.Mono(), server: shipping.NewServer(o.Store, logs.New(o.Log, o.Clock)), mux: http.NewServeMux(),
		sights: map[string]*sight{}, doubts: map[string]bool{}, links: map[string]*link{},
		now: rang.State{Leads: len(o.Mitglieder()) == 0},
	}
	k.strangers = logs.New(o.Log, o.Clock)
	k.copies, k.server.Doubt, k.claims = k.server.Copies, k.doubt, shipping.NewClaims(o.Clock.Mono)
	k.server.Damaged = k.unreadable
	k.mux.HandleFunc("GET "+pathWer, k.answer)
	k.mux.Handle("/knoten/v1/", k.server)
	if o.Dateien != nil {
		k.mux.Handle(dateien.Path, o.Dateien.Handler())
	}
	return k
}

// Mount adds an address for other machines of the pharmacy.
func (k *Knoten) Mount(pattern string, h http.Handler) { k.mux.Handle(pattern, h) }

// ServeHTTP answers other machines of the pharmacy, and nobody else.
func (k *Knoten) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	name, err := k.opt.Admission.Wer(r.TLS)
	if err != nil {
		k.strangers.Warn("stranger refused", slog.String("from", r.RemoteAddr), slog.Any("error", err))
		k.Fremder(r, err)
		w.Header().Set("Connection", "close") // who asks again begins anew, which holds him up more than us
		refusal.Write(w, http.StatusForbidden, err)
		return
	}
	k.refused.admitted(r.TLS)
	k.mux.ServeHTTP(w, r.WithContext(shipping.WithPeer(r.Context(), name)))
}

// Run watches, follows and ships until the context ends.
func (k *Knoten) Run(ctx context.Context) {
	t := time.NewTicker(step)
	defer t.Stop()
	defer k.stopAll()
	if k.opt.Dateien != nil {
		defer k.holeDateien(ctx)()
	}
	for {
		k.meet(ctx)
		k.order(ctx)
		select {
		case <-t.C:
		case <-ctx.Done():
			return
		}
	}
}

// meet watches the machines there are, and no others.
func (k *Knoten) meet(ctx context.Context) {
	list := k.opt.Mitglieder()
	k.mu.Lock()
	defer k.mu.Unlock()
	there := map[string]bool{}
	for _, m := range list {
		there[m.Platz] = true
		now, pause := k.opt.Clock.Mono(), firstMove
		if s := k.sights[m.Platz]; s != nil {
			s.Rang = m.Rang // another rank is no other machine
			if s.Adresse == m.Adresse || now < s.stays {
				continue
			}
			if now-s.stays < lastMove {
				pause = min(2*s.pause, lastMove)
			}
			k.part(m.Platz)
		}
		watching, stop := context.WithCancel(ctx)
		s := &sight{
			Mitglied: m, http: k.client(m.Platz), files: k.client(m.Platz), stop: stop,
			answered: rang.Never, since: rang.Never, equal: rang.Never, pause: pause, stays: now + pause,
		}
		k.sights[m.Platz] = s
		go k.watch(watching, s)
	}
	for name, s := range k.sights {
		if !there[s.Platz] {
			k.part(name)
			k.copies.Forget(name)
		}
	}
}

// part stops what goes on with a machine.
func (k *Knoten) part(name string) {
	k.sights[name].stop()
	delete(k.sights, name)
	if l := k.links[name]; l != nil {
		l.stop()
		delete(k.links, name)
	}
}

// order decides who is whose parent, and ships accordingly.
func (k *Knoten) order(ctx context.Context) {
	k.mu.Lock()
	here := k.moment()
	now := here.mono
	var peers []rang.Peer
	var clocks []clock.Meinung
	silent := false
	for _, s := range k.sights {
		peers = append(peers, s.peer(now))
		up := s.answers(now)
		silent, s.up = silent || s.up && !up, up
		if s.gilt(here) {
			clocks = append(clocks, s.meint(now))
		}
	}
	before := k.now
	k.now = rang.Step(now, k.start, k.opt.Self, peers, before)
	want := map[string]bool{}
	for _, name := range append([]string{k.now.Parent}, k.now.Also...) {
		want[name] = k.sights[name] != nil
	}
	if name := k.beside(now); name != "" {
		want[name] = true
	}
	for name := range k.doubts {
		want[name] = k.sights[name] != nil
	}
	k.follow(ctx, want)
	after, self := k.now, k.opt.Self
	k.mu.Unlock()
	if k.opt.Clock.Vergleichen(clock.Meinung{Platz: self.Platz, Rang: self.Rang, Fuehrt: after.Leads}, clocks) {
		k.opt.Log.Warn("clocks of the machines compared", slog.Bool("disagrees", k.opt.Clock.Meinung().Uneins))
		k.tell.Ring()
	}
	changed := before.Parent != after.Parent || before.Leads != after.Leads
	if changed {
		k.opt.Log.Info("order of the machines", slog.String("follows", after.Parent), slog.Bool("leads", after.Leads))
	}
	if changed || silent {
		k.tell.Ring()
	}
}

// beside is the best other machine that answers while the parent does, and takes nothing in: with a full disk, say.
// All choose the same one, and it the next, so that they hear of each other. Empty: nobody is needed, or there.
func (k *Knoten) beside(now time.Duration) (best string) {
	if l := k.links[k.now.Parent]; l == nil || l.err == nil || now-l.last < rang.Apart {
		return ""
	}
	for name, s := range k.sights {
		if name != k.now.Parent && s.up && (best == "" || s.Before(k.sights[best].Name)) {
			best = name
		}
	}
	return best
}

// follow starts and stops links.
func (k *Knoten) follow(ctx context.Context, want map[string]bool) {
	for name, l := range k.links {
		if !want[name] {
			l.stop()
			delete(k.links, name)
		}
	}
	for name, yes := range want {
		if !yes || k.links[name] != nil {
			continue
		}
		linked, stop := context.WithCancel(ctx)
		l := &link{stop: stop, done: make(chan struct{}), last: k.opt.Clock.Mono()}
		k.links[name] = l
		s := k.sights[name]
		child := shipping.NewChild(k.opt.Store, &shipping.Parent{URL: "https://" + s.Adresse, HTTP: s.http})
		child.Copies, child.Ahead, child.Claims, child.Behind = k.copies, true, k.claims, k.opt.Behind
		go func() {
			defer close(l.done)
			child.Run(linked, func(st shipping.Stand, err error) { k.round(name, l, st, err) })
		}()
	}
}

// doubt hears of another history of this machine's own records, on a machine that ships here.
func (k *Knoten) doubt(name string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.doubts[name] = true
}

// round notes how shipping went.
func (k *Knoten) round(name string, l *link, st shipping.Stand, err error) {
	k.mu.Lock()
	was := l.err
	l.err, l.fork = err, len(st.Forks) > 0
	if err == nil {
		l.last = k.opt.Clock.Mono()
		delete(k.doubts, name) // both have the same history now, or two names for it
	}
	if st.Reborn {
		k.reborn = name
	}
	k.mu.Unlock()
	if st.Reborn {
		k.opt.Log.Warn("this machine goes on under a new name: another holds another history of it",
			slog.String("other", name))
	}
	if st.Keys != nil && !errors.Is(st.Keys, context.Canceled) {
		k.opt.Log.Warn("keys of persons not exchanged", slog.String("with", name), slog.Any("error", st.Keys))
	}
	if (was == nil) != (err == nil) {
		k.opt.Log.Info("shipping", slog.String("to", name), slog.Any("error", err))
		k.tell.Ring()
	}
}

func (k *Knoten) stopAll() {
	k.mu.Lock()
	var ends []chan struct{}
	for _, s := range k.sights {
		s.stop()
	}
	for _, l := range k.links {
		l.stop()
		ends = append(ends, l.done)
	}
	k.mu.Unlock()
	for _, end := range ends {
		<-end
	}
}

// SetzeRang gives this machine another rank; false if it has it already.
func (k *Knoten) SetzeRang(n int) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.opt.Self.Rang == n {
		return false
	}
	k.opt.Self.Rang = n
	return true
}

func (k *Knoten) self() rang.Name {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.opt.Self
}

func (k *Knoten) rank() rang.State {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.now
}

// Fuehrt reports whether this machine does the errands of the pharmacy.
func (k *Knoten) Fuehrt() bool { return k.rank().Leads }
