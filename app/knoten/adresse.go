package knoten

import "net"

// eigeneAdresse is under which address others reach what listens here: one that listens
// everywhere is called by its first private address.
func eigeneAdresse(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	ip := net.ParseIP(host)
	if err != nil || ip == nil || !ip.IsUnspecified() {
		return a.String()
	}
	list, err := net.InterfaceAddrs()
	if err != nil {
		return a.String()
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
