package abschuss

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/kennung"
)

// person sells, one act after the other, in carts of its own. What it was told it keeps.
type person struct {
	nr       int
	l        *lauf
	r        *rand.Rand
	tat      *handlung // not finished
	next     int       // number of the next act
	belege   []*beleg
	geprueft int // Belege of earlier lives, already held against the program
	tries    int
	open     bool // the last step was sent and not answered
}

// beleg is an acknowledged Bon. Amounts are cents.
type beleg struct {
	nummer  string
	patient int64
	packs   map[kennung.PZN]int // that left the shelf; negative: came back
	bezug   string              // number of the Bon it undoes
	undone  bool
}

// handlung is one thing a person does, in steps. A step that was acknowledged is never
// repeated; one that was not is repeated with the same key.
type handlung struct {
	schritte []schritt
	done     int
	vorgang  string
	rezept   bool
	of       *beleg // that is undone
	soll     beleg  // what the Bon has to say
}

// schritt does one step and holds the answer against what it has to be.
type schritt func(ctx context.Context, c *driver.Client, key string, h *handlung) error

// errFalsch reports an answer that is not what it has to be.
var errFalsch = errors.New("wrong answer")

// rezeptPflicht is what a patient pays for the article on prescription, in cents: the
// least Zuzahlung of § 61 SGB V.
const rezeptPflicht = 500

// neu decides what happens next: a sale over the counter, one on prescription, or the
// Storno of an earlier one.
func (p *person) neu() *handlung {
	p.next++
	h := &handlung{soll: beleg{packs: map[kennung.PZN]int{}}}
	k := p.r.IntN(10)
	if b := p.stornierbar(); k == 0 && b != nil {
		h.of, h.schritte = b, []schritt{storniere}
		return h
	}
	h.schritte = []schritt{beginne}
	if k < 4 {
		h.rezept = true
		h.schritte = append(h.schritte, p.nehmeRezept, scanne(muster.RxZuzahlung5.PZN(), rezeptPflicht))
	}
	for range 1 + p.r.IntN(3) {
		w := p.l.waren[p.r.IntN(len(p.l.waren))]
		h.schritte = append(h.schritte, scanne(w.PZN, int64(w.Verkaufspreis())))
	}
	h.schritte = append(h.schritte, zahle)
	return h
}

func (p *person) stornierbar() *beleg {
	for range 5 {
		if len(p.belege) == 0 {
			return nil
		}
		if b := p.belege[p.r.IntN(len(p.belege))]; b.bezug == "" && !b.undone {
			return b
		}
	}
	return nil
}

// arbeite does acts until the program does not answer any more or limit acts are done.
func (p *person) arbeite(ctx context.Context, c *driver.Client, limit int) {
	for range limit {
		if p.tat == nil {
			p.tat = p.neu()
		}
		err := p.weiter(ctx, c)
		if err == nil {
			p.fertig()
			continue
		}
		f, refused := errors.AsType[*driver.Fehler](err)
		if refused && f.Code == p.l.erlaubt {
			p.l.abgelehnt.Add(1)
			return
		}
		if refused || errors.Is(err, errFalsch) {
			p.l.fehler("person %d, act %d: %v", p.nr, p.next, err)
			p.tat, p.open = nil, false
			continue
		}
		if !p.l.getoetet.Load() {
			p.l.fehler("person %d, act %d: no answer although the program lives: %v", p.nr, p.next, err)
		}
		return
	}
}

// weiter does the next steps until all are acknowledged or one fails.
func (p *person) weiter(ctx context.Context, c *driver.Client) error {
	for p.tat.done < len(p.tat.schritte) {
		key := fmt.Sprintf("p%d-%d-%d", p.nr, p.next, p.tat.done)
		if p.l.regeln.OhneKey {
			p.tries++
			key += "-" + strconv.Itoa(p.tries)
		}
		if p.open {
			p.l.wiederholt.Add(1)
		}
		p.open = true
		if err := p.tat.schritte[p.tat.done](ctx, c, key, p.tat); err != nil {
			return fmt.Errorf("step %d of %d: %w", p.tat.done+1, len(p.tat.schritte), err)
		}
		p.open = false
		if p.l.schritte.Add(1) == p.l.ziel.Load() {
			p.l.reif <- struct{}{}
		}
		p.tat.done++
	}
	return nil
}

func (p *person) fertig() {
	b := p.tat.soll
	if p.tat.of != nil {
		p.tat.of.undone = true
	} else {
		p.l.vorgaenge.Add(1)
	}
	if p.tat.rezept {
		p.l.rezepte.Add(1)
	}
	p.belege = append(p.belege, &b)
	p.tat = nil
}

func beginne(ctx context.Context, c *driver.Client, key string, h *handlung) error {
	a, err := c.Post(ctx, "/verkauf/beginnen", key, nil)
	h.vorgang = a.Vorgang
	return err
}

// nehmeRezept takes a prescription in, with a new patient each time.
func (p *person) nehmeRezept(ctx context.Context, c *driver.Client, key string, h *handlung) error {
	a, err := c.Post(ctx, "/verkauf/muster16", key, url.Values{
		"vorgang": {h.vorgang}, "ausgestellt": {p.l.heute}, "vorname": {"Erika"}, "geburt": {"03.05.1970"},
		"name": {fmt.Sprintf("Patient %d %d", p.nr, p.next)}, "traeger": {"GKV"}, "ik": {muster.IKs()[0].IK},
		"pzn1": {string(muster.RxZuzahlung5.PZN())}, "packungen1": {"1"},
	})
	return h.hold(a, err)
}

func scanne(pzn kennung.PZN, patient int64) schritt {
	return func(ctx context.Context, c *driver.Client, key string, h *handlung) error {
		a, err := c.Scan(ctx, key, h.vorgang, string(pzn))
		if err == nil {
			h.soll.patient += patient
			h.soll.packs[pzn]++
		}
		return h.hold(a, err)
	}
}

func zahle(ctx context.Context, c *driver.Client, key string, h *handlung) error {
	a, err := c.Bezahlen(ctx, key, h.vorgang, h.soll.patient)
	h.soll.nummer = a.Bon
	return h.hold(a, err)
}

func storniere(ctx context.Context, c *driver.Client, key string, h *handlung) error {
	h.soll.bezug, h.soll.patient = h.of.nummer, -h.of.patient
	for pzn, n := range h.of.packs {
		h.soll.packs[pzn] = -n
	}
	a, err := c.Post(ctx, "/bon/"+url.PathEscape(h.of.nummer)+"/storno", key, url.Values{"grund": {"Beweis"}})
	h.soll.nummer = a.Bon
	return h.hold(a, err)
}

// hold compares the sum in an answer with what it has to be: a step that counted twice
// shows here.
func (h *handlung) hold(a driver.Antwort, err error) error {
	if err == nil && a.Patient != h.soll.patient {
		err = fmt.Errorf("%w: the patient pays %d instead of %d", errFalsch, a.Patient, h.soll.patient)
	}
	return err
}
