package simulator

import (
	"bufio"
	"bytes"
	"cmp"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/ber"
	"github.com/offizin/offizin/integration/tse/lognachricht"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// Datei is the name of the file that is the memory of the device: a head, then a line for
// each log message, each flushed before it is answered.
const Datei = "tse-simulator.jsonl"

// What it calls coming and going of clients in its log.
const (
	registrieren = "RegisterClient"
	abmelden     = "DeregisterClient"
)

// kopf is the first line.
type kopf struct {
	Hinweis    string `json:"hinweis"` // Bezeichnung: whoever opens the file shall know
	Schluessel []byte `json:"schluessel"`
	Zertifikat []byte `json:"zertifikat"`
	Zeitformat string `json:"zeitformat"`
}

// zeile is every other line.
type zeile struct {
	Log        []byte `json:"log"`                  // as it will be exported
	Schluessel string `json:"schluessel,omitempty"` // of a Start, from the till
}

// kennung finds a transaction by what the till calls it.
type kennung struct{ client, schluessel string }

// stelle is where a log message lies in the file.
type stelle struct {
	von    int64
	laenge int
	nummer uint64 // of its transaction; 0: none
}

// vorgang is where the two ends of a transaction lie among the messages; -1: not yet.
type vorgang struct{ start, ende int }

type datei struct {
	f      *os.File
	kopf   kopf
	key    *ecdsa.PrivateKey
	form   lognachricht.Zeitformat
	ablauf civil.Day
	fertig int64 // bytes that are whole lines on disk
	schlag error // why it cannot be written any more

	stellen   []stelle
	vorgaenge map[uint64]vorgang
	offen     map[uint64]tse.Offen
	bekannt   map[kennung]uint64
	beendet   map[string]uint64 // the last one that was finished, by client
	clients   []string
	zaehler   uint64 // last signature counter
	letzte    uint64 // last transaction number
}

// openDatei reads the memory of a folder, or makes a new one.
func openDatei(opt Optionen, now time.Time) (*datei, error) {
	if err := os.MkdirAll(opt.Ordner, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of TSE simulator: %w", err)
	}
	name := filepath.Join(opt.Ordner, Datei)
	if _, err := os.Stat(name); errors.Is(err, os.ErrNotExist) {
		return neueDatei(opt, now)
	}
	return lesen(name)
}

// neueDatei makes a device that has signed nothing yet.
func neueDatei(opt Optionen, now time.Time) (*datei, error) {
	form := cmp.Or(opt.Zeitformat, string(lognachricht.UnixTime))
	if _, ok := zeit(now, lognachricht.Zeitformat(form)); !ok {
		return nil, fault.New(fault.Invalid, "T-202",
			"Das Zeitformat des TSE-Simulators ist unbekannt – bitte unixTime oder utcTimeWithSeconds eintragen.", nil)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("make key of TSE simulator: %w", err)
	}
	cert, err := zertifikat(key, now)
	if err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, fmt.Errorf("write key of TSE simulator: %w", err)
	}
	k := kopf{Hinweis: Bezeichnung, Schluessel: pkcs8, Zertifikat: cert, Zeitformat: form}
	line, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("write head of TSE simulator: %w", err)
	}
	name := filepath.Join(opt.Ordner, Datei)
	if err := platte.Replace(name, append(line, '\n')); err != nil {
		return nil, err
	}
	return lesen(name)
}

// lesen reads the file. A line that was not written to its end was never answered: it goes.
func lesen(name string) (*datei, error) {
	f, err := os.OpenFile(name, os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open TSE simulator: %w", err)
	}
	d := &datei{
		f: f, vorgaenge: map[uint64]vorgang{}, offen: map[uint64]tse.Offen{}, bekannt: map[kennung]uint64{},
		beendet: map[string]uint64{},
	}
	if err := d.laden(); err != nil {
		return nil, errors.Join(fault.New(fault.Corrupt, "T-203",
			"Die Datei des TSE-Simulators ist beschädigt – bitte umbenennen, dann beginnt er neu.", err), f.Close())
	}
	return d, nil
}

func (d *datei) laden() error {
	r := bufio.NewReaderSize(d.f, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return fmt.Errorf("read TSE simulator: %w", err)
		}
		if d.key == nil {
			err = d.lesenKopf(line)
		} else {
			err = d.lesenZeile(line)
		}
		if err != nil {
			return fmt.Errorf("line at byte %d: %w", d.fertig, err)
		}
		d.fertig += int64(len(line))
	}
	if d.key == nil {
		return errors.New("no head")
	}
	if err := d.f.Truncate(d.fertig); err != nil {
		return fmt.Errorf("cut torn line off: %w", err)
	}
	return nil
}

func (d *datei) lesenKopf(line []byte) error {
	if err := json.Unmarshal(line, &d.kopf); err != nil {
		return fmt.Errorf("read head: %w", err)
	}
	key, err := x509.ParsePKCS8PrivateKey(d.kopf.Schluessel)
	if err != nil {
		return fmt.Errorf("read key: %w", err)
	}
	private, ok := key.(*ecdsa.PrivateKey)
	if !ok || private.Curve != elliptic.P256() {
		return errors.New("no key on P-256")
	}
	cert, err := x509.ParseCertificate(d.kopf.Zertifikat)
	if err != nil {
		return fmt.Errorf("read certificate: %w", err)
	}
	d.key, d.form, d.ablauf = private, lognachricht.Zeitformat(d.kopf.Zeitformat), clock.DayOf(cert.NotAfter)
	return nil
}

func (d *datei) lesenZeile(line []byte) error {
	var z zeile
	if err := json.Unmarshal(line, &z); err != nil {
		return fmt.Errorf("read line: %w", err)
	}
	n, _, err := lognachricht.Parse(z.Log)
	if err != nil {
		return err
	}
	d.merken(n, z.Schluessel, stelle{von: d.fertig, laenge: len(line), nummer: n.Nummer})
	return nil
}

// merken brings what is known in memory up to a message that lies on disk.
func (d *datei) merken(n lognachricht.Nachricht, schluessel string, where stelle) {
	d.stellen = append(d.stellen, where)
	d.zaehler = n.Zaehler
	last := len(d.stellen) - 1
	switch n.Operation {
	case lognachricht.Start:
		d.letzte = n.Nummer
		d.vorgaenge[n.Nummer] = vorgang{last, -1}
		at, _ := n.Zeit.Instant()
		d.offen[n.Nummer] = tse.Offen{Transaktion: n.Nummer, Client: n.ClientID, Beginn: at.UnixNano()}
		if schluessel != "" {
			d.bekannt[kennung{n.ClientID, schluessel}] = n.Nummer
		}
	case lognachricht.Finish:
		d.vorgaenge[n.Nummer] = vorgang{d.vorgaenge[n.Nummer].start, last}
		delete(d.offen, n.Nummer)
		d.beendet[n.ClientID] = n.Nummer
	case registrieren:
		d.clients = append(d.clients, clientOf(n))
	case abmelden:
		gone := clientOf(n)
		d.clients = slices.DeleteFunc(d.clients, func(c string) bool { return c == gone })
	}
}

// schreiben signs a message and puts it on disk before anybody learns of it.
func (d *datei) schreiben(n lognachricht.Nachricht, now time.Time, schluessel string) error {
	if d.schlag != nil {
		return d.schlag
	}
	at, ok := zeit(now, d.form)
	if !ok {
		return fehler(tse.Einrichtung, Ungueltig, "Die Uhr der TSE steht falsch")
	}
	n.Version, n.Seriennummer, n.Algorithmus = lognachricht.V2, seriennummer(&d.key.PublicKey), lognachricht.SHA256
	n.Zaehler, n.Zeit = d.zaehler+1, at
	hash := sha256.Sum256(n.Signiert())
	r, s, err := ecdsa.Sign(rand.Reader, d.key, hash[:])
	if err != nil {
		return fmt.Errorf("sign: %w", err)
	}
	n.Signatur = plain(r, s)
	line, err := json.Marshal(zeile{Log: n.Encode(), Schluessel: schluessel})
	if err != nil {
		return fmt.Errorf("write line: %w", err)
	}
	line = append(line, '\n')
	if err := d.anhaengen(line); err != nil {
		return err
	}
	d.merken(n, schluessel, stelle{von: d.fertig, laenge: len(line), nummer: n.Nummer})
	d.fertig += int64(len(line))
	return nil
}

// anhaengen flushes a line. What it could not write whole it takes away again; if it cannot
// do that either, nothing more is written until the file is read anew.
func (d *datei) anhaengen(line []byte) error {
	_, err := d.f.WriteAt(line, d.fertig)
	if err = errors.Join(err, d.f.Sync()); err == nil {
		return nil
	}
	err = fmt.Errorf("write TSE simulator: %w", err)
	if again := errors.Join(d.f.Truncate(d.fertig), d.f.Sync()); again != nil {
		d.schlag = errors.Join(err, again)
	}
	return err
}

// plain writes a signature as TR-03111 has it: r‖s, each as long as the order of the curve.
func plain(r, s *big.Int) []byte {
	return append(r.FillBytes(make([]byte, 32)), s.FillBytes(make([]byte, 32))...)
}

// zeit writes an instant as precisely as a form can.
func zeit(now time.Time, form lognachricht.Zeitformat) (lognachricht.Zeit, bool) {
	step := time.Second
	switch form {
	case lognachricht.UTCTime:
		step = time.Minute
	case lognachricht.GeneralizedTimeWithMilliseconds:
		step = time.Millisecond
	case lognachricht.UnixTime, lognachricht.UTCTimeWithSeconds, lognachricht.GeneralizedTime:
	}
	return lognachricht.NewZeit(now.UTC().Truncate(step), form)
}

// systemdaten is systemOperationData: here the client a message is about, or nothing.
func systemdaten(client string) []byte { return ber.Append(nil, ber.Context(1), []byte(client)) }

func clientOf(n lognachricht.Nachricht) string {
	e, _, err := ber.Read(n.Systemdaten)
	if err != nil {
		return ""
	}
	return string(e.Content)
}

// nachricht reads a message back.
func (d *datei) nachricht(where stelle) (lognachricht.Nachricht, []byte, error) {
	line := make([]byte, where.laenge)
	if _, err := d.f.ReadAt(line, where.von); err != nil {
		return lognachricht.Nachricht{}, nil, fmt.Errorf("read TSE simulator: %w", err)
	}
	var z zeile
	if err := json.Unmarshal(bytes.TrimSuffix(line, []byte("\n")), &z); err != nil {
		return lognachricht.Nachricht{}, nil, fmt.Errorf("read line: %w", err)
	}
	n, _, err := lognachricht.Parse(z.Log)
	return n, z.Log, err
}

func (d *datei) beginn(nummer uint64) (tse.Beginn, error) {
	n, _, err := d.nachricht(d.stellen[d.vorgaenge[nummer].start])
	if err != nil {
		return tse.Beginn{}, err
	}
	at, _ := n.Zeit.Instant()
	return tse.Beginn{
		Transaktion: nummer, Zaehler: n.Zaehler, Zeit: at.UnixNano(), Seriennummer: fmt.Sprintf("%x", n.Seriennummer),
	}, nil
}

// ende is the message of the end of a transaction; false if there is none.
func (d *datei) ende(nummer uint64) (lognachricht.Nachricht, bool, error) {
	v, ok := d.vorgaenge[nummer]
	if !ok || v.ende < 0 {
		return lognachricht.Nachricht{}, false, nil
	}
	n, _, err := d.nachricht(d.stellen[v.ende])
	return n, err == nil, err
}

func (d *datei) signatur(n lognachricht.Nachricht) (tse.Signatur, error) {
	b, err := d.beginn(n.Nummer)
	if err != nil {
		return tse.Signatur{}, err
	}
	at, _ := n.Zeit.Instant()
	return tse.Signatur{
		Transaktion: n.Nummer, Zaehler: n.Zaehler, Beginn: b.Zeit, Ende: at.UnixNano(),
		Wert: base64.StdEncoding.EncodeToString(n.Signatur), Seriennummer: b.Seriennummer,
	}, nil
}

func (d *datei) close() error {
	if err := d.f.Close(); err != nil {
		return fmt.Errorf("close TSE simulator: %w", err)
	}
	return nil
}
