package epson

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/offizin/offizin/domain/tse"
	"github.com/offizin/offizin/integration/tse/lognachricht"
)

// maxAuszug is the longest export of one transaction that is looked into, in bytes.
const maxAuszug = 4 << 20

// bereich is the input of an export of a range.
type bereich struct {
	Client string `json:"clientId"` // empty: of all
	Von    uint64 `json:"startTransactionNumber"`
	Bis    uint64 `json:"endTransactionNumber"`
}

// Export implements anschluss.TSE. The device signs nothing while it exports: large ones belong
// into the night.
func (t *Treiber) Export(ctx context.Context, von, bis uint64, w io.Writer) error {
	return t.tun(ctx, func(s *sitzung) error {
		if von == 0 && bis == 0 {
			return s.export(ctx, "ArchiveExport", client{}, w)
		}
		return s.export(ctx, "ExportFilteredByTransactionNumberInterval", bereich{Von: von, Bis: bis}, w)
	})
}

// export writes piece after piece as it comes, and tells the device when it is over: only then
// it signs again.
func (s *sitzung) export(ctx context.Context, function string, in any, w io.Writer) error {
	if err := s.befehl(ctx, function, in, nil); err != nil {
		return err
	}
	err := s.stuecke(ctx, w)
	if err == nil {
		return s.befehl(ctx, "FinalizeExport", struct {
			Delete bool `json:"deleteData"`
		}{false}, nil)
	}
	if s.t.leitung != nil {
		_ = s.befehl(ctx, "CancelExport", leer{}, nil) // what went wrong first counts
	}
	return err
}

func (s *sitzung) stuecke(ctx context.Context, w io.Writer) error {
	for {
		var out struct {
			Status string `json:"exportStatus"`
			Data   string `json:"exportData"` // base64
		}
		if err := s.befehl(ctx, "GetExportData", leer{}, &out); err != nil {
			return err
		}
		piece, err := base64.StdEncoding.DecodeString(out.Data)
		if err != nil {
			return unverstanden(err)
		}
		if _, err := w.Write(piece); err != nil {
			return &tse.Fehler{Art: tse.Einrichtung, Text: "Der Export lässt sich nicht schreiben", Err: err}
		}
		if out.Status == "EXPORT_COMPLETE" {
			return nil
		}
	}
}

// eintrag is a transaction as it stands in the log.
type eintrag struct {
	tse.Signatur

	beendet        bool
	prozess, daten string
}

// ausLog looks for a transaction of a till in the log of the device.
func (s *sitzung) ausLog(ctx context.Context, client string, nr uint64) (e eintrag, err error) {
	buf := begrenzt{max: maxAuszug}
	err = s.export(ctx, "ExportFilteredByTransactionNumberInterval", bereich{client, nr, nr}, &buf)
	if ergebnis(err) == keineDaten {
		return eintrag{}, nil
	}
	if err != nil {
		return eintrag{}, err
	}
	for r := tar.NewReader(&buf.Buffer); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return e, nil
		}
		if err != nil {
			return eintrag{}, unverstanden(err)
		}
		if !strings.HasSuffix(h.Name, ".log") {
			continue
		}
		b, err := io.ReadAll(r)
		if err != nil {
			return eintrag{}, unverstanden(err)
		}
		if n, _, err := lognachricht.Parse(b); err == nil && n.Nummer == nr && n.ClientID == client {
			e.lesen(n)
		}
	}
}

// lesen takes what a message says of the transaction.
func (e *eintrag) lesen(n lognachricht.Nachricht) {
	at, ok := n.Zeit.Instant()
	if n.Art != lognachricht.Transaktion || !ok {
		return
	}
	switch n.Operation {
	case lognachricht.Start:
		e.Beginn = at.UnixNano()
	case lognachricht.Finish:
		e.Transaktion, e.Zaehler, e.Ende, e.beendet = n.Nummer, n.Zaehler, at.UnixNano(), true
		e.Wert, e.Seriennummer = base64.StdEncoding.EncodeToString(n.Signatur), hex.EncodeToString(n.Seriennummer)
		e.prozess, e.daten = string(n.ProcessType), string(n.ProcessData)
	}
}

// begrenzt is a buffer that a device cannot fill without end.
type begrenzt struct {
	bytes.Buffer

	max int
}

// Write implements io.Writer.
func (b *begrenzt) Write(p []byte) (int, error) {
	if b.Len()+len(p) > b.max {
		return 0, fmt.Errorf("export of one transaction is longer than %d bytes", b.max)
	}
	return b.Buffer.Write(p) //nolint:wrapcheck // never fails
}
