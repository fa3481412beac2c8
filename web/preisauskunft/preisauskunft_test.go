package preisauskunft_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/memory"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/journal/event"
	"github.com/offizin/offizin/recht"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/workflow/artikelsuche"
	"github.com/offizin/offizin/workflow/eigene"
	"github.com/offizin/offizin/workflow/workflowtest"
)

func law(t testing.TB) func(civil.Day) (preisauskunft.Recht, error) {
	t.Helper()
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	return func(day civil.Day) (preisauskunft.Recht, error) {
		st, err := s.Am(day)
		return preisauskunft.Recht{Preis: st.Preis, Zuzahlung: st.Zuzahlung}, err
	}
}

// katalog has one generation for each day, with the price changes of muster between them.
func katalog(t testing.TB, n int, days ...civil.Day) catalogue.Catalogue {
	t.Helper()
	var gens []catalogue.Generation
	for i, day := range days {
		gens = append(gens, generation(t, day, muster.Quelle(muster.Options{Seed: 1, Artikel: n, Ausgabe: i})))
	}
	return memory.NewCatalogue(gens...)
}

func generation(t testing.TB, ab civil.Day, q catalogue.Quelle) catalogue.Generation {
	t.Helper()
	g, err := memory.New(catalogue.Manifest{ID: ab.String() + "-x", GueltigAb: ab}, q)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func sammle(t testing.TB, q preisauskunft.Quelle) *preisauskunft.Liste {
	t.Helper()
	l, err := preisauskunft.New(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func datei(t testing.TB, l *preisauskunft.Liste) string {
	t.Helper()
	var b bytes.Buffer
	if err := l.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The kinds and the place of each amount, as the page knows them.
const (
	gkv, privat, ohne, fehlt, pflege, rx = 0, 1, 2, 3, 4, 8
	avp, uvp, fest, zuz, mehr            = 1, 2, 3, 4, 5
)

// gelesen is a list as the page reads it.
type gelesen struct {
	tage    []civil.Day
	bis     civil.Day
	artikel map[kennung.PZN]gelesenerArtikel
	folge   []kennung.PZN
}

type gelesenerArtikel struct {
	name, hersteller, packung, form, stoff string
	preise                                 [][6]int64 // by day
	stufe, merkmale                        uint32
}

// leser reads the file a second time, by the description of the format.
type leser struct {
	t testing.TB
	r *bufio.Reader
}

func (l leser) zahl() int {
	var b [4]byte
	if _, err := io.ReadFull(l.r, b[:]); err != nil {
		l.t.Fatal(err)
	}
	return int(binary.LittleEndian.Uint32(b[:]))
}

func (l leser) texte() []string {
	b := make([]byte, l.zahl())
	if _, err := io.ReadFull(l.r, b); err != nil {
		l.t.Fatal(err)
	}
	return strings.Split(string(b), "\n")
}

func (l leser) spalte() []uint32 {
	v := make([]uint32, l.zahl())
	art, err := l.r.ReadByte()
	for p := range int(art & 7) {
		for i := range v {
			b, e := l.r.ReadByte()
			v[i], err = v[i]|uint32(b)<<(8*p), e
		}
	}
	if err != nil {
		l.t.Fatal(err)
	}
	if art&8 != 0 {
		last := int64(0)
		for i := range v {
			last += gerade(v[i])
			v[i] = uint32(last)
		}
	}
	return v
}

func gerade(z uint32) int64 { return int64(z>>1) ^ -int64(z&1) }

// lies reads the data out of a page.
func lies(t testing.TB, page string) gelesen {
	t.Helper()
	_, rest, ok := strings.Cut(page, `id="daten">`)
	text, _, ok2 := strings.Cut(rest, "</script>")
	if !ok || !ok2 {
		t.Fatal("no data in the page")
	}
	z, err := gzip.NewReader(base64.NewDecoder(base64.StdEncoding, strings.NewReader(text)))
	if err != nil {
		t.Fatal(err)
	}
	l := leser{t, bufio.NewReader(z)}
	var head struct{ Tage, Bis any }
	var g gelesen
	dec := json.NewDecoder(strings.NewReader(l.texte()[0]))
	dec.UseNumber()
	if err := dec.Decode(&head); err != nil {
		t.Fatal(err)
	}
	g.bis = nummer(head.Bis)
	for _, d := range head.Tage.([]any) {
		g.tage = append(g.tage, nummer(d))
	}
	l.artikel(&g)
	if _, err := l.r.ReadByte(); err != io.EOF {
		t.Errorf("more after the end: %v", err)
	}
	return g
}

func nummer(v any) civil.Day {
	n, _ := v.(json.Number).Int64()
	return civil.Day(n)
}

func (l leser) artikel(g *gelesen) {
	words := l.texte()
	common, rest, flat, bearers := l.spalte(), l.spalte(), l.spalte(), l.spalte()
	var names []string
	var name []string
	for i := range common {
		name = append([]string{}, name[:common[i]]...)
		for range rest[i] {
			name, flat = append(name, words[flat[0]]), flat[1:]
		}
		for range bearers[i] {
			names = append(names, strings.Join(name, " "))
		}
	}
	var cols [4][]string
	for k := range cols {
		list := l.texte()
		for _, x := range l.spalte() {
			cols[k] = append(cols[k], list[x])
		}
	}
	sets := l.preise(len(g.tage))
	preis, pzn, stufe, merkmale := l.spalte(), l.spalte(), l.spalte(), l.spalte()
	g.artikel = map[kennung.PZN]gelesenerArtikel{}
	for i := range names {
		p := kennung.PZN(fmt.Sprintf("%08d", pzn[i]))
		g.folge = append(g.folge, p)
		g.artikel[p] = gelesenerArtikel{
			name: names[i], hersteller: cols[0][i], packung: cols[1][i], form: cols[2][i], stoff: cols[3][i],
			preise: sets[preis[i]], stufe: stufe[i], merkmale: merkmale[i],
		}
	}
}

func (l leser) preise(days int) [][][6]int64 {
	var sets [][][6]int64
	for d := range days {
		for n := range 6 {
			for i, x := range l.spalte() {
				if d == 0 && n == 0 {
					sets = append(sets, make([][6]int64, days))
				}
				if d == 0 {
					sets[i][d][n] = int64(x)
				} else {
					sets[i][d][n] = sets[i][d-1][n] + gerade(x)
				}
			}
		}
	}
	return sets
}

// What the page reads is what the catalogue holds and what the law gives: every text and
// every amount of every article, today and from each change on.
func TestHinUndZurueck(t *testing.T) {
	const n = 4000
	k := katalog(t, n, 20261115, 20261201)
	g := lies(t, datei(t, sammle(t, preisauskunft.Quelle{Katalog: k, Recht: law(t), Tag: 20261125})))
	if fmt.Sprint(g.tage) != fmt.Sprint([]civil.Day{20261125, 20261201, 20270101}) || g.bis != 20261214 || len(g.artikel) != n {
		t.Fatalf("%v until %v, %d articles", g.tage, g.bis, len(g.artikel))
	}
	for i, day := range g.tage {
		gen, err := k.Am(day)
		if err != nil {
			t.Fatal(err)
		}
		st, err := law(t)(day)
		if err != nil {
			t.Fatal(err)
		}
		for z := range gen.Alle(t.Context()) {
			a, got := z.Artikel, g.artikel[z.Artikel.PZN]
			gleich(t, a, got)
			betraege(t, a, got.preise[i], zuzahlung.Compute(artikelsuche.Fall(day, a), st.Zuzahlung))
		}
	}
}

func gleich(t *testing.T, a artikel.Artikel, got gelesenerArtikel) {
	t.Helper()
	if got.name != a.Name || got.hersteller != a.Hersteller || got.packung != a.Packung() || got.stoff != a.Wirkstoff ||
		!strings.HasPrefix(got.form, artikel.FormName(a.Darreichungsform)+"|"+a.Darreichungsform) {
		t.Fatalf("%s: %+v, want %+v", a.PZN, got, a)
	}
	if got.merkmale&1 != 0 != (a.Status == artikel.AusserVertrieb) || got.merkmale&2 != 0 != (a.Status == artikel.Rueckruf) ||
		got.merkmale&4 != 0 != a.BtM || got.merkmale&8 != 0 != a.Import {
		t.Fatalf("%s: marks %b", a.PZN, got.merkmale)
	}
}

func betraege(t *testing.T, a artikel.Artikel, got [6]int64, e zuzahlung.Ergebnis) {
	t.Helper()
	if rx := got[0]&8 != 0; rx != a.Verschreibungspflichtig {
		t.Fatalf("%s: Rx %v", a.PZN, rx)
	}
	got[0] &= 7
	if a.AVP == 0 && (a.ApU > 0 || a.UVP == 0) {
		return // see TestPreise
	}
	switch {
	case a.Lifestyle || a.Negativliste || e.Privat:
		if got[0] != privat || got[zuz] != 0 || got[mehr] != 0 {
			t.Fatalf("%s: %v, want a private purchase", a.PZN, got)
		}
	case a.Art == artikel.Pflegehilfsmittel:
		if got[0] != pflege {
			t.Fatalf("%s: %v, want the Pflegekasse", a.PZN, got)
		}
	case got != [6]int64{gkv, int64(a.AVP), int64(a.UVP), int64(a.Festbetrag), int64(e.Zuzahlung), int64(e.Mehrkosten)}:
		t.Fatalf("%s: %v, want %v + %v of AVP %v", a.PZN, got, e.Zuzahlung, e.Mehrkosten, a.AVP)
	}
	if got[uvp] != int64(a.UVP) || got[fest] != int64(a.Festbetrag) {
		t.Fatalf("%s: %v, want UVP %v and Festbetrag %v", a.PZN, got, a.UVP, a.Festbetrag)
	}
}

// The cases that no formula covers: computed by hand from facts of law and catalogue.
func TestPreise(t *testing.T) {
	art := func(r muster.Rolle, change func(*artikel.Artikel)) catalogue.Zeile {
		a := artikel.Artikel{
			PZN: r.PZN(), Name: string(r), Art: artikel.Arzneimittel, Status: artikel.Verkehr, MwSt: artikel.MwStVoll,
			Verschreibungspflichtig: true, Apothekenpflichtig: true,
		}
		change(&a)
		return catalogue.Zeile{Artikel: a}
	}
	today := []catalogue.Zeile{
		// ABDA's example: ApU 50.00 gives 74.54, Zuzahlung 7.45.
		art(muster.OhneAVP, func(a *artikel.Artikel) { a.ApU = 5000 }),
		art(muster.Lifestyle, func(a *artikel.Artikel) { a.AVP, a.Lifestyle = 3000, true }),
		art(muster.OTCSchmerzmittel, func(a *artikel.Artikel) { a.ApU, a.UVP, a.Verschreibungspflichtig = 180, 595, false }),
		art(muster.FreiwahlVoll, func(a *artikel.Artikel) { a.Art, a.Verschreibungspflichtig = artikel.Freiwahl, false }),
		art(muster.RxTeuer, func(a *artikel.Artikel) { a.AVP = 25000 }),
	}
	later := append(today[:4:4], art(muster.RxZuzahlung5, func(a *artikel.Artikel) { a.AVP = 1000 }))
	k := memory.NewCatalogue(generation(t, 20261115, catalogue.QuelleAus(today, nil)), generation(t, 20261201, catalogue.QuelleAus(later, nil)))
	g := lies(t, datei(t, sammle(t, preisauskunft.Quelle{Katalog: k, Recht: law(t), Tag: 20261125})))
	for r, want := range map[muster.Rolle][3][6]int64{
		muster.OhneAVP:          {{gkv + rx, 7454, 0, 0, 745, 0}, {gkv + rx, 7454, 0, 0, 745, 0}, {gkv + rx, 7454, 0, 0, 750, 0}},
		muster.Lifestyle:        {{privat + rx, 3000}, {privat + rx, 3000}, {privat + rx, 3000}},
		muster.OTCSchmerzmittel: {{privat, 0, 595}, {privat, 0, 595}, {privat, 0, 595}},
		muster.FreiwahlVoll:     {{ohne}, {ohne}, {ohne}},
		muster.RxTeuer:          {{gkv + rx, 25000, 0, 0, 1000, 0}, {fehlt}, {fehlt}},
		muster.RxZuzahlung5:     {{fehlt}, {gkv + rx, 1000, 0, 0, 500, 0}, {gkv + rx, 1000, 0, 0, 750, 0}},
	} {
		if got := g.artikel[r.PZN()].preise; len(got) != 3 || [3][6]int64(got) != want {
			t.Errorf("%s: %v, want %v", r, got, want)
		}
	}
}

// What the pharmacy asks where the price is free is its own price, if it has one; what the
// GKV pays for is not touched by it.
func TestEigenerPreis(t *testing.T) {
	one := []catalogue.Zeile{
		{Artikel: artikel.Artikel{PZN: muster.FreiwahlVoll.PZN(), Art: artikel.Freiwahl, UVP: 499, EigenerPreis: 449}},
		{Artikel: artikel.Artikel{
			PZN: muster.OTCSchmerzmittel.PZN(), Art: artikel.Arzneimittel, AVP: 512, UVP: 698, EigenerPreis: 599, OTCAusnahme: true,
		}},
	}
	k := memory.NewCatalogue(generation(t, 20261115, catalogue.QuelleAus(one, nil)))
	g := lies(t, datei(t, sammle(t, preisauskunft.Quelle{Katalog: k, Recht: law(t), Tag: 20261125})))
	for r, want := range map[muster.Rolle][2]int64{muster.FreiwahlVoll: {0, 449}, muster.OTCSchmerzmittel: {512, 599}} {
		if got := g.artikel[r.PZN()].preise[0]; got[1] != want[0] || got[uvp] != want[1] {
			t.Errorf("%s: %v, want %v", r, got, want)
		}
	}
}

// An own price that begins or ends before the next catalogue is told on its day, also where
// one generation holds on both.
func TestEigenerPreisWechselt(t *testing.T) {
	creme := artikel.Artikel{PZN: muster.FreiwahlVoll.PZN(), Name: "Creme", Art: artikel.Freiwahl, UVP: 499}
	x := workflowtest.New(t, []artikel.Artikel{creme})
	x.Book(event.EigenerPreisGesetzt{PZN: creme.PZN, Ab: 20261101, Bis: 20261125, Preis: 449},
		event.EigenerPreisGesetzt{PZN: creme.PZN, Ab: 20261201, Preis: 399},
		event.EigenerArtikelGesetzt{PZN: "08000005", Name: "Badesalz", Menge: "500", Einheit: "g", MwSt: 1, Preis: 1290})
	own, err := eigene.New(x.Kern, x.Kern.Katalog).Wechsel(x.Ctx)
	x.Must(err)
	g := lies(t, datei(t, sammle(t, preisauskunft.Quelle{Katalog: x.Kern.Katalog, Recht: law(t), Tag: 20261123, Wechsel: own})))
	if got := fmt.Sprint(g.tage); got != "[2026-11-23 2026-11-26 2026-12-01]" {
		t.Fatal(got)
	}
	for i, want := range []int64{449, 499, 399} {
		if got := g.artikel[creme.PZN].preise[i][uvp]; got != want {
			t.Errorf("%v: %d, want %d", g.tage[i], got, want)
		}
		if got := g.artikel["08000005"].preise[i][uvp]; got != 1290 {
			t.Errorf("%v: the own article costs %d", g.tage[i], got)
		}
	}
}

// A day on which no amount changes is none: the law of 2027 does not touch what is sold
// freely, and a generation with the same prices is no news.
func TestTage(t *testing.T) {
	one := []catalogue.Zeile{{Artikel: artikel.Artikel{PZN: muster.FreiwahlVoll.PZN(), Art: artikel.Freiwahl, UVP: 499, Name: "Creme"}}}
	same := func(days ...civil.Day) catalogue.Catalogue {
		var gens []catalogue.Generation
		for _, d := range days {
			gens = append(gens, generation(t, d, catalogue.QuelleAus(one, nil)))
		}
		return memory.NewCatalogue(gens...)
	}
	for _, c := range []struct {
		k        catalogue.Catalogue
		tag, bis civil.Day
		want     string
	}{
		{same(20261115, 20261201), 20261125, 20261214, "[2026-11-25]"},
		{same(20261101), 20261114, 20261114, "[2026-11-14]"},
		{same(20260901), 20261231, 20261231, "[2026-12-31]"},
		{katalog(t, 300, 20261201), 20261231, 20261231, "[2026-12-31 2027-01-01]"},
		{katalog(t, 300, 20261201), 20270101, 20270114, "[2027-01-01]"},
		{katalog(t, 300, 20261115, 20261201, 20261215, 20270101, 20270115), 20261125, 20270114, "[2026-11-25 2026-12-01 2026-12-15 2027-01-01]"},
		// Only three changes have room: the list ends before the one of law.
		{katalog(t, 300, 20261219, 20261221, 20261222, 20261223), 20261220, 20261231, "[2026-12-20 2026-12-21 2026-12-22 2026-12-23]"},
		{katalog(t, 300, 20261219, 20261221, 20261222, 20261223, 20261224), 20261220, 20261223, "[2026-12-20 2026-12-21 2026-12-22 2026-12-23]"},
	} {
		l := sammle(t, preisauskunft.Quelle{Katalog: c.k, Recht: law(t), Tag: c.tag})
		g := lies(t, datei(t, l))
		if fmt.Sprint(g.tage) != c.want || g.bis != c.bis || l.Bis != c.bis {
			t.Errorf("%v: %v until %v, want %s until %v", c.tag, g.tage, g.bis, c.want, c.bis)
		}
	}
	if _, err := preisauskunft.New(t.Context(), preisauskunft.Quelle{Katalog: memory.NewCatalogue(), Recht: law(t), Tag: 20261125}); err == nil ||
		!strings.Contains(err.Error(), "A-103") {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := preisauskunft.New(ctx, preisauskunft.Quelle{Katalog: katalog(t, 300, 20261201), Recht: law(t), Tag: 20261225}); err == nil {
		t.Error("a walk that was called off gives a list")
	}
}

// The most asked for stay when only some are wanted; what is out of trade comes last.
func TestNurDieMeistverlangten(t *testing.T) {
	l := sammle(t, preisauskunft.Quelle{Katalog: katalog(t, 3000, 20261115), Recht: law(t), Tag: 20261120, Artikel: 20})
	g := lies(t, datei(t, l))
	if len(g.artikel) != 20 || l.Artikel() != 20 {
		t.Errorf("%d articles", len(g.artikel))
	}
	if g.artikel[muster.OTCSchmerzmittel.PZN()].name == "" || g.artikel[muster.AusserVertrieb.PZN()].name != "" {
		t.Errorf("%v", g.folge)
	}
}

// Whatever stands in the catalogue, the page is the same but for its data, its script is
// the one that its policy allows, and it is small enough to be read by one person.
func TestSeite(t *testing.T) {
	evil := `</script><script>alert(1)</script>` + "\nzweite Zeile\u2028| "
	z := catalogue.Zeile{Artikel: artikel.Artikel{
		PZN: muster.FreiwahlVoll.PZN(), Name: evil, Hersteller: evil, Wirkstoff: evil, Menge: evil, Darreichungsform: "", UVP: 100, Art: artikel.Freiwahl,
	}}
	page := datei(t, sammle(t, preisauskunft.Quelle{
		Katalog: memory.NewCatalogue(generation(t, 20261115, catalogue.QuelleAus([]catalogue.Zeile{z}, nil))), Recht: law(t), Tag: 20261125,
	}))
	if n := strings.Count(page, "</script>"); n != 2 || strings.Contains(page, "alert(") {
		t.Errorf("%d scripts end", n)
	}
	if a := lies(t, page).artikel[muster.FreiwahlVoll.PZN()]; a.name != strings.Join(strings.Fields(evil), " ") || a.preise[0][uvp] != 100 {
		t.Errorf("%+v", a)
	}
	for _, word := range []string{"http://", "https://", "innerHTML", "eval(", "unsafe", "src=", "XMLHttpRequest", "fetch("} {
		if strings.Contains(page, word) {
			t.Errorf("the page contains %q", word)
		}
	}
	script, err := os.ReadFile("seite.js")
	if err != nil {
		t.Fatal(err)
	}
	if n := bytes.Count(script, []byte("\n")); n > 300 {
		t.Errorf("the script has %d lines", n)
	}
}

// Half a million articles must fit in 15 MB; the size grows no faster than their number.
func TestGroesse(t *testing.T) {
	const n = 20_000
	size := len(datei(t, sammle(t, preisauskunft.Quelle{Katalog: katalog(t, n, 20261115, 20261201), Recht: law(t), Tag: 20261125})))
	t.Logf("%d bytes for %d articles, %d bytes each: %d for half a million", size, n, size/n, size/n*500_000)
	if size/n*500_000 > 15_000_000 {
		t.Errorf("%d bytes for %d articles", size, n)
	}
}

// A list is another one when generations, law or the end of its time are others, and not
// because a day has passed.
func TestKennung(t *testing.T) {
	key := func(q preisauskunft.Quelle) string {
		k, err := q.Kennung()
		if err != nil {
			t.Fatal(err)
		}
		return k
	}
	one, two := katalog(t, 300, 20261115), katalog(t, 300, 20261115, 20261201)
	cheaper := func(day civil.Day) (preisauskunft.Recht, error) {
		r, err := law(t)(day)
		r.Zuzahlung.Mindest.Was = 400 // a Festlegung of the Inhaber
		return r, err
	}
	first := preisauskunft.Quelle{Katalog: one, Recht: law(t), Tag: 20261120}
	if got := sammle(t, first).Stand(); got.Kennung != key(first) || got.Tag != 20261120 || got.Bis != 20261130 || got.Artikel != 300 {
		t.Errorf("%+v, want %s", got, key(first))
	}
	for name, c := range map[string]struct {
		q    preisauskunft.Quelle
		same bool
	}{
		"a day later":            {preisauskunft.Quelle{Katalog: one, Recht: law(t), Tag: 20261121}, true},
		"prices have changed":    {preisauskunft.Quelle{Katalog: one, Recht: law(t), Tag: 20261201}, false},
		"the next list is there": {preisauskunft.Quelle{Katalog: two, Recht: law(t), Tag: 20261120}, false},
		"other law":              {preisauskunft.Quelle{Katalog: one, Recht: cheaper, Tag: 20261120}, false},
	} {
		if got := key(c.q) == key(first); got != c.same {
			t.Errorf("%s: the same list: %v", name, got)
		}
	}
}

// The law that goes to another process gives the same list to the byte, with whatever the
// Inhaber has laid down.
func TestRechtsfolge(t *testing.T) {
	festgelegt := func(day civil.Day) (preisauskunft.Recht, error) {
		r, err := law(t)(day)
		if day >= 20261210 {
			r.Zuzahlung.Mindest.Was = 450
		}
		return r, err
	}
	q := preisauskunft.Quelle{Katalog: katalog(t, 2000, 20261115, 20261201), Recht: festgelegt, Tag: 20261125}
	sent, err := q.Rechtsfolge()
	if err != nil {
		t.Fatal(err)
	}
	b, err := json.Marshal(sent)
	if err != nil {
		t.Fatal(err)
	}
	var got preisauskunft.Rechtsfolge
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	there := q
	there.Recht = got.Am
	a, c := sammle(t, q), sammle(t, there)
	if a.Stand() != c.Stand() {
		t.Errorf("%+v\n%+v", a.Stand(), c.Stand())
	}
	var x, y bytes.Buffer
	if err := errors.Join(a.WriteDaten(&x), c.WriteDaten(&y)); err != nil || !bytes.Equal(x.Bytes(), y.Bytes()) {
		t.Errorf("the lists differ: %v", err)
	}
	if page := datei(t, a); !strings.Contains(page, base64.StdEncoding.EncodeToString(x.Bytes()[:3000])) {
		t.Error("the file for a phone and the page have other data")
	}
	if _, err := (preisauskunft.Rechtsfolge{}).Am(20261125); err == nil {
		t.Error("no law gives law")
	}
}

func BenchmarkKennung(b *testing.B) {
	q := preisauskunft.Quelle{Katalog: katalog(b, 300, 20261115, 20261201), Recht: law(b), Tag: 20261125}
	for b.Loop() {
		if _, err := q.Kennung(); err != nil {
			b.Fatal(err)
		}
	}
}
