package dateien

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/offizin/offizin/internal/fault"
)

// liste is what a machine says it has.
type liste struct {
	Version int               `json:"version"`
	Liste   []Eintrag         `json:"stuecke"`
	Aside   map[string][]byte `json:"beilagen,omitempty"` // by kind
}

// antwort is the files of one piece.
type antwort struct {
	Dateien []Datei `json:"dateien"`
}

// teile is the hashes of the parts of one file.
type teile struct {
	SHA256 []string `json:"sha256"`
}

func malformed(cause error) error {
	return fault.New(fault.Corrupt, "M-130", "Was ein anderer Rechner über seine Kataloge sagt, ist nicht lesbar; "+
		"bitte auf beiden dieselbe Version von Offizin installieren.", cause)
}

// lies reads an answer of at most maxListe bytes.
func lies(r io.Reader, v any) error {
	b, err := io.ReadAll(io.LimitReader(r, maxListe+1))
	if err != nil {
		return weg(err)
	}
	if len(b) > maxListe {
		return malformed(errors.New("answer is too long"))
	}
	if err := json.Unmarshal(b, v); err != nil {
		return malformed(err)
	}
	return nil
}

// liesListe reads what another machine has. It trusts no size, count or name.
func liesListe(r io.Reader) (l liste, err error) {
	if err := lies(r, &l); err != nil {
		return l, err
	}
	if l.Version != version || len(l.Liste) > maxStuecke || len(l.Aside) > maxDateien {
		return l, malformed(fmt.Errorf("version %d, %d pieces", l.Version, len(l.Liste)))
	}
	for _, b := range l.Aside {
		if len(b) > maxBeilage {
			return l, malformed(errors.New("what comes with the list is too long"))
		}
	}
	seen := map[string]bool{}
	for _, e := range l.Liste {
		if err := e.gueltig(); err != nil {
			return l, err
		}
		if seen[e.key()] {
			return l, malformed(fmt.Errorf("%s comes twice", e.key()))
		}
		seen[e.key()] = true
	}
	return l, nil
}

func (e Eintrag) key() string { return e.Art + "/" + e.Name }

func (e Eintrag) gueltig() error {
	sum, err := hex.DecodeString(e.SHA256)
	if err != nil || len(sum) != sha256.Size || !nameGueltig(e.Art) || !nameGueltig(e.Name) ||
		e.Bytes <= 0 || e.Bytes > maxDateien*maxBytes {
		return malformed(fmt.Errorf("piece %q of %d bytes", e.key(), e.Bytes))
	}
	return nil
}

// nameGueltig says whether a name is one that leads out of no folder, on any system.
func nameGueltig(name string) bool {
	return name != "" && len(name) <= maxName && name[0] != '.' && name[len(name)-1] != '.' &&
		!strings.Contains(name, "..") && strings.Trim(name,
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == ""
}

// liesDateien reads which files a piece has.
func liesDateien(r io.Reader, e Eintrag) ([]Datei, error) {
	var a antwort
	if err := lies(r, &a); err != nil {
		return nil, err
	}
	sum, names := int64(0), []string{}
	for _, f := range a.Dateien {
		if !nameGueltig(f.Name) || f.Bytes < 0 || f.Bytes > maxBytes || slices.Contains(names, strings.ToLower(f.Name)) {
			return nil, malformed(fmt.Errorf("file %q of %d bytes", f.Name, f.Bytes))
		}
		sum, names = sum+f.Bytes, append(names, strings.ToLower(f.Name))
	}
	if len(a.Dateien) == 0 || len(a.Dateien) > maxDateien || sum != e.Bytes {
		return nil, malformed(fmt.Errorf("%d files with %d bytes instead of %d", len(a.Dateien), sum, e.Bytes))
	}
	return a.Dateien, nil
}

// anzahl is how many parts a file has.
func (f Datei) anzahl() int64 { return (f.Bytes + Teil - 1) / Teil }

// laenge is how long a part is.
func (f Datei) laenge(nr int64) int64 { return min(Teil, f.Bytes-nr*Teil) }

// liesTeile reads the hashes of the parts of a file.
func liesTeile(r io.Reader, f Datei) (list [][sha256.Size]byte, err error) {
	var t teile
	if err := lies(r, &t); err != nil {
		return nil, err
	}
	if int64(len(t.SHA256)) != f.anzahl() {
		return nil, malformed(fmt.Errorf("%d parts instead of %d", len(t.SHA256), f.anzahl()))
	}
	for _, text := range t.SHA256 {
		sum, err := hex.DecodeString(text)
		if err != nil || len(sum) != sha256.Size {
			return nil, malformed(fmt.Errorf("hash %q", text))
		}
		list = append(list, [sha256.Size]byte(sum))
	}
	return list, nil
}

// zusammen is a hash over all that a machine has, in whatever order.
func (l liste) zusammen() string {
	var lines []string
	for _, e := range l.Liste {
		lines = append(lines, e.key()+" "+e.SHA256)
	}
	for art, b := range l.Aside {
		lines = append(lines, art+"\n"+string(b))
	}
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "\n")))
	return hex.EncodeToString(sum[:16])
}
