package shipping

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/journal/export"
)

// step is how long one question may take; news are waited for longer.
const step = 10 * time.Second

// Parent is another machine, as its child sees it.
type Parent struct {
	URL  string // "https://platz-1:8443"
	HTTP *http.Client
}

// errStatus reports an answer that is no refusal of ours.
var errStatus = errors.New("unexpected answer")

// errWay reports a parent that was not reached.
var errWay = errors.New("parent not reached")

// Refusal is what a parent said instead of doing what was asked.
type Refusal struct {
	Code string
	Text string
	Fork *journal.Fork
}

// Error gives its sentence and code.
func (r *Refusal) Error() string { return r.Text + " (" + r.Code + ")" }

// heads asks what the parent has; wait: not before it has something that is not in ours.
func (p *Parent) heads(ctx context.Context, ours []journal.Head, wait bool) ([]journal.Head, error) {
	limit, query := step, url.Values{}
	if wait {
		limit, query = limit+patience, url.Values{"warten": {"1"}}
	}
	body, err := json.Marshal(newOffer(ours))
	if err != nil {
		return nil, fmt.Errorf("offer heads: %w", err)
	}
	var o offer
	if err := p.ask(ctx, limit, http.MethodPost, pathHeads, query, body, into(&o)); err != nil {
		return nil, err
	}
	return o.heads()
}

// push sends records and returns up to where the parent has them durably.
func (p *Parent) push(ctx context.Context, list []journal.Record) (journal.Head, error) {
	var body bytes.Buffer
	if err := writeBatch(&body, list); err != nil {
		return journal.Head{}, err
	}
	var h head
	if err := p.ask(ctx, step, http.MethodPost, pathRecords, nil, body.Bytes(), into(&h)); err != nil {
		return journal.Head{}, err
	}
	return h.head()
}

// pull fetches records behind a place.
func (p *Parent) pull(ctx context.Context, o journal.Origin, after uint64) (list []journal.Record, err error) {
	err = p.ask(ctx, step, http.MethodGet, pathRecords, place(o, after), nil, func(r io.Reader) error {
		list, err = readBatch(r)
		return err
	})
	return list, err
}

// Fetch fetches one record, as the other machine has it; false if it does not.
func (p *Parent) Fetch(ctx context.Context, o journal.Origin, seq uint64) (journal.Record, bool, error) {
	if seq == 0 {
		return journal.Record{}, false, nil
	}
	list, err := p.pull(ctx, o, seq-1)
	if err != nil || len(list) == 0 || list[0].Seq != seq || list[0].Origin != o {
		return journal.Record{}, false, err
	}
	return list[0], true, nil
}

// hash asks for the hash of one record; false if the parent does not have it.
func (p *Parent) hash(ctx context.Context, o journal.Origin, seq uint64) (journal.Hash, bool, error) {
	var answer struct {
		Hash string `json:"hash"`
	}
	if err := p.ask(ctx, step, http.MethodGet, pathHash, place(o, seq), nil, into(&answer)); err != nil {
		return journal.Hash{}, false, err
	}
	if answer.Hash == "" {
		return journal.Hash{}, false, nil
	}
	h, err := export.ParseHash(answer.Hash)
	return h, err == nil, err
}

func place(o journal.Origin, seq uint64) url.Values {
	return url.Values{"node": {o.Node}, "incarnation": {o.Incarnation}, "seq": {strconv.FormatUint(seq, 10)}}
}

func into(v any) func(io.Reader) error {
	return func(r io.Reader) error {
		if err := json.NewDecoder(io.LimitReader(r, maxOffer)).Decode(v); err != nil {
			return malformed(err)
		}
		return nil
	}
}

// ask sends one question and reads its answer.
func (p *Parent) ask(
	ctx context.Context, limit time.Duration, method, path string, q url.Values, body []byte, read func(io.Reader) error,
) error {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, method, p.URL+path+"?"+q.Encode(), bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("ask parent: %w", err)
	}
	resp, err := p.HTTP.Do(req)
	if err != nil {
		return fault.New(fault.Unavailable, "M-103",
			"Der andere Rechner ist nicht zu erreichen; verkauft wird weiter, und alles wird nachgetragen.",
			errors.Join(errWay, err))
	}
	defer func() { _ = resp.Body.Close() }() // read to its end or not wanted
	if resp.StatusCode == http.StatusOK {
		return read(resp.Body)
	}
	var out refusalBody
	if err := into(&out)(resp.Body); err != nil || out.Code == "" {
		return fmt.Errorf("%w: %s", errStatus, resp.Status)
	}
	return out.refused()
}

func (r refusalBody) refused() error {
	err := &Refusal{Code: r.Code, Text: r.Text}
	if r.Fork != nil {
		h, _ := r.Fork.head() // its hash is not used
		err.Fork = &journal.Fork{Origin: h.Origin, Seq: h.Seq}
	}
	return err
}
