package kennungcmd

import (
	"fmt"
	"text/tabwriter"

	"github.com/offizin/offizin/app/env"
	"github.com/offizin/offizin/domain/befund"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/packcode"
	"github.com/offizin/offizin/workflow/kennprobe"
)

// KennungShow is `offizin kennung show`.
type KennungShow struct {
	Wert string `arg:"" help:"Die Nummer, auch mit Leerzeichen."`
	Typ  string `help:"Nur als diese Nummer prüfen: PZN, IK, KVNR, LANR, BSNR, GTIN, PPN, IBAN …"`
}

// Run prints every kind of number that the value can be, with the verdict. It is
// not the exit code of a check: showing a wrong number succeeds.
func (c *KennungShow) Run(e *env.Env) error {
	w := tabwriter.NewWriter(e.Stdout, 0, 0, 2, ' ', 0)
	arts, err := c.arten()
	if err != nil {
		return err
	}
	fits := 0
	for _, a := range arts {
		r := kennung.Pruefe(a, c.Wert)
		if c.Typ == "" && r.Urteil == kennung.Form {
			continue
		}
		fits++
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\n", a, kennprobe.Escape(r.Wert), r.Urteil, sentence(r.Befund))
	}
	if fits == 0 {
		fmt.Fprintln(w, "Keine bekannte Nummer hat diese Form; bitte die Eingabe prüfen. (K-306)")
	}
	return wrap(w.Flush())
}

func (c *KennungShow) arten() ([]kennung.Art, error) {
	if c.Typ != "" {
		a, ok := kennprobe.ArtVon(c.Typ)
		if !ok {
			return nil, env.Usage("Der Typ „%s“ ist unbekannt; „offizin kennung show --help“ nennt die Typen. (K-307)", c.Typ)
		}
		return []kennung.Art{a}, nil
	}
	return []kennung.Art{
		kennung.ArtPZN, kennung.ArtIK, kennung.ArtKVNR, kennung.ArtLANR, kennung.ArtBSNR, kennung.ArtIDF,
		kennung.ArtGTIN, kennung.ArtNTIN, kennung.ArtSSCC, kennung.ArtPPN, kennung.ArtHPC, kennung.ArtUDI,
		kennung.ArtIBAN, kennung.ArtTransaktionsnummer,
	}, nil
}

func sentence(b *befund.Befund) string {
	if b == nil {
		return ""
	}
	return b.Error()
}

// CodeShow is `offizin code show`.
type CodeShow struct {
	Scan string `arg:"" help:"Der Scan; Steuerzeichen als \\x1d oder <GS>. Beginnt er mit -: code show -- -04773414."`

	GS         string `help:"Zeichen, das dieser Scanner statt GS sendet."`
	Umgekehrt  bool   `help:"Der Scanner vertauscht Groß- und Kleinschreibung."`
	TastaturUS bool   `help:"Der Scanner tippt eine amerikanische Tastatur." name:"tastatur-us"`
}

// Run prints what the scan says, with every element.
func (c *CodeShow) Run(e *env.Env) error {
	scanner := packcode.Scanner{GS: c.GS, Umgekehrt: c.Umgekehrt, TastaturUS: c.TastaturUS}
	r := scanner.Parse(c.Scan)
	w := tabwriter.NewWriter(e.Stdout, 0, 0, 2, ' ', 0)
	unsafe := ""
	if r.Urteil == packcode.Mehrdeutig {
		unsafe = " (unsicher)"
	}
	line := func(name, value, mark string) {
		if value != "" {
			fmt.Fprintf(w, "%s\t%s%s\n", name, kennprobe.Escape(value), mark)
		}
	}
	line("Urteil", string(r.Urteil), "")
	line("Format", string(r.Huelle), "")
	line("Produktcode", r.Code, " "+string(r.Art))
	line("PZN", string(r.PZN), "")
	line("Seriennummer", r.Serie, unsafe)
	line("Charge", r.Charge, unsafe)
	line("Verfall", r.Verfall.German(), unsafe)
	for _, el := range r.Elemente {
		line("Element "+el.ID, el.Wert, "")
	}
	for _, b := range r.Befunde {
		line("Befund", b.Error(), "")
	}
	return wrap(w.Flush())
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	return nil
}
