package node

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"time"

	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
	"github.com/offizin/offizin/node/rang"
	"github.com/offizin/offizin/node/refusal"
	"github.com/offizin/offizin/node/shipping"
)

// pathWer is where machines ask each other how they are.
const pathWer = "/knoten/v1/wer"

// How often, and how long an answer may take.
const (
	pulse    = 500 * time.Millisecond
	pulseEnd = time.Second
	maxWer   = 16 << 10 // bytes
)

// wer is what a machine says of itself.
type wer struct {
	Version  int    `json:"version"` // of what is shipped
	Programm string `json:"programm"`
	Platz    string `json:"platz"`
	Rang     int    `json:"rang"`
	Fuehrt   bool   `json:"fuehrt"`
	Folgt    string `json:"folgt,omitempty"`
	Zeit     int64  `json:"zeit"`              // the time that counts there, UTC nanoseconds
	Rechner  int64  `json:"rechner,omitempty"` // what its own clock shows; 0: an older program, that does not say so
	Zweifel  bool   `json:"zweifel,omitempty"` // it does not believe that
	Uneins   bool   `json:"uneins,omitempty"`  // and goes by that of another machine
	Stand    string `json:"stand"`             // hash over what it has
	Dateien  string `json:"dateien,omitempty"` // the same of its files
	Laeuft   bool   `json:"laeuft,omitempty"`  // it hears from the machine it was asked for

	// What it has of the log that the one who asks writes now, and of those of its earlier lives.
	Seq     uint64    `json:"seq"`
	Hash    string    `json:"hash,omitempty"`
	Frueher []frueher `json:"frueher,omitempty"`
}

// frueher is what a machine has of an earlier life of another.
type frueher struct {
	Inkarnation string `json:"inkarnation"`
	Seq         uint64 `json:"seq"`
	Hash        string `json:"hash"`
}

// meisteFrueher is of how many lives an answer tells at most.
const meisteFrueher = 100

// state is a hash over the heads of all origins.
func state(ctx context.Context, s journal.Store) (string, error) {
	list, err := s.Heads(ctx)
	if err != nil {
		return "", err
	}
	if list[0].Seq == 0 { // nobody else knows an origin without records
		list = list[1:]
	}
	sum := [sha256.Size]byte{}
	for _, h := range list { // in whatever order
		one := sha256.Sum256(fmt.Appendf(nil, "%s %d %x", h.Origin, h.Seq, h.Hash))
		for i := range sum {
			sum[i] ^= one[i]
		}
	}
	return hex.EncodeToString(sum[:]), nil
}

// answer tells another machine how this one is.
func (k *Knoten) answer(w http.ResponseWriter, r *http.Request) {
	has, err := state(r.Context(), k.opt.Store)
	if err != nil {
		k.opt.Log.Warn("state of the journal", slog.Any("error", err))
		http.Error(w, "", http.StatusServiceUnavailable)
		return
	}
	seq, hash, earlier := k.has(r)
	now, self, uhr := k.rank(), k.self(), k.opt.Clock.Meinung()
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(wer{ // who does not hear it asks again
		Version: shipping.Version, Programm: k.opt.Programm, Platz: self.Platz, Rang: self.Rang,
		Fuehrt: now.Leads, Folgt: now.Parent, Zeit: k.opt.Clock.Now().UnixNano(), Stand: has,
		Seq: seq, Hash: hash, Frueher: earlier, Dateien: k.dateien(), Laeuft: k.Antwortet(r.FormValue("platz")),
		Rechner: uhr.Zeit.UnixNano(), Zweifel: uhr.Zweifel, Uneins: uhr.Uneins,
	})
}

// has is the end of the log of the one who asks, as it is here, and of the logs of its earlier lives.
func (k *Knoten) has(r *http.Request) (seq uint64, hash string, earlier []frueher) {
	o := journal.Origin{Node: r.FormValue("node"), Incarnation: r.FormValue("incarnation")}
	heads, err := k.opt.Store.Heads(r.Context())
	if err != nil {
		return 0, "", nil // the next answer tells
	}
	for _, h := range heads {
		sum := hex.EncodeToString(h.Hash[:])
		switch {
		case h.Origin == o:
			seq, hash = h.Seq, sum
		case h.Origin.Node == o.Node && h.Seq > 0 && len(earlier) < meisteFrueher:
			earlier = append(earlier, frueher{h.Origin.Incarnation, h.Seq, sum})
		}
	}
	return seq, hash, earlier
}

// compare finds out whether another machine holds another history of the log that this one
// writes, or wrote in an earlier life. Whoever it is whose parent: only this machine can settle that, and must ask.
func (k *Knoten) compare(ctx context.Context, name string, o journal.Origin, w wer) {
	if w.Seq > 0 {
		sum, err := shipping.HashAt(ctx, k.opt.Store, o, w.Seq)
		if err == nil && hex.EncodeToString(sum[:]) != w.Hash {
			k.doubt(name)
		}
	}
	for _, f := range w.Frueher {
		h := journal.Head{Origin: journal.Origin{Node: o.Node, Incarnation: f.Inkarnation}, Seq: f.Seq}
		var err error
		if h.Hash, err = export.ParseHash(f.Hash); err != nil {
			continue
		}
		if ask, err := shipping.MustAsk(ctx, k.opt.Store, h); err == nil && ask {
			k.doubt(name)
		}
	}
}

// sight is what this machine knows of another.
type sight struct {
	Mitglied
	http     *http.Client
	files    *http.Client       // a way of their own: a large file must not hold the rest up
	stop     context.CancelFunc // of its watch
	answered time.Duration
	since    time.Duration
	equal    time.Duration // when both had the same records last
	last     wer
	uhr      time.Time // what its own clock showed then
	asked    moment    // when it was asked for that
	err      error     // why it did not answer
	up       bool      // it answered when the order was looked at last

	pause, stays time.Duration // it is called under this address for so long, until then
}

// answers reports whether it has answered a moment ago; Never is longer ago than that.
func (s *sight) answers(now time.Duration) bool { return now-s.answered < rang.Lost }

// equalFor is how long "the same records" counts: in a busy pharmacy it never lasts.
const equalFor = 10 * time.Second

func (s *sight) peer(now time.Duration) rang.Peer {
	return rang.Peer{
		Name: rang.Name{Rang: s.Rang, Platz: s.Platz}, Answered: s.answered, Since: s.since,
		Leads: s.last.Fuehrt, Follows: s.last.Folgt, Equal: s.equal != rang.Never && now-s.equal < equalFor,
	}
}

// moment is now, by both clocks of this machine. While it is suspended only the wall clock goes on.
type moment struct {
	wall time.Time
	mono time.Duration
}

// schlaf is how far the two may be apart: more, and the machine slept, or its wall clock was set.
const schlaf = 5 * time.Second

func (k *Knoten) moment() moment { return moment{k.opt.Clock.Meinung().Zeit, k.opt.Clock.Mono()} }

func (m moment) wach(since moment) bool {
	return (m.wall.Sub(since.wall) - (m.mono - since.mono)).Abs() <= schlaf
}

// gilt reports whether what its clock said can be reckoned on from: it answers, and this machine was awake from asking
// it on. A reading from before it slept would be as old as the sleep; the next answer comes with the next pulse.
func (s *sight) gilt(now moment) bool {
	return s.answers(now.mono) && now.wach(s.asked)
}

// meint is what its clock says now.
func (s *sight) meint(now time.Duration) clock.Meinung {
	return clock.Meinung{
		Platz: s.Platz, Rang: s.Rang, Zeit: s.uhr.Add(now - s.answered),
		Fuehrt: s.last.Fuehrt, Zweifel: s.last.Zweifel, Uneins: s.last.Uneins,
	}
}

// watch asks a machine again and again how it is.
func (k *Knoten) watch(ctx context.Context, s *sight) {
	t := time.NewTicker(pulse)
	defer t.Stop()
	for {
		k.pulse(ctx, s)
		select {
		case <-t.C:
		case <-ctx.Done():
			s.http.CloseIdleConnections()
			s.files.CloseIdleConnections()
			return
		}
	}
}

func (k *Knoten) pulse(ctx context.Context, s *sight) {
	asked, self := k.moment(), k.opt.Store.Self()
	w, err := k.ask(ctx, s, self)
	if err == nil {
		k.compare(ctx, s.Platz, self, w)
	}
	has, bad := state(ctx, k.opt.Store)
	now := k.opt.Clock.Mono()
	k.mu.Lock()
	defer k.mu.Unlock()
	s.err = err
	if err != nil || ctx.Err() != nil {
		return
	}
	anew := !s.answers(now)
	if anew {
		s.since = now
	}
	if anew || s.last.Fuehrt != w.Fuehrt {
		defer k.tell.Ring()
	}
	s.heard(w, asked, now)
	if bad == nil && has == w.Stand {
		s.equal = now
	}
}

// heard notes what it answered.
func (s *sight) heard(w wer, asked moment, now time.Duration) {
	s.answered, s.last, s.asked = now, w, asked
	s.uhr = time.Unix(0, cmp.Or(w.Rechner, w.Zeit)).UTC().Add((now - asked.mono) / 2)
}

// errOther reports a machine that is not the one that was asked, or cannot be talked to.
var errOther = errors.New("answer of another kind")

func (k *Knoten) ask(ctx context.Context, s *sight, self journal.Origin) (w wer, err error) {
	return get(ctx, s, url.Values{"node": {self.Node}, "incarnation": {self.Incarnation}})
}

func get(ctx context.Context, s *sight, q url.Values) (w wer, err error) {
	ctx, stop := context.WithTimeout(ctx, pulseEnd)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://"+s.Adresse+pathWer+"?"+q.Encode(), http.NoBody)
	if err != nil {
		return w, fmt.Errorf("ask %s: %w", s.Platz, err)
	}
	resp, err := s.http.Do(req)
	if err != nil {
		return w, fmt.Errorf("ask %s: %w", s.Platz, err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or not wanted
	if resp.StatusCode != http.StatusOK {
		return w, refused(resp)
	}
	if err := json.NewDecoder(io.LimitReader(resp.Body, maxWer)).Decode(&w); err != nil {
		return w, fmt.Errorf("read answer of %s: %w", s.Platz, err)
	}
	if w.Platz != s.Platz {
		return w, fmt.Errorf("%w: %q instead of %q", errOther, w.Platz, s.Platz)
	}
	return w, shipping.Understood(w.Version)
}

// refused is why another machine does not talk to this one.
func refused(resp *http.Response) error {
	f, err := refusal.Read(resp.Body, fault.Denied)
	if err != nil {
		return fmt.Errorf("%w: %s", errOther, resp.Status)
	}
	return f
}

// client calls one machine. A connection that is dead is found by its silence.
func (k *Knoten) client(platz string) *http.Client {
	return &http.Client{Transport: &http.Transport{
		TLSClientConfig: k.opt.Admission.Client(platz), ForceAttemptHTTP2: true, DisableCompression: true,
		TLSHandshakeTimeout: pulseEnd, IdleConnTimeout: time.Minute, DialContext: k.opt.Dial,
		HTTP2: &http.HTTP2Config{SendPingTimeout: 2 * time.Second, PingTimeout: time.Second},
	}}
}
