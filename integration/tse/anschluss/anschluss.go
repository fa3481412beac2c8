// Package anschluss is the one door to every TSE: what a till asks of it, whichever device it
// is, and the file of settings that says which one.
package anschluss

import (
	"context"
	"io"

	"github.com/offizin/offizin/domain/tse"
)

// TSE is a device that signs. Every error is a *tse.Fehler. The context carries the deadline;
// whoever waits for a device that hangs is let go when it ends. Safe for concurrent use: a
// device does one thing after the other, and who could not get hold of it in time learns that
// nothing was sent (tse.Unabgeschickt).
type TSE interface {
	// Stand says what device it is and how it is. If it wants a self-test, it signs nothing
	// before Selbsttest and Stellen.
	Stand(ctx context.Context) (tse.Stand, error)
	// Selbsttest lets the device test itself; that may take two minutes.
	Selbsttest(ctx context.Context) error
	// Stellen sets its clock by ours.
	Stellen(ctx context.Context) error

	// Anmelden registers a till by its serial number, Abmelden takes it off. It is no error if
	// that was so already.
	Anmelden(ctx context.Context, client string) error
	Abmelden(ctx context.Context, client string) error

	// Beginnen starts a transaction. The same key of the same till gives the same transaction
	// again, where the protocol can; where it cannot, Offene lists one more.
	Beginnen(ctx context.Context, client, schluessel string) (tse.Beginn, error)
	// Beenden finishes it; of b only the number counts. The same again gives the same
	// signature, nothing is signed twice; with other data it is refused.
	Beenden(ctx context.Context, client string, b tse.Beginn, prozess, daten string) (tse.Signatur, error)
	// Offene are the transactions of a till that are not finished, in their order.
	Offene(ctx context.Context, client string) ([]tse.Offen, error)
	// Beendet finds the signature of a finished transaction in the log of the device: the
	// answer may have been lost. It is false if the transaction is open or unknown.
	Beendet(ctx context.Context, client string, transaktion uint64) (tse.Signatur, bool, error)
	// Letzte is the number of the last transaction that a till has ended; of a device that tells only the
	// last one it has answered for, it may be one that is open. It is false if there is none, or the device
	// does not say. It is quick, and signs nothing.
	Letzte(ctx context.Context, client string) (uint64, bool, error)

	// Export writes a TAR file of the log messages of the transactions von to bis, or of
	// everything if both are 0 (BSI TR-03153 5.1). It is written as it comes, unchanged.
	Export(ctx context.Context, von, bis uint64, w io.Writer) error

	Close() error
}
