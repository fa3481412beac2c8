// Package refusal is how a machine says why it does not do what another asked: as a code and a
// sentence, in one form for all that machines ask each other.
package refusal

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/offizin/offizin/internal/fault"
)

// maxBody is the largest refusal that is read, in bytes.
const maxBody = 16 << 10

// Refusal is an error as sent; causes stay here.
type Refusal struct {
	Code string `json:"code"`
	Text string `json:"text"`
}

// Of is the refusal for an error: M-100 for what is no fault.
func Of(err error) Refusal {
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return Refusal{f.Code, f.Text}
	}
	return Refusal{Code: "M-100", Text: "Der andere Rechner kann gerade nicht antworten."}
}

// Write answers with an error. Who does not hear it asks again.
func Write(w http.ResponseWriter, status int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(Of(err))
}

// errNone reports an answer that is no refusal of ours.
var errNone = errors.New("answer says no reason")

// Read returns the fault of a kind that was sent.
func Read(r io.Reader, kind fault.Kind) (*fault.Fault, error) {
	var out Refusal
	if err := json.NewDecoder(io.LimitReader(r, maxBody)).Decode(&out); err != nil {
		return nil, fmt.Errorf("read refusal: %w", err)
	}
	if out.Code == "" {
		return nil, errNone
	}
	return fault.New(kind, out.Code, out.Text, nil), nil
}
