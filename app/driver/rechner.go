package driver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Rechner is one machine of a pharmacy: the real program with a folder and an address of its
// own, which it keeps from one start to the next.
type Rechner struct {
	Binary  string
	Daten   string
	Listen  string   // host:port; empty: a free port of this machine
	Adresse string   // where the others reach it; empty: Listen
	URL     string   // where its own user does; empty: Listen
	Prefix  []string // runs the program, such as nsenter; may be empty
	Dial    Dial     // reaches URL; nil: as usual

	p *Process
}

// Starte runs it and returns when it answers. Further arguments are only of use the first time.
func (r *Rechner) Starte(ctx context.Context, args ...string) error {
	if r.Listen == "" {
		addr, err := freeAddr(ctx)
		if err != nil {
			return err
		}
		r.Listen = addr
	}
	if r.URL == "" {
		r.URL = "http://" + r.Listen
	}
	args = append([]string{"node", "start", "--daten", r.Daten, "--listen", r.Listen, "--hochstand", "aus"}, args...)
	if r.Adresse != "" {
		args = append(args, "--adresse", r.Adresse)
	}
	all := append(append([]string{}, r.Prefix...), append([]string{r.Binary}, args...)...)
	p, err := start(ctx, r.Till(""), all[0], all[1:]...)
	if err == nil {
		r.p = p
	}
	return err
}

// Till is a user at the machine.
func (r *Rechner) Till(user string) *Client { return NewDial(r.URL, user, r.Dial) }

// Kill ends it, as a power cut would; Stop asks it to end. Both do nothing if it is off.
func (r *Rechner) Kill() {
	if r.p != nil {
		r.p.Kill()
		r.p = nil
	}
}

// Stop asks it to end and waits.
func (r *Rechner) Stop() {
	if r.p != nil {
		r.p.Stop()
		r.p = nil
	}
}

// Stop asks all of them to end at once: what one writes while another is off already, as who leads now, would
// not be on that one.
func Stop(list []*Rechner) {
	var all sync.WaitGroup
	for _, r := range list {
		all.Go(r.Stop)
	}
	all.Wait()
}

// Laeuft reports whether it was started and not ended by us.
func (r *Rechner) Laeuft() bool { return r.p != nil }

// PID is the number of its process; 0 if it is off.
func (r *Rechner) PID() int {
	if r.p == nil {
		return 0
	}
	return r.p.PID()
}

// Output is what it has printed since its start.
func (r *Rechner) Output() string {
	if r.p == nil {
		return ""
	}
	return r.p.Output()
}

// Command runs a command of the program on its folder and returns what it prints.
func (r *Rechner) Command(ctx context.Context, args ...string) ([]byte, error) {
	all := append(append([]string{}, r.Prefix...), r.Binary)
	all = append(append(all, args...), "--daten", r.Daten)
	out, err := exec.CommandContext(ctx, all[0], all[1:]...).Output() //nolint:gosec // our own binary
	if e, ok := errors.AsType[*exec.ExitError](err); ok {
		return out, fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, e.Stderr)
	}
	if err != nil {
		return out, fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return out, nil
}

// Stand is of `offizin node status` what is needed here.
type Stand struct {
	Platz   string `json:"platz"`
	Fuehrt  bool   `json:"fuehrt"`
	Folgt   string `json:"folgt"`
	Seq     uint64 `json:"seq"`
	Sicher  uint64 `json:"sicher"`
	Saetze  uint64 `json:"saetze"`
	Warten  Warten `json:"warten"`
	Rechner []struct {
		Platz      string `json:"platz"`
		Erreichbar bool   `json:"erreichbar"`
	} `json:"rechner"`
}

// Warten is how long the last sales waited for a second machine.
type Warten struct {
	N   int     `json:"n"`
	P50 float64 `json:"p50_ms"`
	P95 float64 `json:"p95_ms"`
	P99 float64 `json:"p99_ms"`
	Max float64 `json:"max_ms"`
}

// Stand asks how it stands among the others, without a process of its own.
func (r *Rechner) Stand(ctx context.Context) (st Stand, err error) {
	var z struct {
		Adresse string `json:"adresse"`
		Token   string `json:"token"`
	}
	b, err := os.ReadFile(filepath.Join(r.Daten, "knoten", "steuerung.json"))
	if err == nil {
		err = json.Unmarshal(b, &z)
	}
	if err != nil {
		return st, fmt.Errorf("find running program: %w", err)
	}
	c := NewDial("http://"+z.Adresse, "", r.Dial)
	c.http.Timeout = 5 * time.Second
	defer c.http.CloseIdleConnections()
	return st, c.lokal(ctx, z.Token, &st)
}

// Join lets this machine start as a new one of the pharmacy of another, with a real code.
func (r *Rechner) Join(ctx context.Context, partner *Rechner) error {
	out, err := partner.Command(ctx, "node", "code", "--json")
	var in struct {
		Adresse string `json:"adresse"`
		Code    string `json:"code"`
	}
	if err == nil {
		err = json.Unmarshal(out, &in)
	}
	if err != nil {
		return fmt.Errorf("get a code: %w", err)
	}
	return r.Starte(ctx, "--partner", in.Adresse, "--code", in.Code)
}

// Gruende fills the folder of this machine as the demo does, with so many articles. The
// catalogue is put into the folders of the others, too.
func (r *Rechner) Gruende(ctx context.Context, articles int, others ...*Rechner) error {
	p, err := Start(ctx, r.Binary, "demo", "--daten", r.Daten, "--artikel", strconv.Itoa(articles))
	if err != nil {
		return err
	}
	p.Stop()
	for _, o := range others {
		if err := os.MkdirAll(o.Daten, 0o700); err != nil {
			return fmt.Errorf("make folder: %w", err)
		}
		err := os.CopyFS(filepath.Join(o.Daten, "katalog"), os.DirFS(filepath.Join(r.Daten, "katalog")))
		if err != nil {
			return fmt.Errorf("copy catalogue: %w", err)
		}
	}
	return nil
}

// Warte asks again and again until it is so, or the limit is over.
func Warte(ctx context.Context, limit time.Duration, what string, f func(context.Context) bool) error {
	return Poll(ctx, limit, 10*time.Millisecond, what, f)
}

// Poll is Warte that asks less often: where asking would hold up what is waited for.
func Poll(
	ctx context.Context, limit, pause time.Duration, what string, f func(context.Context) bool,
) error {
	ctx, stop := context.WithTimeout(ctx, limit)
	defer stop()
	for !f(ctx) {
		ruhe(ctx, pause)
		if ctx.Err() != nil {
			return fmt.Errorf("not within %s: %s", limit, what)
		}
	}
	return nil
}
