package anschluss

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/offizin/offizin/integration/tse/epson"
	"github.com/offizin/offizin/integration/tse/fiskaly"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/geheim"
	"github.com/offizin/offizin/internal/platte"
)

// Datei is the name of the file of settings in the folder of the data. It holds secrets:
// nobody else may read it, and nothing of it comes into the journal.
const Datei = "tse.json"

// Konfig says which TSE signs, and how to get in. What a driver does not need stays empty.
type Konfig struct {
	Treiber string `json:"treiber"`           // "simulator", "epson", "fiskaly"
	Adresse string `json:"adresse,omitempty"` // epson: host:port; fiskaly: URL; empty: as usual
	Geraet  string `json:"geraet,omitempty"`  // epson: device id; fiskaly: id of the TSS
	TLS     bool   `json:"tls,omitempty"`     // epson: encrypted, usually at port 8143

	AdminPIN  geheim.Wort `json:"admin_pin,omitempty"`  // epson, fiskaly
	ZeitPIN   geheim.Wort `json:"zeit_pin,omitempty"`   // epson: of the TimeAdmin
	Secret    geheim.Wort `json:"secret,omitempty"`     // epson: shared with the host
	APIKey    geheim.Wort `json:"api_key,omitempty"`    // fiskaly
	APISecret geheim.Wort `json:"api_secret,omitempty"` // fiskaly

	// Zertifizierung is "BSI-K-TR-nnnn-yyyy" as its papers have it; devices do not say it.
	Zertifizierung string `json:"zertifizierung,omitempty"`

	// Ordner is where the memory of a simulator lies. In the file a relative one is in the folder of the settings,
	// wherever the program was started and whoever moved the folder.
	Ordner      string             `json:"ordner,omitempty"`
	Zeitformat  string             `json:"zeitformat,omitempty"` // simulator
	Stoerung    simulator.Stoerung `json:"stoerung,omitzero"`    // simulator
	Echtbetrieb bool               `json:"-"`                    // the till is a real one: no simulator
}

// Lesen reads the settings of a folder; false if there are none. A file that others may read
// is closed to them.
func Lesen(ordner string) (Konfig, bool, error) {
	name := filepath.Join(ordner, Datei)
	b, err := os.ReadFile(name)
	if errors.Is(err, os.ErrNotExist) {
		return Konfig{}, false, nil
	}
	if info, bad := os.Stat(name); err == nil && bad == nil && info.Mode().Perm()&0o077 != 0 {
		err = os.Chmod(name, 0o600)
	}
	if err != nil {
		return Konfig{}, false, fmt.Errorf("read %s: %w", Datei, err)
	}
	var k Konfig
	if json.Unmarshal(b, &k) != nil { // its error may quote a secret
		return Konfig{}, false, fault.New(fault.Invalid, "T-204",
			"Die Datei tse.json ist nicht lesbar – bitte die TSE neu einrichten.", nil)
	}
	if k.Ordner != "" && !filepath.IsAbs(k.Ordner) { // earlier ones began where the program was started
		k.Ordner = filepath.Join(ordner, filepath.Base(k.Ordner))
	}
	return k, true, nil
}

// Schreiben keeps the settings in a folder, for its owner only.
func (k Konfig) Schreiben(ordner string) error {
	if k.Ordner != "" && filepath.Dir(k.Ordner) == filepath.Clean(ordner) {
		k.Ordner = filepath.Base(k.Ordner)
	}
	b, err := json.MarshalIndent(k, "", "  ") //nolint:gosec // G117: this file is where the secrets are kept
	if err != nil {
		return fmt.Errorf("write %s: %w", Datei, err)
	}
	return platte.Replace(filepath.Join(ordner, Datei), append(b, '\n')) // a new file is its owner's
}

// Open opens the TSE of the settings. That it can be reached is not said: a device may be
// switched on later.
func Open(k Konfig, c clock.Clock) (TSE, error) {
	switch k.Treiber {
	case simulator.Name:
		s, err := simulator.Open(simulator.Optionen{
			Ordner: k.Ordner, Zeitformat: k.Zeitformat, Echtbetrieb: k.Echtbetrieb, Stoerung: k.Stoerung,
		}, c)
		if err != nil {
			return nil, err
		}
		return s, nil
	case epson.Name:
		if k.Adresse == "" {
			return nil, fault.New(fault.Invalid, "T-206",
				"Die Adresse der TSE fehlt – bitte die des Druckers oder TSE-Servers eintragen.", nil)
		}
		return epson.Open(epson.Optionen{
			Adresse: k.Adresse, Geraet: k.Geraet, TLS: k.TLS, AdminPIN: k.AdminPIN, ZeitPIN: k.ZeitPIN, Secret: k.Secret,
			Zertifizierung: k.Zertifizierung,
		}, c), nil
	case fiskaly.Name:
		f, err := fiskaly.Open(fiskaly.Optionen{
			URL: k.Adresse, TSS: k.Geraet, AdminPIN: k.AdminPIN, APIKey: k.APIKey, APISecret: k.APISecret,
			Zertifizierung: k.Zertifizierung,
		})
		if err != nil {
			return nil, err
		}
		return f, nil
	}
	return nil, fault.New(fault.Invalid, "T-205",
		"Diesen TSE-Treiber gibt es nicht – bitte simulator, epson oder fiskaly wählen.", nil)
}
