package generation_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"sync"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/sqlite/generation"
)

// till is a till that has the newer of two generations open, with one reader of four.
type till struct {
	*testing.T
	dir, alt, neu string
	o             *generation.Ordner
	preise        map[kennung.PZN]artikel.Artikel // of the newer one
}

func neuerTill(t *testing.T) *till {
	t.Helper()
	dir, alt, neu := laden(t)
	k := &till{T: t, dir: dir, alt: alt, neu: neu, o: open(t, dir), preise: map[kennung.PZN]artikel.Artikel{}}
	gilt(t, k.o, neu)
	for z := range quelle(110).Artikel {
		k.preise[z.Artikel.PZN] = z.Artikel
	}
	return k
}

func (k *till) name(file string) string { return filepath.Join(k.dir, k.neu, file) }

// verkaufe looks up by number and by word, eight at once, and holds that whatever is
// answered is of the generation as it was opened. It returns how many lookups were refused.
func (k *till) verkaufe(g catalogue.Generation) (refused int) {
	k.Helper()
	var mu sync.Mutex
	var all sync.WaitGroup
	look := func(a artikel.Artikel, err error) {
		mu.Lock()
		defer mu.Unlock()
		switch {
		case err != nil && code(err) != "A-654" && code(err) != "A-416":
			k.Errorf("%v", err)
		case err != nil:
			refused++
		case a != k.preise[a.PZN]:
			k.Errorf("got  %+v\nwant %+v", a, k.preise[a.PZN])
		}
	}
	for range 8 {
		all.Go(func() {
			for p := range k.preise {
				a, _, err := g.Artikel(context.Background(), p)
				look(a, err)
			}
			list, err := g.Suche(context.Background(), catalogue.Anfrage{Text: "ibu"})
			look(artikel.Artikel{}, err)
			for _, x := range list {
				look(x.Artikel, nil)
			}
		})
	}
	all.Wait()
	return refused
}

// andere is the file with other prices, and as many bytes.
func (k *till) andere(file string) []byte {
	k.Helper()
	b := mustRead(k.T, k.name(file))
	if file == "suche.idx" {
		for i := len(b) / 3; i < len(b); i += 97 {
			b[i] ^= 0x55
		}
		return b
	}
	n := 0
	b = regexp.MustCompile(`"avp":[1-8]`).ReplaceAllFunc(b, func(m []byte) []byte {
		n++
		m[len(m)-1]++
		return m
	})
	if n < 20 {
		k.Fatalf("%d prices", n)
	}
	return b
}

// A file of the active generation that another takes the place of: the till goes on with the
// one that it has open, readers that are opened later included; no price of the new pair is
// shown. A check finds it, and so does the next start.
func TestDateiVertauscht(t *testing.T) {
	for _, files := range [][]string{{"artikel.db"}, {"suche.idx"}, {"artikel.db", "suche.idx"}} {
		k := neuerTill(t)
		g, err := k.o.Am(heute)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b := k.andere(f)
			if err := os.WriteFile(k.name("x"), b, 0o600); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(k.name("x"), k.name(f)); err != nil {
				t.Fatal(err)
			}
			if n := k.verkaufe(g); n > 0 {
				t.Errorf("%s: %d lookups refused", f, n)
			}
		}
		gilt(t, k.o, k.neu)
		if err := k.o.Nachpruefen(t.Context(), heute); code(err) != "A-416" {
			t.Errorf("%v: %v", files, err)
		}
		gilt(t, k.o, k.alt, "A-654")
		next := open(t, k.dir)
		if err := next.Nachpruefen(t.Context(), heute); code(err) != "A-416" && am(t, next, heute) != k.alt {
			t.Errorf("%v: %v", files, err)
		}
		gilt(t, next, k.alt, ersteStoerung(next))
		build(t, k.dir, 20261115, 110)
		for _, o := range []*generation.Ordner{k.o, next} {
			gilt(t, o, k.neu)
			if err := o.Nachpruefen(t.Context(), heute); err != nil {
				t.Error(err)
			}
		}
	}
}

func ersteStoerung(o *generation.Ordner) string {
	if list := o.Stoerungen(); len(list) > 0 {
		return code(list[0])
	}
	return ""
}

// Somebody writes into a file of the active generation: no lookup answers from it any more,
// the one before goes on, and it is said once. Repaired, it is compared as a whole first.
func TestInDateiGeschrieben(t *testing.T) {
	for _, file := range []string{"artikel.db", "suche.idx"} {
		k := neuerTill(t)
		whole := mustRead(t, k.name(file))
		g, err := k.o.Am(heute)
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile(k.name(file), os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		b := k.andere(file)
		for i := 0; i < len(b); i += 4096 { // page by page, as a copy comes
			if _, err := f.WriteAt(b[i:min(i+4096, len(b))], int64(i)); err != nil {
				t.Fatal(err)
			}
			if i%(8*4096) == 0 {
				k.verkaufe(g)
			}
		}
		if err := f.Close(); err != nil {
			t.Fatal(err)
		}
		if n := k.verkaufe(g); n < 8*len(k.preise) {
			t.Errorf("%s: only %d lookups refused", file, n)
		}
		for range 3 {
			gilt(t, k.o, k.alt, "A-654")
		}
		if err := os.WriteFile(k.name(file), whole, 0o600); err != nil {
			t.Fatal(err)
		}
		gilt(t, k.o, k.neu)
		if n := k.verkaufe(must(k.o.Am(heute))); n > 0 {
			t.Errorf("%s: %d lookups refused after the repair", file, n)
		}
		// Other files of the same sizes do not pass for it any more.
		if err := os.WriteFile(k.name(file), b, 0o600); err != nil {
			t.Fatal(err)
		}
		gilt(t, k.o, k.alt, "A-654")
		if err := os.WriteFile(k.name("x"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(k.name("x"), k.name(file)); err != nil {
			t.Fatal(err)
		}
		gilt(t, k.o, k.alt, "A-416")
	}
}

func must(g catalogue.Generation, err error) catalogue.Generation {
	if err != nil {
		panic(err)
	}
	return g
}

// Cut to nothing under the running till: as any other writing.
func TestDateiGekuerzt(t *testing.T) {
	for _, file := range []string{"artikel.db", "suche.idx"} {
		for _, left := range []int64{0, 5000} {
			k := neuerTill(t)
			g, err := k.o.Am(heute)
			if err != nil {
				t.Fatal(err)
			}
			if err := os.Truncate(k.name(file), left); err != nil {
				t.Fatal(err)
			}
			if n := k.verkaufe(g); n < 8*len(k.preise) {
				t.Errorf("%s to %s: only %d lookups refused", file, strconv.FormatInt(left, 10), n)
			}
			gilt(t, k.o, k.alt, "A-654")
		}
	}
}

// A check that is called off says so and leaves the generation where it is.
func TestNachpruefenAbgebrochen(t *testing.T) {
	dir, _, neu := laden(t)
	o := open(t, dir)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := o.Nachpruefen(ctx, heute); err == nil || code(err) != "" {
		t.Errorf("%v", err)
	}
	gilt(t, o, neu)
}
