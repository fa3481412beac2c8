package pruefung

import (
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/bon"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/web/ui"
	"github.com/offizin/offizin/workflow/pruefung"
)

// zelle is a cell of a table.
type zelle struct {
	Text, Ziel   string
	Rechts, Wide bool
}

// tabelle is a list of whatever is looked at.
type tabelle struct {
	ui.Base
	Q                  string
	Pruefung           string // id of the audit; empty: the house looks
	Zusatz             string
	Tag, Davor, Danach civil.Day
	Spalten            []zelle
	Zeilen             [][]zelle
}

func text(s string) zelle            { return zelle{Text: s} }
func lang(s string) zelle            { return zelle{Text: s, Wide: true} }
func geld(c money.Cent) zelle        { return zelle{Text: c.String(), Rechts: true} }
func zahl(n int) zelle               { return zelle{Text: strconv.Itoa(n), Rechts: true} }
func rechts(s string) zelle          { return zelle{Text: s, Rechts: true} }
func ziel(s string, to string) zelle { return zelle{Text: s, Ziel: to} }

// zeit is an instant as the clock on the wall shows it, with seconds.
func zeit(nanos int64) zelle {
	if nanos == 0 {
		return text("–")
	}
	return text(time.Unix(0, nanos).In(clock.Berlin()).Format("02.01.2006\u00a015:04:05"))
}

// fuellen fills a table with what may be seen.
type fuellen = func(r *http.Request, z pruefung.Zugang, t *tabelle) error

func (s *Seite) liste(titel string, fill fuellen) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		page := tabelle{Base: s.rahmen.Base(r, pfad, titel)}
		z, _, err := s.einsehen(r)
		if err == nil {
			page.Q, page.Pruefung = q(z), z.ID
			err = fill(r, z, &page)
		}
		s.rahmen.SeiteStatus(w, r, s.tabelle, s.rahmen.Abgelehnt(r, &page.Base, err), page)
	}
}

func (s *Seite) belege(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	f := ui.Anfrage(r)
	day := f.Tag("tag")
	if f.Err != nil {
		return f.Err
	}
	if z.ID == "" && day != 0 { // the house looks at any day
		z.Von, z.Bis = min(z.Von, day), max(z.Bis, day)
	}
	day, list, err := s.dienst.Belege(r.Context(), z, day)
	if err != nil {
		return err
	}
	t.Tag = day
	if before := day.AddDays(-1); before >= z.Von {
		t.Davor = before
	}
	if after := day.AddDays(1); after <= z.Bis {
		t.Danach = after
	}
	t.Spalten = s.spalten("beleg zeit art bezug benutzer >umsatz_brutto >gezahlt tse")
	for _, b := range list {
		t.Zeilen = append(t.Zeilen, []zelle{
			ziel(b.Nummer, pfad+"/beleg/"+url.PathEscape(b.Nummer)+t.Q),
			zeit(b.Zeit), text(s.art(b.Bon)), text(b.Bezug),
			text(b.Benutzer), geld(b.Steuer.Summe()), geld(b.Steuer.Gezahlt()), text(s.tse(b)),
		})
	}
	return nil
}

// t is a text of the lists.
func (s *Seite) t(key string) string { return s.rahmen.Texte.T("pruefung." + key) }

// spalten are headings by their keys, one word each; ">" sets a column right.
func (s *Seite) spalten(keys string) (list []zelle) {
	for key := range strings.FieldsSeq(keys) {
		key, right := strings.CutPrefix(key, ">")
		list = append(list, zelle{Text: s.t("sp_" + key), Rechts: right})
	}
	return list
}

func (s *Seite) art(b bon.Bon) string {
	name := s.t("art_" + string(b.Art))
	if b.Art == bon.Bewegung && len(b.Positionen) > 0 {
		name = string(b.Positionen[0].Geschaeft)
	}
	if b.Uebung {
		name += " " + s.t("uebung")
	}
	if b.Nacherfassung {
		name += " " + s.t("nacherfasst")
	}
	if b.Uhr != nil {
		name += " " + s.t("uhr_zweifelhaft")
	}
	return name
}

// uhr says what the clock of the machine showed while its time was in doubt.
func (s *Seite) uhr(u bon.Uhr) string {
	out := fmt.Sprintf(s.t("uhr_zeigte"), zeit(u.Rechner).Text, zeit(u.Gilt).Text,
		int(u.Abstand().Seconds()), zeit(u.Seit).Text)
	if u.Von != "" {
		out += " " + fmt.Sprintf(s.t("uhr_von"), u.Von)
	}
	return out
}

// tse says how a record was secured.
func (s *Seite) tse(b pruefung.Beleg) string {
	switch {
	case b.Serie == "":
		return s.t("tse_keine")
	case !b.Bekannt:
		return s.t("tse_offen")
	case b.Gesichert.Ausfall != "":
		return s.t("tse_ausfall") + " " + b.Gesichert.Ausfall
	case b.Gesichert.Signatur == nil:
		return s.t("tse_ohne")
	}
	sig := b.Gesichert.Signatur
	return fmt.Sprintf("%s %d, %s %d", s.t("tse_transaktion"), sig.Transaktion, s.t("tse_zaehler"), sig.Zaehler)
}

func (s *Seite) beleg(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	if z.ID == "" {
		z.Von, z.Bis = 0, civil.Must(2199, 12, 31)
	}
	b, err := s.dienst.Beleg(r.Context(), z, r.PathValue("nummer"))
	if err != nil {
		return err
	}
	t.Zusatz = b.Nummer
	t.Spalten = s.spalten("nr was >menge >brutto >mwst kostentraeger person")
	for _, p := range b.Positionen {
		t.Zeilen = append(t.Zeilen, []zelle{
			zahl(p.Nr), lang(p.Bezeichnung), zahl(p.Menge), geld(p.Gesamt), rechts(p.MwSt.String()),
			text(string(p.Traeger) + " " + p.IK), text(p.Person),
		})
	}
	leer := text("")
	for _, g := range b.Steuer.Geschaefte {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(s.t("gv")), text(string(g.Typ) + " " + g.Name), leer, geld(g.Brutto),
			rechts(g.Satz.String()), text(strconv.Itoa(g.Schluessel)), leer,
		})
	}
	for _, x := range b.Steuer.Zahlungen {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(s.t("zahlung")), text(x.Name), leer, geld(x.Betrag), leer, leer, leer,
		})
	}
	t.Zeilen = append(t.Zeilen, []zelle{text(s.t("sp_tse")), lang(s.tse(b)), leer, leer, leer, leer, leer})
	if sig := b.Gesichert.Signatur; sig != nil {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(s.t("pruefwert")), lang(sig.Wert), leer, leer, leer, leer, leer,
		})
	}
	if u := b.Uhr; u != nil {
		t.Zeilen = append(t.Zeilen, []zelle{text(s.t("uhr")), lang(s.uhr(*u)), leer, leer, leer, leer, leer})
	}
	if b.Grund != "" {
		t.Zeilen = append(t.Zeilen, []zelle{text(s.t("sp_grund")), lang(b.Grund), leer, leer, leer, leer, leer})
	}
	return nil
}

func (s *Seite) abschluesse(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	list, err := s.dienst.Abschluesse(r.Context(), z)
	t.Spalten = s.spalten("z geschaeftstag erstellt benutzer >belege von_bis >zahlungen >bar >bestand >differenz")
	for _, a := range list {
		to := fmt.Sprintf("%s/abschluss/%s/%d%s", pfad, url.PathEscape(a.Till), a.Nummer, t.Q)
		t.Zeilen = append(t.Zeilen, []zelle{
			ziel(fmt.Sprintf("%s / %d", a.Till, a.Nummer), to),
			text(a.Tag.German()), zeit(a.Zeit), text(a.Benutzer), zahl(a.Anzahl),
			text(a.Von + " – " + a.Bis), geld(a.Summe()),
			geld(a.Bar()), geld(a.Barbestand), geld(a.Differenz),
		})
	}
	return err
}

func (s *Seite) abschluss(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	n, _ := strconv.Atoi(r.PathValue("nummer")) // what is no number is no closing
	a, err := s.dienst.Abschluss(r.Context(), z, r.PathValue("till"), n)
	if err != nil {
		return err
	}
	t.Zusatz = fmt.Sprintf("%s / Z %d", a.Till, a.Nummer)
	t.Spalten = s.spalten("was >schluessel >satz >netto >steuer >brutto")
	leer := text("")
	for _, g := range a.Geschaefte {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(string(g.Typ) + " " + g.Name), zahl(g.Schluessel),
			rechts(g.Satz.String()), geld(g.Netto), geld(g.Steuer), geld(g.Brutto),
		})
	}
	for _, x := range a.Zahlungen {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(s.t("zahlung") + " " + x.Name), leer, leer, leer, leer, geld(x.Betrag),
		})
	}
	for _, x := range a.Zaehlung {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(s.t("gezaehlt") + " " + x.Wert.String()), leer, leer,
			zahl(x.Anzahl), leer, geld(x.Wert * money.Cent(x.Anzahl)),
		})
	}
	for _, x := range a.Stamm.TSE {
		t.Zeilen = append(t.Zeilen, []zelle{lang(s.t("sp_tse") + " " + x.Seriennummer), leer, leer, leer, leer, leer})
	}
	return nil
}

func (s *Seite) kassenbuch(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	list, err := s.dienst.Kassenbuch(r.Context(), z)
	t.Spalten = s.spalten("lade zeit beleg art anlass benutzer >betrag")
	for _, x := range list {
		kind := string(x.Geschaeft)
		if kind == "" {
			kind = string(x.Art)
		}
		why := x.Text
		if x.Ueberzogen != 0 {
			why = strings.TrimSpace(fmt.Sprintf("%s (bestätigt: laut Buch danach %s)", why, x.Ueberzogen))
		}
		t.Zeilen = append(t.Zeilen, []zelle{
			text(x.Till), zeit(x.Zeit), text(x.Nummer), text(kind),
			lang(why), text(x.Benutzer), geld(x.Betrag),
		})
	}
	return err
}

func (s *Seite) ausfaelle(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	list, err := s.dienst.Ausfaelle(r.Context(), z)
	t.Spalten = s.spalten("till beginn ende grund tse")
	for _, a := range list {
		t.Zeilen = append(t.Zeilen, []zelle{
			text(a.Till), zeit(a.Beginn), zeit(a.Ende), lang(a.Grund), lang(a.Seriennummer),
		})
	}
	return err
}

func (s *Seite) aenderungen(r *http.Request, z pruefung.Zugang, t *tabelle) error {
	list, err := s.dienst.Aenderungen(r.Context(), z)
	t.Spalten = s.spalten("zeit benutzer art was vorher nachher")
	for _, a := range list {
		t.Zeilen = append(t.Zeilen, []zelle{
			zeit(a.Zeit), text(a.Wer), text(a.Art), lang(a.Was), lang(a.Vorher), lang(a.Nachher),
		})
	}
	return err
}
