package abdata_test

import (
	"bytes"
	"errors"
	"maps"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/integration/abdata"
	"github.com/offizin/offizin/internal/fault"
)

// behalten reads a delivery as a build does and returns what is kept of it.
func behalten(t *testing.T, l *abdata.Lieferung) ([]byte, map[kennung.PZN]artikel.Artikel) {
	t.Helper()
	var b bytes.Buffer
	finish, err := l.Rohdaten(&b)
	if err != nil {
		t.Fatal(err)
	}
	list, err := packungen(l)
	if err := errors.Join(err, finish()); err != nil {
		t.Fatal(err)
	}
	all := map[kennung.PZN]artikel.Artikel{}
	for _, p := range list {
		all[p.Artikel.PZN] = p.Artikel
	}
	return b.Bytes(), all
}

func oeffne(t *testing.T, m fstest.MapFS) *abdata.Lieferung {
	t.Helper()
	l, err := abdata.OeffneLieferung(m)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func stand1(t *testing.T, b []byte) *abdata.Lieferung {
	t.Helper()
	l, err := abdata.OeffneStand(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// fort applies the UPD to the state and to the articles.
func fort(t *testing.T, b []byte, upd fstest.MapFS, all map[kennung.PZN]artikel.Artikel) (*abdata.Lieferung, []byte, int) {
	t.Helper()
	a, err := abdata.LiesAenderungen(upd)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := stand1(t, b).Fortschreiben(a, &out); err != nil {
		t.Fatal(err)
	}
	now, n := stand1(t, out.Bytes()), 0
	for p, err := range now.Geaenderte(a) {
		if n++; err != nil || len(p.Funde) > 0 {
			t.Fatal(err, p.Funde)
		}
		all[p.Artikel.PZN] = p.Artikel
	}
	for _, pzn := range a.Entfallene() {
		delete(all, pzn)
	}
	return now, out.Bytes(), n
}

// The state with the changes gives the same articles and contracts as the delivery of the
// later day.
func TestFortschreiben(t *testing.T) {
	days := []civil.Day{civil.Must(2026, 11, 15), civil.Must(2026, 12, 1), civil.Must(2026, 12, 15)}
	states := make([]stand, len(days))
	for i := range days {
		n := 0
		states[i] = erfunden(t, muster.Options{Seed: 1, Artikel: 2000 + 40*i, Ausgabe: i}, func(artikel.Artikel) bool {
			n++
			return n%(97+i) == 0
		})
	}
	for i := 1; i < len(days); i++ {
		// The keys of makers and groups follow from the walk over the state before, as they do
		// in a GES of that state: each UPD is written for a base of its own day.
		base := oeffne(t, schreibe(t, vorrat(days[i-1], 0, stand{}, states[i-1])))
		raw, all := behalten(t, base)
		whole := len(all)
		now, next, n := fort(t, raw, schreibe(t, vorrat(days[i], days[i-1], states[i-1], states[i])), all)
		if n == 0 || n > whole/4 {
			t.Errorf("%d packs were made anew", n)
		}
		if now.GueltigAb != days[i] || len(all) != len(states[i].artikel) {
			t.Errorf("%v: %d articles, want %d", now.GueltigAb, len(all), len(states[i].artikel))
		}
		for _, a := range states[i].artikel {
			if all[a.PZN] != tragbar(a) {
				t.Errorf("got  %+v\nwant %+v", all[a.PZN], tragbar(a))
			}
		}
		contracts := map[abdata.Vertrag]bool{}
		for v, err := range now.Vertraege() {
			if contracts[v] = true; err != nil {
				t.Fatal(err)
			}
		}
		for _, v := range states[i].vertraege {
			if !contracts[v] {
				t.Errorf("%+v is missing", v)
			}
		}
		if len(contracts) != len(states[i].vertraege) {
			t.Errorf("%d contracts, want %d", len(contracts), len(states[i].vertraege))
		}
		again := map[kennung.PZN]artikel.Artikel{} // the state alone gives the same
		list, err := packungen(stand1(t, next))
		for _, p := range list {
			again[p.Artikel.PZN] = p.Artikel
		}
		if err != nil || !maps.Equal(again, all) {
			t.Errorf("the state has %d articles, want %d; %v", len(again), len(all), err)
		}
	}
}

// What a pack refers to changes: it is made anew, though its own record has not changed.
func TestFortschreibenVerweise(t *testing.T) {
	base := ordner([]string{""}, map[string][]string{
		"PGR2_APO": {"01=03752864 02=1 03=St 05=1 06=20"}, "PGR_APO": {"01=03752864 02=1 03=3"},
		"VOV_APO": {"01=1 03=3"}, "VPV_APO": {"01=03752864 02=1"},
	})
	base["PAC_APO.GES"].Data = bytes.Replace(base["PAC_APO.GES"].Data, []byte("\r\n781\r\n"), []byte("\r\n780\r\n"), 1)
	for upd, want := range map[string]func(*artikel.Artikel){
		"ADR_APO 00U|0117|02Neuhaus":                   func(a *artikel.Artikel) { a.Hersteller = "Neuhaus" },
		"PGR_APO 00D|0103752864|021":                   func(a *artikel.Artikel) { a.Normgroesse = "" },
		"PGR2_APO 00U|0103752864|021|0650":             func(a *artikel.Artikel) { a.Menge = "50" },
		"PGR2_APO 00U|0103752864|021|05":               func(*artikel.Artikel) {},
		"VOV_APO 00U|011|037":                          func(a *artikel.Artikel) { a.OTCAusnahme = true },
		"DAR_APO 00U|01FTA|02Film":                     func(*artikel.Artikel) {},
		"PAC_APO 00U|0103752864|541|04950":             func(a *artikel.Artikel) { a.Verschreibungspflichtig, a.AVP = false, 950 },
		`PAC_APO 00U|0103752864|31Gr\u25n|67|97|02500`: func(a *artikel.Artikel) { a.Name, a.Festbetrag, a.AEP = "Grün", 0, 500 },
	} {
		raw, all := behalten(t, oeffne(t, base))
		want1 := all["03752864"]
		want(&want1)
		name, records, _ := strings.Cut(upd, " ")
		_, _, n := fort(t, raw, fstest.MapFS{"x.UPD": updDatei(name, records)}, all)
		if n != 1 || all["03752864"] != want1 {
			t.Errorf("%s: %d\ngot  %+v\nwant %+v", upd, n, all["03752864"], want1)
		}
	}
}

func updDatei(name, records string) *fstest.MapFile {
	return updAm("20261201", "20261215", name, records)
}

func updAm(before, day, name, records string) *fstest.MapFile {
	text := datei(name, felder[name], nil)
	text = strings.Replace(text, "02GES\r\n0320261201\r\n04\r\n", "02UPD\r\n03"+day+"\r\n04"+before+"\r\n", 1)
	return &fstest.MapFile{Data: []byte(strings.Replace(text, "00E\r\n", k2(records)+"00E\r\n", 1))}
}

// One change after the other, each to the state of the one before.
func TestFortschreibenKette(t *testing.T) {
	raw, all := behalten(t, oeffne(t, ordner([]string{""}, map[string][]string{"PGR2_APO": {"01=03752864 02=1 03=St 06=20"}})))
	for _, c := range []struct{ before, day, file, records string }{
		{"20261201", "20261215", "PAC_APO", "00U|0103752864|04950|00I|0127580899|31NEU|4417|45FTA|02480|04999|18400|371|062|542|032"},
		{"20261215", "20270101", "PAC_APO", "00U|0127580899|04998"},
		{"20270101", "20270115", "ADR_APO", "00U|0117|02Neuhaus"},
		{"20270115", "20270201", "PAC_APO", "00D|0103752864"},
	} {
		var now *abdata.Lieferung
		now, raw, _ = fort(t, raw, fstest.MapFS{"x.UPD": updAm(c.before, c.day, c.file, c.records)}, all)
		if strings.ReplaceAll(now.GueltigAb.String(), "-", "") != c.day {
			t.Errorf("%v, want %s", now.GueltigAb, c.day)
		}
		again, err := packungen(stand1(t, raw))
		if err != nil || len(again) != len(all) {
			t.Fatalf("%d packs, want %d; %v", len(again), len(all), err)
		}
		for _, p := range again {
			if p.Artikel != all[p.Artikel.PZN] {
				t.Errorf("%s: got  %+v\nwant %+v", c.day, all[p.Artikel.PZN], p.Artikel)
			}
		}
	}
	if a := all["27580899"]; len(all) != 1 || a.AVP != 998 || a.Hersteller != "Neuhaus" || a.Name != "NEU" {
		t.Errorf("%+v", all)
	}
}

// Changes that do not belong together or not to this state are refused.
func TestFortschreibenUngueltig(t *testing.T) {
	raw, _ := behalten(t, oeffne(t, ordner([]string{""}, map[string][]string{"PGR2_APO": {"01=03752864 02=1 03=St 06=20"}})))
	type files = map[string]*fstest.MapFile
	other := updDatei("ADR_APO", "00U|0117|02x")
	other.Data = bytes.Replace(other.Data, []byte("0420261201"), []byte("0420261115"), 1)
	anders := updDatei("PGR2_APO", "00U|0103752864|021|0630|041")
	anders.Data = bytes.Replace(anders.Data, []byte("02Komponentennr\r\n030"), []byte("02Komponentennr\r\n031"), 1)
	for code, m := range map[string]files{
		"A-528":  {"a.UPD": anders},
		"A-525":  {"a.UPD": updDatei("PAC_APO", "00U|0127580899|02500")},
		"A-525 ": {"a.UPD": updDatei("PGR2_APO", "00I|0103752864|021|03St|0630")},
		"A-527":  {"a.UPD": updAm("20261115", "20261215", "PAC_APO", "00U|0103752864|02500")},
		"A-526":  {"a.UPD": updDatei("PAC_APO", "00U|0103752864|02500|00U|0103752864|02501")},
		"A-523":  {"a.UPD": updDatei("PAC_APO", "00U|0103752864|02500"), "b.UPD": other},
		"A-507":  {"a.UPD": updDatei("PAC_APO", "00D|0103752864"), "b.UPD": updDatei("PAC_APO", "00D|0103752864")},
		"A-481":  {"a.UPD": {Data: bytes.TrimSuffix(updDatei("PAC_APO", "00D|0103752864").Data, []byte("00E\r\n"))}},
	} {
		a, err := abdata.LiesAenderungen(fstest.MapFS(m))
		if err == nil {
			err = stand1(t, raw).Fortschreiben(a, &bytes.Buffer{})
		}
		if f, ok := errors.AsType[*fault.Fault](err); !ok || f.Code != strings.TrimSpace(code) {
			t.Errorf("%s: %v", code, err)
		}
	}
	for i := range raw { // cut anywhere, it is damaged
		if _, err := abdata.OeffneStand(bytes.NewReader(raw[:i]), int64(i)); fault.KindOf(err) != fault.Corrupt {
			t.Fatalf("the first %d bytes: %v", i, err)
		}
	}
	fremd := bytes.Replace(raw, []byte("Firmenname"), []byte("Firmanname"), 1)
	if _, err := abdata.OeffneStand(bytes.NewReader(fremd), int64(len(fremd))); err == nil || !strings.Contains(err.Error(), "A-521") {
		t.Errorf("%v", err)
	}
}

func FuzzStand(f *testing.F) {
	t := &testing.T{}
	raw, _ := behalten(t, oeffne(t, ordner([]string{""}, map[string][]string{"PGR2_APO": {"01=03752864 02=1 03=St 06=20"}})))
	f.Add(raw)
	f.Fuzz(func(t *testing.T, b []byte) {
		l, err := abdata.OeffneStand(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, err := range l.Packungen() {
			if err != nil && fault.KindOf(err) == fault.Internal {
				t.Fatal(err)
			}
		}
	})
}
