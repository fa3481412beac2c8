package muster_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/offizin/offizin/catalogue"
	"github.com/offizin/offizin/catalogue/muster"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/recht"
)

func lies(t testing.TB, o muster.Options) []catalogue.Zeile {
	t.Helper()
	var list []catalogue.Zeile
	for z, err := range muster.Quelle(o).Artikel {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, z)
	}
	return list
}

// The same seed gives the same catalogue, and a smaller one begins a larger one, so
// that a number found in one is the same article in the other.
func TestDasselbe(t *testing.T) {
	small, large := lies(t, muster.Options{Seed: 1, Artikel: 3000}), lies(t, muster.Options{Seed: 1, Artikel: 5000})
	if len(small) != 3000 || len(large) != 5000 {
		t.Fatalf("%d and %d articles", len(small), len(large))
	}
	if d := cmp.Diff(small, large[:3000]); d != "" {
		t.Error(d)
	}
	other := lies(t, muster.Options{Seed: 2, Artikel: 3000})
	if cmp.Equal(small, other) {
		t.Error("the seed changes nothing")
	}
}

func TestZahl(t *testing.T) {
	if n := len(lies(t, muster.Options{})); n != 20_000 {
		t.Errorf("%d articles if none are asked for", n)
	}
	if n := len(lies(t, muster.Options{Artikel: 1})); n != len(muster.Bekannt()) {
		t.Errorf("%d articles, but the known ones are always there", n)
	}
}

// Half a million articles have half a million numbers: valid and outside the house
// ranges (facts: pricing § 10).
func TestNummern(t *testing.T) {
	const n = muster.MaxArtikel
	one := func(apu money.Cent, _ bool, _ artikel.MwSt) (aep, avp money.Cent) { return apu, apu } // prices matter not here
	seen := make(map[kennung.PZN]bool, n)
	for z := range muster.Quelle(muster.Options{Seed: 1, Artikel: n, Preis: one}).Artikel {
		p := z.Artikel.PZN
		if seen[p] {
			t.Fatalf("%s twice", p)
		}
		seen[p] = true
		if q, err := kennung.ParsePZN(string(p)); err != nil || q != p || kennung.IstHausPZN(p) {
			t.Fatalf("%s: %v", p, err)
		}
	}
	if len(seen) != n {
		t.Errorf("%d articles", len(seen))
	}
}

// What must occur in a German catalogue, and how often at least among 20,000.
func TestVielfalt(t *testing.T) {
	list := lies(t, muster.Options{Seed: 1})
	contracts := map[kennung.PZN]bool{}
	for v := range muster.Quelle(muster.Options{Seed: 1}).Vertraege {
		contracts[v.PZN] = true
	}
	art := func(a artikel.Art) func(artikel.Artikel) bool {
		return func(x artikel.Artikel) bool { return x.Art == a }
	}
	for name, c := range map[string]struct {
		least int
		is    func(artikel.Artikel) bool
	}{
		"Rx":                  {5000, func(a artikel.Artikel) bool { return a.Verschreibungspflichtig }},
		"Festbetrag":          {3000, func(a artikel.Artikel) bool { return a.Festbetrag > 0 }},
		"über Festbetrag":     {300, func(a artikel.Artikel) bool { return a.Festbetrag > 0 && a.AVP > a.Festbetrag }},
		"Rx ohne Festbetrag":  {300, func(a artikel.Artikel) bool { return a.Verschreibungspflichtig && a.Festbetrag == 0 }},
		"zuzahlungsfrei":      {30, func(a artikel.Artikel) bool { return a.Zuzahlungsfrei }},
		"mit Rabattvertrag":   {1000, func(a artikel.Artikel) bool { return contracts[a.PZN] }},
		"nur ApU":             {20, func(a artikel.Artikel) bool { return a.Verschreibungspflichtig && a.AVP == 0 && a.ApU > 0 }},
		"OTC mit AVP und UVP": {2000, func(a artikel.Artikel) bool { return a.Apothekenpflichtig && a.AVP > 0 && a.UVP > 0 }},
		"BtM":                 {100, func(a artikel.Artikel) bool { return a.BtM }},
		"T-Rezept":            {10, func(a artikel.Artikel) bool { return a.TRezept }},
		"Kühlkette":           {100, func(a artikel.Artikel) bool { return a.Kuehlkette }},
		"Import":              {100, func(a artikel.Artikel) bool { return a.Import && a.ImportVon != "" }},
		"Rückruf":             {20, func(a artikel.Artikel) bool { return a.Status == artikel.Rueckruf }},
		"außer Vertrieb":      {300, func(a artikel.Artikel) bool { return a.Status == artikel.AusserVertrieb }},
		"7 % Umsatzsteuer":    {300, func(a artikel.Artikel) bool { return a.MwSt == artikel.MwStErmaessigt }},
		"homöopathisch":       {500, func(a artikel.Artikel) bool { return a.Homoeopathisch }},
		"Cannabisblüten":      {20, func(a artikel.Artikel) bool { return a.Cannabisblueten }},
		"Negativliste":        {20, func(a artikel.Artikel) bool { return a.Negativliste }},
		"Lifestyle":           {50, func(a artikel.Artikel) bool { return a.Lifestyle }},
		"OTC-Ausnahme":        {50, func(a artikel.Artikel) bool { return a.OTCAusnahme }},
		"Geheimpreis":         {1, func(a artikel.Artikel) bool { return a.Geheimpreis > 0 }},
		"N1":                  {1000, func(a artikel.Artikel) bool { return a.Normgroesse == "N1" }},
		"N3":                  {1000, func(a artikel.Artikel) bool { return a.Normgroesse == "N3" }},
		"Impfstoff":           {20, art(artikel.Impfstoff)},
		"Teststreifen":        {20, art(artikel.Teststreifen)},
		"Hilfsmittel":         {20, art(artikel.Hilfsmittel)},
		"Hilfsm. zum Verbr.":  {20, art(artikel.HilfsmittelZumVerbrauch)},
		"Pflegehilfsmittel":   {20, art(artikel.Pflegehilfsmittel)},
		"Verbandmittel":       {20, art(artikel.Verbandmittel)},
		"Medizinprodukt":      {20, art(artikel.Medizinprodukt)},
		"Freiwahl":            {1000, art(artikel.Freiwahl)},
	} {
		n := 0
		for _, z := range list {
			if c.is(z.Artikel) {
				n++
			}
		}
		if n < c.least {
			t.Errorf("%s: %d of %d, want at least %d", name, n, len(list), c.least)
		}
	}
}

// Equal articles come from 3 to 20 makers of generics, for the choice of one.
func TestGruppen(t *testing.T) {
	makers := map[string]map[string]bool{}
	for _, z := range lies(t, muster.Options{Seed: 1}) {
		if g := z.Artikel.Gruppe(); g != "" && z.Artikel.Verschreibungspflichtig {
			if makers[g] == nil {
				makers[g] = map[string]bool{}
			}
			makers[g][z.Artikel.Hersteller] = true
		}
	}
	n := 0
	for _, m := range makers {
		if len(m) >= 3 {
			n++
		}
	}
	if n < 200 {
		t.Errorf("%d groups of three makers and more among %d", n, len(makers))
	}
}

// Prices are those of the law on the day: AVP of Rx by AMPreisV, of OTC by § 129
// Abs. 5a SGB V; a pack on the list of § 31 Abs. 3 S. 4 is 30 % below its Festbetrag.
func TestPreiseNachRecht(t *testing.T) {
	s, err := recht.Load()
	if err != nil {
		t.Fatal(err)
	}
	stand, err := s.Am(20261123)
	if err != nil {
		t.Fatal(err)
	}
	byLaw := muster.AMPreisV(stand.Preis)
	for _, z := range lies(t, muster.Options{Seed: 1, Artikel: 10_000}) {
		a := z.Artikel
		if a.ApU <= 0 || a.MwSt == 0 || a.Name == "" || a.Hersteller == "" || a.Menge == "" || a.Einheit == "" {
			t.Fatalf("incomplete: %+v", a)
		}
		if a.Apothekenpflichtig && a.AVP > 0 {
			aep, avp := byLaw(a.ApU, a.Verschreibungspflichtig, a.MwSt)
			if a.AEP != aep || a.AVP != avp {
				t.Fatalf("%s from %s: %s/%s, the law says %s/%s", a.Name, a.ApU, a.AEP, a.AVP, aep, avp)
			}
		}
		if a.Zuzahlungsfrei && a.AVP*10 > a.Festbetrag*7 {
			t.Fatalf("%s is on the list at %s, Festbetrag %s", a.Name, a.AVP, a.Festbetrag)
		}
		if a.Verkaufspreis() == 0 && (!a.Verschreibungspflichtig || a.AVP != 0) {
			t.Fatalf("no price: %+v", a)
		}
	}
	// One figure computed by hand: ApU 50,00 → AEP 52,31; + 3 % + 8,35 + 0,21 + 0,20; + 19 %.
	if aep, avp := byLaw(5000, true, artikel.MwStVoll); aep != 5231 || avp != 7454 {
		t.Errorf("ApU 50,00: %s %s", aep, avp)
	}
}

// The known articles keep their numbers for ever, and each shows what its role says.
func TestBekannt(t *testing.T) {
	byRole := map[muster.Rolle]artikel.Artikel{}
	for _, b := range muster.Bekannt() {
		if byRole[b.Rolle].PZN != "" {
			t.Errorf("role %s twice", b.Rolle)
		}
		byRole[b.Rolle] = b.Artikel
		if b.Rolle.PZN() != b.Artikel.PZN {
			t.Errorf("%s: %s", b.Rolle, b.Rolle.PZN())
		}
		if _, err := kennung.ParsePZN(string(b.Artikel.PZN)); err != nil || kennung.IstHausPZN(b.Artikel.PZN) {
			t.Errorf("%s: %s %v", b.Rolle, b.Artikel.PZN, err)
		}
	}
	for rolle, c := range map[muster.Rolle]struct {
		pzn kennung.PZN
		is  func(artikel.Artikel) bool
	}{
		muster.OTCSchmerzmittel:       {"17001044", func(a artikel.Artikel) bool { return !a.Verschreibungspflichtig && a.UVP > 0 && a.Menge == "20" }},
		muster.RxZuzahlung5:           {"17012214", func(a artikel.Artikel) bool { return a.AVP > 500 && a.AVP <= 5000 && a.AVP <= a.Festbetrag }},
		muster.RxMehrkosten:           {"17023382", func(a artikel.Artikel) bool { return a.AVP > a.Festbetrag && a.Festbetrag > 0 }},
		muster.RxRabatt50:             {"17034552", func(a artikel.Artikel) bool { return a.AVP <= a.Festbetrag }},
		muster.RxRabatt0:              {"17045722", func(a artikel.Artikel) bool { return a.AVP <= a.Festbetrag }},
		muster.RxTeuer:                {"17079230", func(a artikel.Artikel) bool { return a.AVP >= 10000 }},
		muster.Zuzahlungsfrei:         {"17090409", func(a artikel.Artikel) bool { return a.Zuzahlungsfrei }},
		muster.Betaeubungsmittel:      {"17101573", func(a artikel.Artikel) bool { return a.BtM }},
		muster.TRezept:                {"17112743", func(a artikel.Artikel) bool { return a.TRezept }},
		muster.Kuehlkette:             {"17123913", func(a artikel.Artikel) bool { return a.Kuehlkette && a.Lagerung != "" }},
		muster.Reimport:               {"17146251", func(a artikel.Artikel) bool { return a.Import && a.ImportVon == muster.Original.PZN() }},
		muster.Zurueckgerufen:         {"17157421", func(a artikel.Artikel) bool { return a.Status == artikel.Rueckruf }},
		muster.FreiwahlErmaessigt:     {"17202104", func(a artikel.Artikel) bool { return a.MwSt == artikel.MwStErmaessigt && a.UVP > 0 }},
		muster.HilfsmittelVerbrauch:   {"17224442", func(a artikel.Artikel) bool { return a.Art == artikel.HilfsmittelZumVerbrauch && a.AVP > 0 }},
		muster.Blutzuckerteststreifen: {"17235612", func(a artikel.Artikel) bool { return a.Art == artikel.Teststreifen && a.AVP > 0 }},
		muster.OhneAVP:                {"17246780", func(a artikel.Artikel) bool { return a.AVP == 0 && a.ApU > 0 }},
		muster.OTCAufRezept:           {"17257950", func(a artikel.Artikel) bool { return a.OTCAusnahme && a.AVP > 0 }},
	} {
		if a := byRole[rolle]; a.PZN != c.pzn || !c.is(a) {
			t.Errorf("%s: %+v", rolle, a)
		}
	}
	if a, b := byRole[muster.RxRabatt], byRole[muster.RxOhneVertrag]; a.Gruppe() == "" || a.Gruppe() != b.Gruppe() {
		t.Errorf("%q and %q should be equal", a.Gruppe(), b.Gruppe())
	}
	if a, b := byRole[muster.Original], byRole[muster.Reimport]; a.Gruppe() != b.Gruppe() || a.AVP <= b.AVP {
		t.Errorf("%s at %s imported at %s", a.Name, a.AVP, b.AVP)
	}
}

// Contracts belong to insurers with valid numbers and to articles of the catalogue;
// the known articles have exactly those of their roles.
func TestVertraege(t *testing.T) {
	o := muster.Options{Seed: 1, Artikel: 5000}
	pzn := map[kennung.PZN]bool{}
	for _, z := range lies(t, o) {
		pzn[z.Artikel.PZN] = true
	}
	var iks []string
	for _, v := range muster.IKs() {
		iks = append(iks, v.IK)
		if e := kennung.Pruefe(kennung.ArtIK, v.IK); e.Urteil != kennung.Gueltig {
			t.Errorf("%s: %+v", v.IK, e)
		}
	}
	known, faktoren := map[kennung.PZN]int{}, map[int]int{}
	for v, err := range muster.Quelle(o).Vertraege {
		if err != nil || !slices.Contains(iks, v.IK) || !pzn[v.PZN] {
			t.Fatalf("%+v %v", v, err)
		}
		faktoren[v.Vertrag.Faktor]++
		known[v.PZN] = v.Vertrag.Faktor
	}
	if len(faktoren) != 3 || faktoren[100] < faktoren[50] || faktoren[0] == 0 {
		t.Errorf("factors %v", faktoren)
	}
	for rolle, want := range map[muster.Rolle]int{muster.RxRabatt: 100, muster.RxRabatt50: 50, muster.RxRabatt0: 0} {
		if f, ok := known[rolle.PZN()]; !ok || f != want {
			t.Errorf("%s: %d %v", rolle, f, ok)
		}
	}
	if _, ok := known[muster.RxOhneVertrag.PZN()]; ok {
		t.Errorf("%s has a contract", muster.RxOhneVertrag)
	}
}

// Each price change moves about every twentieth price, nothing else, and never that
// of a known article.
func TestAusgabe(t *testing.T) {
	before, after := lies(t, muster.Options{Seed: 1, Artikel: 5000}), lies(t, muster.Options{Seed: 1, Artikel: 5000, Ausgabe: 1})
	changed := 0
	for i := range before {
		a, b := before[i].Artikel, after[i].Artikel
		if a.ApU != b.ApU {
			changed++
			if i < len(muster.Bekannt()) {
				t.Errorf("%s is known and changed", a.PZN)
			}
		}
		for _, x := range []*artikel.Artikel{&a, &b} {
			x.ApU, x.AEP, x.AVP, x.UVP, x.Zuzahlungsfrei = 0, 0, 0, 0, false
		}
		if d := cmp.Diff(a, b); d != "" {
			t.Fatal(d)
		}
	}
	if changed < 150 || changed > 350 {
		t.Errorf("%d of %d prices changed", changed, len(before))
	}
}
