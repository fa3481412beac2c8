package netz

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"github.com/offizin/offizin/app/driver"
)

// setns is the number of the call, by processor (Linux, asm/unistd.h).
func setns() uintptr { return map[string]uintptr{"amd64": 308, "arm64": 268}[runtime.GOARCH] }

// port is where each machine listens in its own network.
const port = "7443"

// Netzwerk is a switch and a cable to each machine, each in a network namespace of its own.
// Nothing of it touches the network of this computer.
type Netzwerk struct {
	name string
	n    int
}

// NewNetzwerk lays cables for n machines. Without root, or without ip, nft and nsenter, it is
// an error that says so.
func NewNetzwerk(ctx context.Context, n int) (*Netzwerk, error) {
	w := &Netzwerk{name: fmt.Sprintf("ofz%d", os.Getpid()), n: n}
	switch {
	case os.Geteuid() != 0:
		return nil, fmt.Errorf("%w: only root may lay networks", os.ErrPermission)
	case setns() == 0:
		return nil, fmt.Errorf("%w: networks on %s", os.ErrPermission, runtime.GOARCH)
	}
	for _, tool := range []string{"ip", "nft", "nsenter"} {
		if _, err := exec.LookPath(tool); err != nil {
			return nil, fmt.Errorf("a tool is missing: %w", err)
		}
	}
	list := []string{"ip netns add HUB", "ip -n HUB link add br0 type bridge", "ip -n HUB link set br0 up"}
	for i := range n {
		for _, c := range []string{
			"ip netns add NS", "ip -n HUB link add b# type veth peer name v#", "ip -n HUB link set v# netns NS",
			"ip -n HUB link set b# master br0", "ip -n HUB link set b# up", "ip -n NS link set lo up",
			"ip -n NS addr add 10.77.0.#/24 dev v#", "ip -n NS link set v# up",
		} {
			list = append(list, w.at(i, c))
		}
	}
	for _, c := range list {
		if err := w.run(ctx, 0, c); err != nil {
			w.remove(context.WithoutCancel(ctx))
			return nil, err
		}
	}
	return w, nil
}

// ns is the name of the namespace of the i-th machine.
func (w *Netzwerk) ns(i int) string { return fmt.Sprintf("%s-%d", w.name, i+1) }

// at fills a command in: # is the number of the machine, NS its namespace, HUB that of the switch.
func (w *Netzwerk) at(i int, c string) string {
	return strings.NewReplacer("HUB", w.name+"-h", "NS", w.ns(i), "#", fmt.Sprint(i+1)).Replace(c)
}

func (w *Netzwerk) run(ctx context.Context, i int, command string) error {
	f := strings.Fields(w.at(i, command))
	if out, err := exec.CommandContext(ctx, f[0], f[1:]...).CombinedOutput(); err != nil { //nolint:gosec // as above
		return fmt.Errorf("%s: %w: %s", w.at(i, command), err, out)
	}
	return nil
}

// Close takes everything away.
func (w *Netzwerk) Close() { w.remove(context.Background()) }

func (w *Netzwerk) remove(ctx context.Context) {
	for i := range w.n {
		_ = w.run(ctx, i, "ip netns del NS") // it may not be there yet
	}
	_ = w.run(ctx, 0, "ip netns del HUB")
}

// Rechner is the i-th machine: it listens everywhere in its own network, the others reach it
// through the switch, and its user sits in front of it.
func (w *Netzwerk) Rechner(i int, binary, dir string) *driver.Rechner {
	return &driver.Rechner{
		Binary: binary, Daten: dir, Listen: "0.0.0.0:" + port,
		Adresse: fmt.Sprintf("10.77.0.%d:%s", i+1, port), URL: fmt.Sprintf("http://127.0.0.%d:%s", i+1, port),
		Prefix: []string{"nsenter", "--net=/run/netns/" + w.ns(i)}, Dial: w.dial(i),
	}
}

// dial connects from within the network of a machine: on a thread that goes there and is thrown
// away, as the socket stays where it was made.
func (w *Netzwerk) dial(i int) driver.Dial {
	type made struct {
		c   net.Conn
		err error
	}
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		done := make(chan made, 1)
		go func() {
			runtime.LockOSThread() // and never unlocked: the thread ends with this function
			f, err := os.Open("/run/netns/" + w.ns(i))
			if err != nil {
				done <- made{nil, err}
				return
			}
			defer f.Close() //nolint:errcheck // only its number was wanted
			if _, _, e := syscall.RawSyscall(setns(), f.Fd(), syscall.CLONE_NEWNET, 0); e != 0 {
				done <- made{nil, e}
				return
			}
			c, err := (&net.Dialer{}).DialContext(ctx, network, addr)
			done <- made{c, err}
		}()
		m := <-done
		return m.c, m.err
	}
}

// Trenne pulls the cable of a machine, Verbinde puts it in again.
func (w *Netzwerk) Trenne(ctx context.Context, i int) error {
	return w.run(ctx, i, "ip -n NS link set v# down")
}

// Verbinde makes the network of a machine whole: cable in, nothing dropped.
func (w *Netzwerk) Verbinde(ctx context.Context, i int) error {
	if err := w.run(ctx, i, "ip -n NS link set v# up"); err != nil {
		return err
	}
	return w.run(ctx, i, "nsenter --net=/run/netns/NS nft flush ruleset")
}

// Einseitig lets nothing out of a machine while it still hears the others.
func (w *Netzwerk) Einseitig(ctx context.Context, i int) error {
	return w.regel(ctx, i, "ip daddr 10.77.0.0/24 drop")
}

// Verlust drops every tenth packet of a machine, by chance.
func (w *Netzwerk) Verlust(ctx context.Context, i int) error {
	return w.regel(ctx, i, "ip daddr 10.77.0.0/24 numgen random mod 100 < 10 drop")
}

func (w *Netzwerk) regel(ctx context.Context, i int, rule string) error {
	for _, c := range []string{
		"add table inet f", "add chain inet f o { type filter hook output priority 0 ; }", "add rule inet f o " + rule,
	} {
		if err := w.run(ctx, i, "nsenter --net=/run/netns/NS nft "+c); err != nil {
			return err
		}
	}
	return nil
}
