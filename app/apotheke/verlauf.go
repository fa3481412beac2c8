package apotheke

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/workflow/stoerung"
)

// VerlaufFile is where the history of Störungen lies in the data folder.
const VerlaufFile = "stoerungen.json"

// verlauf is that file.
type verlauf struct{ name string }

// Lesen implements stoerung.Ablage.
func (v verlauf) Lesen() (list []stoerung.Ausfall, err error) {
	b, err := os.ReadFile(v.name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil {
		err = json.Unmarshal(b, &list)
	}
	if err != nil {
		return nil, fmt.Errorf("read history of Störungen: %w", err)
	}
	return list, nil
}

// Schreiben implements stoerung.Ablage.
func (v verlauf) Schreiben(list []stoerung.Ausfall) error {
	b, err := json.MarshalIndent(list, "", " ")
	if err != nil {
		return fmt.Errorf("encode history of Störungen: %w", err)
	}
	platte.Reste(v.name)
	return platte.Replace(v.name, append(b, '\n'))
}
