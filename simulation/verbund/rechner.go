package verbund

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/journal/seal"
	"github.com/offizin/offizin/node/shipping"
	"github.com/offizin/offizin/simulation/disk"
	"github.com/offizin/offizin/sqlite"
	"github.com/offizin/offizin/workflow"
	"github.com/offizin/offizin/workflow/ausgang"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/haus"
	"github.com/offizin/offizin/workflow/lager"
	"github.com/offizin/offizin/workflow/person"
	"github.com/offizin/offizin/workflow/rezeptannahme"
	"github.com/offizin/offizin/workflow/verkauf"
)

// rechner is one machine: what stays when its program ends.
type rechner struct {
	l      *lauf
	nr     int // its rank
	disk   *disk.Disk
	key    seal.Key // of the node
	till   string
	uhr    *uhr
	leben  *leben // nil: it is off
	blank  bool   // its disk was empty: nobody sells before it has been filled again
	kopien []kopie
	alt    *kopie // was put back, and it has not met anybody who knows more
	platte int    // how many times its disk was replaced

	verlorenUm time.Duration // when, the last time

	inhalt   map[string]uint64 // acts that are durable on it: key, and number if it is an own one
	gelesen  map[journal.Origin]uint64
	erledigt map[string]bool // jobs of a day of which there is a record
	benutz   *benutzer
}

// kopie is an old copy of a disk, with what was on it.
type kopie struct {
	disk disk.Copy
	key  seal.Key
	till string
	self journal.Origin
	seq  uint64 // end of its own log then
}

// leben is one life of the program.
type leben struct {
	r       *rechner
	store   *sqlite.Store
	kern    *workflow.Kern
	server  *shipping.Server
	neu     <-chan struct{}         // closed when there are records that were not read
	kinder  map[int]*shipping.Child // of this machine as a child, by parent
	wege    map[int]*weg
	syncs   bool          // a round is under way
	baut    bool          // read models are built beside the sales
	faellig time.Duration // when the next round is due; 0: none
	gleich  bool          // has been equal with another
	pause   time.Duration
	seit    time.Duration // when it began
	begann  time.Duration // by its own clock

	ctx      context.Context // ends with the program
	ende     context.CancelFunc
	log      *slog.Logger
	zeitplan zeitplan
	ausgang  *ausgang.Service
	schickt  time.Duration // when the outbox is looked at next; 0: not
	eile     time.Duration // after which the outbox is looked at again

	personen *person.Service
	rezepte  *rezeptannahme.Service
	verkauf  *verkauf.Service
	lager    *lager.Service
	haus     *haus.Service
	eigene   *eigene.Service
}

func newRechner(l *lauf, nr int) *rechner {
	m := &rechner{
		l: l, nr: nr, key: seal.Key{byte(nr + 1)}, till: strconv.Itoa(nr + 1), inhalt: map[string]uint64{},
		gelesen: map[journal.Origin]uint64{}, erledigt: map[string]bool{},
	}
	m.uhr = &uhr{a: &l.ablauf, beginn: l.beginn, gang: l.r.Int64N(101) - 50}
	name := fmt.Sprintf("verbund-%d-%d", l.seed, nr)
	m.disk = disk.New(name, filepath.Join(l.dir, strconv.Itoa(nr)), l.seed+uint64(nr)*0x9e3779b97f4a7c15)
	m.benutz = &benutzer{l: l, platz: m}
	return m
}

// starte starts the program on what is on the disk.
func (m *rechner) starte(ctx context.Context) {
	if m.leben != nil {
		return
	}
	key := m.key
	store, err := sqlite.Open(ctx, sqlite.Options{
		Dir: "/daten", Node: platz(m.nr), Clock: m.uhr, Projections: m.l.regeln.projektionen(),
		VFS: m.disk.Name(), Inline: true, CheckpointPages: 20 + m.l.r.IntN(200), Unsafe: m.l.regeln.Unsafe,
		Unlock: func(context.Context) (seal.Key, error) { return key, nil }, InPlace: m.l.amPlatz(),
		BuildStep: baustufe,
	})
	if err != nil {
		m.l.sage("%d start fails: %s", m.nr, code(err))
		if !m.disk.Dead() && fault.KindOf(err) != fault.Unavailable {
			m.l.fehler("machine %d does not start: %v", m.nr, err)
		}
		if m.disk.Dead() {
			m.disk.Restore()
		}
		m.l.nach(m.l.zufall(time.Second, time.Minute), m.starte)
		return
	}
	m.leben = m.oeffne(store)
	m.l.sage("%d starts as %s", m.nr, store.Self())
	m.erinnere(ctx)
	m.klingle(ctx)
	m.baue(ctx)
	m.l.nach(schlaf, m.leben.sieh)
}

func (m *rechner) oeffne(store *sqlite.Store) *leben {
	w := m.l.welt
	k := &workflow.Kern{
		Store: store, Katalog: eigene.NewKatalog(store, w.Katalog), Recht: w.Recht, Clock: m.uhr,
		Platz: store.Self().Node, Till: m.till,
	}
	lb := &leben{r: m, store: store, kern: k, wege: map[int]*weg{}, kinder: map[int]*shipping.Child{}, pause: time.Second}
	lb.seit, lb.begann, lb.neu = m.l.jetzt, m.uhr.Mono(), store.Changed()
	lb.personen, lb.lager, lb.haus = person.New(k), lager.New(k), haus.New(k)
	lb.eigene = eigene.New(k, w.Katalog)
	lb.rezepte = rezeptannahme.New(k, lb.personen, nil)
	lb.verkauf = verkauf.New(k, lb.personen, lb.rezepte)
	lb.log = slog.New(slog.NewTextHandler(&m.l.protokoll, nil))
	lb.server = shipping.NewServer(store, lb.log)
	lb.ctx, lb.ende = context.WithCancel(context.Background())
	lb.ausgang, lb.eile = ausgang.New(k, lb.ausgaenge()), time.Second
	lb.zeitplan = lb.plan(&m.l.regeln)
	return lb
}

// kind is this machine as the child of another.
func (lb *leben) kind(parent *rechner) (*shipping.Child, *weg) {
	if c := lb.kinder[parent.nr]; c != nil {
		return c, lb.wege[parent.nr]
	}
	w := &weg{von: lb, nach: parent}
	c := shipping.NewChild(lb.store, &shipping.Parent{URL: "http://platz", HTTP: &http.Client{Transport: w}})
	c.Copies = lb.server.Copies
	lb.kinder[parent.nr], lb.wege[parent.nr] = c, w
	return c, w
}

// stirb ends the program at once: the power is gone, or only the program.
func (m *rechner) stirb(strom bool) {
	lb := m.leben
	if lb == nil {
		return
	}
	lb.ende()
	if m.leben = nil; strom {
		m.disk.Cut()
	} else {
		m.disk.Kill()
	}
	_ = lb.store.Close() // nothing that it could do reaches the disk
	if strom {
		m.disk.Restore()
	}
}

// nachher looks after a machine on which something may have happened.
func (m *rechner) nachher(ctx context.Context) {
	if m.leben == nil {
		return
	}
	if m.disk.Dead() {
		m.l.Stromausfaelle++
		m.l.sage("%d loses its power", m.nr)
		m.stirb(true)
		m.l.nach(m.l.pause(), m.starte)
		return
	}
	m.baue(ctx)
	select {
	case <-m.leben.neu:
	default:
		return
	}
	m.leben.neu = m.leben.store.Changed()
	if m.lies(ctx) {
		m.klingle(ctx)
		m.leben.eile = time.Second
		m.leben.schicke(m.l.zufall(0, time.Second))
	}
}

// lies notes what has become durable; true if there was anything. Where a history was left,
// other records stand now under numbers that were read before.
func (m *rechner) lies(ctx context.Context) bool {
	news, left := m.liesWeiter(ctx)
	if left {
		m.vergiss()
		m.liesWeiter(ctx)
	}
	return news
}

func (m *rechner) liesWeiter(ctx context.Context) (news, left bool) {
	heads, err := m.leben.store.Heads(ctx)
	if err != nil {
		return false, false
	}
	for _, h := range heads {
		if h.Seq <= m.gelesen[h.Origin] {
			continue
		}
		err := m.leben.store.Records(ctx, h.Origin, m.gelesen[h.Origin], func(r journal.Record) (bool, error) {
			m.merke(r)
			news, left = true, left || r.Type == event.GeschichteVerlassen{}.EventType()
			return true, nil
		})
		if err != nil {
			m.l.sage("%d cannot be read: %s", m.nr, code(err))
		}
	}
	return news, left
}

// merke notes one record as durable.
func (m *rechner) merke(r journal.Record) {
	key, _, _ := journal.SplitKey(r.Key)
	m.gelesen[r.Origin] = r.Seq
	switch {
	case r.Origin == m.leben.store.Self():
		m.inhalt[key] = r.Seq
	case m.inhalt[key] == 0:
		m.inhalt[key] = 0
	}
	if e, err := event.Decode(r.Type, r.Payload); err == nil {
		if done, ok := e.(event.TagesarbeitErledigt); ok {
			m.gelaufen(done, r)
		}
	}
}

// erinnere holds what the program finds at its start against what was durable before.
func (m *rechner) erinnere(ctx context.Context) {
	before := m.inhalt
	m.vergiss()
	m.lies(ctx)
	for _, key := range slices.Sorted(maps.Keys(before)) {
		if _, ok := m.inhalt[key]; !ok && !m.disk.Dead() {
			m.l.fehler("machine %d has lost act %s, which was durable", m.nr, key)
			m.l.Verloren++
			return
		}
	}
}

// vergiss forgets what was read of the journal.
func (m *rechner) vergiss() {
	m.inhalt, m.gelesen, m.erledigt = map[string]uint64{}, map[journal.Origin]uint64{}, map[string]bool{}
}

// eigen reports whether an origin is of this machine.
func (m *rechner) eigen(o journal.Origin) bool { return o.Node == platz(m.nr) }

// platz is the name of a machine.
func platz(nr int) string { return "platz-" + strconv.Itoa(nr+1) }

// klingle lets the machine and its children ship soon.
func (m *rechner) klingle(context.Context) {
	for _, o := range m.l.rechner {
		if lb := o.leben; lb != nil && (o == m || o.eltern() == m.nr) {
			lb.pause = time.Second
			lb.bald(m.l.zufall(0, 200*time.Millisecond))
		}
	}
}

// code is what of an error is the same in every run.
func code(err error) string {
	if err == nil {
		return "ok"
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Code
	}
	return "?"
}

// suche looks for the name of a patient where none may be.
func (l *lauf) suche(wo string, b []byte) {
	if bytes.Contains(b, []byte(kanari)) {
		l.fehler("the name of a patient stands in clear text: %s", wo)
	}
}
