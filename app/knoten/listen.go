package knoten

import (
	"context"
	"net"

	"github.com/offizin/offizin/app/env"
)

// Listen takes the address of a machine before anything else is done.
func Listen(ctx context.Context, addr string) (net.Listener, error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, &env.Exit{
			Code: env.ExitOperating, Cause: err,
			Text: "Unter " + addr + " antwortet schon ein anderes Programm, oder die Adresse ist falsch; " +
				"bitte mit --listen eine andere angeben.",
		}
	}
	return l, nil
}
