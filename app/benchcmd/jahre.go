package benchcmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/bons"
	"github.com/offizin/offizin/sqlite"
)

// zwilling is the machine whose journal the years are: another one of the pharmacy, so that
// they come in by shipping, a thousand records a flush.
const zwilling = "platz-9"

// What in a record is another thing in each copy: carts and prescriptions, numbers of Bons,
// times in nanoseconds.
var (
	ids     = regexp.MustCompile(`"[mv]-[0-9a-f]{16}"`)
	nummern = regexp.MustCompile(`"1-\d{6}"`)
	zeiten  = regexp.MustCompile(`"zeit":\d{19}`)
)

// jahre fills a journal with years of sales, which are copies of those in it, and returns how
// many records it then has.
func jahre(ctx context.Context, s *sqlite.Store, years, each int, tell func(done int)) (int, error) {
	v := vermehrt{store: s, chain: journal.Chain{Origin: journal.Origin{Node: zwilling, Incarnation: "00000000000000aa"}}}
	if err := v.vorlage(ctx); err != nil {
		return 0, err
	}
	total := years * each
	today := clock.DayOf(time.Unix(0, v.sales[0][0].Wall).UTC())
	for i := range total {
		v.day = today.AddDays(-(total - i) * 365 * years / total)
		v.before, v.shift = today.String(), int64(v.day.Sub(today))*int64(24*time.Hour)
		if err := v.kopiere(ctx, v.sales[i%len(v.sales)], i); err != nil {
			return 0, err
		}
		if i%10_000 == 0 {
			tell(i)
		}
	}
	v.ready = append(v.ready, v.batch)
	if err := v.schicke(ctx); err != nil {
		return 0, err
	}
	return saetze(ctx, s)
}

// vermehrt is a journal that grows by copies.
type vermehrt struct {
	store  *sqlite.Store
	chain  journal.Chain
	sales  [][]journal.Record
	batch  []journal.Record
	ready  [][]journal.Record // full ones
	day    civil.Day
	before string // the day that stands in the records
	shift  int64  // nanoseconds from that day to the one of the copy
}

// vorlage reads the sales of the measurement that are in the journal, each with its cart.
func (v *vermehrt) vorlage(ctx context.Context) error {
	var open []journal.Record
	err := v.store.Records(ctx, v.store.Self(), 0, func(r journal.Record) (bool, error) {
		v.chain.Lamport = r.Lamport
		if !strings.HasPrefix(r.Key, "bench-") {
			return true, nil
		}
		if open = append(open, r); r.Type == "verkauf.abgeschlossen.v1" {
			v.sales, open = append(v.sales, open), nil
		}
		return true, nil
	})
	if err == nil && len(v.sales) == 0 {
		err = fmt.Errorf("no sales to copy in %s", v.store.Self())
	}
	return err
}

// kopiere copies the records of one sale.
func (v *vermehrt) kopiere(ctx context.Context, sale []journal.Record, i int) error {
	if len(v.batch)+len(sale) > journal.MaxBatch {
		v.ready, v.batch = append(v.ready, v.batch), make([]journal.Record, 0, journal.MaxBatch)
	}
	if len(v.ready) == zugleich {
		if err := v.schicke(ctx); err != nil {
			return err
		}
	}
	n := strconv.Itoa(i)
	for _, r := range sale {
		r.Key = "jahr" + n + strings.TrimPrefix(r.Key, "bench")
		r.Payload = ids.ReplaceAllFunc(r.Payload, func(id []byte) []byte {
			sum := sha256.Sum256(append([]byte(n), id...))
			return append(append(append([]byte{}, id[:3]...), hex.EncodeToString(sum[:8])...), '"')
		})
		r.Payload = nummern.ReplaceAll(r.Payload, []byte(strconv.Quote(bons.Number("9", i+1))))
		r.Payload = zeiten.ReplaceAllFunc(r.Payload, func(b []byte) []byte {
			at, _ := strconv.ParseInt(string(b[len(`"zeit":`):]), 10, 64) // digits only
			return strconv.AppendInt([]byte(`"zeit":`), at+v.shift, 10)
		})
		r.Payload = bytes.ReplaceAll(r.Payload, []byte(v.before), []byte(v.day.String()))
		r.Lamport, r.Wall = v.chain.Lamport+1, r.Wall+v.shift
		v.batch = append(v.batch, v.chain.Readmit(r))
	}
	return nil
}

// zugleich is how many batches one transaction takes in.
const zugleich = 4

// schicke stores the batches that are ready.
func (v *vermehrt) schicke(ctx context.Context) error {
	for len(v.ready) > 0 {
		asked := 1
		got, err := v.store.Take(ctx, v.ready[0], func() []journal.Record {
			if asked == len(v.ready) {
				return nil
			}
			asked++
			return v.ready[asked-1]
		})
		if err != nil {
			return fmt.Errorf("store copies: %w", err)
		}
		if got.Aside > 0 || got.New == 0 {
			return fmt.Errorf("%d copies are new, %d count for nothing", got.New, got.Aside)
		}
		for len(v.ready) > 0 && v.ready[0][len(v.ready[0])-1].Seq <= got.Head.Seq {
			v.ready = v.ready[1:]
		}
	}
	return nil
}
