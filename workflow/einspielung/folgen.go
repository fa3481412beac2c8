package einspielung

import (
	"bufio"
	"encoding/json"
	"fmt"
	"time"

	"github.com/offizin/offizin/internal/fault"
)

// takt is how often a build is looked after; maxZeile the longest line that is read.
const (
	takt     = 500 * time.Millisecond
	maxZeile = 1 << 20
)

// folge reads what a build says until it ends, and keeps what became of it.
func (s *Service) folge(l *lauf) {
	ended := make(chan struct{})
	go s.wache(l, ended)
	lines := bufio.NewScanner(l.bau.Zeilen())
	lines.Buffer(nil, maxZeile)
	for lines.Scan() {
		s.nimm(l, lines.Bytes())
	}
	if lines.Err() != nil {
		l.bau.Kill() // it says what no build of ours says
	}
	code, last := l.bau.Warte()
	close(ended)
	s.Erholen()
	s.mu.Lock()
	done := l.Lauf
	done.Zustand, done.Fehler = l.ausgang(code, last, s.opt.Stille)
	done.Beendet = s.opt.Clock.Now()
	s.mu.Unlock()
	s.merke(done) // before anybody sees it
	s.mu.Lock()
	l.Lauf = done
	s.mu.Unlock()
	close(l.fertig)
}

// nimm takes one line in.
func (s *Service) nimm(l *lauf, line []byte) {
	var z Zeile
	if json.Unmarshal(line, &z) != nil {
		z = Zeile{Text: string(line)}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	l.zuletzt = s.opt.Clock.Mono()
	l.schaetzung.Melde(z, l.zuletzt)
	if z.Katalog != "" {
		l.Katalog = z.Katalog
	}
	if z.Text != "" {
		l.Texte = append(l.Texte, z.Text)
		l.Texte = l.Texte[max(0, len(l.Texte)-maxTexte):]
	}
}

// wache ends a build that gives no sign of life, or does not end when asked.
func (s *Service) wache(l *lauf, ended <-chan struct{}) {
	tick := time.NewTicker(takt)
	defer tick.Stop()
	for {
		select {
		case <-ended:
			return
		case <-tick.C:
		}
		s.mu.Lock()
		mono := s.opt.Clock.Mono()
		l.haengt = l.haengt || mono-l.zuletzt > s.opt.Stille
		kill := l.haengt || l.Ende && mono-l.gebeten > s.opt.Geduld
		s.mu.Unlock()
		if kill {
			l.bau.Kill()
		}
	}
}

// ausgang says what became of a build. One that was done before it heard that it should end
// is done.
func (l *lauf) ausgang(code int, last string, stille time.Duration) (Zustand, string) {
	switch {
	case code == 0:
		return Fertig, ""
	case code == 1 && l.Katalog != "":
		return Quarantaene, ""
	case l.haengt:
		return Gescheitert, fault.New(fault.Unavailable, "A-748", fmt.Sprintf("Das Einspielen hat sich %d Minuten lang "+
			"nicht gerührt und wurde beendet; es wurde nichts eingespielt – bitte noch einmal beginnen.",
			int(stille.Minutes())), nil).Error()
	case l.Ende:
		return Abgebrochen, "Abgebrochen: Es wurde nichts eingespielt, der bisherige Katalog gilt weiter. (A-738)"
	case code == 2:
		return Abgelehnt, last
	case code == 3 && last != "":
		return Gescheitert, last
	}
	return Gescheitert, fault.New(fault.Unavailable, "A-749", "Das Einspielen ist unerwartet zu Ende gegangen, es wurde "+
		"nichts eingespielt; bitte noch einmal beginnen.", nil).Error()
}
