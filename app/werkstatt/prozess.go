package werkstatt

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os/exec"
	"strings"
	"sync"

	"github.com/offizin/offizin/workflow/einspielung"
)

// prozess is a build: this program once more, which never opens the journal.
type prozess struct {
	cmd    *exec.Cmd
	in     io.Closer // it ends when this is closed, also because we have ended
	out    io.Reader
	stderr *ende
}

// Starte implements einspielung.Werkstatt.
func (w *Werkstatt) Starte(ctx context.Context, a einspielung.Auftrag) (einspielung.Bau, error) {
	binary, err := w.opt.Programm()
	if err != nil {
		return nil, fmt.Errorf("find the program: %w", err)
	}
	if w.opt.Abzug != nil {
		_ = w.opt.Abzug(ctx) // the gate says how old the one before is
	}
	args := []string{
		"catalogue", "import", "--daten", w.opt.Dir, "--eingang", w.eingang(), "--fortschritt", "--wer", a.Wer,
	}
	if a.Ab != 0 {
		args = append(args, "--ab", a.Ab.String())
	}
	if a.Liste != "" {
		args = append(args, "--vorlage", string(a.Liste))
	}
	if a.Trotzdem {
		args = append(args, "--trotzdem")
	}
	if a.Kleiner {
		args = append(args, "--kleiner")
	}
	args = append(args, "--", a.Quelle)
	p := &prozess{stderr: &ende{}}
	p.cmd = exec.Command(binary, args...) //nolint:gosec,noctx // our own; it ends with its input
	p.cmd.Stderr = p.stderr
	allein(p.cmd)
	in, err := p.cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("connect build: %w", err)
	}
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("connect build: %w", err)
	}
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start build: %w", err)
	}
	zurueckhaltend(p.cmd.Process.Pid)
	p.in, p.out = in, out
	return p, nil
}

// Zeilen implements einspielung.Bau.
func (p *prozess) Zeilen() io.Reader { return p.out }

// Ende implements einspielung.Bau.
func (p *prozess) Ende() { _ = p.in.Close() } // it may have ended by itself

// Kill implements einspielung.Bau.
func (p *prozess) Kill() { _ = p.cmd.Process.Kill() } // as above

// Warte implements einspielung.Bau.
func (p *prozess) Warte() (code int, letzte string) {
	_ = p.cmd.Wait() // the code says how it ended
	return p.cmd.ProcessState.ExitCode(), p.stderr.letzte()
}

// ende keeps the end of what is printed.
type ende struct {
	mu sync.Mutex
	b  []byte
}

const maxEnde = 8 << 10

// Write implements io.Writer.
func (e *ende) Write(b []byte) (int, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.b = append(e.b, b...)
	e.b = e.b[max(0, len(e.b)-maxEnde):]
	return len(b), nil
}

// letzte is the last line, without the name of the program.
func (e *ende) letzte() string {
	e.mu.Lock()
	defer e.mu.Unlock()
	lines := bytes.Split(bytes.TrimSpace(e.b), []byte("\n"))
	last := strings.ToValidUTF8(string(lines[len(lines)-1]), "?")
	if text, ours := strings.CutPrefix(last, "offizin: "); ours {
		return text
	}
	return "" // a stack or what the system says is not for people
}
