package knoten

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
	"github.com/offizin/offizin/node"
	"github.com/offizin/offizin/node/kopplung"
	"github.com/offizin/offizin/node/refusal"
)

// The addresses for the command line on the same machine.
const (
	pathStand     = "/knoten/lokal/v1/stand"
	pathCode      = "/knoten/lokal/v1/code"
	pathEntfernen = "/knoten/lokal/v1/entfernen"
	pathLage      = "/knoten/lokal/v1/lage"
	pathBlaetter  = "/knoten/lokal/v1/anleitungen"
)

// maxAntwort is the largest answer that is read, in bytes.
const maxAntwort = 1 << 20

// zugang is how the command line finds the running program: a file that only its owner reads.
type zugang struct {
	Adresse string `json:"adresse"`
	Token   string `json:"token"`
}

// steuerung answers the command line.
type steuerung struct {
	zugang
	k    *Knoten
	file string
}

func (k *Knoten) steuerung() (*steuerung, error) {
	s := &steuerung{k: k, file: filepath.Join(k.opt.Apotheke.Dir, Dir, steuerungFile), zugang: zugang{
		Adresse: lokal(k.l.Addr()), Token: rand.Text(),
	}}
	b, err := json.Marshal(s.zugang)
	if err == nil {
		err = platte.Replace(s.file, b)
	}
	if err != nil {
		return nil, fmt.Errorf("say where this program can be reached: %w", err)
	}
	return s, nil
}

// lokal is the address under which this machine reaches itself.
func lokal(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		return net.JoinHostPort("127.0.0.1", port)
	}
	return a.String()
}

func (s *steuerung) ende() { _ = os.Remove(s.file) } // one that stays is found to be of no use

// vor answers the command line and leaves the rest to the pages.
func (s *steuerung) vor(pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+pathStand, s.stand)
	mux.HandleFunc("GET "+pathLage, s.lage)
	mux.HandleFunc("GET "+pathBlaetter, s.blaetter)
	mux.HandleFunc("POST "+pathCode, s.code)
	mux.HandleFunc("POST "+pathEntfernen, s.entferne)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasPrefix(r.URL.Path, "/knoten/lokal/") {
			pages.ServeHTTP(w, r)
			return
		}
		given := strings.TrimPrefix(r.Header.Get("Authorization"), "Bearer ")
		if subtle.ConstantTimeCompare([]byte(given), []byte(s.Token)) != 1 {
			http.Error(w, "", http.StatusForbidden)
			return
		}
		mux.ServeHTTP(w, r)
	})
}

func (s *steuerung) stand(w http.ResponseWriter, r *http.Request) {
	st, err := s.k.Stand(r.Context())
	reply(w, st, err)
}

func (s *steuerung) code(w http.ResponseWriter, _ *http.Request) {
	reply(w, Einladung{Adresse: s.k.opt.Adresse, Code: s.k.Tuer.Oeffnen(), Minutes: int(kopplung.Dauer.Minutes())}, nil)
}

func (s *steuerung) entferne(w http.ResponseWriter, r *http.Request) {
	err := s.k.Entfernen(r.Context(), r.FormValue("platz"))
	reply(w, struct{}{}, err)
}

func reply(w http.ResponseWriter, v any, err error) {
	if err != nil {
		if _, ok := errors.AsType[*fault.Fault](err); !ok {
			err = fault.New(fault.Internal, "M-223", "Das hat nicht geklappt; Näheres steht im Protokoll des Programms.", err)
		}
		refusal.Write(w, http.StatusConflict, err)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v) // who does not hear it asks again
}

// Einladung is what is needed to take a new machine in.
type Einladung struct {
	Adresse string `json:"adresse"`
	Code    string `json:"code"`
	Minutes int    `json:"minuten"`
}

// Stand is how this machine stands, with what only the whole program knows.
type Stand struct {
	Laeuft   bool `json:"laeuft"`
	Entfernt bool `json:"entfernt,omitempty"` // this machine was taken out of the pharmacy
	node.Stand
}

// Stand tells how things are now.
func (k *Knoten) Stand(ctx context.Context) (Stand, error) {
	st, err := k.Node.Stand(ctx)
	return Stand{Laeuft: true, Entfernt: k.members.entfernt(), Stand: st}, err
}

// Entfernen takes the machine of a name out of the pharmacy.
func (k *Knoten) Entfernen(ctx context.Context, platz string) error {
	r, ok, err := k.finde(ctx, platz)
	if err == nil && !ok {
		err = fault.New(fault.NotFound, "M-221",
			"Einen Rechner „"+platz+"“ gibt es nicht; „offizin node status“ zeigt alle.", nil)
	}
	if err != nil {
		return err
	}
	return k.Rechner.Entfernen(ctx, k.auftrag("entfernen"), r.Fingerabdruck, "entfernt")
}

// Running asks the program that runs with a data folder; M-222 if none does.
type Running struct {
	z    zugang
	http *http.Client
}

func nichtDa(cause error) error {
	return fault.New(fault.Unavailable, "M-222",
		"Mit diesem Datenordner läuft kein Offizin; bitte zuerst „offizin node“ starten.", cause)
}

// Find finds the program that runs with a data folder.
func Find(dir string) (*Running, error) {
	b, err := os.ReadFile(filepath.Join(dir, Dir, steuerungFile))
	if err != nil {
		return nil, nichtDa(err)
	}
	l := &Running{http: &http.Client{Timeout: 10 * time.Second}}
	if err := json.Unmarshal(b, &l.z); err != nil {
		return nil, nichtDa(err)
	}
	return l, nil
}

// Stand asks how the machine stands.
func (l *Running) Stand(ctx context.Context) (st Stand, err error) {
	err = l.ask(ctx, http.MethodGet, pathStand, "", &st)
	return st, err
}

// Invite asks for a code for a new machine.
func (l *Running) Invite(ctx context.Context) (e Einladung, err error) {
	err = l.ask(ctx, http.MethodPost, pathCode, "", &e)
	return e, err
}

// Entfernen takes the machine of a name out of the pharmacy.
func (l *Running) Entfernen(ctx context.Context, platz string) error {
	return l.ask(ctx, http.MethodPost, pathEntfernen, url.Values{"platz": {platz}}.Encode(), &struct{}{})
}

func (l *Running) ask(ctx context.Context, method, path, form string, v any) error {
	req, err := http.NewRequestWithContext(ctx, method, "http://"+l.z.Adresse+path, bytes.NewBufferString(form))
	if err != nil {
		return fmt.Errorf("ask the running program: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+l.z.Token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := l.http.Do(req)
	if err != nil {
		return nichtDa(err)
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or not wanted
	body := json.NewDecoder(io.LimitReader(resp.Body, maxAntwort))
	if resp.StatusCode == http.StatusForbidden {
		return nichtDa(nil) // another program has the address now
	}
	if resp.StatusCode != http.StatusOK {
		f, err := refusal.Read(resp.Body, fault.Conflict)
		if err != nil {
			return fmt.Errorf("ask the running program: %s", resp.Status)
		}
		return f
	}
	if err := body.Decode(v); err != nil {
		return fmt.Errorf("read answer of the running program: %w", err)
	}
	return nil
}
