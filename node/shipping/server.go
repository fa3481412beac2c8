package shipping

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/node/refusal"
)

// The addresses.
const (
	pathHeads   = "/knoten/v1/heads"
	pathRecords = "/knoten/v1/records"
	pathHash    = "/knoten/v1/hash"
	pathKeys    = "/knoten/v1/keys"
)

// patience is how long a child waits at most for news.
const patience = 20 * time.Second

// Server answers the children of this machine.
type Server struct {
	// Copies learns what the children have. NewServer sets one of its own.
	Copies *Copies
	// Doubt, if set, hears of a child that holds another history of this machine's own records:
	// the child cannot settle that, this machine must ask it. It must be quick.
	Doubt func(child string)
	// Damaged, if set, hears of a child that sent what cannot be read or is of another version.
	Damaged func(child string, err error)

	store journal.Store
	log   *slog.Logger
	mux   *http.ServeMux
}

// NewServer returns a handler for the children. It trusts nobody's data, but whoever reaches
// it may read all records: who may is decided by whoever mounts it.
func NewServer(store journal.Store, log *slog.Logger) *Server {
	s := &Server{Copies: NewCopies(), store: store, log: log, mux: http.NewServeMux()}
	s.mux.HandleFunc("POST "+pathHeads, s.heads)
	s.mux.HandleFunc("POST "+pathRecords, s.push)
	s.mux.HandleFunc("GET "+pathRecords, s.pull)
	s.mux.HandleFunc("GET "+pathHash, s.hash)
	s.mux.HandleFunc("GET "+pathKeys, s.getKeys)
	s.mux.HandleFunc("POST "+pathKeys, s.takeKeys)
	return s
}

// ServeHTTP implements http.Handler.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

// heads compares what both have. With ?warten it answers only when this machine has something
// that the other does not, or when the other's patience ends.
func (s *Server) heads(w http.ResponseWriter, r *http.Request) {
	var o offer
	if err := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxOffer)).Decode(&o); err != nil {
		s.refuse(w, r, malformed(err))
		return
	}
	theirs, err := o.heads()
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	if err := s.copies(r.Context(), theirs); err != nil {
		s.refuse(w, r, err)
		return
	}
	ctx, stop := context.WithTimeout(r.Context(), patience)
	defer stop()
	for {
		bell := s.store.Changed()
		ours, err := s.store.Heads(r.Context())
		if err != nil {
			s.refuse(w, r, err)
			return
		}
		if r.URL.Query().Get("warten") == "" || news(ours, theirs) || ctx.Err() != nil {
			s.answer(w, http.StatusOK, newOffer(ours))
			return
		}
		select {
		case <-bell:
		case <-ctx.Done():
		}
	}
}

// peer is under which the name of the machine that asks stands in a context.
type peer struct{}

// WithPeer says which machine sends a request, as its certificate names it.
func WithPeer(ctx context.Context, name string) context.Context {
	return context.WithValue(ctx, peer{}, name)
}

// copies notes what a child has. Only what has the same hash here counts.
func (s *Server) copies(ctx context.Context, theirs []journal.Head) error {
	node := theirs[0].Origin.Node
	if name, ok := ctx.Value(peer{}).(string); ok {
		node = name // not what it says of itself
	}
	s.Copies.lost(node, bySelf(theirs))
	for _, h := range theirs {
		if h.Seq <= s.Copies.Of(node, h.Origin) {
			continue
		}
		same, err := HashAt(ctx, s.store, h.Origin, h.Seq)
		switch {
		case err != nil:
			return err
		case same == h.Hash:
			s.Copies.note(node, h.Origin, h.Seq)
		case s.Doubt == nil:
		case h.Origin == s.store.Self():
			s.Doubt(node)
		case h.Origin.Node == s.store.Self().Node:
			if ask, err := MustAsk(ctx, s.store, h); err != nil {
				return err
			} else if ask {
				s.Doubt(node)
			}
		}
	}
	return nil
}

// MustAsk reports whether this machine must ask one that has the log of one of its earlier lives up to there: it
// has another history of that, or less of it. Where it has none, that comes by itself.
func MustAsk(ctx context.Context, s journal.Store, h journal.Head) (bool, error) {
	own, err := HashAt(ctx, s, h.Origin, h.Seq)
	if err != nil || own != (journal.Hash{}) {
		return own != h.Hash, err
	}
	first, err := HashAt(ctx, s, h.Origin, 1)
	return first != journal.Hash{}, err
}

// HashAt is the hash of one record; zero if there is none.
func HashAt(ctx context.Context, s journal.Store, o journal.Origin, seq uint64) (sum journal.Hash, err error) {
	if seq == 0 {
		return sum, nil
	}
	err = s.Records(ctx, o, seq-1, func(r journal.Record) (bool, error) {
		sum = r.Hash
		return false, nil
	})
	return sum, err
}

// news reports whether ours has a record that theirs has not.
func news(ours, theirs []journal.Head) bool {
	known := bySelf(theirs)
	for _, h := range ours {
		if h.Seq > known[h.Origin].Seq {
			return true
		}
	}
	return false
}

func bySelf(list []journal.Head) map[journal.Origin]journal.Head {
	m := map[journal.Origin]journal.Head{}
	for _, h := range list {
		m[h.Origin] = h
	}
	return m
}

// push takes a batch in and says up to where it is durable.
func (s *Server) push(w http.ResponseWriter, r *http.Request) {
	list, err := readBatch(http.MaxBytesReader(w, r.Body, maxBody))
	if err == nil && list == nil {
		err = malformed(errors.New("empty batch"))
	}
	var res journal.Received
	if err == nil {
		// A batch after which all is folded anew takes longer than a child waits. Called off, it
		// would be begun again with every try, and never end; so the next try finds it done.
		res, err = s.store.Receive(context.WithoutCancel(r.Context()), list)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	s.answer(w, http.StatusOK, wireHead(res.Head))
}

// origin reads which log and which place a question is about.
func origin(r *http.Request) (journal.Origin, uint64, error) {
	q := r.URL.Query()
	seq, err := strconv.ParseUint(q.Get("seq"), 10, 63)
	if err != nil {
		return journal.Origin{}, 0, malformed(err)
	}
	return journal.Origin{Node: q.Get("node"), Incarnation: q.Get("incarnation")}, seq, nil
}

// pull hands out the records after a number.
func (s *Server) pull(w http.ResponseWriter, r *http.Request) {
	o, seq, err := origin(r)
	var list []journal.Record
	if err == nil {
		list, err = next(r.Context(), s.store, o, seq)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/x-ndjson")
	if err := writeBatch(w, list); err != nil {
		s.log.Debug("batch not sent", slog.Any("error", err)) // the child asks again
	}
}

// hash tells the hash of one record; empty if there is none.
func (s *Server) hash(w http.ResponseWriter, r *http.Request) {
	o, seq, err := origin(r)
	var sum journal.Hash
	if err == nil {
		sum, err = HashAt(r.Context(), s.store, o, seq)
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	text := ""
	if sum != (journal.Hash{}) {
		text = hex.EncodeToString(sum[:])
	}
	s.answer(w, http.StatusOK, map[string]string{"hash": text})
}

func (s *Server) answer(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if err := json.NewEncoder(w).Encode(v); err != nil {
		s.log.Debug("answer not sent", slog.Any("error", err)) // as above
	}
}

// refusalBody is an error as sent.
type refusalBody struct {
	refusal.Refusal

	Fork *head `json:"fork,omitempty"` // where two histories part
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	out := refusalBody{Refusal: refusal.Of(err)}
	if f, ok := errors.AsType[*journal.Fork](err); ok {
		h := wireHead(journal.Head{Origin: f.Origin, Seq: f.Seq})
		out.Fork = &h
	}
	status := map[fault.Kind]int{
		fault.Corrupt: http.StatusUnprocessableEntity, fault.Conflict: http.StatusConflict,
		fault.Unavailable: http.StatusServiceUnavailable,
	}[fault.KindOf(err)]
	if status == 0 {
		status = http.StatusInternalServerError
	}
	peer, _ := r.Context().Value(peer{}).(string)
	if s.Damaged != nil && (fault.KindOf(err) == fault.Corrupt || out.Code == "M-101") {
		s.Damaged(peer, err)
	}
	s.log.Warn("refused a peer", slog.String("peer", peer), slog.String("path", r.URL.Path), slog.String("code", out.Code),
		slog.Any("error", err))
	s.answer(w, status, out)
}
