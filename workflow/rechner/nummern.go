package rechner

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"

	"github.com/offizin/offizin/journal"
	"github.com/offizin/offizin/projection/kassenbuch"
	"github.com/offizin/offizin/workflow"
)

// GleicheNummern returns the prefixes of receipt numbers that two machines have which are not
// removed: what one of them gives out, the other one may give out as well.
func GleicheNummern(list []Rechner) []string {
	return mehrfach(list, func(m Rechner) string { return m.Till })
}

// NeueNummern gives a machine another prefix of receipt numbers, one that nobody ever had; it gives
// them out from its next start on. Numbers that were given out stay what they are. It returns the
// prefix; who may ask for it is the caller's affair.
func (s *Service) NeueNummern(ctx context.Context, a workflow.Auftrag, fingerabdruck string) (till string, err error) {
	_, err = s.kern.Do(ctx, a, []string{"nummern", fingerabdruck}, func(rows journal.Rows) ([]journal.Event, error) {
		list, err := alle(rows)
		if err != nil {
			return nil, err
		}
		m, err := teilnehmer(list, fingerabdruck)
		if err != nil {
			return nil, err
		}
		m.Till, err = frei(rows, list, m, a.Key)
		return []journal.Event{m.event()}, err
	})
	if err != nil {
		return "", err
	}
	list, err := s.Alle(ctx) // a repeated act has decided nothing
	for _, m := range list {
		if m.Fingerabdruck == fingerabdruck {
			till = m.Till
		}
	}
	return till, err
}

// eigen is how many letters of its own stand behind the number in such a prefix.
const eigen = 5

// frei is a prefix that no machine has and no Bon begins with: the number of the one before, and
// letters that follow from the machine and the act, so that two sides of a cut network do not
// choose the same.
func frei(rows journal.Rows, list []Rechner, m Rechner, key string) (string, error) {
	taken := map[string]bool{}
	for _, r := range list {
		taken[r.Till] = true
	}
	laden, err := kassenbuch.Laden(rows)
	for _, l := range laden {
		taken[l.Till] = true
	}
	number := strings.TrimRight(m.Till, "abcdefghijklmnopqrstuvwxyz")
	for i := 0; ; i++ {
		sum := sha256.Sum256([]byte(m.Fingerabdruck + "/" + key + "/" + strconv.Itoa(i)))
		till := number + letters(hex.EncodeToString(sum[:]), eigen)
		if number == "" || len(till) > maxTill {
			till = ofKey(hex.EncodeToString(sum[:]))
		}
		if !taken[till] || err != nil {
			return till, err
		}
	}
}
