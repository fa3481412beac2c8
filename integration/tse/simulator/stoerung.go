package simulator

import (
	"context"
	"time"

	"github.com/offizin/offizin/domain/tse"
)

// Stoerung is how it misbehaves. The zero value is a device in order.
type Stoerung struct {
	Verzug     time.Duration `json:"verzug,omitempty"`     // before every answer, nanoseconds
	Haengt     bool          `json:"haengt,omitempty"`     // it takes requests and never answers
	Weg        bool          `json:"weg,omitempty"`        // pulled out
	Voll       bool          `json:"voll,omitempty"`       // it can make no more signatures
	Abgelaufen bool          `json:"abgelaufen,omitempty"` // its certificate ended yesterday
	Selbsttest bool          `json:"selbsttest,omitempty"` // it wants one before it signs
	Uhr        time.Duration `json:"uhr,omitempty"`        // how far its clock is ahead, nanoseconds, until it is set
	Verloren   int           `json:"verloren,omitempty"`   // so many answers are lost after it has signed
}

// Grund is why the device did not do what it was asked, for those who speak a protocol in
// front of it. It stands in the Err of a tse.Fehler.
type Grund string

// The reasons.
const (
	Weg           Grund = "device is gone"
	Voll          Grund = "store is full"
	Selbsttest    Grund = "self-test needed"
	Abgelaufen    Grund = "certificate expired"
	Verloren      Grund = "answer lost"
	MaxOffen      Grund = "too many open transactions"
	OhneAnmeldung Grund = "client not registered"
	Unbekannt     Grund = "transaction unknown"
	AndereDaten   Grund = "finished with other data"
	Ungueltig     Grund = "invalid value"
)

// Error implements error.
func (g Grund) Error() string { return string(g) }

// Stoeren makes it misbehave from now on, or be in order again.
func (s *Simulator) Stoeren(g Stoerung) { s.aendern(func(old *Stoerung) { *old = g }) }

// Ersetzen puts another device into its place: new key, empty memory, counters at zero. What
// the old one signed is gone.
func (s *Simulator) Ersetzen() error {
	<-s.frei
	defer func() { s.frei <- struct{}{} }()
	if err := s.datei.close(); err != nil { // Windows replaces no file that is open
		return err
	}
	d, err := neueDatei(s.opt, s.clk.Now())
	if err != nil {
		s.zu = true
		return err
	}
	s.datei = d
	return nil
}

func (s *Simulator) stoer() Stoerung {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stoerung
}

func (s *Simulator) aendern(f func(*Stoerung)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	f(&s.stoerung)
}

// tun does one thing at the device while nobody else uses it, as well or badly as it works now.
func (s *Simulator) tun(ctx context.Context, do func() error) error {
	select {
	case <-s.frei:
		defer func() { s.frei <- struct{}{} }()
	case <-ctx.Done():
		return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die TSE ist noch beschäftigt", Err: ctx.Err()}
	}
	g := s.stoer()
	switch {
	case ctx.Err() != nil:
		return &tse.Fehler{Art: tse.Unabgeschickt, Text: "Die Zeit war schon um", Err: ctx.Err()}
	case g.Weg || s.zu:
		return fehler(tse.Ausfall, Weg, "Die TSE ist nicht angeschlossen")
	case g.Haengt:
		<-ctx.Done()
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die TSE antwortet nicht", Err: ctx.Err()}
	}
	if err := do(); err != nil {
		return kaputt(err)
	}
	return warten(ctx, g.Verzug)
}

// warten lets time pass. A device that is too slow has done what it was asked all the same.
func warten(ctx context.Context, d time.Duration) error {
	if d == 0 {
		return nil
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return &tse.Fehler{Art: tse.Ausfall, Text: "Die TSE antwortet zu langsam", Err: ctx.Err()}
	}
}
