package driver

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"time"
)

// Process is a running program of ours that serves a till.
type Process struct {
	URL   string
	till  *Client
	cmd   *exec.Cmd
	out   *output
	ended chan struct{}
}

// ErrNotServing reports a program that ended or did not answer in time.
var ErrNotServing = errors.New("program does not serve")

// Start runs the program with the arguments and "--listen" at a free port of this
// machine, and returns when it answers.
func Start(ctx context.Context, binary string, args ...string) (*Process, error) {
	addr, err := freeAddr(ctx)
	if err != nil {
		return nil, err
	}
	return start(ctx, New("http://"+addr, ""), binary, append(args, "--listen", addr)...)
}

// start runs a command and returns when the till answers.
func start(ctx context.Context, till *Client, binary string, args ...string) (*Process, error) {
	p := &Process{URL: till.base, till: till, out: &output{}, ended: make(chan struct{})}
	p.cmd = exec.Command(binary, args...) //nolint:gosec,noctx // our own binary; ended by Kill or Stop
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.out
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", binary, err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended shows in its output
		close(p.ended)
	}()
	if err := p.await(ctx); err != nil {
		p.Kill()
		return nil, err
	}
	return p, nil
}

// geduld is how long a start may take: of a new pharmacy it builds the catalogue, beside
// whatever else the machine does. A program that ends is noticed at once.
const geduld = 5 * time.Minute

// await asks until the program answers.
func (p *Process) await(ctx context.Context) error {
	limit, cancel := context.WithTimeout(ctx, geduld)
	defer cancel()
	tick := time.NewTicker(5 * time.Millisecond)
	defer tick.Stop()
	for !p.till.Gesund(limit) {
		select {
		case <-p.ended:
			return fmt.Errorf("%w: it ended: %s", ErrNotServing, p.out)
		case <-limit.Done():
			return fmt.Errorf("%w: no answer: %s", ErrNotServing, p.out)
		case <-tick.C:
		}
	}
	return nil
}

// Kill ends the program as a power cut would: without a chance to tidy up.
func (p *Process) Kill() {
	_ = p.cmd.Process.Kill() // it may be gone already
	<-p.ended
}

// Stop asks the program to end and waits until it has; where that cannot be asked,
// or after half a minute, it is killed.
func (p *Process) Stop() {
	if p.cmd.Process.Signal(os.Interrupt) == nil {
		patience := time.NewTimer(30 * time.Second)
		defer patience.Stop()
		select {
		case <-p.ended:
			return
		case <-patience.C:
		}
	}
	p.Kill()
}

// Output is what the program has printed so far.
func (p *Process) Output() string { return p.out.String() }

// PID is the number of the process.
func (p *Process) PID() int { return p.cmd.Process.Pid }

func freeAddr(ctx context.Context) (string, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	defer l.Close() //nolint:errcheck // only its number was wanted
	addr, ok := l.Addr().(*net.TCPAddr)
	if !ok {
		return "", fmt.Errorf("find a free port: %s", l.Addr())
	}
	return "127.0.0.1:" + strconv.Itoa(addr.Port), nil
}

// output keeps what a program prints, at most maxOutput bytes of it.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

const maxOutput = 1 << 20

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.buf.Len()+len(b) <= maxOutput {
		o.buf.Write(b)
	}
	return len(b), nil
}

// String returns what was printed.
func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
