// Package merkzettel keeps beside the journal which cart a transaction of the TSE was begun for. It is
// read only after a kill, for what the device has open and no record names; a power cut may take it.
package merkzettel

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"sync"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/internal/platte"
)

// Datei is its file in a data folder.
const Datei = "tse-begonnen.jsonl"

// How many transactions are kept, and after how many lines the file is written anew.
const (
	bleiben = 200
	hoechst = 2000
)

// eintrag is one line: of which cart which transaction is. It names nobody.
type eintrag struct {
	Seriennummer string `json:"tse"`
	Transaktion  uint64 `json:"transaktion"`
	Vorgang      string `json:"vorgang"`
}

// Zettel implements absicherung.Merkzettel.
type Zettel struct {
	mu    sync.Mutex
	name  string
	liste []eintrag // the last one last
}

// Open reads a file as far as it can be read; one that is not there, or damaged, is as good as empty.
func Open(name string) *Zettel {
	z := &Zettel{name: name}
	data, err := os.ReadFile(name)
	if err != nil {
		return z
	}
	lines := bufio.NewScanner(bytes.NewReader(data))
	for lines.Scan() {
		var e eintrag
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Vorgang != "" {
			z.liste = append(z.liste, e)
		}
	}
	return z
}

// Merken writes down that a transaction was begun for a cart. It does not wait for the disk.
func (z *Zettel) Merken(vorgang string, b tse.Beginn) error {
	z.mu.Lock()
	defer z.mu.Unlock()
	e := eintrag{b.Seriennummer, b.Transaktion, vorgang}
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("encode transaction begun: %w", err)
	}
	if z.liste = append(z.liste, e); len(z.liste) > hoechst {
		return z.neu()
	}
	f, err := os.OpenFile(z.name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("write down transaction begun: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fmt.Errorf("write down transaction begun: %w", err)
	}
	return nil
}

// neu writes the last ones only.
func (z *Zettel) neu() error {
	z.liste = slices.Clone(z.liste[len(z.liste)-bleiben:])
	var out bytes.Buffer
	for _, e := range z.liste {
		if err := json.NewEncoder(&out).Encode(e); err != nil {
			return fmt.Errorf("encode transaction begun: %w", err)
		}
	}
	platte.Reste(z.name)
	return platte.Replace(z.name, out.Bytes())
}

// Vorgang is the cart that a transaction of a TSE was begun for; false: nobody knows.
func (z *Zettel) Vorgang(seriennummer string, transaktion uint64) (string, bool) {
	z.mu.Lock()
	defer z.mu.Unlock()
	for _, e := range slices.Backward(z.liste) {
		if e.Seriennummer == seriennummer && e.Transaktion == transaktion {
			return e.Vorgang, true
		}
	}
	return "", false
}
