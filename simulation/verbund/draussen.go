package verbund

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/offizin/offizin/workflow/ausgang"
)

// errStumm is an outside that does not answer.
var errStumm = errors.New("outside: no answer")

// abgelehnt is the code of what the outside refuses for good.
const abgelehnt = "X-1"

// ziel is a place outside: it knows an errand by its id and does one it knows not again. It loses
// requests and answers, gets some twice, refuses some for good, and is away for days.
type ziel struct {
	l       *lauf
	name    string
	kennt   bool          // can be asked what it has done; else it says no
	fern    time.Duration // until then it is away
	ids     map[string]bool
	getan   map[int]int // how many times the thing with a number was done
	ohne    map[int]bool
	bekam   int
	bekannt int
}

func newZiele(l *lauf) (list []*ziel) {
	for _, name := range []string{"grosshandel", "fachdienst"} {
		list = append(list, &ziel{
			l: l, name: name, kennt: name == "fachdienst",
			ids: map[string]bool{}, getan: map[int]int{}, ohne: map[int]bool{},
		})
	}
	return list
}

// verreise lets a place outside be away for a while.
func (l *lauf) verreise() {
	z := l.ziele[l.r.IntN(len(l.ziele))]
	d := []time.Duration{time.Minute, time.Hour, 10 * time.Hour, 3 * langerTag}[l.r.IntN(4)]
	z.fern = l.jetzt + d
	l.sage("%s is away for %s", z.name, d)
}

// nimm takes a request in; false if it is refused for good.
func (z *ziel) nimm(id string, nr int) bool {
	z.bekam++
	if z.ids[id] {
		z.bekannt++
		return true
	}
	if z.ohne[nr] || z.getan[nr] == 0 && z.l.eins(12) {
		z.ohne[nr] = true
		return false
	}
	z.ids[id] = true
	z.getan[nr]++
	return true
}

// bote is the messenger of one life of the program to all places.
type bote struct{ lb *leben }

// Fragen implements ausgang.Bote.
func (b *bote) Fragen(ctx context.Context, e ausgang.Besorgung) (string, bool, error) {
	z := b.lb.r.l.ziel(e.Ziel)
	if !z.kennt {
		return "", false, nil
	}
	if err := b.hin(ctx, z); err != nil {
		return "", false, err
	}
	known := z.ids[e.ID]
	return "bekannt", known, b.zurueck(ctx)
}

// Zustellen implements ausgang.Bote.
func (b *bote) Zustellen(ctx context.Context, e ausgang.Besorgung) (string, error) {
	l := b.lb.r.l
	z := l.ziel(e.Ziel)
	nr, err := strconv.Atoi(string(e.Inhalt))
	if err != nil {
		return "", fmt.Errorf("number of an errand: %w", err)
	}
	if err := b.hin(ctx, z); err != nil {
		return "", err
	}
	ok := z.nimm(e.ID, nr)
	l.sage("%s got %d from %d: %t", z.name, nr, b.lb.r.nr, ok)
	if !l.feierabend && l.eins(20) {
		l.nach(l.zufall(0, time.Minute), func(context.Context) { z.nimm(e.ID, nr) })
	}
	if err := b.zurueck(ctx); err != nil || ok {
		return "angenommen", err
	}
	return "", &ausgang.Endgueltig{Code: abgelehnt, Text: "Nicht lieferbar."}
}

// hin is the way of a request.
func (b *bote) hin(ctx context.Context, z *ziel) error {
	return b.weg(ctx, func() bool { return z.l.jetzt < z.fern || !z.l.feierabend && z.l.eins(6) })
}

// zurueck is the way of an answer.
func (b *bote) zurueck(ctx context.Context) error {
	l := b.lb.r.l
	return b.weg(ctx, func() bool { return !l.feierabend && l.eins(6) })
}

// weg lets time pass; what is lost is waited for.
func (b *bote) weg(ctx context.Context, lost func() bool) error {
	l := b.lb.r.l
	if err := b.warte(ctx, l.zufall(0, 2*time.Second)); err != nil || !lost() {
		return err
	}
	if err := b.warte(ctx, schlaf); err != nil {
		return err
	}
	return errStumm
}

func (b *bote) warte(ctx context.Context, d time.Duration) error {
	if !b.lb.r.l.dran.warte(d) || ctx.Err() != nil {
		return errStumm // the run is over, or the program has ended meanwhile
	}
	return nil
}

// neueID is a planted fault: each try has an id of its own.
type neueID struct {
	bote
	n int
}

// Zustellen implements ausgang.Bote.
func (b *neueID) Zustellen(ctx context.Context, e ausgang.Besorgung) (string, error) {
	b.n++
	e.ID += "-" + strconv.Itoa(b.n) + "-" + b.lb.store.Self().String()
	return b.bote.Zustellen(ctx, e)
}

func (l *lauf) ziel(name string) *ziel {
	return l.ziele[slices.IndexFunc(l.ziele, func(z *ziel) bool { return z.name == name })]
}
