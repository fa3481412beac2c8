// Package epson speaks to a TSE in a printer (TM-m30F and its kin) or a TSE server of Epson in
// the network of the pharmacy. PROTOCOL.md beside it says what is known of the protocol, from
// where, and what is doubtful.
package epson

import (
	"cmp"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"slices"
	"strings"
	"time"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/simulator"
	"github.com/offizin/offizin/internal/clock"
	"github.com/offizin/offizin/internal/geheim"
)

// Name is its name as a driver.
const Name = "epson"

// What is used where the settings say nothing: as the devices come.
const (
	Port     = "8009"
	PortTLS  = "8143"
	Geraet   = "local_TSE"
	standard = "EPSONKEY"
	admin    = "Administrator"
	zeitUser = "TimeAdmin"
)

// Optionen say where the device is and how to get in.
type Optionen struct {
	Adresse string // host or host:port
	Geraet  string // device id; empty: "local_TSE"
	TLS     bool

	AdminPIN, ZeitPIN geheim.Wort
	Secret            geheim.Wort // shared with the host; empty: as it comes from the maker

	Zertifizierung string
}

// Treiber is the driver. Safe for concurrent use.
type Treiber struct {
	opt  Optionen
	clk  clock.Clock
	frei chan struct{} // holds one token while nobody speaks to the device

	// Guarded by the token.
	leitung  *leitung
	gesperrt map[string]error // a PIN that was wrong is not tried again: the third time blocks it
	letztes  tse.Geraet       // what it was when its certificates were read
	vendor   string
}

// Open makes a driver. It connects when it is first used.
func Open(opt Optionen, c clock.Clock) *Treiber {
	opt.Geraet, opt.Secret = cmp.Or(opt.Geraet, Geraet), cmp.Or(opt.Secret, standard)
	t := &Treiber{opt: opt, clk: c, frei: make(chan struct{}, 1), gesperrt: map[string]error{}, vendor: "TSE1"}
	t.frei <- struct{}{}
	return t
}

// Close ends the connection.
func (t *Treiber) Close() error {
	<-t.frei
	defer func() { t.frei <- struct{}{} }()
	t.trennen()
	return nil
}

// info is what GetStorageInfo answers.
type info struct {
	TSE struct {
		VendorType             string `json:"vendorType"`
		Zustand                string `json:"tseInitializationState"`
		HasPassedSelfTest      bool   `json:"hasPassedSelfTest"`
		StartedTransactions    int    `json:"startedTransactions"`
		MaxStartedTransactions int    `json:"maxStartedTransactions"`
		CreatedSignatures      uint64 `json:"createdSignatures"`
		MaxSignatures          uint64 `json:"maxSignatures"`
		Expires                string `json:"certificateExpirationDate"`
		SerialNumber           string `json:"serialNumber"` // base64
		PublicKey              string `json:"tsePublicKey"` // base64
		SignatureAlgorithm     string `json:"signatureAlgorithm"`
		Description            string `json:"tseDescription"`
	} `json:"tseInformation"`
}

// Stand implements anschluss.TSE. Whether the clock of the device is right it does not say.
func (t *Treiber) Stand(ctx context.Context) (stand tse.Stand, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		i, err := s.info(ctx)
		if err != nil {
			return err
		}
		if stand, err = t.stand(i); err != nil {
			return err
		}
		if stand.Selbsttest {
			return nil // it answers nothing else before
		}
		if stand.Zertifikate, err = s.zertifikate(ctx, stand.Geraet); err != nil {
			return err
		}
		for _, z := range stand.Zertifikate {
			der, err := base64.StdEncoding.DecodeString(z)
			stand.Uebung = stand.Uebung || err == nil && simulator.Ist(der)
		}
		stand.Clients, err = s.clients(ctx)
		return err
	})
	return stand, err
}

func (s *sitzung) info(ctx context.Context) (i info, err error) {
	err = s.befehl(ctx, "GetStorageInfo", leer{}, &i)
	if err == nil && i.TSE.VendorType != "" {
		s.t.vendor = i.TSE.VendorType
	}
	return i, err
}

func (t *Treiber) stand(i info) (tse.Stand, error) {
	serial, err := base64.StdEncoding.DecodeString(i.TSE.SerialNumber)
	expires, err2 := time.Parse(time.RFC3339, i.TSE.Expires)
	if err != nil || err2 != nil || len(serial) != 32 {
		return tse.Stand{}, unverstanden(cmp.Or(err, err2))
	}
	bsi := t.opt.Zertifizierung
	if bsi == "" && strings.HasPrefix(i.TSE.Description, "BSI-K-TR-") {
		bsi = i.TSE.Description
	}
	return tse.Stand{
		Geraet: tse.Geraet{
			Treiber: Name, Adresse: t.opt.Adresse, Seriennummer: hex.EncodeToString(serial), Schluessel: i.TSE.PublicKey,
			Algorithmus: i.TSE.SignatureAlgorithm, Zeitformat: "unixTime", Ablauf: clock.DayOf(expires), Zertifizierung: bsi,
			Uebung:      strings.Contains(i.TSE.Description, simulator.Bezeichnung),
			Bezeichnung: strings.TrimSpace("Epson " + i.TSE.VendorType + " " + i.TSE.Description),
		},
		Offene: i.TSE.StartedTransactions, MaxOffen: i.TSE.MaxStartedTransactions,
		Signaturen: i.TSE.CreatedSignatures, MaxSignaturen: i.TSE.MaxSignatures, Selbsttest: !i.TSE.HasPassedSelfTest,
	}, nil
}

// zertifikate reads the certificates, once for each device that stands there.
func (s *sitzung) zertifikate(ctx context.Context, g tse.Geraet) ([]string, error) {
	if s.t.letztes.Seriennummer == g.Seriennummer {
		return s.t.letztes.Zertifikate, nil
	}
	var out struct {
		Certificate string `json:"logMessageCertificate"`
	}
	if err := s.befehl(ctx, "GetLogMessageCertificate", leer{}, &out); err != nil {
		return nil, err
	}
	raw, err := base64.StdEncoding.DecodeString(out.Certificate)
	if err != nil {
		return nil, unverstanden(err)
	}
	var list []string
	for b, rest := pem.Decode(raw); b != nil; b, rest = pem.Decode(rest) {
		list = append(list, base64.StdEncoding.EncodeToString(b.Bytes))
	}
	if len(list) == 0 {
		list = []string{out.Certificate}
	}
	s.t.letztes = tse.Geraet{Seriennummer: g.Seriennummer, Zertifikate: list}
	return list, nil
}

// Selbsttest implements anschluss.TSE.
func (t *Treiber) Selbsttest(ctx context.Context) error {
	return t.tun(ctx, func(s *sitzung) error { return s.befehl(ctx, "RunTSESelfTest", leer{}, nil) })
}

// Stellen implements anschluss.TSE.
func (t *Treiber) Stellen(ctx context.Context) error {
	return t.tun(ctx, func(s *sitzung) error { return s.stellen(ctx) })
}

func (s *sitzung) stellen(ctx context.Context) error {
	return s.befehl(ctx, "UpdateTime", struct {
		User string `json:"userId"`
		Time string `json:"newDateTime"`
		Sync bool   `json:"useTimeSync"`
	}{zeitUser, s.t.clk.Now().Format("2006-01-02T15:04:05Z"), false}, nil)
}

// clients are the registered tills, without those that the host has for itself.
func (s *sitzung) clients(ctx context.Context) ([]string, error) {
	var out struct {
		List []string `json:"registeredClientIdList"`
	}
	if err := s.befehl(ctx, "GetRegisteredClientList", leer{}, &out); err != nil {
		return nil, err
	}
	return slices.DeleteFunc(out.List, func(c string) bool { return strings.HasPrefix(c, "EPSON") }), nil
}

// client is the input of what concerns one till.
type client struct {
	ID string `json:"clientId"`
}

// Anmelden implements anschluss.TSE.
func (t *Treiber) Anmelden(ctx context.Context, id string) error {
	return t.melden(ctx, id, "RegisterClient", false)
}

// Abmelden implements anschluss.TSE.
func (t *Treiber) Abmelden(ctx context.Context, id string) error {
	return t.melden(ctx, id, "DeregisterClient", true)
}

func (t *Treiber) melden(ctx context.Context, id, function string, from bool) error {
	return t.tun(ctx, func(s *sitzung) error {
		list, err := s.clients(ctx)
		if err != nil || slices.Contains(list, id) != from {
			return err
		}
		return s.befehl(ctx, function, client{id}, nil)
	})
}
