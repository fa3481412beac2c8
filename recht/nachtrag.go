package recht

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/fassung"
	"github.com/offizin/offizin/internal/fault"
)

// Eingearbeitet is the number of the last Nachtrag whose rows this release holds
// already. A release that takes rows over raises it.
const Eingearbeitet = 0

// Nachtrag is a law file signed by the release keys that brings rows between two
// releases. Only Oeffne makes one, so every Nachtrag is genuine.
type Nachtrag struct {
	Nummer     int // counts up by one; none may be left out
	Datum      civil.Day
	Schluessel string // id of the key that signed it
	Grund      string
	Datei      string
	blocks     []block
}

const (
	signaturZeile = "signatur: " // begins the last line
	kopfSpalten   = "nachtrag datum schluessel grund"
)

// Oeffne checks the signature of a Nachtrag and reads it; name stands in its error
// messages. Nothing of the text is believed before the signature holds.
func (b Schluesselbund) Oeffne(name string, data []byte) (Nachtrag, error) {
	if len(data) > maxDatei {
		return Nachtrag{}, datei{name}.gross()
	}
	text, signature, err := trenne(name, data)
	if err != nil {
		return Nachtrag{}, err
	}
	id := schluesselID(text)
	key, ok := b[id]
	if !ok {
		return Nachtrag{}, fault.New(fault.Denied, "L-113", "Der Nachtrag „"+name+"“ nennt den unbekannten Schlüssel „"+
			id+"“; bitte Herkunft klären oder zuerst das Programm aktualisieren.", nil)
	}
	if !ed25519.Verify(key, text, signature) {
		return Nachtrag{}, fault.New(fault.Denied, "L-112", "Die Unterschrift des Nachtrags „"+name+
			"“ stimmt nicht; bitte die Datei neu beziehen. Übernommen wurde nichts.", nil)
	}
	return liesNachtrag(name, text)
}

// trenne splits a file into the signed bytes and the signature on its last line.
func trenne(name string, data []byte) (text, signature []byte, err error) {
	at := bytes.LastIndex(data, []byte("\n"+signaturZeile))
	if at < 0 {
		return nil, nil, ohneSignatur(name)
	}
	text = data[:at+1]
	line, ended := bytes.CutSuffix(data[at+1+len(signaturZeile):], []byte("\n"))
	signature, err = base64.StdEncoding.Strict().DecodeString(string(line))
	if err != nil || !ended || len(signature) != ed25519.SignatureSize || bytes.ContainsAny(line, "\r\n") {
		return nil, nil, ohneSignatur(name)
	}
	return text, signature, nil
}

func ohneSignatur(name string) error {
	return fault.New(fault.Denied, "L-111", "Der Nachtrag „"+name+
		"“ ist nicht unterschrieben oder abgeschnitten; bitte die Datei neu beziehen. Übernommen wurde nichts.", nil)
}

// schluesselID returns the id of the key that the file says it is signed with.
func schluesselID(text []byte) string {
	for line := range bytes.Lines(text) {
		if rest, ok := bytes.CutPrefix(line, []byte("schluessel:")); ok {
			return strings.TrimSpace(strings.ToValidUTF8(string(rest[:min(len(rest), 80)]), "?"))
		}
	}
	return ""
}

// SchluesselVon returns the id of the key that a Nachtrag says it is signed with. It
// checks nothing.
func SchluesselVon(name string, data []byte) (string, error) {
	text, _, err := trenne(name, data)
	return schluesselID(text), err
}

// liesNachtrag reads the text of a Nachtrag without its signature.
func liesNachtrag(name string, text []byte) (Nachtrag, error) {
	d := datei{name}
	blocks, err := d.lies(text, block{kopf: abschnitt{zeile: 1, felder: map[string]feld{}}, spalten: kopfSpalten})
	if err != nil {
		return Nachtrag{}, err
	}
	n := Nachtrag{Datei: name, blocks: blocks[1:]}
	return n, n.kopf(d, blocks[0].kopf)
}

// kopf understands the head of a Nachtrag.
func (n *Nachtrag) kopf(d datei, a abschnitt) error {
	if err := d.pflicht(a, strings.Fields(kopfSpalten)...); err != nil {
		return err
	}
	number := a.felder["nachtrag"]
	nummer, err := strconv.ParseUint(number.text, 10, 31)
	if err != nil || nummer == 0 {
		return d.fehler("L-110", number.zeile, "„%s“ ist keine Nummer eines Nachtrags; erwartet wird 1, 2, 3 ….", number.text)
	}
	if len(n.blocks) == 0 {
		return d.fehler("L-110", 1, "Der Nachtrag enthält keinen Parameter.")
	}
	seen := map[string]bool{}
	for _, b := range n.blocks {
		f := b.kopf.felder["parameter"]
		if seen[f.text] {
			return d.fehler("L-110", f.zeile, "Der Parameter „%s“ steht doppelt.", kurz(f.text))
		}
		seen[f.text] = true
	}
	n.Nummer, n.Schluessel, n.Grund = int(nummer), a.felder["schluessel"].text, a.felder["grund"].text
	n.Datum, err = d.tag(a.felder["datum"])
	return err
}

// ueber lays the rows of the Nachtrag over k.
func (n Nachtrag) ueber(k *Sammlung) error {
	switch {
	case n.Nummer <= k.nummer:
		return fault.New(fault.Conflict, "L-114", fmt.Sprintf(
			"Der Nachtrag %d ist nicht neuer als der geltende Stand %d; es ist nichts zu tun.", n.Nummer, k.nummer), nil)
	case n.Nummer > k.nummer+1:
		return fault.New(fault.Conflict, "L-115", fmt.Sprintf(
			"Der Nachtrag %d setzt den Nachtrag %d voraus; bitte diesen zuerst einspielen.", n.Nummer, k.nummer+1), nil)
	}
	list, err := n.alle(k)
	if err != nil {
		return err
	}
	for _, p := range list {
		k.lege(p)
	}
	k.nummer = n.Nummer
	return nil
}

// alle returns the parameters of the Nachtrag with its own rows only.
func (n Nachtrag) alle(k *Sammlung) ([]Parameter, error) {
	list := make([]Parameter, 0, len(n.blocks))
	for _, b := range n.blocks {
		p, err := n.parameter(datei{n.Datei}, k, b)
		if err != nil {
			return nil, err
		}
		for i := range p.Zeilen {
			p.Zeilen[i].Art = fassung.Overlay
			p.Zeilen[i].Ort = fmt.Sprintf("Nachtrag %d vom %s, %s", n.Nummer, n.Datum.German(), p.Zeilen[i].Ort)
		}
		list = append(list, p)
	}
	return list, nil
}

// Zeilen returns the rows that the Nachtrag brings to s, whatever its number: to look
// at a Nachtrag before it is taken.
func (s *Sammlung) Zeilen(n Nachtrag) ([]Eintrag, error) {
	parameter, err := n.alle(s)
	if err != nil {
		return nil, err
	}
	var list []Eintrag
	for _, p := range parameter {
		for _, z := range p.Zeilen {
			list = append(list, Eintrag{p, z})
		}
	}
	return list, nil
}

// parameter understands a block of a Nachtrag: a new parameter must introduce
// itself; of a known one rows are enough, and what its head repeats must agree.
func (n Nachtrag) parameter(d datei, k *Sammlung, b block) (Parameter, error) {
	head := b.kopf.felder
	old, known := k.Suche(head["parameter"].text)
	if !known {
		return d.parameter(b)
	}
	for key, is := range map[string]string{"typ": string(old.Typ), "einheit": old.Einheit} {
		if f, ok := head[key]; ok && f.text != is {
			return Parameter{}, d.fehler("L-116", f.zeile, "Der Parameter „%s“ hat in der Spalte „%s“ schon „%s“; "+
				"ein Nachtrag darf das nicht ändern.", old.ID, key, is)
		}
	}
	if f, ok := head["name"]; ok {
		old.Name = f.text
	}
	if f, ok := head["sok"]; ok {
		old.SOK = strings.Fields(f.text)
	}
	var err error
	old.Zeilen, err = d.zeilen(old.ID, old.Typ, b)
	return old, err
}

// Signiere appends the signature to the text of a Nachtrag. It refuses text that
// the program could not read. The private key never belongs to the project's files.
func Signiere(name string, text []byte, key ed25519.PrivateKey) ([]byte, error) {
	text = append(bytes.TrimRight(bytes.Clone(text), "\n"), "\n\n"...)
	if _, err := liesNachtrag(name, text); err != nil {
		return nil, err
	}
	signature := base64.StdEncoding.EncodeToString(ed25519.Sign(key, text))
	return append(text, signaturZeile+signature+"\n"...), nil
}
