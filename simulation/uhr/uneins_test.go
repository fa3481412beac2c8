package uhr_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/offizin/offizin/app/driver"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/simulation/abschuss"
)

const zweiTage = 48 * time.Hour

// platz is a machine whose clock is moved.
type platz struct {
	*driver.Rechner
	t    *testing.T
	file string
	n    int
}

func neu(t *testing.T, dir, shift, binary string, i int) *platz {
	name := fmt.Sprintf("platz-%d", i)
	p := &platz{t: t, file: filepath.Join(dir, "offset-"+name)}
	p.Rechner = &driver.Rechner{Binary: binary, Daten: filepath.Join(dir, name), Prefix: []string{shift, p.file}}
	p.geht(0)
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("%s: %s", name, p.Output())
		}
		p.Stop()
	})
	return p
}

func (p *platz) must(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

// geht sets its clock wrong by so much.
func (p *platz) geht(by time.Duration) {
	p.must(os.WriteFile(p.file, []byte(strconv.Itoa(int(by/time.Second))), 0o600))
}

// verkauft sells one pack.
func (p *platz) verkauft() (b bon.Bon) {
	p.t.Helper()
	p.n++
	ctx, till := p.t.Context(), p.Till("AB")
	key := fmt.Sprintf("%s-%d", filepath.Base(p.Daten), p.n)
	a, err := till.Scan(ctx, key+"s", "", string(muster.OTCSchmerzmittel.PZN()))
	p.must(err)
	a, err = till.Bezahlen(ctx, key+"p", a.Vorgang, a.Patient)
	p.must(err)
	p.must(till.Get(ctx, "/bon/"+a.Bon, &b))
	return b
}

// bucht fails unless, soon, a sale has the day of today, and says whether its time was in doubt.
func (p *platz) bucht(what string, doubt bool, von ...string) {
	p.t.Helper()
	var b bon.Bon
	uhr := clock.NewReal()
	for uhr.Mono() < 10*time.Second {
		if b = p.verkauft(); b.Tag == clock.Today(uhr) && (b.Uhr != nil) == doubt && (!doubt || slices.Contains(von, b.Uhr.Von)) {
			p.t.Logf("%s: %s sold %s on %v, %+v", what, filepath.Base(p.Daten), b.Nummer, b.Tag, b.Uhr)
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	p.t.Errorf("%s: %s sold on %v, %+v", what, filepath.Base(p.Daten), b.Tag, b.Uhr)
}

// The real program on three machines. One whose clock is two days ahead sells on the day of the lead, also when it
// starts again alone, and each Bon says so; set right, it goes by itself. A lead whose clock jumps stands alone against
// two and takes nobody along.
func TestUneins(t *testing.T) {
	if testing.Short() {
		t.Skip("half a minute of real machines")
	}
	dir := t.TempDir()
	shift := baueClockshift(t, dir)
	binary, err := abschuss.Baue(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	a, b, c := neu(t, dir, shift, binary, 1), neu(t, dir, shift, binary, 2), neu(t, dir, shift, binary, 3)
	c.geht(zweiTage)
	a.must(a.Gruende(t.Context(), 100, b.Rechner, c.Rechner))
	a.must(a.Starte(t.Context()))
	a.must(b.Join(t.Context(), a.Rechner))
	a.must(c.Join(t.Context(), a.Rechner))
	a.must(driver.Warte(t.Context(), time.Minute, "all have the same", func(ctx context.Context) bool {
		x, err1 := a.Stand(ctx)
		y, err2 := b.Stand(ctx)
		z, err3 := c.Stand(ctx)
		return errors.Join(err1, err2, err3) == nil && x.Saetze == y.Saetze && x.Saetze == z.Saetze
	}))
	c.bucht("two days ahead", true, "platz-1")
	a.bucht("the lead", false)
	b.bucht("the other", false)

	driver.Stop([]*driver.Rechner{a.Rechner, b.Rechner, c.Rechner})
	c.must(c.Starte(t.Context()))
	c.bucht("started alone", true, "platz-1")
	c.geht(0)
	c.bucht("set right", false)

	a.must(a.Starte(t.Context()))
	a.must(b.Starte(t.Context()))
	a.bucht("all there", false)
	a.geht(zweiTage)
	a.bucht("the lead jumps", true, "platz-2", "platz-3") // the latter leads if it was alone for two seconds
	b.bucht("the lead jumps", false)
	c.bucht("the lead jumps", false)
}
