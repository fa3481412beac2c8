package bdpm

import (
	"fmt"
	"io/fs"
	"iter"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/artikel"
	"github.com/offizin/offizin/domain/kennung"
	"github.com/offizin/offizin/domain/money"
	"github.com/offizin/offizin/internal/fault"
)

// The files; each may also be packed, with the ending ".gz".
const (
	produkte  = "CIS_bdpm.txt"
	packungen = "CIS_CIP_bdpm.txt"
)

// The columns that are read.
const (
	cisSpalten = 12
	cisName    = 1
	cisHandel  = 6 // whether it is on the market
	cisInhaber = 10

	cipSpalten   = 13
	cipCIP7      = 1
	cipPackung   = 2
	cipZustand   = 3
	cipMeldung   = 4 // whether the pack is on the market
	cipCIP13     = 6
	cipErstattet = 8
	cipPreis     = 10 // with the fee of the pharmacy
)

// produkt is what the file of products says of all packs of one product.
type produkt struct {
	name, inhaber string
	imHandel      bool
}

// Artikel reads the packs in the order of their file. Their PZN are made up: the numbers
// from 80000008 on in turn, of the range for articles of a pharmacy's own, which no article
// of the market has. A pack whose product is not there is left out. What is damaged ends
// the sequence with an error.
func Artikel(fsys fs.FS) iter.Seq2[artikel.Artikel, error] {
	return func(yield func(artikel.Artikel, error) bool) {
		if err := lies(fsys, func(a artikel.Artikel) bool { return yield(a, nil) }); err != nil {
			yield(artikel.Artikel{}, err)
		}
	}
}

func lies(fsys fs.FS, yield func(artikel.Artikel) bool) error {
	products, err := liesProdukte(fsys)
	if err != nil {
		return err
	}
	seen, numbers := map[string]bool{}, nummern(ersteBasis)
	return zeilen(fsys, packungen, cipSpalten, func(nr int, f []string) (bool, error) {
		if err := pruefeCIP(nr, f, seen); err != nil {
			return false, err
		}
		a := artikel.Artikel{PZN: numbers.next()}
		p, there := products[f[0]]
		if !there {
			return true, nil
		}
		err := packung(&a, nr, p, f)
		return err == nil && yield(a), err
	})
}

func liesProdukte(fsys fs.FS) (map[string]produkt, error) {
	products := map[string]produkt{}
	err := zeilen(fsys, produkte, cisSpalten, func(nr int, f []string) (bool, error) {
		if _, twice := products[f[0]]; twice || f[0] == "" || f[cisName] == "" {
			return false, fehler(produkte, nr, "A-704", "Die Nummer des Präparats fehlt oder kommt zweimal vor, oder sein "+
				"Name fehlt; bitte die Datei neu laden.")
		}
		products[f[0]] = produkt{kurz(f[cisName]), f[cisInhaber], f[cisHandel] == "Commercialisée"}
		return true, nil
	})
	return products, err
}

// pruefeCIP checks the two numbers of a pack against each other and that they are new.
func pruefeCIP(nr int, f []string, seen map[string]bool) error {
	cip7, cip13 := f[cipCIP7], f[cipCIP13]
	_, err := kennung.ParseGTIN(cip13)
	if err != nil || len(cip13) != 13 || len(cip7) != 7 || cip13[5:12] != cip7 || seen[cip7] {
		return fehler(packungen, nr, "A-705", "Die Nummern CIP7 und CIP13 passen nicht zusammen oder kommen "+
			"zweimal vor; bitte die Datei neu laden.")
	}
	seen[cip7] = true
	return nil
}

// packung makes an article of a pack. What is reimbursed by 65 % or more counts as
// prescription-only: the two files do not say it, and a measurement is to have both kinds,
// each with prices.
func packung(a *artikel.Artikel, nr int, p produkt, f []string) error {
	preis, ok := betrag(f[cipPreis])
	if !ok {
		return fehler(packungen, nr, "A-706", "Der Preis ist kein Betrag wie 1,234,56; bitte die Datei neu laden.")
	}
	a.Name, a.Hersteller, a.Art, a.Status = p.name, p.inhaber, artikel.Arzneimittel, artikel.AusserVertrieb
	a.AVP, a.UVP, a.MwSt = preis, preis, artikel.MwStVoll
	a.Apothekenpflichtig = true
	rate := strings.TrimSpace(strings.TrimSuffix(f[cipErstattet], "%"))
	a.Verschreibungspflichtig = rate == "65" || rate == "100"
	a.Menge, a.Einheit = menge(f[cipPackung])
	if p.imHandel && f[cipZustand] == "Présentation active" && f[cipMeldung] == "Déclaration de commercialisation" {
		a.Status = artikel.Verkehr
	}
	return nil
}

// nummern gives one PZN after the other; it is the next base without its check digit.
type nummern int

// ersteBasis begins the larger range for own articles; it has room for MaxZeilen.
const ersteBasis = 8_000_000

func (n *nummern) next() kennung.PZN {
	for {
		base := strconv.Itoa(int(*n))
		*n++
		if check, ok := kennung.PZNCheck(base); ok {
			return kennung.PZN(base + string(check))
		}
	}
}

// menge takes the last quantity of a text like "2 flacon(s) de 20 ml": of the innermost
// piece. Whatever is neither volume nor weight is counted.
func menge(s string) (zahl, einheit string) {
	words := strings.Fields(s)
	for i := len(words) - 2; i >= 0; i-- {
		if strings.Trim(words[i], "0123456789,") != "" || strings.Trim(words[i], ",") == "" {
			continue
		}
		switch unit := strings.ToLower(strings.Trim(words[i+1], ".,;()")); unit {
		case "ml", "l", "g", "mg":
			return words[i], unit
		}
		return words[i], "St"
	}
	return "", ""
}

// betrag reads an amount whose last comma is the decimal one; an empty one is 0.
func betrag(s string) (money.Cent, bool) {
	if s == "" {
		return 0, true
	}
	i := strings.LastIndexByte(s, ',')
	if i < 0 || len(s)-i != 3 {
		return 0, false
	}
	c, err := money.Parse(strings.ReplaceAll(s[:i], ",", "") + s[i:])
	return c, err == nil && c >= 0
}

// maxName is how many characters of a name are taken.
const maxName = 150

func kurz(s string) string {
	if r := []rune(s); len(r) > maxName {
		return strings.TrimSpace(string(r[:maxName]))
	}
	return s
}

func fehler(datei string, nr int, code, was string) error {
	return fault.New(fault.Invalid, code, fmt.Sprintf("%s, Zeile %d: %s", datei, nr, was), nil)
}
