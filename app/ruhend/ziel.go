package ruhend

import (
	"errors"
	"os"
	"syscall"

	"github.com/offizin/offizin/internal/fault"
	"github.com/offizin/offizin/internal/platte"
)

// Ziel says in one sentence why what a command writes could not be written, however it failed:
// belegt if there is something of that name. What is no such failure is returned as it is.
func Ziel(err error, belegt *fault.Fault) error {
	switch {
	case err == nil:
		return nil
	case platte.Voll(err):
		return fault.New(fault.Unavailable, "D-722",
			"Auf dem Datenträger ist kein Platz mehr; bitte Platz schaffen oder einen anderen Ort nennen, "+
				"geschrieben ist nichts.", err)
	case !errors.Is(err, platte.ErrAnlegen):
		return err
	case errors.Is(err, os.ErrPermission) || errors.Is(err, syscall.EROFS):
		return fault.New(fault.Denied, "D-723",
			"In diesen Ordner darf nicht geschrieben werden; bitte einen anderen nennen oder die Rechte ändern.", err)
	case errors.Is(err, os.ErrNotExist) || errors.Is(err, syscall.ENOTDIR):
		return fault.New(fault.NotFound, "D-724",
			"Den Ordner, in den geschrieben werden soll, gibt es nicht; bitte zuerst anlegen.", err)
	}
	return fault.New(belegt.Kind, belegt.Code, belegt.Text, err)
}
