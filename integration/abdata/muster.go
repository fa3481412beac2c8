package abdata

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/zuzahlung"
)

// Paar is a thing before and after a change; nil: there is none.
type Paar[T any] struct{ Vorher, Nachher *T }

// Traeger is an insurer.
type Traeger struct{ IK, Name string }

// Vorrat is what a delivery is written from.
type Vorrat struct {
	Ab     civil.Day
	Vorher civil.Day // the day of the delivery that this one changes (UPD); 0: everything (GES)
	// Artikel and Vertraege come in the same order each time, new ones at the end; in a
	// GES there is no Vorher.
	Artikel   iter.Seq2[Paar[artikel.Artikel], error]
	Vertraege iter.Seq2[Paar[Vertrag], error]
	Traeger   []Traeger
}

// Schreibe writes a delivery: GES, or what changes as UPD. It is for practice and tests:
// what the articles do not say is filled in plausibly.
func Schreibe(create func(datei string) (io.WriteCloser, error), v Vorrat) (err error) {
	m := &muster{
		v: v, dateien: map[string]*schreiber{}, firmen: map[string]string{}, formen: map[string]bool{},
		gruppen: map[gruppenschluessel]string{},
	}
	defer func() {
		for _, s := range m.dateien {
			err = errors.Join(err, s.schliesse())
		}
	}()
	for _, t := range tabellen() {
		if m.dateien[t.name], err = neuerSchreiber(t, create, v.Ab, v.Vorher); err != nil {
			delete(m.dateien, t.name)
			return err
		}
	}
	if err := m.feste(); err != nil {
		return err
	}
	for p, err := range v.Artikel {
		if err == nil {
			err = m.artikel(p)
		}
		if err != nil {
			return err
		}
	}
	for p, err := range v.Vertraege {
		if err == nil {
			err = m.vertrag(p)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// muster writes all files of a delivery at once.
type muster struct {
	v       Vorrat
	dateien map[string]*schreiber
	firmen  map[string]string // Key_ADR by name
	formen  map[string]bool
	gruppen map[gruppenschluessel]string // Key_GRU
}

type gruppenschluessel struct {
	ik string
	zuzahlung.Vertrag
}

// neu writes a record that refers to nothing; in an UPD only if the article that needs it
// is new too.
func (m *muster) neu(datei string, gabEs bool, werte ...string) error {
	if gabEs {
		return nil
	}
	return m.dateien[datei].wechsel(nil, werte)
}

// otcRegel is the one rule of the OTC list.
const otcRegel = "1"

// feste writes what is the same in every delivery.
func (m *muster) feste() error {
	upd := m.v.Vorher != 0
	err := m.neu("VOV_APO", upd, otcRegel, "Verordnungsfähig nach AM-RL Anlage I", strconv.Itoa(otcListe), "")
	for _, t := range m.v.Traeger {
		err = errors.Join(err, m.neu("IKZ_APO", upd, t.IK, t.Name))
	}
	return err
}

func (m *muster) artikel(p Paar[artikel.Artikel]) error {
	before, err := m.saetze(p.Vorher, true)
	if err != nil {
		return err
	}
	now, err := m.saetze(p.Nachher, false)
	if err != nil {
		return err
	}
	for _, datei := range []string{"PAC_APO", "PGR_APO", "PGR2_APO", "VPV_APO"} {
		if err := m.dateien[datei].wechsel(before[datei], now[datei]); err != nil {
			return fmt.Errorf("write %s: %w", datei, err)
		}
	}
	return nil
}

// saetze returns the records of an article, at most one in each file, and writes those
// that it refers to.
func (m *muster) saetze(a *artikel.Artikel, gabEs bool) (map[string][]string, error) {
	if a == nil {
		return nil, nil
	}
	pzn := string(a.PZN)
	adr, ok := m.firmen[a.Hersteller]
	if !ok {
		adr = strconv.Itoa(len(m.firmen) + 1)
		m.firmen[a.Hersteller] = adr
		if err := m.neu("ADR_APO", gabEs, adr, a.Hersteller); err != nil {
			return nil, err
		}
	}
	if key := a.Darreichungsform; key != "" && !m.formen[key] {
		m.formen[key] = true
		if err := m.neu("DAR_APO", gabEs, key, artikel.FormName(key), key); err != nil {
			return nil, err
		}
	}
	list := map[string][]string{"PAC_APO": m.pac(a, adr)}
	if n, ok := map[string]string{"NB": "1", "KTP": "2", "N1": "3", "N2": "4", "N3": "5"}[a.Normgroesse]; ok {
		list["PGR_APO"] = []string{pzn, "1", n}
	}
	if a.Menge != "" {
		einheit := a.Einheit
		if einheit == "Hub" {
			einheit = "Sp"
		}
		list["PGR2_APO"] = []string{pzn, "1", einheit, "1", "1", a.Menge}
	}
	if a.OTCAusnahme {
		list["VPV_APO"] = []string{pzn, otcRegel, ""}
	}
	return list, nil
}

// vertrag writes a contract: a group for each insurer and terms.
func (m *muster) vertrag(p Paar[Vertrag]) error {
	before, err := m.zuordnung(p.Vorher, true)
	if err != nil {
		return err
	}
	now, err := m.zuordnung(p.Nachher, false)
	if err != nil {
		return err
	}
	return m.dateien["PZG_APO"].wechsel(before, now)
}

func (m *muster) zuordnung(v *Vertrag, gabEs bool) ([]string, error) {
	if v == nil {
		return nil, nil
	}
	k := gruppenschluessel{v.IK, v.Vertrag}
	key, ok := m.gruppen[k]
	if !ok {
		key = strconv.Itoa(len(m.gruppen) + 1)
		m.gruppen[k] = key
		verzicht := "2"
		if v.MehrkostenErlassen {
			verzicht = "3"
		}
		err := errors.Join(m.neu("GRU_APO", gabEs, key, verzicht, "1", strconv.Itoa(v.Faktor)),
			m.neu("IZG_APO", gabEs, key, v.IK))
		if err != nil {
			return nil, err
		}
	}
	return []string{key, string(v.PZN)}, nil
}

// pac fills in the record of PAC_APO in the order of its fields.
func (m *muster) pac(a *artikel.Artikel, adr string) []string {
	set := map[string]string{
		"01": string(a.PZN), "26": gekuerzt(a.Name, 26), "31": gekuerzt(a.Name, 50), "67": a.Name,
		"48": strings.ToUpper(gekuerzt(strings.ReplaceAll(a.Name, "µ", "u"), 30)), "44": adr, "66": adr,
		"45": a.Darreichungsform, "02": cent(a.AEP), "04": cent(a.AVP), "18": cent(a.ApU), "B0": cent(a.UVP),
		"97": cent(a.Festbetrag), "I6": cent(a.Geheimpreis), "37": strconv.Itoa(int(a.MwSt)),
		"62": string(a.ImportVon), "23": eins(a.Import),
		"54": flagge(a.Verschreibungspflichtig), "03": flagge(a.Apothekenpflichtig), "08": flagge(a.BtM),
		"A2": flagge(a.TRezept), "81": flagge(a.Lifestyle), "40": flagge(a.Negativliste), "78": flagge(a.OTCAusnahme),
		"88": flagge(a.Zuzahlungsfrei), "25": flagge(a.Kuehlkette), "I2": flagge(a.Cannabisblueten),
		"21": strconv.Itoa(int(m.v.Ab)), "72": eins(a.Verschreibungspflichtig), "07": flagge(a.Verschreibungspflichtig),
	}
	setzeArt(set, a)
	setzeStatus(set, a.Status)
	var from, to int
	if n, err := fmt.Sscanf(a.Lagerung, "%d–%d °C", &from, &to); n == 2 && err == nil {
		set["I3"], set["30"], set["29"] = "2", strconv.Itoa(from), strconv.Itoa(to)
	}
	werte := make([]string, len(m.dateien["PAC_APO"].felder))
	for i, f := range m.dateien["PAC_APO"].felder {
		if werte[i] = set[f.Kennung]; werte[i] == "" && f.Pflicht {
			werte[i] = "0"
		}
	}
	return werte
}

func setzeArt(set map[string]string, a *artikel.Artikel) {
	set["06"], set["36"], set["80"], set["77"], set["D8"] = "1", "2", "1", "1", "1"
	switch a.Art {
	case artikel.Impfstoff:
		set["A0"] = cent(max(1, money.Ratio(a.ApU, 5, 100)))
		set["06"], set["36"] = "2", "1"
	case artikel.Arzneimittel:
		set["06"], set["36"] = "2", "1"
	case artikel.Teststreifen:
		set["80"] = "2"
	case artikel.HilfsmittelZumVerbrauch:
		set["77"] = "2"
	case artikel.Verbandmittel:
		set["D8"] = "2"
	case artikel.Freiwahl:
		set["36"] = "1"
	case artikel.Hilfsmittel, artikel.Pflegehilfsmittel, artikel.Medizinprodukt: // K2 tells no more of them
	}
}

func setzeStatus(set map[string]string, s artikel.Status) {
	set["52"], set["55"] = "2", "2"
	switch s {
	case artikel.Rueckruf:
		set["52"], set["55"] = "1", "3"
	case artikel.AusserVertrieb:
		set["55"] = "1"
	case artikel.Verkehr:
	}
}

func cent(c money.Cent) string { return strconv.FormatInt(int64(c), 10) }

// flagge writes 2 for yes and 1 for no.
func flagge(b bool) string {
	if b {
		return "2"
	}
	return "1"
}

func gekuerzt(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return strings.TrimSpace(string(r[:n]))
	}
	return s
}

// tabellen are the files of a delivery.
func tabellen() []tabelle {
	return []tabelle{
		{"PAC_APO", "1005", "Packungsinfos", pacTabelle},
		{"PGR_APO", "1044", "Normgr\\o25\\s39en", "01 PZN* F8 PZ8,02 Packungskomponente* V2 NU1,03 Einstufung F1 NU1"},
		{"PGR2_APO", "1223", "Packungsgr\\o25\\s39en", "01 PZN* F8 PZ8,02 Zaehler* V3 NU1,03 Einheit V2 AN1," +
			"04 Komponentennr V2 NU1,05 Typ F1 NU1,06 Zahl V20 MPG"},
		{"DAR_APO", "1002", "Darreichungsformen", "01 Key_DAR* F3 AL1,02 Name V110 AN1,03 Abkuerzung V5 AN1"},
		{"ADR_APO", "1001", "Adressen", "01 Key_ADR* V5 NU1,02 Firmenname V80 AN1"},
		{"GRU_APO", "1148", "Rabattgruppen", "01 Key_GRU* V10 NU1,02 Mehrkostenverzicht F1 NU1,04 Vorrang_Aut_idem F1 FLA," +
			"03 Zuzahlungsfaktor V3 NU1"},
		{"IKZ_APO", "1146", "Institutionskennzeichen", "01 IK* F9 IKZ,02 Name V50 AN1"},
		{"IZG_APO", "1147", "IK zu Gruppe", "01 Key_GRU* V10 NU1,02 IK* F9 IKZ"},
		{"PZG_APO", "1149", "PZN zu Gruppe", "01 Key_GRU* V10 NU1,02 PZN* F8 PZ8"},
		{"VOV_APO", "1192", "Verordnungsvorgaben", "01 Key_VOV* V10 NU1,02 Text U0 AN1,03 Typ V2 NU1,04 Key_DOK? V10 NU1"},
		{"VPV_APO", "1195", "PZN zu Vorgabe", "01 PZN* F8 PZ8,02 Key_VOV* V10 NU1,03 Befristungsdatum? F8 DT8"},
	}
}

// pacTabelle are the fields of PAC_APO that are written; those that the importer does not
// read make the file as long as a real one's.
const pacTabelle = "01 PZN* F8 PZ8,02 Apo_Ek V10 NU1,03 Apopflicht F1 NU1,04 Apo_Vk V10 NU1,05 Artikelnr? V18 AN1," +
	"06 Arzneimittel F1 NU1,07 AMPreisV_AMG F1 NU1,08 BTM F1 NU1,11 Droge_Chemikalie F1 NU1,15 GTIN? F14 NU1," +
	"16 Feuchteempf F1 NU1,18 ApU V10 NU1,21 Gdat_Preise F8 DT8,23 Import_Reimport F1 FLA,24 Krankenhaus_Ek V10 NU1," +
	"25 Kuehlkette F1 NU1,26 Kurzname V26 AN1,28 Lageempf F1 NU1,29 Lagertemperatur_max? V3 NU2," +
	"30 Lagertemperatur_min? V3 NU2,31 Langname V50 AN1,34 Lichtempf F1 NU1,36 Medizinprodukt F1 NU1,37 MwSt F1 NU1," +
	"40 Negativliste F1 NU1,44 Key_ADR_Anbieter V5 NU1,45 Key_DAR? F3 AL1,48 Sortierbegriff V30 AN1," +
	"49 Tierarzneimittel F1 NU1,50 TFG F1 NU1,51 Verfalldatum F1 NU1,52 Verkehrsstatus F1 NU1,54 Rezeptpflicht F1 NU1," +
	"55 Vertriebsstatus F1 NU1,56 Vw_Apo F1 NU1,57 Vw_Grosshandel F1 NU1,62 PZN_Original? F8 PZ8,63 Bruchgefahr F1 NU1," +
	"64 Artikeltyp F1 NU1,66 Key_ADR_Hersteller? V5 NU1,67 Langname_ungekuerzt? U0 AN1,68 PAngV F1 NU1," +
	"72 Rab_Apo F1 FLA,74 Rabwert_Anbieter V10 NU1,76 AMPreisV_SGB F1 NU1,77 Hm_zum_Verbrauch F1 NU1," +
	"78 Bedingte_Erstatt_FAM F1 NU1,80 Zuzfrei_31SGB_Tstr F1 NU1,81 Lifestyle F1 NU1,88 Zuzfrei_31SGB_Feb F1 NU1," +
	"89 Diaetetikum F1 NU1,90 Lebensmittel F1 NU1,91 NEM F1 NU1,92 Generikum F1 NU1,97 Festbetrag? V10 NU1," +
	"A0 Rabwert_130a_2_SGB V10 NU1,A2 T_Rezept F1 NU1,B0 UVP V10 NU1,B3 Ausnahme_Ersetzung F1 NU1," +
	"C1 AM_mit_Erstatt_130b F1 NU1,D8 Verbandmittel F1 NU1,D9 Medizinprodukt_AMRL F1 NU1,E3 Abloesung_130a_1_8 F1 NU1," +
	"F3 Wundbehand_31_1a_SGB F1 NU1,H5 AM_mit_aufg_Festb F1 NU1,I2 MedCanG F1 NU1,I3 Lagertemperatur F1 NU1," +
	"I6 Zuz_130b1c_61_1 V10 NU1"
