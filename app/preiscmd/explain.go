package preiscmd

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/domain/preis"
	"github.com/offizin/offizin/domain/schritt"
	"github.com/offizin/offizin/domain/zuzahlung"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/recht"
)

// Explain is `offizin preis explain`. Amounts are text, so that a comma or a point
// will do.
type Explain struct {
	Datum      string `help:"Tag der Abgabe, 2026-11-23 oder 23.11.2026; ohne Angabe heute."`
	ApU        string `name:"apu" help:"Abgabepreis des Herstellers, netto." xor:"betrag"`
	AEP        string `name:"aep" help:"Apothekeneinkaufspreis, netto." xor:"betrag"`
	AVP        string `name:"avp" help:"Verkaufspreis, brutto." xor:"betrag"`
	Rx         bool   `help:"Verschreibungspflichtig (Vorgabe)." xor:"kette"`
	OTC        bool   `name:"otc" help:"Nicht verschreibungspflichtig, zu Lasten der Krankenkasse." xor:"kette"`
	Ermaessigt bool   `help:"Ermäßigter Umsatzsteuersatz."`
	Festbetrag string `help:"Festbetrag, brutto."`
	Payer      string `help:"Kostenträger: GKV, PKV, BG, SKT, SEL." default:"GKV"`
	Geburt     string `help:"Geburtsdatum des Patienten."`
	Packungen  int    `help:"Anzahl der Packungen." default:"1"`
	Befreit    bool   `help:"Von der Zuzahlung befreit."`
}

// eingabe is the call, understood.
type eingabe struct {
	preis preis.Eingabe
	fall  zuzahlung.Fall
}

// Run prints the steps of the price, then those of the patient's payment.
func (c *Explain) Run(e *env.Env) error {
	in, err := c.lies(e)
	if err != nil {
		return err
	}
	law, err := recht.Load()
	if err != nil {
		return fmt.Errorf("load law: %w", err)
	}
	stand, err := law.Am(in.fall.Tag)
	if err != nil {
		return usage(err)
	}
	p := preis.Compute(in.preis, stand.Preis)
	if befund.Hindert(p.Befunde) {
		return env.Usage("%v", p.Befunde[0])
	}
	in.fall.AVP = p.Brutto
	z := zuzahlung.Compute(in.fall, stand.Zuzahlung)
	if befund.Hindert(z.Befunde) {
		return env.Usage("%v", z.Befunde[0])
	}
	return drucke(e.Stdout, in.fall.Tag, p, z)
}

func drucke(out io.Writer, tag civil.Day, p preis.Preis, z zuzahlung.Ergebnis) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "Preis am %s\n", tag.German())
	tabelle(w, p.Schritte)
	fmt.Fprintln(w, "\nZahlung")
	tabelle(w, z.Schritte)
	fmt.Fprintf(w, "\nPatient zahlt\t%s\n", z.Patient())
	for _, b := range z.Befunde {
		fmt.Fprintf(w, "Hinweis\t%s\n", b.Error())
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write explanation: %w", err)
	}
	return nil
}

func tabelle(w io.Writer, list []schritt.Schritt) {
	fmt.Fprintln(w, "Betrag\tSchritt\tRechnung\tNorm\tFassung")
	for _, s := range list {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", s.Betrag, s.Name, s.Text, s.Norm, s.Fassung())
	}
}

// lies understands the call.
func (c *Explain) lies(e *env.Env) (eingabe, error) {
	in := eingabe{
		preis: preis.Eingabe{Kette: preis.Rx, MwSt: artikel.MwStVoll},
		fall: zuzahlung.Fall{
			Art: artikel.Arzneimittel, Rx: !c.OTC, OTCErstattungsfaehig: c.OTC, Packungen: c.Packungen, Befreit: c.Befreit,
			Traeger: zuzahlung.Traeger(strings.ToUpper(c.Payer)),
		},
	}
	if c.OTC {
		in.preis.Kette = preis.OTCErstattet
	}
	if c.Ermaessigt {
		in.preis.MwSt = artikel.MwStErmaessigt
	}
	var err error
	if in.fall.Tag, err = tag(c.Datum, clock.Today(e.Clock)); err != nil {
		return in, err
	}
	if in.fall.Geburt, err = tag(c.Geburt, 0); err != nil {
		return in, err
	}
	if in.fall.Festbetrag, err = betrag(c.Festbetrag); err != nil {
		return in, err
	}
	return in, c.stelle(&in.preis)
}

// stelle finds the one amount that is given.
func (c *Explain) stelle(p *preis.Eingabe) error {
	for _, o := range []struct {
		text string
		s    preis.Stelle
	}{{c.ApU, preis.AbApU}, {c.AEP, preis.AbAEP}, {c.AVP, preis.AbBrutto}} {
		if o.text == "" {
			continue
		}
		var err error
		p.Stelle = o.s
		p.Betrag, err = betrag(o.text)
		return err
	}
	return env.Usage("Es fehlt der Betrag; bitte --apu, --aep oder --avp angeben. (P-321)")
}

// betrag reads an amount with a point or a comma; "1.234,56" too.
func betrag(s string) (money.Cent, error) {
	if s == "" {
		return 0, nil
	}
	c, err := money.ParseDecimal(s)
	if err != nil {
		c, err = money.Parse(s)
	}
	if err != nil || c < 0 {
		return 0, env.Usage("„%.40s“ ist kein Betrag von 0,00 bis 9.999.999,99; bitte wie 12,34 eingeben. (P-322)", s)
	}
	return c, nil
}

func tag(s string, otherwise civil.Day) (civil.Day, error) {
	if s == "" {
		return otherwise, nil
	}
	d, err := civil.ParseGerman(s)
	if err != nil {
		return 0, env.Usage("„%.40s“ ist kein Kalendertag; bitte wie 2026-11-23 oder 23.11.2026 eingeben. (P-323)", s)
	}
	return d, nil
}
