package telefon

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/offizin/offizin/app/werkstatt"
	ueber "github.com/offizin/offizin/catalogue/eigene"
	"github.com/offizin/offizin/domain/civil"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/web/preisauskunft"
	"github.com/offizin/offizin/web/telefon"
)

const (
	takt      = 15 * time.Second // how often it is looked whether the list is still right
	nochmal   = 10 * time.Minute // before what went wrong is tried again
	standFile = "stand.json"
	neuFile   = "neu.gz"
	maxStand  = 64 << 10
)

// liste keeps the price list for phones as a file. It is written by a process of its own
// that stands back behind the sales: it takes much memory and half a minute.
type liste struct {
	dir      string // folder of the files
	daten    string // data folder of the pharmacy
	clock    clock.Clock
	log      *slog.Logger
	programm func() (string, error)
	quelle   func(context.Context) (preisauskunft.Quelle, error)
	geraet   *telefon.Geraet

	mu       sync.Mutex
	jetzt    *gemerkt
	fehler   error
	versucht string // what could not be made
	zuletzt  time.Duration
}

// gemerkt is what lies on the disk.
type gemerkt struct {
	Stand    preisauskunft.Stand `json:"stand"`
	Summe    string              `json:"summe"`    // SHA-256 of the data, in hex
	Programm string              `json:"programm"` // … of the program that wrote them
}

// Auftrag is what the process that writes the list is told: it knows the catalogues, and
// nothing of the journal, where the law of the Inhaber and the pharmacy's own articles and
// prices stand.
type Auftrag struct {
	Tag     civil.Day                 `json:"tag"`
	Recht   preisauskunft.Rechtsfolge `json:"recht"`
	Eigene  *ueber.Eigene             `json:"eigene,omitempty"` // nil: nothing is the pharmacy's own
	Wechsel []civil.Day               `json:"wechsel,omitempty"`
}

func (l *liste) datei(summe string) string { return filepath.Join(l.dir, "preise-"+summe+".gz") }

// hole takes up the list that an earlier start has left; a damaged one is none, and neither
// is one of another program, whose columns this one's page may not know how to read.
func (l *liste) hole() {
	b, err := os.ReadFile(filepath.Join(l.dir, standFile))
	if err != nil || len(b) > maxStand {
		return
	}
	var m gemerkt
	if json.Unmarshal(b, &m) != nil || strings.Trim(m.Summe, "0123456789abcdef") != "" {
		return
	}
	if who, err := l.werSchreibt(); err != nil || who != m.Programm {
		return
	}
	if sum, err := summe(l.datei(m.Summe)); err == nil && sum == m.Summe {
		l.zeige(m)
	}
}

// werSchreibt is the SHA-256 of this program.
func (l *liste) werSchreibt() (string, error) {
	binary, err := l.programm()
	if err != nil {
		return "", fmt.Errorf("find the program: %w", err)
	}
	return summe(binary)
}

func summe(name string) (string, error) {
	f, err := os.Open(name)
	if err != nil {
		return "", fmt.Errorf("open price list: %w", err)
	}
	h := sha256.New()
	_, err = io.Copy(h, f)
	if err = errors.Join(err, f.Close()); err != nil {
		return "", fmt.Errorf("read price list: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}

func (l *liste) zeige(m gemerkt) {
	if err := l.geraet.Setze(telefon.Ausgabe{Stand: m.Stand, Datei: l.datei(m.Summe), Summe: m.Summe}); err != nil {
		l.merke(nil, err)
		return
	}
	l.merke(&m, nil)
}

func (l *liste) merke(m *gemerkt, err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.fehler = err; m != nil {
		l.jetzt = m
	}
}

func (l *liste) stand() (*preisauskunft.Stand, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.jetzt == nil {
		return nil, l.fehler
	}
	return &l.jetzt.Stand, l.fehler
}

// pruefe makes the list anew if it states other amounts than it would today.
func (l *liste) pruefe(ctx context.Context) {
	q, err := l.quelle(ctx)
	key := ""
	if err == nil {
		key, err = q.Kennung()
	}
	if err != nil {
		l.merke(nil, err) // no catalogue yet: the error says so
		return
	}
	if l.gilt(key) {
		l.merke(nil, nil) // what went wrong since then concerned another one
		return
	}
	if key == l.versucht && l.clock.Mono()-l.zuletzt < nochmal {
		return
	}
	m, err := l.baue(ctx, q)
	l.versucht, l.zuletzt = "", l.clock.Mono()
	if err != nil || m.Stand.Kennung != key { // another than was asked for: not again and again
		l.versucht = key
	}
	switch {
	case ctx.Err() != nil:
	case err != nil:
		l.log.Error("price list for phones not written", slog.Any("error", err))
		l.merke(nil, fault.New(fault.Unavailable, "A-724", "Die Preisliste fürs Telefon ließ sich nicht schreiben, die "+
			"bisherige gilt weiter; bitte prüfen, ob auf der Platte Platz ist – in zehn Minuten wird es wieder versucht.", err))
	default:
		l.zeige(m)
	}
}

// gilt reports whether the list is the one of that key, and still there.
func (l *liste) gilt(key string) bool {
	l.mu.Lock()
	m := l.jetzt
	l.mu.Unlock()
	if m == nil || m.Stand.Kennung != key {
		return false
	}
	_, err := os.Stat(l.datei(m.Summe))
	return err == nil
}

// baue writes the list and what it is; only then is it the one that holds.
func (l *liste) baue(ctx context.Context, q preisauskunft.Quelle) (m gemerkt, err error) {
	fresh := filepath.Join(l.dir, neuFile)
	if m.Stand, err = l.schreibe(ctx, q, fresh); err != nil {
		return m, err
	}
	if m.Summe, err = summe(fresh); err != nil {
		return m, err
	}
	if m.Programm, err = l.werSchreibt(); err != nil {
		return m, err
	}
	if err := platte.Rename(fresh, l.datei(m.Summe)); err != nil {
		return m, fmt.Errorf("keep price list: %w", err)
	}
	b, err := json.Marshal(m)
	if err != nil {
		return m, fmt.Errorf("encode state of price list: %w", err)
	}
	if err := platte.Replace(filepath.Join(l.dir, standFile), b); err != nil {
		return m, err
	}
	l.raeume(m.Summe)
	return m, nil
}

// schreibe lets this program, once more, write the data into a file.
func (l *liste) schreibe(ctx context.Context, q preisauskunft.Quelle, file string) (s preisauskunft.Stand, err error) {
	law, err := q.Rechtsfolge()
	if err != nil {
		return s, err
	}
	in, err := json.Marshal(Auftrag{Tag: q.Tag, Recht: law, Eigene: q.Eigene, Wechsel: q.Wechsel})
	if err != nil {
		return s, fmt.Errorf("encode order: %w", err)
	}
	binary, err := l.programm()
	if err != nil {
		return s, fmt.Errorf("find the program: %w", err)
	}
	cmd := exec.CommandContext(ctx, binary, //nolint:gosec // our own
		"catalogue", "preisauskunft", "--daten", l.daten, "--datei", file, "--telefon")
	var out, wrong bytes.Buffer
	cmd.Stdin, cmd.Stdout, cmd.Stderr = bytes.NewReader(in), &out, &wrong
	if err := werkstatt.Nebenher(cmd); err != nil {
		return s, err
	}
	if err := cmd.Wait(); err != nil {
		return s, fmt.Errorf("write price list: %w: %.1000s", err, wrong.String())
	}
	if err := json.Unmarshal(out.Bytes(), &s); err != nil {
		return s, fmt.Errorf("read what was written: %w", err)
	}
	return s, nil
}

// raeume removes what nobody fetches any more: all but this list and the one before.
func (l *liste) raeume(summe string) {
	keep := map[string]bool{filepath.Base(l.datei(summe)): true}
	l.mu.Lock()
	if l.jetzt != nil {
		keep[filepath.Base(l.datei(l.jetzt.Summe))] = true
	}
	l.mu.Unlock()
	entries, _ := os.ReadDir(l.dir) // next time
	for _, d := range entries {
		if n := d.Name(); !keep[n] && (strings.HasPrefix(n, "preise-") || strings.HasPrefix(n, "."+neuFile)) {
			_ = os.Remove(filepath.Join(l.dir, n)) // next time
		}
	}
}
