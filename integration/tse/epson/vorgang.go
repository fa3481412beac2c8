package epson

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"slices"
	"time"

	"github.com/offizin/offizin/domain/tse"
)

// start is the input of StartTransaction. processData is base64, processType plain.
type start struct {
	Client     string `json:"clientId"`
	Data       string `json:"processData"`
	Type       string `json:"processType"`
	Additional string `json:"additionalData"`
}

// finish is the input of FinishTransaction.
type finish struct {
	start

	Number uint64 `json:"transactionNumber"`
}

// signiert is the answer to both.
type signiert struct {
	Number    uint64 `json:"transactionNumber"` // only of a start
	Time      string `json:"logTime"`
	Serial    string `json:"serialNumber"` // base64; only of a start
	Counter   uint64 `json:"signatureCounter"`
	Signature string `json:"signature"` // base64
}

func (g signiert) zeit() (int64, error) {
	at, err := time.Parse(time.RFC3339, g.Time)
	if err != nil {
		return 0, unverstanden(err)
	}
	return at.UnixNano(), nil
}

// Beginnen implements anschluss.TSE. The protocol has no key of a transaction: each call
// begins one.
func (t *Treiber) Beginnen(ctx context.Context, client, _ string) (b tse.Beginn, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		var out signiert
		if err := s.befehl(ctx, "StartTransaction", start{Client: client}, &out); err != nil {
			return err
		}
		at, err := out.zeit()
		if err != nil {
			return err
		}
		serial, err := base64.StdEncoding.DecodeString(out.Serial)
		if err != nil {
			return unverstanden(err)
		}
		b = tse.Beginn{
			Transaktion: out.Number, Zaehler: out.Counter, Zeit: at, Seriennummer: hex.EncodeToString(serial),
		}
		return nil
	})
	return b, err
}

// Beenden implements anschluss.TSE. A transaction that is not open any more may have been
// finished by this very request before its answer was lost: the log tells.
func (t *Treiber) Beenden(
	ctx context.Context, client string, b tse.Beginn, prozess, daten string,
) (g tse.Signatur, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		var out signiert
		data := base64.StdEncoding.EncodeToString([]byte(daten))
		in := finish{start{Client: client, Data: data, Type: prozess}, b.Transaktion}
		err := s.befehl(ctx, "FinishTransaction", in, &out)
		switch {
		case ergebnis(err) == keinVorgang:
			g, err = s.schonBeendet(ctx, client, b.Transaktion, prozess, daten)
			return err
		case err != nil:
			return err
		case b.Zeit == 0 || b.Seriennummer == "":
			g, err = s.schonBeendet(ctx, client, b.Transaktion, prozess, daten)
			return err
		}
		at, err := out.zeit()
		g = tse.Signatur{
			Transaktion: b.Transaktion, Zaehler: out.Counter, Beginn: b.Zeit, Ende: at, Wert: out.Signature,
			Seriennummer: b.Seriennummer,
		}
		return err
	})
	return g, err
}

// schonBeendet is a transaction from the log, if it was finished with these data.
func (s *sitzung) schonBeendet(
	ctx context.Context, client string, nr uint64, prozess, daten string,
) (tse.Signatur, error) {
	e, err := s.ausLog(ctx, client, nr)
	switch {
	case err != nil:
		return tse.Signatur{}, err
	case !e.beendet:
		return tse.Signatur{}, &tse.Fehler{Art: tse.Einrichtung, Text: "Die TSE kennt den Vorgang nicht", Err: keinVorgang}
	case e.prozess != prozess || e.daten != daten:
		return tse.Signatur{}, &tse.Fehler{Art: tse.Einrichtung, Text: "Der Vorgang ist mit anderen Daten beendet"}
	}
	return e.Signatur, nil
}

// Offene implements anschluss.TSE. When they were begun the device does not say.
func (t *Treiber) Offene(ctx context.Context, id string) (list []tse.Offen, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		var out struct {
			List []uint64 `json:"startedTransactionNumberList"`
		}
		if err := s.befehl(ctx, "GetStartedTransactionList", client{id}, &out); err != nil {
			return err
		}
		slices.Sort(out.List)
		for _, nr := range out.List {
			list = append(list, tse.Offen{Transaktion: nr, Client: id})
		}
		return nil
	})
	return list, err
}

// Letzte implements anschluss.TSE: the transaction of the last answer that the device keeps for a till, which
// may be a start. A host that does not know the question, or has nothing to say, does not say.
func (t *Treiber) Letzte(ctx context.Context, id string) (nr uint64, found bool, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		var out signiert
		err := s.befehl(ctx, "GetLastTransactionResponse", client{id}, &out)
		if f, ok := errors.AsType[*tse.Fehler](err); ok && f.Art == tse.Einrichtung {
			return nil
		}
		nr, found = out.Number, err == nil && out.Number > 0
		return err
	})
	return nr, found, err
}

// Beendet implements anschluss.TSE.
func (t *Treiber) Beendet(ctx context.Context, client string, nr uint64) (g tse.Signatur, found bool, err error) {
	err = t.tun(ctx, func(s *sitzung) error {
		e, err := s.ausLog(ctx, client, nr)
		g, found = e.Signatur, e.beendet
		return err
	})
	if err != nil || !found {
		return tse.Signatur{}, false, err
	}
	return g, true, nil
}
