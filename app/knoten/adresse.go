package knoten

import (
	"context"
	"net"

	"github.com/offizin/offizin/workflow/rechner"
)

// meistGesagt is how often a machine tells its address after its start: two that work with one folder would
// contradict each other for ever.
const meistGesagt = 3

// adresseSagen tells the address of this machine once more if the journal has another one: who gave it a rank or
// receipt numbers before that of this start had come there wrote down the one before with it.
func (k *Knoten) adresseSagen(ctx context.Context) error {
	told, known := k.members.adresse()
	if !known || told == k.opt.Adresse || k.gesagt >= meistGesagt {
		return nil
	}
	k.gesagt++
	self := rechner.Rechner{Fingerabdruck: k.identity.Fingerabdruck(), Platz: k.Kern.Platz, Adresse: k.opt.Adresse}
	_, err := k.Rechner.Aufnehmen(ctx, k.auftrag("melden"), self)
	return err
}

// eigeneAdresse is under which address others reach what listens at one, or is to be called there: one that means
// every address of the machine is its first private one. Others who called 0.0.0.0 would call themselves.
func eigeneAdresse(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	ip := net.ParseIP(host)
	if err != nil || host != "" && (ip == nil || !ip.IsUnspecified()) {
		return addr
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return addr
	}
	for _, i := range list {
		if n, ok := i.(*net.IPNet); ok && n.IP.IsPrivate() && n.IP.To4() != nil {
			return net.JoinHostPort(n.IP.String(), port)
		}
	}
	return net.JoinHostPort("127.0.0.1", port)
}

// nurLokal reports an address that only this machine itself reaches.
func nurLokal(adresse string) bool {
	host, _, err := net.SplitHostPort(adresse)
	ip := net.ParseIP(host)
	return err == nil && (host == "localhost" || ip != nil && ip.IsLoopback())
}
